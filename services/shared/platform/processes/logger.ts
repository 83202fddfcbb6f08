import { pino } from 'pino';

/** A fixed message, with values in fields. Personal data goes under `pii` and is removed before any sink sees it. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
}

/**
 * JSON lines on stdout. Only the type, the code and the place of an error are logged, because the messages of libraries may contain
 * numbers.
 */
export const createLogger = (level: string, base: object = {}): Logger =>
  pino({
    level,
    base,
    redact: { paths: ['pii', '*.pii'], remove: true },
    serializers: { err: describeError },
    timestamp: pino.stdTimeFunctions.isoTime,
  });

/** The fields of an error that may be logged; never the message of an error from outside this project. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? { code: error.code } : {};
  // The stored row in question: collection, id and field.
  const row = 'row' in error && typeof error.row === 'string' ? { row: error.row } : {};
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  return { type: error.name, ...code, ...row, at: frames.slice(0, 4).map((line) => line.trim()), ...cause };
}

/** For tests and tools that need no log. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLogger };
