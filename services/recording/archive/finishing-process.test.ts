import { spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import type { SpoolHeader } from '../capture/ports.js';
import { PIECE_MS } from './opus-pieces.js';
import { FinishingProcess } from './adapters/finishing-process.js';

const HEADER: SpoolHeader = { callId: 'c1', ledgerNumber: 1, relay: 'r', mediaCallId: 'm', callerTag: 'a', farTag: 'b', originWallMs: 0 };

/** Takes, reads and removes each call that it is given, and reports what it read as its number of failing calls. */
const BODY = `
process.on('message', (m) => {
  if (m.kind === 'stop') process.exit(0);
  if (m.kind === 'advance') process.send({ kind: 'failing', count: m.calls.length });
  if (m.kind === 'finish') process.send({ kind: 'ask', id: 1, what: 'take', callId: m.callId });
  if (m.kind === 'answer' && m.id === 1) process.send({ kind: 'ask', id: 2, what: 'read', callId: m.value.header.callId, from: m.value.packets.length });
  if (m.kind === 'answer' && m.id === 2) { process.send({ kind: 'failing', count: m.value.length }); process.send({ kind: 'ask', id: 3, what: 'keep', callId: 'gone', bytes: m.value }); }
  if (m.kind === 'answer' && m.id === 3) process.send({ kind: 'ask', id: 4, what: 'remove', callId: m.failure.code });
  if (m.kind === 'answer' && m.id === 4) process.send({ kind: 'done', callId: 'c1' });
});`;
/** Asks a question, and exits before the answer arrives. */
const DIES = `process.on('message', () => process.send({ kind: 'ask', id: 4, what: 'remove', callId: 'slow' }, () => process.exit(3)));`;

test('a process that ends is replaced, gets its calls again, and has the spool by questions', async () => {
  const asked: string[] = [];
  let answerLate: () => void;
  const late = new Promise<void>((resolve) => (answerLate = resolve));
  let waitingThen: number | undefined;
  let failingThen: number | undefined;
  let removed: () => void;
  const gone = new Promise<void>((resolve) => (removed = resolve));
  const bodies = [DIES, BODY];
  const finishing = new FinishingProcess({
    spool: {
      open: async (callId) => ({
        header: { ...HEADER, callId },
        append: () => undefined,
        settle: async () => undefined,
        read: async (from) => new Uint8Array(5).subarray(from),
        inMemory: () => new Uint8Array(2),
      }),
      sealed: async () => undefined,
      keepSealed: async (callId, bytes) => {
        // The answer owed to the first process must not reach the second, which numbers its questions the same way.
        answerLate();
        await new Promise((resolve) => setImmediate(resolve));
        failingThen = finishing.status().failing;
        // The process answers in order: anything that the late answer could have triggered came before this.
        finishing.advance([{ callId, nowMs: PIECE_MS }]);
        while (finishing.status().failing !== 1) await new Promise((resolve) => setImmediate(resolve));
        waitingThen = finishing.status().waiting;
        throw Object.assign(new Error('the disk is full'), { code: `no-${callId}-${bytes.length}` });
      },
      remove: async (callId) => {
        if (callId === 'slow') return late;
        asked.push(callId);
        removed();
      },
    },
    start: () =>
      spawn(process.execPath, ['-e', bodies.shift() ?? ''], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' }),
    log: silentLogger,
  });
  finishing.finish('c1');
  finishing.finish('c1');
  expect(finishing.status()).toEqual({ waiting: 1, failing: 0 });
  await gone;
  expect(failingThen).toBe(3);
  while (finishing.status().waiting > 0) await new Promise((resolve) => setImmediate(resolve));
  await finishing.stop();
  expect(waitingThen).toBe(1);
  // The id is made from the code of an error, which therefore came through with the error.
  expect(asked).toEqual(['no-gone-3']);
});
