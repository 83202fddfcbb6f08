import { failureOf } from '../../domain/failure.js';
import { errorCode } from './error-code.js';

/** Codes with which Node and OpenSSL report that the other end went away or no longer answers. Only that connection is lost. */
const ofConnections = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'ECONNREFUSED',
  'EPIPE',
  'ENOTCONN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  'ERR_HTTP_HEADERS_SENT',
  'ABORT_ERR',
]);

/** Errors that the language throws: something in memory is not what the code took it for. */
const ofTheCode = new Set(['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError', 'AssertionError']);

/**
 * Whether the process ends for an error that nobody caught. `exception`: it was thrown out of a callback, or an emitter had nobody who
 * listened for errors; what else that callback had to do was not done, so the state is unknown, unless the error is of one connection.
 * `rejection`: a promise to which nobody listened; the function that it belongs to ended in order, with an outcome that is named (a refusal,
 * a store or a peer that failed), and only an error of the code leaves the state unknown.
 */
export function endsProcess(kind: 'exception' | 'rejection', error: unknown): boolean {
  if (failureOf(error) !== 'internal' || ofConnections.has(String(errorCode(error)))) return false;
  return kind === 'exception' || !(error instanceof Error) || ofTheCode.has(error.name);
}
