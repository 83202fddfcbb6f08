/** A line of a process as the console shows it. */
export interface Told {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

const WARN = 40;
const ERROR = 50;

/** A pino level as a number, or as the name that the embedded servers write. */
function severityOf(level: unknown): number {
  if (typeof level === 'number') return level;
  return level === 'warn' ? WARN : level === 'error' || level === 'fatal' ? ERROR : 30;
}

/**
 * The part of a log line that people should see now: warnings and errors of our own JSON logs. Lines of other programs stay in the file.
 */
export function toldBy(line: string): Told | undefined {
  if (!line.startsWith('{')) return undefined;
  let entry: { level?: unknown; msg?: unknown; message?: unknown };
  try {
    entry = JSON.parse(line) as typeof entry;
  } catch {
    return undefined;
  }
  const severity = severityOf(entry.level);
  if (severity < WARN) return undefined;
  const message = typeof entry.msg === 'string' ? entry.msg : typeof entry.message === 'string' ? entry.message : '';
  return message === '' ? undefined : { level: severity >= ERROR ? 'error' : 'warn', message };
}

/** Hides what could be a number or a SIP user in the lines of programs that are not ours; our own logs carry none. */
export const withoutPersonalData = (line: string): string =>
  line
    .replace(/\b(sips?|tel):[^@\s;>"]+@?/gi, '$1:***')
    .replace(/\b(from|to|contact|user(?:name)?)=[^\s,;]+/gi, '$1=***')
    .replace(/(?<![\w.-])\+?\d{7,15}(?![\w-])/g, '***');

/** Finds the reason in the last lines that a process wrote before it failed: a list of bad variables, the line of an error, or the last line. */
export function reasonIn(lines: readonly string[]): string {
  const configuration = lines.findIndex((line) => line.startsWith('Bad configuration'));
  if (configuration >= 0) return lines.slice(configuration).join('\n');
  const error = lines.findLast((line) => /^(?:\w*Error|Error)\b.*:/.test(line));
  return error ?? lines.at(-1) ?? '';
}
