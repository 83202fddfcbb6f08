import type { Call } from '../machine/call.js';
import type { CallId } from '../../shared/domain/ids.js';

/** The number of test calls whose digits are kept. Each ends within minutes. */
const MOST_CALLS = 20;

export interface TestKeys {
  heard(call: Pick<Call, 'id' | 'class'> | undefined, key: string): void;
  of(callId: CallId): string;
}

/** The digits from the far end of test calls. They prove that a trunk carries digits. The digits of other calls are not kept. */
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
