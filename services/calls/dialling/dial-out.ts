import { CallCentreError, failureOf, failures, type FailureCode } from '../../shared/domain/failure.js';
import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { AnchorPlace, Call } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import type { Live } from '../running/controller.js';
import { dialledLeg, OWN_LEG } from './dialled-legs.js';
import type { Effect } from '../machine/effects.js';
import { createDialOverTrunks } from './dial-over-trunks.js';
import { bindLeg } from '../media/leg-binding.js';
import { outsideLeg } from '../media/media-director.js';
import { describing, partyPlace } from '../media/media-terms.js';
import type { CallMedia, Dialler, Directory, LeavingGate, Leg, PartyPlace } from '../ports.js';
import type { CallId } from '../../shared/domain/ids.js';

const DIAL_FOR_MS = 30_000;
const SIP_OK = 200;

type Tell = (callId: CallId, event: CallEvent) => void;
type Later = (ms: number, run: () => void) => () => void;

/** Ends a leg outside that lasts too long. */
export function watchLongest(live: Live, legId: string, ms: number, { later, tell }: { readonly later: Later; readonly tell: Tell }): void {
  const { id } = live.call;
  forgetLongest(live, legId);
  // Answered at the moment the call ended: its timers have already been cleared.
  if (live.call.stage.kind === 'ended') return;
  live.timers.set(
    timerOf(legId),
    later(ms, () =>
      tell(
        id,
        legId === OWN_LEG ? { type: 'lost', cause: 'longest-call', by: 'system' } : { type: 'leg-ended', legId, cause: 'longest-call' },
      ),
    ),
  );
}

export function forgetLongest(live: Live, legId: string): void {
  live.timers.get(timerOf(legId))?.();
  live.timers.delete(timerOf(legId));
}

const timerOf = (legId: string): string => `longest:${legId}`;

/** An agent's command has already asked for the permit, so that the agent reads a refusal; a flow and a queue ask here. */
async function permitFor(
  { id, called }: Call,
  { number, by }: Extract<Effect, { do: 'dial' }>,
  { gate, directory }: Pick<DialOutDependencies, 'gate' | 'directory'>,
): Promise<DialPermit> {
  return 'permit' in by ? by.permit : gate.permit({ callId: id, way: by.way, number, ways: directory.waysOut(), called });
}

export interface DialOutDependencies {
  readonly media: Omit<CallMedia, 'play' | 'stopPlay'>;
  readonly dialler: Dialler;
  readonly directory: Directory;
  readonly gate: LeavingGate;
  /** Ledger number and recorder for a call that is being answered. */
  readonly takeUp: (callId: CallId, place: AnchorPlace) => Promise<number>;
  readonly tell: Tell;
  readonly later: Later;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** Lets the agent hear what the far network sends before the answer. Without early media the seat's own ringback tone stays. */
async function hearEarly(
  { media, tell, log }: Pick<DialOutDependencies, 'media' | 'tell' | 'log'>,
  callId: CallId,
  sdp: string,
  party: PartyPlace,
): Promise<void> {
  try {
    await media.inviteAnswered(callId, sdp, party);
    tell(callId, { type: 'early-media' });
  } catch (error) {
    log.warn({ callId, err: error }, 'early media could not be connected');
  }
}

/** A permit with which nothing was dialled is not counted. */
async function giveBack(
  { gate, log }: Pick<DialOutDependencies, 'gate' | 'log'>,
  permit: DialPermit | undefined,
  callId: CallId,
): Promise<void> {
  if (permit === undefined) return;
  await gate.unused(permit).catch((error: unknown) => log.error({ err: error, callId }, 'an unused permit could not be returned'));
}

/** Dials legs outside, each with a permit; the outcome comes back as an event. */
export function createDialOut({
  media,
  dialler,
  directory,
  gate,
  takeUp,
  tell,
  later,
  nowMs,
  log,
}: DialOutDependencies): (live: Live, effect: Extract<Effect, { do: 'dial' }>) => Promise<void> {
  const overTrunks = createDialOverTrunks({ dialler, gate, nowMs, log });

  return async function dial(live, effect) {
    const [{ call }, { legId }] = [live, effect];
    const ofTheCaller = call.stage.kind === 'calling';
    const id = ofTheCaller ? call.id : outsideLeg(call.id, legId);
    const abort = new AbortController();
    const entry: { leg?: Leg; readonly abort: AbortController } = { abort };
    live.outside.set(legId, entry);
    let unused = 'permit' in effect.by ? effect.by.permit : undefined;
    let calledOff: FailureCode | undefined;
    let overlook = (): void => undefined;
    try {
      // What a third party says is captured with the call that it is joined to, and pauses with it.
      const { sdp: plain, ...place } = await media.invite({ id, captured: ofTheCaller });
      // Called off while the leg was being made: nothing rings, and the leg is removed again.
      if (abort.signal.aborted) throw new CallCentreError('timed-out', 'Called off');
      const ledgerNumber = ofTheCaller ? await takeUp(id, place) : undefined;
      if (abort.signal.aborted) throw new CallCentreError('timed-out', 'Called off');
      const permit = await permitFor(call, effect, { gate, directory });
      unused = permit;
      if (abort.signal.aborted) throw new CallCentreError('timed-out', 'Called off');
      const describe = describing({ media, directory }, id, plain);
      const sdp = await describe(permit);
      if (abort.signal.aborted) throw new CallCentreError('timed-out', 'Called off');
      // A stop, a refusal or a withdrawn consent overrides a leg that is being dialled or rings.
      overlook = await gate.whileDialled(permit, (why) => {
        calledOff = why;
        abort.abort();
      });
      if (abort.signal.aborted) throw new CallCentreError('timed-out', 'Called off');
      let sounding = Promise.resolve();
      let { trunkId } = permit;
      const leg = await overTrunks({
        permit,
        sdp,
        timeoutMs: DIAL_FOR_MS,
        signal: abort.signal,
        describe,
        onLeaving(leaving) {
          if (unused !== undefined) tell(call.id, { type: 'dialled', leg: dialledLeg(legId, leaving, nowMs()) });
          unused = undefined;
          if (leaving !== permit) tell(call.id, { type: 'leg-moved', legId, trunkId: leaving.trunkId, from: leaving.from });
        },
        onMoved(moved) {
          ({ trunkId } = moved);
          // No INVITE has left over the earlier trunk, so this permit is now the one to give back.
          if (unused !== undefined) unused = moved;
        },
        onSilence: (isSilent) => tell(call.id, { type: 'leg-silent', legId, isSilent }),
        ...(ofTheCaller
          ? {
              onAlerted: (alerted) => tell(call.id, { type: 'far-alerted', ...alerted }),
              onEarlyMedia: (heard) =>
                void (sounding = hearEarly({ media, tell, log }, call.id, heard, partyPlace(directory.trunk(trunkId)))),
            }
          : { onAlerted: ({ rings }) => (rings ? tell(call.id, { type: 'leg-alerted', legId }) : undefined) }),
      });
      entry.leg = leg;
      bindLeg(leg, id, media);
      // The far end answered while we were cancelling (RFC 3261 section 9.1).
      if (abort.signal.aborted) throw new CallCentreError('timed-out', 'Called off');
      await sounding;
      const answered = await media.inviteAnswered(id, leg.sdp, partyPlace(directory.trunk(trunkId)));
      leg.onEnded(() => tell(call.id, ofTheCaller ? { type: 'caller-hung-up' } : { type: 'leg-ended', legId }));
      if (ofTheCaller) {
        live.leg = leg;
        live.sipStatus = SIP_OK;
      }
      watchLongest(live, legId, permit.longestMs, { later, tell });
      tell(call.id, ofTheCaller ? { type: 'answered', ledgerNumber, media: answered } : { type: 'leg-answered', legId });
    } catch (error) {
      const failure = calledOff ?? failureOf(error);
      log.warn({ callId: call.id, code: failure, err: error }, 'number could not be reached');
      entry.leg?.hangUp().catch((failed: unknown) => log.warn({ err: failed, callId: call.id }, 'BYE failed'));
      await giveBack({ gate, log }, unused, call.id);
      await media.release(id).catch(() => undefined);
      if (ofTheCaller) live.sipStatus = failures[failure].sip;
      tell(call.id, ofTheCaller ? { type: 'answer-failed', failure } : { type: 'leg-failed', legId, failure });
    } finally {
      overlook();
    }
  };
}
