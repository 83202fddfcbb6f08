import { isIP } from 'node:net';
import type { Session } from './session.js';
import { routingOf, type Dialog } from '../dialog/dialog.js';
import { parseUri, withoutBrackets, type SipUri } from '../message/uri.js';
import type { Flow, Protocol } from '../transport/flow.js';
import { isResolved, locate, requestedProtocol, targetOf } from '../transport/locate.js';
import type { Names } from '../transport/names.js';
import type { Target, Transports } from '../transport/transports.js';
import type { Peers } from './peers.js';

/** A route to a next hop, or the NOK with the reason why there is none. */
export type Path =
  | { readonly kind: 'flow'; readonly flow: Flow }
  | { readonly kind: 'target'; readonly target: Target }
  /** A name that must be looked up first. `allows` says which of the results may be used; without it the result of `instead` may. */
  | {
      readonly kind: 'name';
      readonly uri: SipUri;
      readonly allows?: (target: Target) => boolean;
      readonly instead?: Flow | undefined;
      readonly protocols?: readonly Protocol[];
    }
  | { readonly kind: 'none'; readonly reason: string };

const NOT_AVAILABLE: Path = { kind: 'none', reason: 'requested protocol/transport not available' };
// Tried in this order when a URI leaves the choice (RFC 3263 section 4.1 starts with UDP when there is no NAPTR).
const PREFERENCE: readonly Protocol[] = ['udp', 'tcp', 'tls'];

/** An open connection, and where else the same request may go when it fails (RFC 3263 section 4.3). */
export interface OpenWay {
  readonly flow: Flow;
  readonly others: readonly Target[];
}

/** Chooses connections and listeners for requests. */
export class Paths {
  constructor(
    private readonly transports: Transports,
    private readonly names: Names,
    private readonly peers: Peers,
  ) {}

  /** The way to a URI outside any dialog. */
  to(uriText: string, preference = PREFERENCE): Path {
    const uri = parseUri(uriText);
    if (!uri || uri.host === '') return { kind: 'none', reason: 'invalid request-uri' };
    const { protocol: asked, unknown } = requestedProtocol(uri);
    if (unknown) return NOT_AVAILABLE;
    const host = withoutBrackets(uri.params.get('maddr') ?? uri.host);
    const literal = isIP(host) === 0 ? undefined : host;
    const candidates = asked === undefined ? preference : [asked];
    for (const protocol of candidates) {
      const listener = this.transports.listenerFor(protocol, literal);
      const target = targetOf(uriText, protocol);
      if (!listener || !target) continue;
      if (protocol === 'ws' || protocol === 'wss') {
        const flow = this.transports.connectionTo(protocol, target.address, target.port);
        return flow ? { kind: 'flow', flow } : NOT_AVAILABLE;
      }
      if (this.transports.isOwnAddress(target.address, target.port)) return { kind: 'none', reason: 'can not send request to myself' };
      return isResolved(target) ? { kind: 'target', target } : { kind: 'name', uri, protocols: preference };
    }
    return NOT_AVAILABLE;
  }

  /**
   * The way inside a dialog. Without a route set the peer is the next hop, and the connection that it last used is the safest way to it
   * (RFC 5626 section 5.3; the only way to a browser). The peer's claims about its address can only lead to that peer.
   */
  inDialog(session: Session, dialog: Dialog): Path {
    const { flow, origin } = session;
    if (flow?.listener.door === 'test') return { kind: 'flow', flow };
    if (dialog.routeSet.length === 0 && flow && flow.protocol !== 'udp' && flow.open) return { kind: 'flow', flow };
    const { nextHop } = routingOf(dialog);
    // A dialog that uses TLS is never continued without it, whatever its Contact says.
    const path = this.to(nextHop, origin?.protocol === 'tls' ? ['tls'] : PREFERENCE);
    // A peer behind a Record-Route of ours may have our own address there. Then its connection is meant.
    const instead = flow?.open === true ? flow : undefined;
    if (path.kind === 'name') return { ...path, allows: (target) => this.peers.mayReach(origin, target), instead };
    const leads = path.kind === 'flow' || (path.kind === 'target' && this.peers.mayReach(origin, path.target));
    if (leads) return path;
    if (instead !== undefined) return { kind: 'flow', flow: instead };
    return path.kind === 'none' ? path : { kind: 'none', reason: 'the peer of this dialog is not there' };
  }

  /** Opens the way. Returns a promise only when a name must be looked up, and undefined when it cannot be opened. */
  open(path: Exclude<Path, { kind: 'none' }>): Flow | undefined | Promise<Flow | undefined> {
    const way = this.openWay(path);
    return way instanceof Promise ? way.then((opened) => opened?.flow) : way?.flow;
  }

  /** Like `open`, with the other destinations of the name. */
  openWay(path: Exclude<Path, { kind: 'none' }>): OpenWay | undefined | Promise<OpenWay | undefined> {
    if (path.kind === 'flow') return { flow: path.flow, others: [] };
    if (path.kind === 'target') return this.firstOpen([path.target]);
    const reaches = (path.protocols ?? PREFERENCE)
      .map((protocol) => ({ protocol, families: this.transports.familiesOf(protocol) }))
      .filter(({ families }) => families.length > 0);
    const { allows = () => true, instead } = path;
    return locate(path.uri, reaches, this.names).then(
      (targets) => this.firstOpen(targets.filter(allows)) ?? (instead && { flow: instead, others: [] }),
    );
  }

  /** The first of these destinations that a socket can be opened for. */
  firstOpen(targets: readonly Target[]): OpenWay | undefined {
    for (const [index, target] of targets.entries()) {
      const flow = this.transports.flowTo(target);
      if (flow) return { flow, others: targets.slice(index + 1) };
    }
    return undefined;
  }
}
