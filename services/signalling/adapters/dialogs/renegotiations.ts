import type Srf from 'drachtio-srf';
import { failureOf, failures } from '../../../shared/domain/failure.js';
import type { Logger } from '../../../shared/platform/processes/logger.js';
import type { Renegotiation } from '../../ports.js';

const SIP_OK = 200;

/** An ACK has the CSeq number of its INVITE (RFC 3261 section 13.2.2.4). */
const numberOf = (req: Srf.SrfRequest): number => Number.parseInt(req.get('CSeq'), 10);

export type Send = (res: Srf.SrfResponse, status: number, headers: Readonly<Record<string, string>>, body?: string) => Promise<void>;

/** Offer and answer within one dialog (RFC 3261 section 14.2, RFC 3311). */
export interface Renegotiations {
  /** Sets the part that negotiates the media of the dialog. */
  set(renegotiation: Renegotiation): void;
  /** Takes a description of the far end that has its answer already: it is applied now, or once somebody negotiates the media. */
  applies(sdp: string): void;
  /**
   * Answers a re-INVITE or UPDATE. `before` is our last description, for a dialog whose media nobody negotiates. Resolves with our new
   * description; undefined when it does not change.
   */
  answer(req: Srf.SrfRequest, res: Srf.SrfResponse, before?: string): Promise<string | undefined>;
  /**
   * Handles an ACK; true when it holds the answer to our offer. The ACK of an earlier INVITE may be reported after the INVITE that follows
   * it.
   */
  acknowledged(ack: Srf.SrfRequest): boolean;
}

export function createRenegotiations({ send, log }: { readonly send: Send; readonly log: Logger }): Renegotiations {
  let speaker: Renegotiation | undefined;
  /** The CSeq number of the INVITE whose 200 holds our offer, while the answer is missing. */
  let offered: number | undefined;
  /** A description that waits until somebody negotiates the media. */
  let unapplied: string | undefined;

  async function answerTo(req: Srf.SrfRequest, res: Srf.SrfResponse, before?: string): Promise<string | undefined> {
    const hasOffer = req.body.trim() !== '';
    // One offer at a time (RFC 3264 section 4): the far end tries again.
    if (offered !== undefined && (hasOffer || req.method === 'INVITE')) {
      await send(res, failures['wrong-state'].sip, {});
      return undefined;
    }
    // An UPDATE that only refreshes the session needs no description.
    if (!hasOffer && req.method === 'UPDATE') {
      await send(res, SIP_OK, {});
      return undefined;
    }
    // The owner of the leg is told of the dialog a moment after the far end: what came in between must not be lost.
    if (hasOffer && speaker === undefined && before !== undefined) unapplied = req.body;
    const sdp = hasOffer ? ((await speaker?.answer(req.body)) ?? before) : (speaker?.offer() ?? before);
    if (sdp === undefined) {
      await send(res, failures['wrong-state'].sip, {});
      return undefined;
    }
    offered = !hasOffer && speaker !== undefined ? numberOf(req) : undefined;
    await send(res, SIP_OK, { 'Content-Type': 'application/sdp' }, sdp);
    return sdp;
  }

  const notFollowed = (error: unknown, what: string): void => log.warn({ code: failureOf(error) }, what);

  function applyLate(): void {
    if (speaker === undefined || unapplied === undefined) return;
    const said = unapplied;
    unapplied = undefined;
    speaker.answer(said).catch((error: unknown) => notFollowed(error, 'a description that was answered already could not be applied'));
  }

  return {
    set(renegotiation) {
      speaker = renegotiation;
      applyLate();
    },
    applies(sdp) {
      unapplied = sdp;
      applyLate();
    },
    async answer(req, res, before) {
      try {
        return await answerTo(req, res, before);
      } catch (error) {
        notFollowed(error, 'an offer within a dialog could not be applied');
        await send(res, failures['no-common-codec'].sip, {});
        return undefined;
      }
    },
    acknowledged(ack) {
      if (offered === undefined || numberOf(ack) !== offered) return false;
      offered = undefined;
      const { body } = ack;
      if (body.trim() === '') {
        log.warn({}, 'an ACK came without the answer to our offer: the media stays as it was');
        return false;
      }
      speaker
        ?.answered(body)
        .catch((error: unknown) => notFollowed(error, 'the answer in an ACK could not be applied: the media stays as it was'));
      return true;
    },
  };
}
