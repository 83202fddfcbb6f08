import { once } from 'node:events';
import { startThread } from '../../shared/platform/processes/thread.js';
import type { RenderReport } from '../ports.js';
import type { FormJob, FormReply } from './form-thread.js';

/** A workbook of the largest accepted report needs about half of it. */
const MOST_MEGABYTES = 512;

/** Makes the file of a report in a thread, so that the process can go on answering. */
export const createReportForms = (): RenderReport => async (sheet, form, heading) => {
  const job: FormJob = { sheet, form, heading };
  const thread = startThread(import.meta.url, 'form-thread', {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
  });
  try {
    // Fails with the error of the thread.
    const [reply] = (await once(thread, 'message')) as [FormReply];
    return reply;
  } finally {
    await thread.terminate();
  }
};
