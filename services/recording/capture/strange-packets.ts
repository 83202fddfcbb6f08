import type { EventBus } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { CallId } from '../../shared/domain/ids.js';

/** Five seconds of one stream. A copy that outlives its recorder for a moment has fewer packets. */
const FEWEST_PACKETS = 250;
const COUNTED_FOR_MS = 10_000;
const ALARM_EVERY_MS = 600_000;

export interface StrangePackets {
  /** A packet to a socket of this call was dropped: it came from elsewhere than the relay, or was not encrypted with its key. */
  seen(callId: CallId): void;
}

/** Counts foreign and unverifiable packets at the recorder's sockets, and raises at most one alarm in ten minutes. */
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
      "packets that did not come from the relay, or did not verify, reached the recorder's ports and were dropped",
    );
    bus
      .publish('notice.raised', {
        at: new Date(wallMs()).toISOString(),
        code: 'strange-copies',
        text: {
          en: `${total} packets came to the recorder's ports of ${packets.size} call(s) that were not sent by the media relay or do not verify with its key. They were dropped and are in no recording.`,
          'zh-CN': `录音端口收到 ${total} 个并非媒体网关发出或未通过密钥校验的数据包（涉及 ${packets.size} 个通话），均已丢弃，未写入录音。`,
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
