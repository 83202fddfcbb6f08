/** One line of JSON. No field ever holds a key, a secret, a tag or metadata: object names may be personal data. */
export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly [field: string]: string | number | boolean;
}

export type Log = (entry: LogEntry) => void;

export const logToStderr: Log = (entry) => {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
};
