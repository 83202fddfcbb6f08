import { expect, test } from '@jest/globals';
import { sentTo, type Alarm, type Raised } from './alarm.js';
import { createAlarmIntake } from './alarm-service.js';
import type { AlarmStore } from './ports.js';

const START = Date.parse('2026-12-01T08:00:00.000Z');
const TEN_MINUTES_S = 600;
const SWINGS_EVERY_S = 20;

function intake() {
  const stored = new Map<string, Alarm>();
  let nowMs = START;
  const alarms = {
    put: async (alarm: Alarm) => void stored.set(alarm.id, alarm),
    replace: async (alarm: Alarm) => {
      if (stored.get(alarm.id)?.revision !== alarm.revision - 1) return false;
      stored.set(alarm.id, alarm);
      return true;
    },
    newest: async (code: string, subject: string) =>
      [...stored.values()].filter((each) => each.code === code && each.subject === subject).at(-1),
  } as unknown as AlarmStore;
  let ids = 0;
  const { raised, cleared } = createAlarmIntake({
    alarms,
    settings: { read: async () => ({ rules: {}, quiet: undefined }) },
    bus: { publish: async () => undefined },
    newId: () => `alarm${(ids += 1)}`,
    now: () => new Date(nowMs),
  });
  let sent = 0;
  return {
    stored,
    sentCount: () => sent,
    at: (seconds: number): Date => new Date((nowMs = START + seconds * 1_000)),
    raised,
    cleared,
    /** As the notifier does: what is due leaves, and is due again when nobody has seen it for an hour. */
    send(at: Date): void {
      for (const alarm of stored.values()) {
        if (alarm.nextStepAt === undefined || alarm.nextStepAt > at) continue;
        sent += 1;
        stored.set(alarm.id, sentTo(alarm, { sent: [], people: [], escalationMinutes: undefined }, at));
      }
    },
  };
}

test('what is raised and cleared again for ten minutes is one alarm, sent once', async () => {
  const { stored, sentCount, at, raised, cleared, send } = intake();
  const of = (code: Raised['code'], now: Date): Raised => ({
    ...{ eventId: `${code}${now.getTime()}`, at: now, code, subject: 't1' },
    text: { en: 'Waiting is 9', 'zh-CN': '排队 9' },
  });
  for (let second = 0; second < TEN_MINUTES_S; second += SWINGS_EVERY_S) {
    await raised(of('figure-alarm', at(second)));
    send(at(second + 1));
    await cleared({ code: 'figure-alarm', subject: 't1', at: at(second + SWINGS_EVERY_S / 2) });
    send(at(second + SWINGS_EVERY_S / 2));
  }
  expect([...stored.values()]).toMatchObject([{ state: 'cleared', count: TEN_MINUTES_S / SWINGS_EVERY_S }]);
  expect(sentCount()).toBe(1);
});

test('what swings between warning and alarm for ten minutes is two alarms, each sent at most once', async () => {
  const { stored, sentCount, at, raised, cleared, send } = intake();
  for (let second = 0; second < TEN_MINUTES_S; second += SWINGS_EVERY_S) {
    const isAlarm = (second / SWINGS_EVERY_S) % 2 === 1;
    const [now, before] = isAlarm ? (['figure-alarm', 'figure-warning'] as const) : (['figure-warning', 'figure-alarm'] as const);
    await cleared({ code: before, subject: 't1', at: at(second) });
    await raised({ eventId: `e${second}`, at: at(second + 1), code: now, subject: 't1', text: { en: '', 'zh-CN': '' } });
    send(at(second + 2));
  }
  expect(stored.size).toBe(2);
  expect(sentCount()).toBe(2);
});
