import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { ReportForm } from '../../shared/domain/figures/report.js';
import type { ReportSheet } from '../files/report-sheet.js';
import type { ReportHeading } from '../ports.js';
import { reportCsv, sha256Of } from './report-csv.js';
import { reportPdf } from './report-pdf.js';
import { reportXlsx } from './report-xlsx.js';

export interface FormJob {
  readonly sheet: ReportSheet;
  readonly form: ReportForm;
  readonly heading: ReportHeading;
}
export interface FormReply {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

const port = parentPort;
if (port === null) throw new Error('This module is the body of a worker thread.');
// On Linux this affects only this thread: a large file takes no processor time from the threads that answer pages.
setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);

const { sheet, form, heading } = workerData as FormJob;
const csv = reportCsv(sheet);
const sha256 = sha256Of(csv);
const bytes = form === 'csv' ? csv : form === 'xlsx' ? await reportXlsx(sheet, sha256) : await reportPdf(sheet, sha256, heading);
port.postMessage({ bytes, sha256 } satisfies FormReply);
