import type { Mark } from '../../../services/calls/machine/call.js';
import { siteDate } from '../models/outbound.js';
import { HOLIDAY_NUMBER } from '../site.js';
import type { World } from '../world.js';
import { createPatience, type Invariant } from './invariant.js';

const ORDERED_MS = 3_000;
/** A field that keeps the focus for longer has been forgotten. */
const FIELD_PAUSE_MS = 120_000 + ORDERED_MS;

/** Nobody is recorded without having heard the notice, no call stays paused without its agent, nobody is let in on a holiday. */
export function recordingInvariant(world: World): Invariant {
  const name = 'recording';
  const waitFor = createPatience(world, name);

  return {
    name,
    sentence:
      'docs/calls.md: the notice is heard out before an agent is joined or a message is recorded; a pause belongs to the conversation of the agent who made it, and the recorder does what the page shows.',
    tick() {
      for (const { call } of world.stores.calls.values()) {
        const { stage, pause, recording } = call;
        if (stage.kind === 'ended') continue;
        const isHis = stage.kind === 'connected' && stage.agentId === pause?.agentId;
        waitFor(`${call.id}/whose`, recording === 'paused' && !isHis, ORDERED_MS, () => `${call.id} is in ${stage.kind} and still paused`, [
          call.id,
        ]);
        const pausedMs = pause === undefined ? 0 : world.scheduler.nowMs - pause.sinceMs;
        waitFor(
          `${call.id}/field`,
          pause?.by === 'field' && pausedMs > FIELD_PAUSE_MS,
          ORDERED_MS,
          () => `a field keeps ${call.id} paused for ${pausedMs} ms`,
          [call.id],
        );
        const isPaused = world.archive.isPaused(call.id);
        waitFor(
          `${call.id}/recorder`,
          call.answered && isPaused !== (recording === 'paused'),
          ORDERED_MS,
          () => `the page shows ${call.id} as ${recording} and the recorder ${isPaused ? 'pauses' : 'records'}`,
          [call.id],
        );
      }
    },
    end() {
      for (const { callId, history } of world.stores.records.values()) {
        const heard = history.findIndex(({ what }) => what === 'notice-ended');
        const kept = history.findIndex(isKept);
        // Police, fire and ambulance are connected at once, without the notice.
        const isEmergency = world.outbound.attempts.get(callId)?.emergency === true;
        if (!isEmergency && kept >= 0 && (heard < 0 || heard > kept))
          world.fail(name, `${callId}: somebody was recorded before the notice had been heard out`, [callId]);
      }
    },
  };
}

const isKept = ({ what }: Mark): boolean => what === 'agent-answered' || what === 'message-started';

/** No third party outside is heard, or hears anybody, before it was told that it is recorded and how it refuses. */
export function thirdPartyInvariant(world: World): Invariant {
  const name = 'third parties';
  const { relay, stores } = world;
  return {
    name,
    sentence:
      'docs/calls.md, third parties outside: the notice and the digit of refusal are heard out before anybody is joined; only police, fire and ambulance are joined at once.',
    tick() {
      if (!relay.up) return;
      for (const { id } of relay.legs()) {
        const [callId = '', legId] = id.split('-');
        const call = stores.liveCall(callId);
        const leg = call?.dialled?.find((each) => each.legId === legId);
        if (call === undefined || leg === undefined || world.outbound.attempts.get(leg.attemptId)?.emergency === true) continue;
        const hears = [...(relay.hears(id) ?? [])].filter((source) => !source.startsWith('file:') && source !== relay.partyOf(id));
        if (hears.length === 0 || (relay.hasHeard(id, call.flow.noticePromptId) && relay.hasHeard(id, 'refusal-key'))) continue;
        world.fail(name, `${id} hears ${JSON.stringify(hears)} and was not told that it is recorded`, [callId]);
      }
    },
  };
}

/** A number is open when its hours and the calendar that compliance has entered say so. */
export function hoursInvariant(world: World): Invariant {
  const name = 'hours';
  const arrived = new Map<string, boolean>();
  world.bus.witnesses.push((event, { callId, called, at }) => {
    if (typeof callId !== 'string') return;
    if (event === 'call.arrived' && called === HOLIDAY_NUMBER) {
      const date = siteDate(new Date(String(at)));
      arrived.set(callId, world.site.calendar.get(Number(date.slice(0, 4)))?.daysOff.includes(date) !== true);
    }
    if (event === 'call.queued' && arrived.get(callId) === false)
      world.fail(name, `${callId} was queued on a day that compliance has entered as a holiday`, [callId]);
    if (event === 'call.ended') arrived.delete(callId);
  });
  return {
    name,
    sentence: 'docs/calls.md, opening hours: public holidays are those that compliance has entered; on them the number is closed.',
  };
}
