import { tsImport } from 'tsx/esm/api';

/** Starts the one product that the whole tier attacks; the test files find it by PROOFLINE_ATTACKED_HOME. */
export default async function setUp() {
  const { startAttacked } = await tsImport('./attacked.ts', import.meta.url);
  const stack = await startAttacked();
  globalThis.stopAttacked = () => stack[Symbol.asyncDispose]();
  process.env.PROOFLINE_ATTACKED_HOME = stack.home;
}
