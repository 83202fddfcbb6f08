import { once } from 'node:events';
import { startThread } from '../../shared/platform/thread.js';
import type { RenderReport } from '../ports.js';
import type { FormJob, FormReply } from './form-thread.js';

/** A workbook of the largest report that is taken needs about half of it. */
const MOST_MEGABYTES = 512;

/** Makes files of reports in a thread, one after the other: the process goes on answering, and its memory does not grow with those who ask. */
export function createReportForms(): RenderReport {
  let last: Promise<unknown> = Promise.resolve();
  async function render(job: FormJob): Promise<FormReply> {
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
  }
  return (sheet, form, heading) => {
    const made = last.then(() => render({ sheet, form, heading }));
    last = made.catch(() => undefined);
    return made;
  };
}
