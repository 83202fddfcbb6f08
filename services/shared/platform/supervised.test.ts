import { expect, test } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { reportToSupervisor } from './supervised.js';
import type { Ending } from './service.js';

const stopsOf = (line: { readonly send?: NodeJS.Process['send']; readonly connected: boolean }) => {
  const stops: Ending[] = [];
  const channel = new EventEmitter();
  reportToSupervisor(
    { health: () => Promise.resolve({ ok: true }), drain: () => undefined, stop: (ending) => stops.push(ending) },
    Object.assign(channel, line) as unknown as NodeJS.Process,
  );
  return { stops, channel };
};
const send = (): boolean => true;

test('a process whose supervisor died while it was starting ends with the product', () => {
  expect(stopsOf({ send, connected: false }).stops).toEqual(['product']);
});

test('a process whose supervisor dies later ends with the product', () => {
  const { stops, channel } = stopsOf({ send, connected: true });
  expect(stops).toEqual([]);
  channel.emit('disconnect');
  expect(stops).toEqual(['product']);
});

test('a process that was started by hand has no supervisor to wait for, and goes on', () => {
  expect(stopsOf({ connected: false }).stops).toEqual([]);
});
