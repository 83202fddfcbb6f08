import type { Redis } from 'ioredis';
import type { Delivered, EventName, Pace } from '../../events/catalogue.js';
import { decode, STREAM, type StreamReply } from './event-stream.js';
import type { Hurry } from './hurry.js';
import type { Logger } from '../processes/logger.js';
import { createReadPace, noteRead } from './read-pace.js';

const READ_BLOCK_MS = 2_000;
const READ_AT_ONCE = 256;
const AGAIN_MS = 200;

/** Passes on every event from now on, or `only` the named ones. The returned function stops it. */
export async function followEvents(
  tell: (delivered: Delivered) => void,
  { only, gatherMs, hurry = [] }: Pace & { readonly only?: readonly EventName[] },
  { writer, open, hurries, log }: { readonly writer: Redis; readonly open: () => Redis; readonly hurries: Hurry; readonly log: Logger },
): Promise<() => Promise<void>> {
  const reader = open();
  let running = true;
  const newest = (await writer.xrevrange(STREAM, '+', '-', 'COUNT', 1)) as [string, string[]][];
  let from = newest[0]?.[0] ?? '0-0';
  const pace = createReadPace();
  const calm = hurries.join(hurry, pace);
  const loop = (async () => {
    while (running) {
      try {
        await pace.allowed();
        const reply = (await reader.xread('COUNT', READ_AT_ONCE, 'BLOCK', READ_BLOCK_MS, 'STREAMS', STREAM, from)) as StreamReply;
        const entries = reply?.[0]?.[1] ?? [];
        for (const entry of entries) {
          from = entry[0];
          const delivered = decode(entry, (name) => only?.includes(name) ?? true, log);
          if (delivered === undefined) continue;
          noteRead(pace, hurry, delivered);
          try {
            tell(delivered);
          } catch (error) {
            log.error({ err: error, event: delivered.name }, 'event follower failed');
          }
        }
        if (gatherMs !== undefined && entries.length < READ_AT_ONCE) await pause(gatherMs);
      } catch {
        if (running) await pause(AGAIN_MS);
      }
    }
  })();
  return async () => {
    running = false;
    calm();
    reader.disconnect();
    await loop;
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
