import { stringify } from 'csv-stringify/sync';
import writeXlsx from 'write-excel-file/node';
import type { SurveyRow } from '../boards/survey-rows.js';

const heads = ['callId', 'invitedAt', 'method', 'language', 'queueId', 'agentId', 'answeredAt', 'score', 'solved', 'corrected'] as const;

const cellsOf = ({ invitation, answer, corrected }: SurveyRow): Record<(typeof heads)[number], string> => ({
  callId: invitation.callId,
  invitedAt: invitation.at.toISOString(),
  method: invitation.method,
  language: invitation.language,
  queueId: invitation.queueId ?? '',
  agentId: invitation.agentId ?? '',
  answeredAt: answer?.at.toISOString() ?? '',
  score: String(answer?.score ?? ''),
  solved: answer?.solved === undefined || answer.solved === null ? '' : answer.solved ? 'yes' : 'no',
  corrected: corrected ? 'yes' : 'no',
});

/** Surveys as CSV, without any number. The byte order mark tells spreadsheets that it is UTF-8. */
export const surveySheet = (rows: readonly SurveyRow[]): string =>
  `\uFEFF${stringify(rows.map(cellsOf), { header: true, columns: [...heads], escape_formulas: true })}`;

export async function surveyWorkbook(rows: readonly SurveyRow[]): Promise<Uint8Array> {
  const cells = rows.map(cellsOf);
  const data = [
    heads.map((value) => ({ value, fontWeight: 'bold' as const, backgroundColor: '#E5E7EB' })),
    ...cells.map((row) => heads.map((head) => ({ value: head === 'score' && row.score !== '' ? Number(row.score) : row[head] }))),
  ];
  const columns = heads.map((head) => ({ width: head.endsWith('At') ? 26 : 18 }));
  return writeXlsx([{ data, sheet: 'satisfaction', columns, stickyRowsCount: 1 }], {
    fontFamily: 'Microsoft YaHei',
    fontSize: 10,
  }).toBuffer();
}
