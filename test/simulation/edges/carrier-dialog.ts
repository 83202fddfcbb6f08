import type Srf from 'drachtio-srf';
import pino from 'pino';
import { createRenegotiations } from '../../../services/signalling/adapters/dialogs/renegotiations.js';
import type { Random } from '../random.js';
import type { Edge } from './edge.js';

const REQUEST_PENDING = 491;
const SIP_OK = 200;
const log = pino({ level: 'silent' });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const messageOf = (method: string, number: number, body: string): Srf.SrfRequest =>
  ({ method, body, get: (name: string) => (name === 'CSeq' ? `${number} ${method}` : ''), has: () => false }) as unknown as Srf.SrfRequest;

/** A carrier that changes where it wants its sound, with and without an offer, as RFC 3261 section 14 and RFC 3264 allow it. */
async function talk(random: Random): Promise<string | undefined> {
  const ours = 'ours';
  /** Where the relay sends, as it was last told. */
  let relaySendsTo = 'carrier-0';
  let carrierHears = 'carrier-0';
  const answers: { readonly status: number; readonly body: string | undefined }[] = [];
  const dialog = createRenegotiations({
    send: async (_res, status, _headers, body) => void answers.push({ status, body }),
    log,
  });
  dialog.set({
    answer: async (offer) => {
      relaySendsTo = offer;
      return ours;
    },
    offer: () => ours,
    answered: async (answer) => void (relaySendsTo = answer),
  });
  const response = {} as Srf.SrfResponse;
  for (let number = 1; number <= random.int(2, 12); number += 1) {
    const place = `carrier-${number}`;
    const kind = random.pick(['offer', 'late-offer', 'late-offer', 'refresh', 'both'] as const);
    answers.length = 0;
    if (kind === 'refresh') {
      await dialog.answer(messageOf('UPDATE', number, ''), response, ours);
    } else if (kind === 'offer') {
      await dialog.answer(messageOf(random.pick(['INVITE', 'UPDATE']), number, place), response, ours);
      carrierHears = place;
    } else {
      await dialog.answer(messageOf('INVITE', number, ''), response, ours);
      if (answers[0]?.body !== ours) return `a re-INVITE without a description is answered ${answers[0]?.status} without our offer`;
      if (kind === 'both') {
        await dialog.answer(messageOf('UPDATE', number + 1_000, 'carrier-early'), response, ours);
        if (answers[1]?.status !== REQUEST_PENDING) return `an offer that crosses ours is answered ${answers[1]?.status}`;
        answers.pop();
      }
      dialog.acknowledged(messageOf('ACK', number, place));
      carrierHears = place;
    }
    await settled();
    if (answers.length !== 1 || answers[0]?.status !== SIP_OK)
      return `a ${kind} is answered ${answers.map(({ status }) => status).join(', ')}`;
    if (relaySendsTo !== carrierHears)
      return `after a ${kind} the carrier listens at ${carrierHears}, and the sound goes to ${relaySendsTo}`;
  }
  return undefined;
}

export const carrierDialog: Edge = {
  name: 'offer and answer',
  sentence: 'A carrier may leave the offer to us: our 200 offers, its ACK answers, and the sound follows it (docs/calls.md).',
  run: talk,
};
