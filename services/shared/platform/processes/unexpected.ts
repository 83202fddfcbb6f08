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

/** Errors that the language throws: something in memory is not what the code expected. */
const ofTheCode = new Set(['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError', 'AssertionError']);

/**
 * Whether the process ends because of an error that nobody caught. `exception`: it was thrown out of a callback, or an emitter had no
 * listener for errors. The rest of that callback was not executed, so the state is unknown, unless the error belongs to a single
 * connection. `rejection`: a promise without a listener. Its function ended in order, with a known outcome (a refusal, a failed store or
 * peer), so only a programming error leaves the state unknown.
 */
export function endsProcess(kind: 'exception' | 'rejection', error: unknown): boolean {
  if (failureOf(error) !== 'internal' || ofConnections.has(String(errorCode(error)))) return false;
  return kind === 'exception' || !(error instanceof Error) || ofTheCode.has(error.name);
}
