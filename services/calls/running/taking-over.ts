import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Call } from '../machine/call.js';
import type { Controller, Live } from './controller.js';
import { watchLongest } from '../dialling/dial-out.js';
import { legsUp, OWN_LEG } from '../dialling/dialled-legs.js';
import { bindLeg } from '../media/leg-binding.js';
import { agentsIn } from './live-call.js';
import { outsideLeg, type MediaDirector } from '../media/media-director.js';
import type { Outbox } from './outbox.js';
import { dialledNow } from '../stages/outside.js';
import type { AdoptDialog, CallFact, CallMedia, CallsPlatform, KeptCall, KeptSeat } from '../ports.js';
import type { Seats } from '../seats/seats.js';
import { takeOverEffects } from '../machine/takeover.js';

export interface TakingOverNeeds {
  readonly media: CallMedia;
  readonly director: Pick<MediaDirector, 'adopt' | 'takenOver' | 'endOtherCopies'>;
  readonly controller: Controller;
  readonly seats: Pick<Seats, 'adopt' | 'of'>;
  readonly liveState: CallsPlatform['liveState'];
  readonly adoptDialog: AdoptDialog;
  readonly outbox: Outbox;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** Continues what an earlier process left; false when it could not be read. */
export function createTakingOver(needs: TakingOverNeeds): () => Promise<boolean> {
  const { media, director, controller, seats, liveState, adoptDialog, outbox, later, nowMs, log } = needs;
  return takeOver;

  /** Continues what an earlier process left. A call that cannot be saved is ended with a reason on both sides. */
  async function takeOver(): Promise<boolean> {
    const read = await liveState.left().catch((error: unknown) => {
      log.error({ err: error }, 'the calls of the previous process could not be read');
      return undefined;
    });
    const left = read ?? { calls: [], seats: [] };
    // In parallel: a far end that does not answer delays no other call.
    await Promise.all(left.seats.map((seat) => seats.adopt(seat, adoptDialog)));
    const saved = (await Promise.all(left.calls.map(takeOverCall))).filter(Boolean).length;
    if (left.calls.length > 0) log.warn({ calls: left.calls.length, saved }, 'the calls of the previous process were taken over');
    if (read !== undefined) void director.takenOver();
    void director.endOtherCopies([...left.calls, ...left.seats].flatMap(legsLeft));
    return read !== undefined;
  }

  async function takeOverCall(kept: KeptCall): Promise<boolean> {
    const { call } = kept;
    const { unpublished = [] } = kept;
    if (call.stage.kind === 'ended') {
      endAgain(call, unpublished);
      return true;
    }
    for (const anchor of kept.anchors) media.adopt(anchor);
    const live = controller.add(call, { incoming: undefined, sipCallId: kept.sipCallId, unpublished });
    director.adopt(call.id);
    const effects = takeOverEffects(call, nowMs());
    const leg =
      kept.dialogId === undefined
        ? undefined
        : await adoptDialog(kept.dialogId, () => controller.dispatch(call.id, { type: 'caller-hung-up' }));
    live.leg = leg;
    bindLeg(leg, call.id, media);
    live.sipStatus = call.answered ? 200 : 0;
    await takeOverLegs(live, kept);
    // Taking over the legs showed that the caller hung up while no process was there to notice.
    if (live.call.stage.kind === 'ended') return true;
    if (leg === undefined || effects === undefined) {
      const lost = controller.dispatch(call.id, { type: 'lost', cause: 'system-failure', by: 'system' });
      if ('settled' in lost) await lost.settled;
      return false;
    }
    await controller.begin(live, effects);
    tellWhatNobodyHeard(call, live);
    return true;
  }

  async function takeOverLegs(live: Live, kept: KeptCall): Promise<void> {
    // The outside legs include the call's own leg if it is outbound; its end is the end of the call.
    for (const { legId, dialogId } of kept.outside.filter((leg) => leg.dialogId !== kept.dialogId)) {
      const outside = await adoptDialog(dialogId, () => controller.dispatch(live.call.id, { type: 'leg-ended', legId }));
      bindLeg(outside, outsideLeg(live.call.id, legId), media);
      live.outside.set(legId, { abort: new AbortController(), ...(outside === undefined ? {} : { leg: outside }) });
      if (outside === undefined) controller.dispatch(live.call.id, { type: 'leg-ended', legId });
    }
    for (const { legId, answeredAtMs = 0, longestMs } of legsUp(live.call))
      watchLongest(live, legId, Math.max(0, answeredAtMs + longestMs - nowMs()), {
        later,
        tell: (callId, event) => void controller.dispatch(callId, event),
      });
  }

  /** Dispatches events that the earlier process saw, or would have seen. */
  function tellWhatNobodyHeard(call: Call, live: Live): void {
    // Nobody can learn any more what happened to the legs that the earlier process was dialling.
    for (const { legId, answeredAtMs, endedAtMs } of call.dialled ?? [])
      if (answeredAtMs === undefined && endedAtMs === undefined && legId !== OWN_LEG)
        controller.dispatch(call.id, { type: 'leg-failed', legId, failure: 'service-unavailable' });
    // The same holds for a leg that was not on the wire yet.
    const legId = dialledNow(live.call.stage);
    const isUp = legsUp(live.call).some((leg) => leg.legId === legId);
    if (legId !== undefined && !isUp) controller.dispatch(call.id, { type: 'leg-failed', legId, failure: 'service-unavailable' });
    for (const agentId of agentsIn(call))
      if (seats.of(agentId)?.mediaUp !== true) controller.dispatch(call.id, { type: 'seat-down', agentId });
    // What the earlier process published to the pages of these agents may be lost.
    for (const agentId of agentsIn(live.call))
      outbox.put('call.changed', { callId: call.id, agentId, at: new Date(nowMs()).toISOString() });
  }

  /** The earlier process had ended the call and died before it knew that the end was published. */
  function endAgain({ id }: Call, unpublished: readonly CallFact[]): void {
    for (const { id: eventId, name, event } of unpublished) outbox.put(name, event, eventId);
    outbox.whenOut(() => liveState.forgetCall(id));
  }
}

const legsLeft = (kept: KeptCall | KeptSeat): string[] =>
  'anchors' in kept ? kept.anchors.map(({ id }) => id) : kept.anchor === undefined ? [] : [kept.anchor.id];
