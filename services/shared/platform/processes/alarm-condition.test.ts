import { expect, test } from '@jest/globals';
import type { EventName } from '../../events/catalogue.js';
import { createAlarmCondition } from './alarm-condition.js';

const text = (en: string) => ({ text: { en, 'zh-CN': en } });

test('a condition publishes changes, its first state, and itself again while it lasts; what failed is published at the next look', async () => {
  const published: EventName[] = [];
  let nowMs = 0;
  let down = false;
  const condition = createAlarmCondition({
    bus: {
      async publish(name) {
        if (down) throw new Error('away');
        published.push(name);
      },
    },
    code: 'clock-drift',
    nowMs: () => nowMs,
  });
  await condition.is(undefined);
  expect(published).toEqual(['notice.cleared']);
  await condition.is(undefined);
  await condition.is(text('one'));
  await condition.is(text('one'));
  expect(published.splice(0)).toEqual(['notice.cleared', 'notice.raised']);
  await condition.is(text('one and two'));
  nowMs += 10 * 60_000;
  await condition.is(text('one and two'));
  expect(published.splice(0)).toEqual(['notice.raised', 'notice.raised']);
  down = true;
  await expect(condition.is(undefined)).rejects.toThrow('away');
  down = false;
  await condition.is(undefined);
  expect(published).toEqual(['notice.cleared']);
});
