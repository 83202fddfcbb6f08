import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { CallCentreError, failureOf, failures, type FailureCode } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { AnchorPlace } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import type { Live } from './controller.js';
import { bindLeg } from '../media/leg-binding.js';
import { isUsual, mediaTerms, partyPlace, TEST_PLACE } from '../media/media-terms.js';
import type { CallMedia, Directory, IncomingCall, RecordingLedger } from '../ports.js';
import type { CallId } from '../../shared/domain/ids.js';

/** A recorder that is down must not keep a caller waiting, because the relay's own capture continues. */
const RECORDER_WAIT_MS = 500;
const SIP_OK = 200;

export interface AnsweringNeeds {
  readonly media: Omit<CallMedia, 'play' | 'stopPlay'>;
  readonly directory: Directory;
  readonly ledger: RecordingLedger;
  readonly commands: CommandBus;
  readonly tell: (callId: CallId, event: CallEvent) => void;
  /** The current time as ISO 8601, UTC. */
  readonly at: () => string;
  readonly log: Logger;
}

export interface Answering {
  /** Sends `answered` or `answer-failed` to the call. A call that has ended by then is left alone. */
  answer(live: Live): Promise<void>;
  takeUp(callId: CallId, place: AnchorPlace): Promise<number>;
  /** Refuses a call that was not answered yet; any other call is left alone. */
  refuse(live: Live, failure: FailureCode): Promise<void>;
}

/** Answers a caller: no prompt is played before each second can be accounted for. */
export function createAnswering({ media, directory, ledger, commands, tell, at, log }: AnsweringNeeds): Answering {
  /** Relay, ledger, recorder, then the 200. Every second from there on is accounted for. */
  async function answer(live: Live): Promise<void> {
    const { incoming } = live;
    const { id } = live.call;
    if (incoming === undefined || live.call.stage.kind === 'ended') return;
    try {
      const { ledgerNumber, place } = await pickUp(live, incoming);
      live.incoming = undefined;
      live.sipStatus = SIP_OK;
      tell(id, { type: 'answered', ledgerNumber, media: place });
    } catch (error) {
      const failure = failureOf(error);
      log.warn({ callId: id, code: failure, err: error }, 'call could not be answered');
      await refuse(live, failure);
      tell(id, { type: 'answer-failed', failure });
    }
  }

  async function pickUp(live: Live, incoming: IncomingCall): Promise<{ readonly ledgerNumber: number; readonly place: AnchorPlace }> {
    const { id, trunkId } = live.call;
    const trunk = directory.trunk(trunkId);
    // The listener decides, never a name: a call over a trunk is not of the test door, whatever it tests.
    const party = incoming.class === 'test' ? TEST_PLACE : partyPlace(trunk);
    const terms = mediaTerms(trunk);
    const { sdp: offer } = incoming;
    if (offer !== undefined) {
      const { sdp, ...place } = await media.accept({ id, kind: 'caller', sdp: offer, ...party, ...terms });
      const ledgerNumber = await takeUp(id, place);
      live.leg = await incoming.answer(sdp);
      bindLeg(live.leg, id, media);
      return { ledgerNumber, place };
    }
    const { sdp: plain, ...place } = await media.invite({ id, captured: true });
    const sdp = isUsual(terms) ? plain : await media.offerFor(id, terms);
    const ledgerNumber = await takeUp(id, place);
    const { leg, answer } = await incoming.offer(sdp);
    live.leg = leg;
    live.incoming = undefined;
    const answered = await media.inviteAnswered(id, answer, party);
    bindLeg(leg, id, media);
    return { ledgerNumber, place: answered };
  }

  /**
   * Writes the intent and starts the recorder. Without a ledger number there is no answer: neither the store nor the disk took the intent,
   * and nobody could account for the call afterwards. A recorder that is down does not fail the call, because the relay's capture
   * continues. A recorder that reports a full disk does: the call is refused before any of it could be lost.
   */
  async function takeUp(callId: CallId, place: AnchorPlace): Promise<number> {
    const { ledgerNumber } = await ledger.intent({ callId, legId: callId, at: at(), media: place }).catch((error: unknown) => {
      throw new CallCentreError('service-unavailable', 'a call that is being answered got no ledger number', { cause: error });
    });
    await commands.send('recorder.start', { callId, ledgerNumber, ...place }, { timeoutMs: RECORDER_WAIT_MS }).catch((error: unknown) => {
      if (failureOf(error) === 'disk-full') throw error;
      log.error({ callId, code: failureOf(error) }, 'the recorder did not start in time; the relay keeps recording');
    });
    return ledgerNumber;
  }

  async function refuse(live: Live, failure: FailureCode): Promise<void> {
    const { incoming } = live;
    live.incoming = undefined;
    if (incoming === undefined) return;
    live.sipStatus = failures[failure].sip;
    await incoming.refuse(failure);
  }

  return { answer, takeUp, refuse };
}
