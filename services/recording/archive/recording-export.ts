import type { Recording } from './ports.js';
import { damageWords, type Damage } from './damage.js';

/** The outcome for one recording of an export. */
export interface ExportLine {
  readonly recording: Pick<Recording, 'callId' | 'ledgerNumber' | 'startedAt' | 'durationMs' | 'sha256'>;
  /** Its file in the archive; missing when it is not included. */
  readonly file?: string;
  readonly verdict: 'ok' | Damage | 'deleted';
}

const words: Readonly<Record<ExportLine['verdict'], { readonly en: string; readonly 'zh-CN': string }>> = {
  ok: { en: 'read back, its hash agrees', 'zh-CN': '已读回，哈希值相符' },
  deleted: { en: 'deleted at the end of its time, with a record', 'zh-CN': '已到期删除，有删除记录' },
  ...damageWords,
};

const quoted = (value: string | number): string => {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** The list that accompanies the files (RFC 4180): every requested recording, with the reason for each that is not included. */
export function exportList(lines: readonly ExportLine[]): string {
  const head = ['call', 'ledger', 'started', 'seconds', 'sha256', 'file', 'verdict', 'in words', '核验结果'];
  const rows = lines.map(({ recording, file, verdict }) => [
    recording.callId,
    recording.ledgerNumber,
    recording.startedAt,
    (recording.durationMs / 1_000).toFixed(1),
    recording.sha256,
    file ?? '',
    verdict,
    words[verdict].en,
    words[verdict]['zh-CN'],
  ]);
  return `\ufeff${[head, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`;
}
