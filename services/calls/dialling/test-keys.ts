import type { Call } from '../machine/call.js';

/** Of so many test calls the keys are kept; each ends within minutes. */
const MOST_CALLS = 20;

export interface TestKeys {
  heard(call: Pick<Call, 'id' | 'class'> | undefined, key: string): void;
  of(callId: string): string;
}

/** The keys that came from the far side of test calls: by them a trunk is proved to carry keys. No other call's keys are kept. */
export function createTestKeys(): TestKeys {
  const keys = new Map<string, string>();
  return {
    heard(call, key) {
      if (call?.class !== 'test') return;
      keys.set(call.id, (keys.get(call.id) ?? '') + key);
      const [oldest] = keys.keys();
      if (keys.size > MOST_CALLS && oldest !== undefined) keys.delete(oldest);
    },
    of: (callId) => keys.get(callId) ?? '',
  };
}
