import type { EventBus } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/logger.js';

/** Five seconds of one stream: a copy that outlives its recorder by a moment is less. */
const FEWEST_PACKETS = 250;
const COUNTED_FOR_MS = 10_000;
const ALARM_EVERY_MS = 600_000;

export interface StrangePackets {
  /** A packet came to a socket of this call from elsewhere than its relay, and was dropped. */
  seen(callId: string): void;
}

/** Counts what comes to the recorder's sockets from elsewhere than the relay, and raises an alarm, at most one in ten minutes. */
export function createStrangePackets({
  bus,
  steadyMs,
  wallMs,
  log,
}: {
  readonly bus: Pick<EventBus, 'publish'>;
  readonly steadyMs: () => number;
  readonly wallMs: () => number;
  readonly log: Logger;
}): StrangePackets {
  let sinceMs = -Infinity;
  let raisedAtMs = -Infinity;
  const packets = new Map<string, number>();

  function raise(total: number): void {
    raisedAtMs = steadyMs();
    log.warn(
      { calls: packets.size, packets: total },
      "packets came to the recorder's ports from elsewhere than the relay and were dropped",
    );
    bus
      .publish('notice.raised', {
        at: new Date(wallMs()).toISOString(),
        code: 'strange-copies',
        text: {
          en: `${total} packets came to the recorder's ports of ${packets.size} call(s) from elsewhere than the media relay. They were dropped; recordings are not touched.`,
          'zh-CN': `录音端口收到 ${total} 个并非来自媒体网关的数据包（涉及 ${packets.size} 个通话），均已丢弃，录音不受影响。`,
        },
      })
      .catch((error: unknown) => log.warn({ err: error }, 'an alarm could not be published'));
  }

  return {
    seen(callId) {
      const now = steadyMs();
      if (now - sinceMs > COUNTED_FOR_MS) {
        sinceMs = now;
        packets.clear();
      }
      packets.set(callId, (packets.get(callId) ?? 0) + 1);
      const total = [...packets.values()].reduce((sum, each) => sum + each, 0);
      if (total >= FEWEST_PACKETS && now - raisedAtMs >= ALARM_EVERY_MS) raise(total);
    },
  };
}
