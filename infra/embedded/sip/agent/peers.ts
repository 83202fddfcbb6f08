import { readFileSync, watch, type FSWatcher } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { network, partsOf } from '../../../../services/shared/platform/network/networks.js';
import type { Log } from '../log.js';
import type { Flow } from '../transport/flow.js';
import { certificateFault, type ShownCertificate, type TlsPeers } from '../transport/peer-certificate.js';
import type { Target } from '../transport/transports.js';

/**
 * What the application writes while the server runs: who the site's peers are. A trunk is one peer with all of its addresses. `tls`: it speaks over
 * TLS alone; `servers` are the hosts that are called, and `certificate` is a name in its certificate or the SHA-256 fingerprint of it.
 */
const PeersFile = z.object({
  peers: z.array(
    z.object({
      addresses: z.array(network),
      tls: z.object({ servers: z.array(z.string()), certificate: z.string().optional() }).optional(),
    }),
  ),
});

interface Peer {
  readonly addresses: BlockList;
  readonly tls: { readonly servers: readonly string[]; readonly certificate?: string | undefined } | undefined;
}

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';
const isSecure = ({ protocol }: Pick<Flow, 'protocol'>): boolean => protocol === 'tls';
const isWebSocket = ({ protocol }: Flow): boolean => protocol === 'ws' || protocol === 'wss';

/**
 * The configured peers. Without a file every address is as good as any other, as in drachtio-server. With one, a dialog belongs to the peer it
 * was made with: nobody else speaks in it, and requests in it are sent to nobody else.
 */
export class Peers implements TlsPeers {
  private peers: readonly Peer[] = [];
  private watcher: FSWatcher | undefined;

  private constructor(
    private readonly file: string | undefined,
    private readonly log: Log,
  ) {}

  /** Reads the file and follows its changes; one that is not there yet means no peers. */
  static open(file: string | undefined, log: Log): Peers {
    const peers = new Peers(file, log);
    if (file === undefined) return peers;
    peers.read();
    // The folder: a file that is replaced is another file, whose watcher hears no more.
    peers.watcher = watch(dirname(file), (_event, name) => {
      if (name === basename(file)) peers.read();
    });
    return peers;
  }

  get limited(): boolean {
    return this.file !== undefined;
  }

  knows(address: string): boolean {
    return this.peers.some(({ addresses }) => covers(addresses, address));
  }

  /** Whether what came by `flow` is said by the peer of a dialog that was made over `origin`. */
  speaksFor(origin: Flow | undefined, flow: Flow): boolean {
    if (!this.limited || origin === undefined) return true;
    if (isWebSocket(origin) || isWebSocket(flow)) return origin === flow;
    return isSecure(origin) === isSecure(flow) && this.together(origin.remoteAddress, flow.remoteAddress);
  }

  /** Every trunk at that address must accept the certificate, so that none passes for its neighbour. */
  callerFault(address: string, shown: ShownCertificate): string | undefined {
    const here = this.peers.flatMap(({ addresses, tls }) => (tls !== undefined && covers(addresses, address) ? [tls] : []));
    if (here.length === 0) return 'no trunk over TLS has this address';
    for (const { certificate } of here) {
      const fault = certificate === undefined ? undefined : certificateFault(shown, [certificate], Date.now());
      if (fault !== undefined) return `client certificate: ${fault}`;
    }
    return undefined;
  }

  /** The certificate that the trunk names, else one of the host that is called. */
  serverFault(
    { address, serverName }: { readonly address: string; readonly serverName: string | undefined },
    shown: ShownCertificate,
  ): string | undefined {
    const host = (serverName ?? address).toLowerCase();
    const meant = this.peers.flatMap(({ addresses, tls }) =>
      tls !== undefined && (tls.servers.includes(host) || covers(addresses, address)) ? [tls] : [],
    );
    const named = meant.flatMap(({ certificate }) => certificate ?? []);
    const fault = certificateFault(shown, named.length > 0 ? named : [host, ...meant.flatMap(({ servers }) => servers)], Date.now());
    return fault === undefined ? undefined : `server certificate: ${fault}`;
  }

  /**
   * Whether a request in that dialog may be sent to `target`. On the loopback every port is another program: there only the one that spoke is
   * meant.
   */
  mayReach(origin: Flow | undefined, target: Target): boolean {
    if (!this.limited || origin === undefined) return true;
    if (isSecure(origin) && !isSecure(target)) return false;
    if (isLoopback(target.address)) return target.address === origin.remoteAddress && target.port === origin.remotePort;
    return this.together(origin.remoteAddress, target.address);
  }

  close(): void {
    this.watcher?.close();
  }

  private together(a: string, b: string): boolean {
    return plain(a) === plain(b) || this.peers.some(({ addresses }) => covers(addresses, a) && covers(addresses, b));
  }

  private read(): void {
    try {
      const { peers } = PeersFile.parse(JSON.parse(readFileSync(this.file ?? '', 'utf8')));
      this.peers = peers.map(({ addresses, tls }) => ({ addresses: listOf(addresses), tls }));
      this.log('info', 'peers read', { peers: peers.length });
    } catch (error) {
      // What was known stands: a file that cannot be read must not cut the trunks off.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        this.log('error', 'the file of peers cannot be read', { error: String(error) });
    }
  }
}

function listOf(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of addresses) {
    const { address, prefix, family } = partsOf(text);
    list.addSubnet(address, prefix, family);
  }
  return list;
}

function covers(list: BlockList, address: string): boolean {
  const text = plain(address);
  const version = isIP(text);
  return version !== 0 && list.check(text, version === 6 ? 'ipv6' : 'ipv4');
}
