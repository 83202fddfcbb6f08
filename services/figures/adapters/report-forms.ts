import { workOfThread } from '../../shared/platform/threads/thread.js';
import type { RenderReport } from '../ports.js';
import type { FormJob, FormReply } from './form-thread.js';

/** A workbook of the largest accepted report needs about half of it. */
const MOST_MEGABYTES = 512;

/** Makes the file of a report in a thread, so that the process can go on answering. */
export const createReportForms = (): RenderReport => async (sheet, form, heading) => {
  const job: FormJob = { sheet, form, heading };
  return workOfThread<FormReply>(import.meta.url, 'form-thread', {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
  });
};
