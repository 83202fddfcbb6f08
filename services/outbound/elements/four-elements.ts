import { callElements, type CallElement } from '../../shared/domain/calls/calling-out.js';
import type { Consent } from '../ports.js';
import type { CallId } from '../../shared/domain/ids.js';

/** The proof of the consent behind an outbound call. */
export type ConsentProof =
  /** The person asked for the call in an earlier one, or consented in a recorded call: the recording is the original. */
  | { readonly kind: 'call'; readonly callId: CallId }
  /** The original that was submitted. */
  | { readonly kind: 'file'; readonly consentId: string; readonly fileName: string; readonly sha256: string }
  /** A consent is recorded, but its original is missing. */
  | { readonly kind: 'none'; readonly consentId: string };

/** What the stores say about an answered outbound call. */
export interface ElementFacts {
  readonly attempt: { readonly numberMasked: string; readonly from?: string | undefined; readonly answeredAt?: Date | undefined };
  readonly proof: ConsentProof | undefined;
  /** Calls whose recording is in the archive. */
  readonly recorded: { has(callId: CallId): boolean };
  /** Consents whose original is in the object store. */
  readonly kept: { has(consentId: string): boolean };
  readonly callId: CallId;
}

const ASKED_IN = 'call:';

/** The basis of an outbound call; undefined when none is recorded. */
export function proofOf(consentId: string | undefined, consent: Pick<Consent, 'id' | 'original'> | undefined): ConsentProof | undefined {
  if (consentId?.startsWith(ASKED_IN) === true) return { kind: 'call', callId: consentId.slice(ASKED_IN.length) };
  if (consent === undefined) return undefined;
  const { id, original } = consent;
  if (original === undefined) return { kind: 'none', consentId: id };
  if (original.kind === 'call') return { kind: 'call', callId: original.callId };
  return { kind: 'file', consentId: id, fileName: original.fileName, sha256: original.sha256 };
}

/**
 * The elements that cannot be shown, of the four that an inspection asks for on an answered outbound call (recording, both numbers, time,
 * original of the consent).
 */
export function missingElements({ attempt, proof, recorded, kept, callId }: ElementFacts): CallElement[] {
  const has: Readonly<Record<CallElement, boolean>> = {
    recording: recorded.has(callId),
    numbers: attempt.numberMasked !== '' && attempt.from !== undefined,
    time: attempt.answeredAt !== undefined,
    consent: proof?.kind === 'call' ? recorded.has(proof.callId) : proof?.kind === 'file' && kept.has(proof.consentId),
  };
  return callElements.filter((element) => !has[element]);
}
