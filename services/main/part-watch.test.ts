import { expect, test } from '@jest/globals';
import type { EventBus } from '../shared/events/catalogue.js';
import { silentLogger } from '../shared/platform/processes/logger.js';
import { createPartWatch, type WatchedPart } from './part-watch.js';

function rig(code: WatchedPart['code'] = 'part-down') {
  let [nowMs, answers, isLive] = [0, true, true];
  const published: string[] = [];
  const bus = {
    publish: async (name: string, { code: of, subject, text }: { code: string; subject: string; text?: { en: string } }) =>
      void published.push([name, of, subject, text?.en ?? ''].join(' ').trim()),
  } as unknown as EventBus;
  const part: WatchedPart = {
    name: 'relay:10.0.0.5:22222',
    words: { en: 'The media relay', 'zh-CN': '媒体网关' },
    code,
    ask: async () => {
      if (!answers) throw new Error('away');
    },
  };
  const watch = createPartWatch({
    parts: [part],
    liveState: async () => (isLive ? 'PONG' : Promise.reject(new Error('away'))),
    bus,
    log: silentLogger,
    nowMs: () => nowMs,
  });
  return {
    async at(ms: number, there: boolean, live = true): Promise<string[]> {
      [nowMs, answers, isLive] = [ms, there, live];
      await watch.look();
      return published.splice(0);
    },
  };
}

test('a part that is silent for 20 s raises one alarm, and its next answer clears it', async () => {
  const { at } = rig();
  expect(await at(0, true)).toEqual(['notice.cleared part-down relay:10.0.0.5:22222']);
  expect(await at(5_000, false)).toEqual([]);
  expect(await at(19_900, false)).toEqual([]);
  expect(await at(25_000, false)).toEqual(['notice.raised part-down relay:10.0.0.5:22222 The media relay does not answer.']);
  expect(await at(30_000, false)).toEqual([]);
  expect(await at(35_000, true)).toEqual(['notice.cleared part-down relay:10.0.0.5:22222']);
  expect(await at(40_000, true)).toEqual([]);
});

test('an alarm of the process before stays until the part answers or has been silent for long enough', async () => {
  const { at } = rig();
  expect(await at(5_000, false)).toEqual([]);
  expect(await at(25_000, false)).toHaveLength(1);
});

test('one machine of a relay pair says that the other one has no stand-in', async () => {
  const { at } = rig('relay-alone');
  const [raised] = await at(20_000, false);
  expect(raised).toContain('has no stand-in');
});

test('nothing is judged while the live state is away, and for 20 s after it', async () => {
  const { at } = rig();
  await at(0, true);
  expect(await at(30_000, false, false)).toEqual([]);
  expect(await at(45_000, false)).toEqual([]);
  expect(await at(50_000, false)).toHaveLength(1);
});
