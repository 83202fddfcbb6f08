import { createSocket, type Socket } from 'node:dgram';
import type { Service } from '../../shared/platform/processes/service.js';

const KEYS = '0123456789*#ABCD';

/**
 * Listens for the relay's DTMF log: one JSON datagram for each digit, from RFC 4733 events and, where requested, from tones. `onKey` gets
 * the id of the anchor, the tag of the party who pressed, and the digit. Any other datagram is dropped.
 */
export function createDtmfListener({
  address,
  onKey,
}: {
  readonly address: string;
  readonly onKey: (key: { readonly mediaCallId: string; readonly tag: string; readonly key: string }) => void;
}): Service {
  let socket: Socket | undefined;
  return {
    name: 'dtmf-listener',
    async start() {
      const colon = address.lastIndexOf(':');
      const opened = createSocket({ type: 'udp4', reuseAddr: true });
      socket = opened;
      opened.on('message', (packet) => {
        const heard = parse(packet.toString('utf8'));
        if (heard !== undefined) onKey(heard);
      });
      await new Promise<void>((resolve, reject) => {
        opened.once('error', reject);
        opened.bind(Number(address.slice(colon + 1)), address.slice(0, colon), () => {
          opened.off('error', reject);
          opened.on('error', () => undefined);
          resolve();
        });
      });
    },
    async stop() {
      const open = socket;
      socket = undefined;
      if (open !== undefined) await new Promise<void>((resolve) => open.close(() => resolve()));
    },
  };
}

function parse(text: string): { mediaCallId: string; tag: string; key: string } | undefined {
  try {
    const log = JSON.parse(text) as { callid?: unknown; source_tag?: unknown; type?: unknown; event?: unknown };
    if (log.type !== 'DTMF' || typeof log.callid !== 'string' || typeof log.source_tag !== 'string') return undefined;
    const key = KEYS.charAt(Number(log.event));
    return key === '' ? undefined : { mediaCallId: log.callid, tag: log.source_tag, key };
  } catch {
    return undefined;
  }
}
