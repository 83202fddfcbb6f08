const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** A line of the log: a static text and fields. Addresses, counts and reasons only; never a user part, number, name or secret. */
export type Log = (level: Exclude<LogLevel, 'silent'>, text: string, fields?: Readonly<Record<string, string | number | boolean>>) => void;

export function isLogLevel(text: string): text is LogLevel {
  return (LEVELS as readonly string[]).includes(text);
}

/** Writes JSON lines at or above `threshold`. */
export function jsonLog(threshold: LogLevel, write: (line: string) => void): Log {
  const least = LEVELS.indexOf(threshold);
  return (level, text, fields) => {
    if (LEVELS.indexOf(level) >= least) write(`${JSON.stringify({ time: new Date().toISOString(), level, text, ...fields })}\n`);
  };
}

export const noLog: Log = () => undefined;
