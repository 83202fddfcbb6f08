import { readFileSync, watch, type FSWatcher } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { network, partsOf } from '../../../../services/shared/platform/networks.js';
import type { Log } from '../log.js';
import type { Flow } from '../transport/flow.js';
import type { Target } from '../transport/transports.js';

/** What the application writes while the server runs: who the site's peers are. A trunk is one peer with all of its addresses. */
const PeersFile = z.object({ peers: z.array(z.object({ addresses: z.array(network) })) });

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';
const isWebSocket = ({ protocol }: Flow): boolean => protocol === 'ws' || protocol === 'wss';

/**
 * The configured peers. Without a file every address is as good as any other, as in drachtio-server. With one, a dialog belongs to the peer it
 * was made with: nobody else speaks in it, and requests in it are sent to nobody else.
 */
export class Peers {
  private lists: readonly BlockList[] = [];
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
    return this.lists.some((list) => covers(list, address));
  }

  /** Whether what came by `flow` is said by the peer of a dialog that was made over `origin`. */
  speaksFor(origin: Flow | undefined, flow: Flow): boolean {
    if (!this.limited || origin === undefined) return true;
    if (isWebSocket(origin) || isWebSocket(flow)) return origin === flow;
    return this.together(origin.remoteAddress, flow.remoteAddress);
  }

  /**
   * Whether a request in that dialog may be sent to `target`. On the loopback every port is another program: there only the one that spoke is
   * meant.
   */
  mayReach(origin: Flow | undefined, target: Target): boolean {
    if (!this.limited || origin === undefined) return true;
    if (isLoopback(target.address)) return target.address === origin.remoteAddress && target.port === origin.remotePort;
    return this.together(origin.remoteAddress, target.address);
  }

  close(): void {
    this.watcher?.close();
  }

  private together(a: string, b: string): boolean {
    return plain(a) === plain(b) || this.lists.some((list) => covers(list, a) && covers(list, b));
  }

  private read(): void {
    try {
      const { peers } = PeersFile.parse(JSON.parse(readFileSync(this.file ?? '', 'utf8')));
      this.lists = peers.map(({ addresses }) => listOf(addresses));
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
