import { createHmac } from 'node:crypto';
import { UndeliverableError, type Provider } from '../ports.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';

const TIMEOUT_MS = 30_000;
/** The request may be repeated later although the status is a 4xx. */
const MAY_PASS = [408, 425, 429];

/** `X-Proofline-Signature` of a body: HMAC-SHA-256 in hex over `<unix seconds>.<body>`. */
export const smsSignature = (secret: string, unixSeconds: string, body: string): string =>
  createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex');

/**
 * SMS by a gateway that takes a JSON POST `{ id, to, text }` and answers 2xx when it has accepted the message. The request is signed, and
 * `id` is the same at each attempt, so that the gateway can drop duplicates.
 */
export function createHttpSmsProvider(gateway: { readonly url: string; readonly secret: string }): Provider {
  return {
    async send({ messageId, to, text }) {
      const body = JSON.stringify({ id: messageId, to, text });
      const unixSeconds = String(Math.floor(systemClock.nowMs() / 1_000));
      const answer = await fetch(gateway.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-proofline-timestamp': unixSeconds,
          'x-proofline-signature': smsSignature(gateway.secret, unixSeconds, body),
        },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await answer.body?.cancel();
      if (answer.ok) return;
      if (answer.status >= 400 && answer.status < 500 && !MAY_PASS.includes(answer.status))
        throw new UndeliverableError(`HTTP ${answer.status}`);
      throw Object.assign(new Error('the SMS gateway did not accept the message'), { code: `HTTP ${answer.status}` });
    },
  };
}
