import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { z } from 'zod';
import { CallCentreError } from '../../shared/domain/failure.js';

const TIMEOUT_MS = 15_000;
const MOST_BYTES = 64 * 1024;
/** The witness may add what it likes, such as a number and a signature of its own. */
const Receipt = z.looseObject({ sheet: z.string() });

export interface SignedLine {
  /** What is known of a sealed day sheet: one `name: value` per line. */
  readonly statement: string;
  /** Ed25519 over the bytes of the statement, base64. */
  readonly signature: string;
  /** SPKI, base64. */
  readonly publicKey: string;
}

/**
 * Sends a signed line to a witness outside and returns its answer, which must name the hash of the same sheet. Fails with
 * `service-unavailable` when it gives another answer or none.
 */
export async function sendLine(url: string, line: SignedLine, sheetHash: string, caFile?: string): Promise<Uint8Array> {
  try {
    const answer = await post(url, JSON.stringify(line), caFile === undefined ? undefined : await readFile(caFile));
    if (!isUtf8(answer)) throw new Error('its answer is no UTF-8');
    if (Receipt.parse(JSON.parse(answer.toString('utf8'))).sheet !== sheetHash) throw new Error('it names another sheet');
    return answer;
  } catch (error) {
    const why = error instanceof z.ZodError || error instanceof SyntaxError ? 'its answer is no receipt' : messageOf(error);
    throw new CallCentreError('service-unavailable', `The witness gave no receipt: ${why}.`, { cause: error });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'no answer');

/** Redirects are not followed: only the configured address is asked. */
function post(url: string, body: string, ca: Buffer | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const asked = request(url, { method: 'POST', headers, signal: AbortSignal.timeout(TIMEOUT_MS), ...(ca === undefined ? {} : { ca }) });
    asked.on('error', reject);
    asked.on('response', (answer) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      if ((answer.statusCode ?? 0) < 200 || (answer.statusCode ?? 0) > 299)
        asked.destroy(new Error(`it answered with status ${answer.statusCode}`));
      answer.on('data', (part: Buffer) => {
        parts.push(part);
        bytes += part.length;
        if (bytes > MOST_BYTES) asked.destroy(new Error('its answer is too long'));
      });
      answer.on('error', reject);
      answer.on('end', () => resolve(Buffer.concat(parts)));
    });
    asked.end(body);
  });
}
