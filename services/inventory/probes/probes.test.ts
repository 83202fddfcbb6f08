import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { runProbes, type ProbeRunner } from './probe.js';
import { parseProcNet } from './proc-net.js';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const runner = (passed: Promise<void>, now = () => new Date(1_000)): ProbeRunner => ({
  now,
  sha256Hex,
  timeoutMs: 50,
  after: () => ({ passed, cancel: () => undefined }),
});
const never = new Promise<never>(() => undefined);

test('a probe that hangs is cut and says so; the others are not held up', async () => {
  let aborted = false;
  const rows = await runProbes(
    [
      { name: 'hangs', read: (signal) => (signal.addEventListener('abort', () => (aborted = true)), never) },
      { name: 'answers', read: async () => [{ subject: 'host:a', kind: 'host', facts: { cores: 2 }, raw: '{"cores":2}' }] },
    ],
    runner(Promise.resolve()),
  );
  expect(rows).toMatchObject([
    { probe: 'hangs', outcome: 'timed-out' },
    { probe: 'answers', outcome: 'answered', rawSha256: sha256Hex('{"cores":2}') },
  ]);
  expect(aborted).toBe(true);
});

test('a probe that fails leaves the kind of its failure, not its message: that may hold an address or a name', async () => {
  const [row] = await runProbes([{ name: 'fails', read: () => Promise.reject(new TypeError('13800000000 is not')) }], runner(never));
  expect(row).toMatchObject({ outcome: 'failed', raw: 'TypeError' });
});

test('a clock that jumps back gives no negative time', async () => {
  const times = [new Date(5_000), new Date(1_000)];
  const [row] = await runProbes(
    [{ name: 'a', read: async () => [{ subject: 's', kind: 'host', facts: {}, raw: '' }] }],
    runner(never, () => times.shift() ?? new Date(0)),
  );
  expect(row?.durationMs).toBe(0);
});

test('the kernel’s socket tables are read: listening, connected, unconnected UDP, mapped addresses', () => {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const tcp = parseProcNet(
    `${head}   0: 0100007F:13C4 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1\n   1: 0100007F:13C4 0500A8C0:D431 01 00000000:00000000 00:00000000 00000000     0        0 112 1\n`,
    'tcp',
  );
  expect(tcp).toMatchObject([
    { state: 'listening', local: { address: '127.0.0.1', port: 5060 }, inode: '111' },
    { state: 'connected', remote: { address: '192.168.0.5', port: 54321 } },
  ]);
  expect(
    parseProcNet(
      `${head}   0: 0000000000000000FFFF00000100007F:20FB 00000000000000000000000000000000:0000 07 0:0 0:0 0 0 0 113 1\n`,
      'udp',
    ),
  ).toMatchObject([{ state: 'listening', local: { address: '127.0.0.1', port: 8443 } }]);
});
