import type { Trunk } from '../shared/contracts/calls/flow.js';
import { DialogState } from './dialog-state.js';
import { addressBelongs, type Transport } from './trunks/trunk-source.js';
import type { TrunkId } from '../shared/domain/ids.js';

/** The door through which a request came in. The listener decides, never the address. */
export type Door = 'trunk' | 'seat' | 'test';

/** The far end of a dialog, and its source address when the dialog was made. */
export type Peer =
  | { readonly door: 'trunk'; readonly trunkId: TrunkId; readonly address: string; readonly overTls?: true }
  | { readonly door: 'seat' | 'test'; readonly address: string; readonly port: number };

/** The source of a request within a dialog. */
export interface Source {
  readonly address: string;
  readonly port: number;
  readonly transport: Transport;
}

/**
 * Whether a request within a dialog comes from the far end. Tags and Call-ID can be intercepted, so more is required. In a trunk call: an
 * address of that trunk, or the source address of the call, and TLS if the call uses it. In a call of a seat or a test call: the same
 * connection as the call.
 */
export function mayContinue(peer: Peer, source: Source, trunks: readonly Trunk[]): boolean {
  if (peer.door !== 'trunk') return source.address === peer.address && source.port === peer.port;
  if (isWebSocket(source.transport) || (source.transport === 'tls') !== (peer.overTls === true)) return false;
  const trunk = trunks.find(({ id }) => id === peer.trunkId);
  return source.address === peer.address || (trunk !== undefined && addressBelongs(trunk, source.address));
}

const isWebSocket = (transport: Transport): boolean => transport === 'ws' || transport === 'wss';
/** The door of a trunk call over TLS, as handles name it. */
const OVER_TLS = 'trunk-tls';

/** The id of a dialog with its peer and, where it is known, its state. A later process takes the dialog over by this handle. */
export const dialogHandle = (peer: Peer, dialogId: string, state?: DialogState): string =>
  `${peer.door === 'trunk' && peer.overTls ? OVER_TLS : peer.door} ${peer.address} ${peer.door === 'trunk' ? peer.trunkId : peer.port}|${dialogId}${state === undefined ? '' : `\n${JSON.stringify(state)}`}`;

/** The parts of a handle; undefined when the text is not a handle. */
export function readDialogHandle(
  handle: string,
): { readonly peer: Peer; readonly dialogId: string; readonly state?: DialogState } | undefined {
  const [, door, address = '', whose = '', dialogId = '', text = ''] =
    /^(trunk|trunk-tls|seat|test) (\S+) ([^\s|]+)\|([^\n]+)(?:\n(.*))?$/s.exec(handle) ?? [];
  if (door === undefined) return undefined;
  const state = readState(text);
  const known = { dialogId, ...(state === undefined ? {} : { state }) };
  if (door === 'trunk' || door === OVER_TLS)
    return { peer: { door: 'trunk', address, trunkId: whose, ...(door === OVER_TLS ? { overTls: true } : {}) }, ...known };
  return { peer: { door: door === 'seat' ? 'seat' : 'test', address, port: Number(whose) }, ...known };
}

function readState(text: string): DialogState | undefined {
  if (text === '') return undefined;
  try {
    return DialogState.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
