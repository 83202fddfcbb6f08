import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';

/** Starts the one product that the whole tier attacks; the test files find it by PROOFLINE_ATTACKED_HOME. */
export default async function setUp() {
  const { startAttacked } = await tsImport('./attacked.ts', import.meta.url);
  const certificates = await mkdtemp(join(tmpdir(), 'attacked-tls-'));
  const stack = await startAttacked(certificates);
  globalThis.stopAttacked = async () => {
    await stack[Symbol.asyncDispose]();
    await rm(certificates, { recursive: true, force: true });
  };
  process.env.PROOFLINE_ATTACKED_HOME = stack.home;
  process.env.PROOFLINE_ATTACKED_CERTIFICATES = certificates;
}
