import { expect, test } from '@jest/globals';
import { canBeEnded, grown, GROWS_FOR_MS, type CallSoFar } from './call-so-far.js';

const at = (s: number): string => new Date(Date.UTC(2026, 10, 30, 1, 0, s)).toISOString();
const part = (fromS: number, toS: number) => ({
  ...{ agentId: 'anna', kind: 'talk' as const },
  fromMs: Date.parse(at(fromS)),
  toMs: Date.parse(at(toS)),
});
const call = {
  invitedAt: at(0),
  endedAt: at(30),
  talks: [{ agentId: 'anna', from: at(10), to: at(30) }],
  holds: [
    { from: at(12), to: at(15) },
    { from: at(20), to: at(30) },
  ],
  pauses: [],
  segments: [part(5, 10), part(10, 30)],
  dialled: [],
} as unknown as CallSoFar;

test('what goes on grows with the clock of the page; what has ended stays', () => {
  const later = grown(call, 4_000);
  expect(later).toMatchObject({
    endedAt: at(34),
    talks: [{ from: at(10), to: at(34) }],
    holds: [{ to: at(15) }, { to: at(34) }],
    segments: [part(5, 10), part(10, 34)],
  });
});

test('nothing is drawn beyond what the server can have meant', () => {
  expect(grown(call, 60_000).endedAt).toBe(at(30 + GROWS_FOR_MS / 1_000));
  expect(grown(call, -5_000).endedAt).toBe(at(30));
});

test.each([
  ['connected', true],
  ['queued', true],
  ['survey', true],
  [undefined, true],
  ['closing', false],
  ['ended', false],
] as const)('a call that is %s can be ended: %s', (state, can) => {
  expect(canBeEnded({ state })).toBe(can);
});
