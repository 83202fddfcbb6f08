import { readFileSync, watch, type FSWatcher } from 'node:fs';
import { isIP, type BlockList } from 'node:net';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import type { Log } from '../log.js';
import type { Flow } from '../transport/flow.js';
import { blockListOf, network } from '../transport/networks.js';
import { certificateFault, type ShownCertificate, type TlsPeers } from '../transport/peer-certificate.js';
import type { Target } from '../transport/transports.js';

/**
 * The file that the application writes while the server runs: the peers of the site. A trunk is one peer with all of its addresses. `tls`:
 * the trunk uses only TLS; `servers` are the hosts that we call, and `certificate` is a name in its certificate or the certificate's
 * SHA-256 fingerprint.
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
 * The configured peers. Without a file all addresses are equal, as in drachtio-server. With a file a dialog belongs to the peer that it was
 * made with: requests in it are accepted from that peer alone and sent to that peer alone.
 */
export class Peers implements TlsPeers {
  private peers: readonly Peer[] = [];
  private watcher: FSWatcher | undefined;

  private constructor(
    private readonly file: string | undefined,
    private readonly log: Log,
  ) {}

  /** Reads the file and follows its changes. A missing file means that there are no peers yet. */
  static open(file: string | undefined, log: Log): Peers {
    const peers = new Peers(file, log);
    if (file === undefined) return peers;
    peers.read();
    // Watches the folder, because a watcher of the file would not notice that the file was replaced.
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

  /** Whether a message that arrived by `flow` comes from the peer of a dialog that was made over `origin`. */
  speaksFor(origin: Flow | undefined, flow: Flow): boolean {
    if (!this.limited || origin === undefined) return true;
    if (isWebSocket(origin) || isWebSocket(flow)) return origin === flow;
    return isSecure(origin) === isSecure(flow) && this.together(origin.remoteAddress, flow.remoteAddress);
  }

  /** Every trunk at that address must accept the certificate, so that no trunk can pass for its neighbour. */
  callerFault(address: string, shown: ShownCertificate): string | undefined {
    const here = this.peers.flatMap(({ addresses, tls }) => (tls !== undefined && covers(addresses, address) ? [tls] : []));
    if (here.length === 0) return 'no trunk over TLS has this address';
    for (const { certificate } of here) {
      const fault = certificate === undefined ? undefined : certificateFault(shown, [certificate], Date.now());
      if (fault !== undefined) return `client certificate: ${fault}`;
    }
    return undefined;
  }

  /** The certificate that the trunk names, else one for the called host. */
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
   * Whether a request in that dialog may be sent to `target`. On the loopback every port is another program, so only the port that the peer
   * used is allowed.
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
      this.peers = peers.map(({ addresses, tls }) => ({ addresses: blockListOf(addresses), tls }));
      this.log('info', 'peers read', { peers: peers.length });
    } catch (error) {
      // The last content stays in force: an unreadable file must not cut off the trunks.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        this.log('error', 'the file of peers cannot be read', { error: String(error) });
    }
  }
}

function covers(list: BlockList, address: string): boolean {
  const text = plain(address);
  const version = isIP(text);
  return version !== 0 && list.check(text, version === 6 ? 'ipv6' : 'ipv4');
}
