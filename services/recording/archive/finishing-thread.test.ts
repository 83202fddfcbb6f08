import { Worker } from 'node:worker_threads';
import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/logger.js';
import type { SpoolHeader } from '../capture/ports.js';
import { FinishingThread } from './adapters/finishing-thread.js';

const HEADER: SpoolHeader = { callId: 'c1', ledgerNumber: 1, relay: 'r', mediaCallId: 'm', callerTag: 'a', farTag: 'b', originWallMs: 0 };

/** A thread that opens, reads and removes each call it is given, and says what it read as the number of calls that fail. */
const BODY = `
const { parentPort: port } = require('node:worker_threads');
const calls = new Map();
port.on('message', (m) => {
  if (m.kind === 'stop') process.exit(0);
  if (m.kind === 'finish') { calls.set(1, m.callId); port.postMessage({ kind: 'ask', id: 1, what: 'open', callId: m.callId }); }
  if (m.kind === 'answer' && m.id === 1) port.postMessage({ kind: 'ask', id: 2, what: 'read', callId: m.value.callId, from: 2 });
  if (m.kind === 'answer' && m.id === 2) { port.postMessage({ kind: 'failing', count: m.value.length }); port.postMessage({ kind: 'ask', id: 3, what: 'sealed', callId: 'gone' }); }
  if (m.kind === 'answer' && m.id === 3) port.postMessage({ kind: 'ask', id: 4, what: 'remove', callId: m.failure.code });
  if (m.kind === 'answer' && m.id === 4) port.postMessage({ kind: 'done', callId: 'c1' });
});`;
const DIES = `require('node:worker_threads').parentPort.on('message', () => { throw new Error('broken'); });`;

test('a thread that ends is replaced, gets its calls again, and has the spool by questions', async () => {
  const asked: string[] = [];
  let removed: () => void;
  const gone = new Promise<void>((resolve) => (removed = resolve));
  const bodies = [DIES, BODY];
  const finishing = new FinishingThread({
    spool: {
      open: async (callId) => ({
        header: { ...HEADER, callId },
        append: () => undefined,
        settle: async () => undefined,
        read: async (from) => new Uint8Array(5).subarray(from),
      }),
      sealed: async (callId) => {
        throw Object.assign(new Error('no such file'), { code: `no-${callId}` });
      },
      keepSealed: async () => undefined,
      remove: async (callId) => {
        asked.push(callId);
        removed();
      },
    },
    start: () => new Worker(bodies.shift() ?? '', { eval: true }),
    log: silentLogger,
  });
  finishing.finish('c1');
  finishing.finish('c1');
  expect(finishing.status()).toEqual({ waiting: 1, failing: 0 });
  await gone;
  expect(finishing.status().failing).toBe(3);
  while (finishing.status().waiting > 0) await new Promise((resolve) => setImmediate(resolve));
  await finishing.stop();
  // Called by the code of an error, which came through with it.
  expect(asked).toEqual(['no-gone']);
});
