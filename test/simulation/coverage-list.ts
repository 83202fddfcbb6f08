import type { Kind } from './coverage.js';

interface NotReached {
  readonly reason: string;
  readonly names: readonly string[];
}

export const notReached: Readonly<Record<Kind, readonly NotReached[]>> = {
  'stage x event': [],
  'agent state x event': [],
  effect: [],
  'failure code': [],
  'stage x fault': [],
};
