import type { Logger } from '../../../shared/platform/processes/logger.js';
import type { Door, Peer, Source } from '../../peer.js';
import type { Transport } from '../../trunks/trunk-source.js';
import type { InDialog } from '../guarded-srf.js';

/** The local ports of the SIP server for seats and test calls, and the address of the second. */
export interface DoorPorts {
  readonly seatPort: number;
  readonly testPort: number;
  readonly testAddress: string;
}

const isWebSocket = (protocol: string): boolean => protocol === 'ws' || protocol === 'wss';
const transports: readonly Transport[] = ['udp', 'tcp', 'tls', 'ws', 'wss'];

/** The transport of a request. An unknown one counts as unencrypted. */
export const transportOf = ({ protocol }: Pick<InDialog, 'protocol'>): Transport => transports.find((each) => each === protocol) ?? 'tcp';

/** The door of a request. drachtio-server reports a WebSocket as `tcp`, so there its local port decides. */
export function doorOf({ protocol, receivedOn }: InDialog, { seatPort, testPort }: DoorPorts): Door {
  const port = Number(receivedOn?.slice(receivedOn.lastIndexOf(':') + 1));
  if (isWebSocket(protocol) || port === seatPort) return 'seat';
  return port === testPort ? 'test' : 'trunk';
}

/** Knows the peer of each dialog. Requests from anybody else are counted and do not reach the dialog. */
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
      // Requests that the SIP server generates itself, such as the end of a session that timed out, have no source.
      if (peer === undefined || req.source === 'application') return false;
      const source = { address: req.source_address, port: Number(req.source_port), transport: transportOf(req) };
      if (mayContinue(peer, source)) return false;
      foreignRequests += 1;
      log.warn({ method: req.method, door: peer.door, foreignRequests }, 'a request within a call came from another peer and was refused');
      return true;
    },
    get foreignRequests() {
      return foreignRequests;
    },
  };
}
