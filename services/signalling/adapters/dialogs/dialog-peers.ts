import type { Logger } from '../../../shared/platform/processes/logger.js';
import type { Door, Peer, Source } from '../../peer.js';
import type { Transport } from '../../trunks/trunk-source.js';
import type { InDialog } from '../guarded-srf.js';

/** Local ports of the SIP server at which seats and test calls come in, and the address of the second. */
export interface DoorPorts {
  readonly seatPort: number;
  readonly testPort: number;
  readonly testAddress: string;
}

const isWebSocket = (protocol: string): boolean => protocol === 'ws' || protocol === 'wss';
const transports: readonly Transport[] = ['udp', 'tcp', 'tls', 'ws', 'wss'];

/** How a request came; what is unknown counts as in clear. */
export const transportOf = ({ protocol }: Pick<InDialog, 'protocol'>): Transport => transports.find((each) => each === protocol) ?? 'tcp';

/** By which door a request came: drachtio-server calls a WebSocket `tcp`, so that its local port tells it there. */
export function doorOf({ protocol, receivedOn }: InDialog, { seatPort, testPort }: DoorPorts): Door {
  const port = Number(receivedOn?.slice(receivedOn.lastIndexOf(':') + 1));
  if (isWebSocket(protocol) || port === seatPort) return 'seat';
  return port === testPort ? 'test' : 'trunk';
}

/** Which peer speaks in each dialog; requests of anybody else are counted and do not reach it. */
export function createDialogPeers(log: Logger): {
  readonly peers: Map<string, Peer>;
  isForeign(req: InDialog, mayContinue: (peer: Peer, source: Source) => boolean): boolean;
  readonly foreignRequests: number;
} {
  const peers = new Map<string, Peer>();
  let foreignRequests = 0;
  return {
    peers,
    isForeign(req, mayContinue) {
      const peer = peers.get(req.stackDialogId ?? '');
      // What the SIP server says on its own, such as that a session timed out, comes from nowhere.
      if (peer === undefined || req.source === 'application') return false;
      const source = { address: req.source_address, port: Number(req.source_port), transport: transportOf(req) };
      if (mayContinue(peer, source)) return false;
      foreignRequests += 1;
      log.warn({ method: req.method, door: peer.door, foreignRequests }, 'request within a call from somebody else, refused');
      return true;
    },
    get foreignRequests() {
      return foreignRequests;
    },
  };
}
