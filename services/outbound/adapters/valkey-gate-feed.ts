import type { Redis } from 'ioredis';
import * as z from 'zod';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { GateChange, GateFeed, GateFeedReader } from '../gate/gate-ports.js';

export const GATE_FEED = 'outbound:changes';
/** A process that is this many changes behind reads everything again. */
const MOST_CHANGES = 10_000;
const PORTION = 500;
const HASHES_AT_ONCE = 500;
const AGAIN_MS = 1_000;

const changeOf = z.object({
  topic: z.enum(['refusal', 'consent', 'stops', 'rules', 'watched', 'register', 'began']),
  hashes: z.array(z.string()),
});

const add = (valkey: Redis, topic: GateChange['topic'] | 'began', hashes: readonly string[]): Promise<string | null> =>
  valkey.xadd(GATE_FEED, 'MAXLEN', '~', MOST_CHANGES, '*', 'change', JSON.stringify({ topic, hashes }));

/**
 * Publishes in a stream. A change that the live state does not take now is offered again until it does: no call is permitted without the
 * live state, and the store already has the change.
 */
export function createGateFeed(valkey: Redis, log: Logger): GateFeed {
  function again(topic: GateChange['topic'], hashes: readonly string[]): void {
    const timer = setTimeout(
      () =>
        void add(valkey, topic, hashes).catch((error: unknown) => {
          log.error({ err: error, topic }, 'a change could not be published to the outbound gates yet');
          again(topic, hashes);
        }),
      AGAIN_MS,
    );
    timer.unref();
  }

  return {
    async publish({ topic, hashes }) {
      for (let from = 0; from === 0 || from < hashes.length; from += HASHES_AT_ONCE) {
        const some = hashes.slice(from, from + HASHES_AT_ONCE);
        await add(valkey, topic, some).catch((error: unknown) => {
          log.error({ err: error, topic }, 'a change could not be published to the outbound gates; it is tried again');
          again(topic, some);
        });
      }
    },
  };
}

export function createGateFeedReader(valkey: Redis): GateFeedReader {
  return {
    async begin() {
      const id = await add(valkey, 'began', []);
      if (id === null) throw new Error('The live state did not accept an entry of the feed.');
      return id;
    },
    async since(position) {
      // The position's own entry comes first: if it is missing, the feed was cut, or is another one.
      const [first, ...entries] = await valkey.xrange(GATE_FEED, position, '+', 'COUNT', PORTION + 1);
      if (first?.[0] !== position) return 'lost';
      const changes = entries.map(([, [, text = '']]) => changeOf.parse(JSON.parse(text)));
      return {
        changes: changes.flatMap(({ topic, hashes }) => (topic === 'began' ? [] : [{ topic, hashes }])),
        position: entries.at(-1)?.[0] ?? position,
      };
    },
    onBreak(broken) {
      valkey.on('ready', broken);
      return () => void valkey.off('ready', broken);
    },
  };
}
