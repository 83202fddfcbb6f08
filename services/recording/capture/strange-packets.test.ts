import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { createStrangePackets } from './strange-packets.js';

test('five seconds of a strange stream raise one alarm in ten minutes; less is forgotten', () => {
  let nowMs = 0;
  const raised: unknown[] = [];
  const strange = createStrangePackets({
    bus: { publish: async (_name, event) => void raised.push(event) },
    steadyMs: () => nowMs,
    wallMs: () => nowMs,
    log: silentLogger,
  });
  const send = (packets: number): void => {
    for (let sent = 0; sent < packets; sent += 1) strange.seen(sent % 2 === 0 ? 'a' : 'b');
  };
  send(249);
  nowMs = 10_001;
  send(249);
  expect(raised).toEqual([]);
  send(1);
  expect(raised).toEqual([expect.objectContaining({ code: 'strange-copies' })]);
  nowMs = 500_000;
  send(300);
  expect(raised).toHaveLength(1);
  nowMs = 700_000;
  send(300);
  expect(raised).toHaveLength(2);
});
