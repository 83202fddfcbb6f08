import type { SealedSheet } from '../shared/domain/licence/witnessed.js';

/**
 * The text that is stamped and mailed: one `name: value` per line, the same bytes each time. With the hash of the sheet it fixes the sheets
 * of all days before, and with the head of the audit log everything that was written there. It names no person and no number.
 */
export const statementOf = ({ day, timeZone, hash, previousHash, sealedAt, auditHead }: SealedSheet, keyFingerprint: string): string =>
  [
    'Proofline day sheet 日结表/1',
    `day: ${day} ${timeZone}`,
    `sheet: ${hash}`,
    `previous: ${previousHash}`,
    `audit: ${auditHead === undefined ? '-' : `${auditHead.number} ${auditHead.hash}`}`,
    `sealed: ${sealedAt}`,
    `key: ${keyFingerprint}`,
    '',
  ].join('\n');

/** The mail to a person outside, in both languages: the reader may be an official. */
export const mailOf = (statement: string, company: string): { readonly subject: string; readonly text: string } => {
  const day = /^day: (\S+)/m.exec(statement)?.[1] ?? '';
  return {
    subject: `呼叫中心日结表 ${day} 留存件 / Day sheet ${day}: please keep`,
    text: [
      `${company} 的呼叫中心系统已封存 ${day} 的日结表。请留存本邮件。日后核验证据包时，在“日结表哈希值”一栏填入 sheet 一行的 64 位字符；若核验页提示不符，说明封存后的数据被改写。`,
      '',
      `The call centre of ${company} has sealed its day sheet of ${day}. Please keep this mail. When an evidence pack is verified, enter the 64 characters of the line "sheet" as the hash of the day sheet; if the verifier says that they differ, what was sealed has been rewritten.`,
      '',
      statement,
    ].join('\n'),
  };
};
