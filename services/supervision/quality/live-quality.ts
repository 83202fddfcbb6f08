import type { LossSource } from '../../shared/contracts/calls/line-quality.js';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { AgentId, CallId, QueueId } from '../../shared/domain/ids.js';
import { POOR_MOS } from '../../shared/domain/mos.js';
import type { Delivered, EventBus, EventOf } from '../../shared/events/catalogue.js';
import { createAlarmCondition, type AlarmCondition } from '../../shared/platform/processes/alarm-condition.js';

/** What was measured last of one direction of a call, where, and by whom. */
export interface MeasuredNow {
  /** Who is heard: the caller or the agent. */
  readonly side: 'caller' | 'agent';
  /** `browser`: what arrived at the agent's seat. `relay`: what arrived at the media relay. */
  readonly source: 'browser' | 'relay';
  readonly agentId: AgentId;
  readonly at: string;
  readonly lossPercent: number;
  /** Only of the relay. */
  readonly lostBy?: LossSource | undefined;
  readonly jitterMs: number;
  readonly roundTripMs?: number | undefined;
  readonly mos: number;
}

interface Direction {
  measured: MeasuredNow;
  heardAtMs: number;
  isPoor: boolean;
  /** Since when every measurement was poor, or none was. */
  sinceMs: number;
  isAlarm: boolean;
}

/** A direction is poor, or good again, when every measurement was for this long. */
export const POOR_FOR_MS = 15_000;
/** A direction of which nothing was heard for this long is not measured any more: hold, another agent, a page that is gone. */
const KNOWN_FOR_MS = 15_000;
const CALL_WITHIN_MS = 1_000;

export interface LiveQualityNeeds {
  readonly commands: CommandBus;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly nowMs: () => number;
}

/** A queue; '' for calls without one. */
type Place = QueueId | '';

interface Condition {
  readonly condition: AlarmCondition;
  said: Parameters<AlarmCondition['is']>[0];
}

/**
 * The audio quality of the live calls, by direction and source. A call below MOS 3.6 for a quarter of a minute raises an alarm of its
 * queue: a bad line of a carrier is one incident and not one for each call.
 */
export function createLiveQuality({ commands, bus, nowMs }: LiveQualityNeeds) {
  const calls = new Map<CallId, { readonly directions: Map<string, Direction>; place?: Place | undefined }>();
  const conditions = new Map<Place, Condition>();

  function conditionOf(place: Place): Condition {
    const known: Condition = conditions.get(place) ?? {
      condition: createAlarmCondition({ bus, code: 'call-quality', subject: place, nowMs }),
      said: undefined,
    };
    conditions.set(place, known);
    return known;
  }

  function measured(callId: CallId, now: MeasuredNow): void {
    const call = calls.get(callId) ?? { directions: new Map<string, Direction>() };
    calls.set(callId, call);
    const key = `${now.side}/${now.source}/${now.agentId}`;
    const atMs = nowMs();
    const isPoor = now.mos < POOR_MOS;
    const before = call.directions.get(key);
    const sinceMs = before?.isPoor === isPoor ? before.sinceMs : atMs;
    call.directions.set(key, { measured: now, heardAtMs: atMs, isPoor, sinceMs, isAlarm: before?.isAlarm ?? false });
  }

  function seatHeard({ callId, agentId, at, lossPercent, jitterMs, roundTripMs, mos }: EventOf<'seat.quality'>): void {
    if (callId === undefined || mos === undefined) return;
    measured(callId, { side: 'caller', source: 'browser', agentId, at, lossPercent, jitterMs, roundTripMs, mos });
  }

  /** The queue of a call, asked once: an alarm is about calls in which somebody talks, and these stay in their queue. */
  async function placeOf(callId: CallId): Promise<Place> {
    const call = await commands.send('call.so-far', { callId }, { timeoutMs: CALL_WITHIN_MS });
    return call.queueId ?? '';
  }

  function judge({ directions }: { readonly directions: Map<string, Direction> }): void {
    for (const [key, direction] of directions) {
      if (nowMs() - direction.heardAtMs > KNOWN_FOR_MS) directions.delete(key);
      else if (nowMs() - direction.sinceMs >= POOR_FOR_MS) direction.isAlarm = direction.isPoor;
    }
  }

  const worstOf = (directions: ReadonlyMap<string, Direction>): MeasuredNow | undefined =>
    [...directions.values()]
      .filter(({ isAlarm }) => isAlarm)
      .map(({ measured: one }) => one)
      .sort((one, other) => one.mos - other.mos)[0];

  /** The alarm states the call that began the incident, and not each one after it. */
  async function tell(): Promise<void> {
    const poor = new Set<Place>();
    for (const [callId, call] of calls) {
      const worst = worstOf(call.directions);
      if (worst === undefined) continue;
      // Telephony may be away, or the call may have just ended: the next look asks again.
      call.place ??= await placeOf(callId).catch(() => undefined);
      if (call.place === undefined) continue;
      poor.add(call.place);
      conditionOf(call.place).said ??= saidOf(callId, call.place, worst);
    }
    for (const [place, each] of conditions) {
      if (!poor.has(place)) each.said = undefined;
      await each.condition.is(each.said);
    }
  }

  return {
    heard({ name, event }: Delivered): void {
      if (name === 'seat.quality') seatHeard(event);
      else if (name === 'calls.measured')
        for (const { callId, ...side } of event.sides) measured(callId, { ...side, at: event.at, source: 'relay' });
      else if (name === 'call.ended') calls.delete(event.callId);
    },
    /** What was measured of a call within the last quarter of a minute. */
    of: (callId: CallId): readonly MeasuredNow[] =>
      [...(calls.get(callId)?.directions.values() ?? [])]
        .filter(({ heardAtMs }) => nowMs() - heardAtMs <= KNOWN_FOR_MS)
        .map(({ measured: one }) => one),
    /** After a start: an alarm of the process before is cleared, or raised again, for every queue. */
    async begin(): Promise<void> {
      conditionOf('');
      for (const { queueId } of await commands.send('queues.list', {})) conditionOf(queueId);
    },
    async look(): Promise<void> {
      for (const [callId, call] of calls) {
        judge(call);
        if (call.directions.size === 0) calls.delete(callId);
      }
      await tell();
    },
  };
}
export type LiveQuality = ReturnType<typeof createLiveQuality>;

const sideWords = { caller: { zh: '来电者的声音', en: 'the caller' }, agent: { zh: '坐席的声音', en: 'the agent' } } as const;
const sourceWords = { browser: { zh: '坐席浏览器', en: "the agent's browser" }, relay: { zh: '媒体网关', en: 'the media relay' } } as const;
const lostByWords = {
  reports: { zh: '（按对端的 RTCP 报告）', en: ' as the far side reports' },
  sequence: { zh: '（按序号缺口）', en: ' by gaps in the sequence' },
} as const;

function saidOf(callId: CallId, place: Place, { side, source, mos, lossPercent, lostBy, jitterMs }: MeasuredNow) {
  const by = lostBy === undefined ? { zh: '', en: '' } : lostByWords[lostBy];
  return {
    ...(place === '' ? {} : { scope: { queueId: place } }),
    text: {
      'zh-CN': `通话 ${callId}：${sideWords[side].zh}在${sourceWords[source].zh}处连续 15 秒 MOS 低于 ${POOR_MOS}（${mos.toFixed(1)}，丢包 ${lossPercent} %${by.zh}，抖动 ${Math.round(jitterMs)} 毫秒）。`,
      en: `Call ${callId}: ${sideWords[side].en} as received by ${sourceWords[source].en} has been below MOS ${POOR_MOS} for 15 seconds (${mos.toFixed(1)}, loss ${lossPercent} %${by.en}, jitter ${Math.round(jitterMs)} ms).`,
    },
  };
}
