import { networkInterfaces } from 'node:os';

/** How long the addresses are cached: descriptions of parties come by the hundred, and a new interface hardly ever. */
const ADDRESSES_FOR_MS = 1_000;
let addresses: { readonly list: readonly string[]; readonly readAtMs: number } | undefined;

/** The addresses of this machine's interfaces, without zones. */
export function ownAddresses(): readonly string[] {
  const nowMs = performance.now();
  if (addresses === undefined || nowMs - addresses.readAtMs >= ADDRESSES_FOR_MS) {
    const list = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address.replace(/%.*$/, '')));
    addresses = { list, readAtMs: nowMs };
  }
  return addresses.list;
}

/** Whether packets from this address to this machine never leave it. */
export const isOfThisMachine = (address: string): boolean => address.startsWith('127.') || ownAddresses().includes(address);
