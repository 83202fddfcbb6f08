import { expect, test } from '@jest/globals';
import { Threshold } from '../../shared/contracts/queues/threshold.js';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { createDayFigures } from '../waits/day-figures.js';
import { createThresholdDesk } from './threshold-desk.js';

test('after a start nothing is raised or cleared until the visits of the day have been read', async () => {
  const told: string[] = [];
  const figures = createDayFigures();
  const nowMs = Date.parse('2026-11-30T02:00:00Z');
  figures.turnTo(nowMs - 3_600_000);
  const usual = { revision: 1, scope: { of: 'queue', id: 'q' }, window: 'today', holdOffSeconds: 0 };
  const desk = createThresholdDesk({
    desk: { queue: () => undefined, agent: () => undefined, agents: () => [] },
    figures,
    thresholds: {
      all: async () => [
        Threshold.parse({ ...usual, id: 'stands', figure: 'waiting', worse: 'above', alarm: 0, clear: 0 }),
        Threshold.parse({ ...usual, id: 'quiet', figure: 'entered', worse: 'below', alarm: 1, clear: 1 }),
      ],
    },
    bus: {
      publish: async (name, event) => {
        told.push(`${name} ${'subject' in event ? String(event.subject) : ''}`);
      },
    },
    clock: { nowMs: () => nowMs },
    log: silentLogger,
  });
  const look = async (): Promise<void> => {
    desk.look();
    await new Promise((resolve) => setImmediate(resolve));
  };
  await desk.read();
  // Counted as an empty day, the queue would look fine and nobody would have called.
  await look();
  expect(told).toEqual([]);
  figures.saw({ visitId: 'v1', queueId: 'q', enteredAtMs: nowMs - 60_000, thresholdMs: 20_000 });
  desk.hasCounted();
  await look();
  expect(told.filter((each) => each.startsWith('notice.raised'))).toEqual(['notice.raised stands']);
  expect(told).not.toContain('notice.raised quiet');
});

test('a reading that is answered after a later one changes nothing', async () => {
  const usual = { revision: 1, scope: { of: 'queue', id: 'q' }, window: 'today', holdOffSeconds: 0 };
  const threshold = Threshold.parse({ ...usual, id: 'gone', figure: 'waiting', worse: 'above', alarm: 0, clear: 0 });
  const answers: ((all: Threshold[]) => void)[] = [];
  const desk = createThresholdDesk({
    desk: { queue: () => undefined, agent: () => undefined, agents: () => [] },
    figures: createDayFigures(),
    thresholds: { all: () => new Promise((resolve) => answers.push(resolve)) },
    bus: { publish: async () => undefined },
    clock: { nowMs: () => 0 },
    log: silentLogger,
  });
  const readings = [desk.read(), desk.read()];
  answers[1]?.([]);
  answers[0]?.([threshold]);
  await Promise.all(readings);
  expect(await desk.served['thresholds.list']()).toEqual([]);
});
