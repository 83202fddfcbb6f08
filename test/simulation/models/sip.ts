import type { IncomingCall, IncomingSeat, Leg, AdoptDialog } from '../../../services/calls/ports.js';
import type { DialPermit } from '../../../services/shared/domain/calls/dial-permit.js';
import { CallCentreError, type FailureCode } from '../../../services/shared/domain/failure.js';
import { callerNumber } from '../../../services/signalling/caller-number.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';
import type { PartyName } from './relay.js';

export const NETWORK_MS = 15;
/** The trunk on which everybody calls in. */
const IN_BY = 'carrier';
const NO_ANSWER_MS = 8_000;
/** Share of carriers that leave the offer to us (RFC 3261 section 13.2.1); their answer comes in the ACK. */
const LATE_OFFERS = 0.15;
const UNCLAIMED_MS = 30_000;

/** A dialog at the SIP server. It outlives the process that made it: who is started next may take it over. */
export interface Dialog {
  readonly id: string;
  readonly party: PartyName;
  /** Undefined for a seat. */
  readonly trunkId: string | undefined;
  alive: boolean;
  owner: Process | undefined;
  ended: (() => void) | undefined;
  /** The far side has hung up and nobody was there to hear it. */
  endedEarly: boolean;
  readonly onBye: () => void;
}

/** The phone outside that places a call: what it is told. */
export interface FarEnd {
  readonly party: PartyName;
  onAnswered(): void;
  onRefused(failure: FailureCode): void;
  onBye(): void;
}

/** How a number outside behaves when it is called. */
export interface FarBehaviour {
  readonly ringAfterMs: number | undefined;
  readonly early: boolean;
  readonly outcome: 'answers' | 'busy' | 'silent' | 'refused' | 'not-found';
  readonly afterMs: number;
  readonly talkMs: number;
}

export interface Telephony {
  readonly process: Process;
  invited(incoming: IncomingCall): Promise<void>;
  seatInvited(incoming: IncomingSeat): Promise<void>;
}

/** SIP between the parties and telephony: dialogs, hang-ups, cancels, answers that cross a cancel. */
export class Sip {
  readonly #dialogs = new Map<string, Dialog>();
  #number = 0;
  telephony: Telephony | undefined;
  /** Every INVITE that left the centre. */
  readonly out: { readonly atMs: number; readonly permit: DialPermit; readonly redeemed: boolean; readonly rings: () => boolean }[] = [];

  /** What an outside number did after it was dialled with a permit. */
  readonly onFar: ((permitId: string, what: 'answers' | 'refuses' | 'hangs-up') => void)[] = [];

  constructor(private readonly world: World) {}

  far(permitId: string, what: 'answers' | 'refuses' | 'hangs-up'): void {
    for (const seen of this.onFar) seen(permitId, what);
  }

  get dialogs(): number {
    return [...this.#dialogs.values()].filter(({ alive }) => alive).length;
  }
  /** Parties whose dialog is up. */
  parties(): PartyName[] {
    return [...this.#dialogs.values()].filter(({ alive }) => alive).map(({ party }) => party);
  }

  /** Open dialogs of a trunk; with a process, only those that it has. */
  dialogsOf(trunkId: string, process?: Process): number {
    const all = [...this.#dialogs.values()].filter((dialog) => dialog.alive && dialog.trunkId === trunkId);
    return (process === undefined ? all : all.filter(({ owner }) => owner === process)).length;
  }

  newParty(): PartyName {
    this.#number += 1;
    return `far:${this.#number}`;
  }

  open(party: PartyName, trunkId: string | undefined, owner: Process, onBye: () => void): Dialog {
    this.#number += 1;
    const dialog: Dialog = { id: `d${this.#number}`, party, trunkId, alive: true, owner, ended: undefined, endedEarly: false, onBye };
    this.#dialogs.set(dialog.id, dialog);
    return dialog;
  }

  farEnds(dialog: Dialog): void {
    if (!dialog.alive) return;
    dialog.alive = false;
    // Until the BYE is there the server has the dialog, and hands it over.
    this.world.scheduler.after(NETWORK_MS, () => {
      if (dialog.owner?.alive === true) {
        this.#dialogs.delete(dialog.id);
        dialog.ended?.();
      } else dialog.endedEarly = true;
    });
  }

  leg(dialog: Dialog, process: Process): Leg {
    return {
      dialogId: dialog.id,
      isHeard: true,
      isThere: () => process.later(this.world.latency(), () => dialog.alive),
      hangUp: () =>
        process.later(1, () => {
          if (!dialog.alive) return;
          dialog.alive = false;
          this.#dialogs.delete(dialog.id);
          this.world.scheduler.after(NETWORK_MS, dialog.onBye);
        }),
      onRenegotiation: () => undefined,
      onDigit: () => undefined,
      sendDigit: async () => undefined,
    };
  }

  /** As the embedded SIP server does: ends an earlier process's dialogs in which the successor has not spoken for this long. */
  endUnclaimed(process: Process): void {
    this.world.scheduler.after(UNCLAIMED_MS, () => {
      for (const dialog of [...this.#dialogs.values()]) {
        if (!dialog.alive || dialog.owner?.alive === true || !process.alive) continue;
        dialog.alive = false;
        this.#dialogs.delete(dialog.id);
        this.world.note('sip', 'ends a dialog of nobody', { party: dialog.party });
        dialog.onBye();
      }
    });
  }

  /** Someone outside calls. The returned function hangs up, or gives up while it is not answered. */
  call(from: { readonly callerNumber: string; readonly called: string }, far: FarEnd): () => void {
    const offersLate = this.world.random.chance(LATE_OFFERS);
    const { carriers } = this.world;
    return this.#invite(far, IN_BY, async (telephony, answer, onEnded, refuse) => {
      const gaveUp = new AbortController();
      onEnded(() => gaveUp.abort());
      const setUp = await carriers.comesIn(IN_BY, gaveUp.signal);
      if (!telephony.process.alive) return;
      if (setUp === undefined) return refuse('service-unavailable');
      const answered = (sdp: string): Promise<Leg> => answer(sdp).finally(setUp);
      await telephony.invited({
        trunkId: IN_BY,
        class: 'service',
        sipCallId: `sip-${far.party}`,
        callerNumber: callerNumber({ assertedIdentity: undefined, from: `<sip:${from.callerNumber}@carrier.example>`, trusted: true }),
        called: from.called,
        sdp: offersLate ? undefined : far.party,
        receivedAtMs: this.world.scheduler.nowMs,
        refuse: (failure) => refuse(failure).finally(setUp),
        answer: answered,
        offer: async (sdp) => {
          const leg = await answered(sdp);
          return telephony.process.later(2 * NETWORK_MS, () => {
            if (!this.parties().includes(far.party)) throw new CallCentreError('timed-out', 'the caller is gone and answered no offer');
            return { leg, answer: far.party };
          });
        },
        onEnded: (handle) =>
          onEnded(() => {
            setUp();
            handle();
          }),
      });
    });
  }

  /** A page opens the media session of its seat. */
  seat(seat: { readonly agentId: string; readonly sessionId: string; readonly sipCallId: string }, far: FarEnd): () => void {
    return this.#invite(far, undefined, (telephony, answer, onEnded, refuse) =>
      telephony.seatInvited({ ...seat, door: 'seat', sdp: far.party, isWebRtc: true, refuse, answer, onEnded }),
    );
  }

  #invite(
    far: FarEnd,
    trunkId: string | undefined,
    hand: (
      telephony: Telephony,
      answer: (sdp: string) => Promise<Leg>,
      onEnded: (handle: () => void) => void,
      refuse: (failure: FailureCode) => Promise<void>,
    ) => Promise<void>,
  ): () => void {
    const { scheduler } = this.world;
    let state: 'ringing' | 'answered' | 'over' = 'ringing';
    let dialog: Dialog | undefined;
    let ended: (() => void) | undefined;
    const over = (failure: FailureCode): void => {
      if (state !== 'ringing') return;
      state = 'over';
      far.onRefused(failure);
    };
    scheduler.after(NO_ANSWER_MS, () => over('timed-out'));
    scheduler.after(NETWORK_MS, () => {
      const { telephony } = this;
      if (state === 'over') return;
      if (telephony?.process.alive !== true) {
        over('service-unavailable');
        return;
      }
      const { process } = telephony;
      const answer = (): Promise<Leg> =>
        process.later(1, () => {
          if (state !== 'ringing') throw new CallCentreError('timed-out', 'The caller has given up');
          const made = this.open(far.party, trunkId, process, () => {
            state = 'over';
            far.onBye();
          });
          made.ended = ended;
          dialog = made;
          state = 'answered';
          scheduler.after(NETWORK_MS, () => far.onAnswered());
          return this.leg(made, process);
        });
      const refuse = (failure: FailureCode): Promise<void> => process.later(1, () => over(failure));
      const onEnded = (handle: () => void): void => {
        ended = handle;
        if (dialog !== undefined) dialog.ended = handle;
      };
      hand(telephony, answer, onEnded, refuse).catch((error: unknown) => this.world.fail('crash', `INVITE: ${String(error)}`));
    });
    return () => {
      if (dialog !== undefined && state === 'answered') {
        state = 'over';
        this.farEnds(dialog);
      } else if (state === 'ringing') {
        state = 'over';
        scheduler.after(NETWORK_MS, () => this.telephony?.process.alive === true && ended?.());
      }
    };
  }

  adopt(process: Process): AdoptDialog {
    return (dialogId, ended) =>
      process.later(this.world.latency(), () => {
        const dialog = this.#dialogs.get(dialogId);
        if (dialog === undefined) return undefined;
        dialog.owner = process;
        dialog.ended = ended;
        if (dialog.endedEarly) {
          this.#dialogs.delete(dialogId);
          this.world.scheduler.after(0, () => process.alive && ended());
        }
        return this.leg(dialog, process);
      });
  }
}
