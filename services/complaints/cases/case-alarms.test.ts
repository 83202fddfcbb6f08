import { expect, test } from '@jest/globals';
import type { EventInput, EventName } from '../../shared/events/catalogue.js';
import { alarmOf, publishCaseAlarms } from './case-alarms.js';
import type { Complaint } from './complaint.js';

const at = new Date('2026-03-10T02:00:00Z');
type Clock = Complaint['clocks'][number];
const withClock = (clock: Partial<Clock>, joinedInto?: string): Complaint =>
  ({ id: 'c1', number: 'TS20260310-0001', queueId: 'q1', clientUnit: 'bank', clocks: [clock], joinedInto }) as unknown as Complaint;
const running = withClock({});
const soon = withClock({ escalatedAt: at });
const overdue = withClock({ escalatedAt: at, overdueAt: at });
const answered = withClock({ escalatedAt: at, overdueAt: at, stoppedAt: at });

test('a case calls for the alarm of its running clock, and for none when it is answered or joined', () => {
  expect([running, soon, overdue, answered].map(alarmOf)).toEqual([undefined, 'complaint-due-soon', 'complaint-overdue', undefined]);
  expect(alarmOf(withClock({ overdueAt: at }, 'c2'))).toBeUndefined();
});

test('each change ends the alarm before it and begins its own, in the scope of the case', async () => {
  const published: [EventName, Partial<EventInput<'notice.raised'>>][] = [];
  const bus = { publish: async (name: EventName, event: object) => void published.push([name, event]) };
  for (const [before, after] of [
    [running, soon],
    [soon, soon],
    [soon, overdue],
    [overdue, answered],
    [answered, running],
  ] as const)
    await publishCaseAlarms(bus, before, after, at);
  expect(published.map(([name, { code }]) => [name, code])).toEqual([
    ['notice.raised', 'complaint-due-soon'],
    ['notice.cleared', 'complaint-due-soon'],
    ['notice.raised', 'complaint-overdue'],
    ['notice.cleared', 'complaint-overdue'],
  ]);
  expect(published[0]?.[1]).toMatchObject({ subject: 'c1', scope: { queueId: 'q1', clientUnit: 'bank' } });
});
