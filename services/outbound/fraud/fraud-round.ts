import { fraudPatternNames, type FraudPattern } from '../../shared/domain/calls/fraud.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import type { Audit } from '../../shared/platform/http/route.js';
import type { FraudAlarm, FraudAlarmStore, FraudFacts, FraudSettingsStore } from './fraud-ports.js';
import { judge, judgeComplaints, type Finding, type Judgement, type Subject } from './fraud-watch.js';
import type { StopStore } from '../ports.js';

const WATCH = 'system:fraud-watch';
const LONGEST_DAYS = 31;
const DAY_MS = 86_400_000;

export interface FraudRoundNeeds {
  readonly facts: FraudFacts;
  readonly alarms: FraudAlarmStore;
  readonly fraudSettings: FraudSettingsStore;
  readonly stops: Pick<StopStore, 'stop' | 'stops'>;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly audit: Audit;
  readonly newId: () => string;
  readonly now: () => Date;
  /** The start of the calendar month at the site. */
  readonly monthStart: (at: Date) => Date;
}

const keyOf = (pattern: FraudPattern, { kind, value }: Subject): string => `${pattern} ${kind} ${value}`;

/** Judges recent events, raises an alarm for what is new, and sets the stops that its rules require. */
export function createFraudRounds(needs: FraudRoundNeeds) {
  const { facts, alarms, fraudSettings, stops, bus, audit, newId, now, monthStart } = needs;

  /** The alarms as they stood before the count, so that an alarm that is settled meanwhile is not raised again for earlier events. */
  async function before(at: Date): Promise<{ readonly settledMs: Judgement['settledMs']; readonly open: ReadonlyMap<string, FraudAlarm> }> {
    const [open, settled] = await Promise.all([alarms.open(), alarms.settledSince(new Date(at.getTime() - LONGEST_DAYS * DAY_MS))]);
    const last = new Map<string, number>();
    for (const { pattern, subject, settled: by } of settled) {
      const key = keyOf(pattern, subject);
      last.set(key, Math.max(last.get(key) ?? 0, by?.at.getTime() ?? 0));
    }
    return {
      settledMs: (pattern, subject) => last.get(keyOf(pattern, subject)) ?? 0,
      open: new Map(open.map((alarm) => [keyOf(alarm.pattern, alarm.subject), alarm])),
    };
  }

  async function raise(findings: readonly Finding[], open: ReadonlyMap<string, FraudAlarm>, at: Date): Promise<void> {
    for (const finding of findings) {
      const known = open.get(keyOf(finding.pattern, finding.subject));
      if (known === undefined) await raiseNew(finding, at);
      else await alarms.seenAgain(known.id, { lastAt: at, count: finding.count, of: finding.of });
    }
  }

  async function raiseNew({ stops, ...found }: Finding, at: Date): Promise<void> {
    const { pattern, subject, count, of, limit } = found;
    const object = `${subject.kind}:${subject.shown}`;
    const stopId = stops ? await stop(pattern, subject, at) : undefined;
    await audit({ who: WATCH, what: 'fraud.alarm', object, success: true, reason: pattern, after: { count, of, limit, stopped: stops } });
    const alarm: FraudAlarm = { ...found, id: newId(), at, lastAt: at, ...(stopId === undefined ? {} : { stopId }) };
    await alarms.put(alarm);
    await bus.publish('notice.raised', {
      at: at.toISOString(),
      code: 'fraud-pattern',
      subject: alarm.id,
      text: {
        'zh-CN': `呼叫异常（${fraudPatternNames.zh[pattern]}）：${subject.shown}${stops ? '，已自动停止外呼' : ''}`,
        en: `Calls out of the ordinary (${fraudPatternNames.en[pattern]}): ${subject.shown}${stops ? '; calling out was stopped' : ''}`,
      },
    });
  }

  /** The stop in force, or a new one. A manual stop is not doubled. */
  async function stop(pattern: FraudPattern, { kind, value }: Subject, at: Date): Promise<string | undefined> {
    if (kind === 'caller') return undefined;
    const before = (await stops.stops()).find((each) => each.scope === kind && each.value === value);
    if (before !== undefined) return before.id;
    const id = newId();
    await audit({ who: WATCH, what: 'outbound.stopped', object: `${kind}:${value}`, success: true, reason: pattern });
    await stops.stop({ id, scope: kind, value, reason: pattern, pattern, by: WATCH, byName: '', at });
    return id;
  }

  return {
    /** The recent calls and outbound requests. */
    async calls(): Promise<void> {
      const at = now();
      const { open, settledMs } = await before(at);
      const rules = await fraudSettings.read();
      const longestMs = 60_000 * Math.max(...Object.values(rules.rules).map(({ withinMinutes }) => withinMinutes));
      const found = await facts.since(new Date(at.getTime() - longestMs));
      await raise(judge({ facts: found, settings: rules, nowMs: at.getTime(), settledMs }), open, at);
    },
    /** The complaints of the month. */
    async complaints(): Promise<void> {
      const at = now();
      const { open, settledMs } = await before(at);
      const rules = await fraudSettings.read();
      const from = monthStart(at);
      const found = await facts.complaintsSince(from);
      // Numbers with too few complaints are not counted, because a month has many calls.
      const complaints = new Map<string, number>();
      for (const fact of found) if (fact.kind === 'complaint') complaints.set(fact.number, (complaints.get(fact.number) ?? 0) + 1);
      const numbers = [...complaints].filter(([, count]) => count >= rules.rules.complaints.atLeast).map(([number]) => number);
      const callsOut = new Map(await Promise.all(numbers.map(async (number) => [number, await facts.callsOutOf(number, from)] as const)));
      await raise(judgeComplaints({ facts: found, settings: rules, nowMs: at.getTime(), settledMs }, callsOut), open, at);
    },
  };
}
