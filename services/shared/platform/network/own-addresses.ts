import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

/** How long the interfaces are cached: descriptions of parties come by the hundred, and a new interface hardly ever. */
const READ_FOR_MS = 1_000;
interface Own {
  readonly addresses: readonly string[];
  readonly broadcasts: readonly string[];
  readonly readAtMs: number;
}
let own: Own | undefined;

function read(): Own {
  const nowMs = performance.now();
  if (own === undefined || nowMs - own.readAtMs >= READ_FOR_MS) {
    const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    own = { addresses: all.map(({ address }) => address.replace(/%.*$/, '')), broadcasts: all.flatMap(broadcastOf), readAtMs: nowMs };
  }
  return own;
}

const octets = (dotted: string): number[] => dotted.split('.').map(Number);

/** The address that reaches every host of the interface's IPv4 network; none where the network has no room for one (RFC 3021, RFC 919). */
export function broadcastOf({ family, address, netmask }: Pick<NetworkInterfaceInfo, 'family' | 'address' | 'netmask'>): string[] {
  if (family !== 'IPv4' || (octets(netmask).at(-1) ?? 0) >= 254) return [];
  const mask = octets(netmask);
  return [
    octets(address)
      .map((octet, i) => octet | (255 & ~(mask[i] ?? 255)))
      .join('.'),
  ];
}

/** The addresses of this machine's interfaces, without zones. */
export const ownAddresses = (): readonly string[] => read().addresses;

/** The broadcast addresses of this machine's IPv4 networks. */
export const ownBroadcasts = (): readonly string[] => read().broadcasts;

/** Whether packets from this address to this machine never leave it. */
export const isOfThisMachine = (address: string): boolean => address.startsWith('127.') || ownAddresses().includes(address);
