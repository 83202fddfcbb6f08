import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';

/**
 * Starts what the tier attacks: one product for each of jest's workers, so that two files never attack the same one at once. A test file
 * finds its own by PROOFLINE_ATTACKED_<worker>.
 */
export default async function setUp({ maxWorkers }) {
  const { startAttacked } = await tsImport('./attacked.ts', import.meta.url);
  const started = [];
  globalThis.stopAttacked = () => Promise.all(started.map((stop) => stop()));
  const outcomes = await Promise.allSettled(
    Array.from({ length: maxWorkers }, async (_, index) => {
      const certificates = await mkdtemp(join(tmpdir(), 'attacked-tls-'));
      started.push(() => rm(certificates, { recursive: true, force: true }));
      const stack = await startAttacked(certificates);
      started.push(() => stack[Symbol.asyncDispose]());
      process.env[`PROOFLINE_ATTACKED_${index + 1}`] = JSON.stringify({ home: stack.home, certificates });
    }),
  );
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed === undefined) return;
  await globalThis.stopAttacked();
  throw failed.reason;
}
