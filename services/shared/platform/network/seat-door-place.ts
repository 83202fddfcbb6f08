import type { Redis } from 'ioredis';

/** Where the SIP server takes seats that works now. It moves with telephony, which says where its own is. */
const PLACE = 'proofline:seat-door';

/** Says where the seats of this process come in: `ws://host:port`. */
export async function tellSeatDoor(valkey: Redis, url: string): Promise<void> {
  await valkey.set(PLACE, url);
}

/**
 * Where seats are to be led now. `configured` stands while nothing was said, the live state does not answer, or the word is of a telephony
 * that knows its SIP server by an address of its own machine and this machine knows it by another.
 */
export async function seatDoorNow(valkey: Redis, configured: URL): Promise<URL> {
  const told = await valkey.get(PLACE).catch(() => null);
  if (told === null || !URL.canParse(told)) return configured;
  const url = new URL(told);
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') return configured;
  return isLoopback(url) && !isLoopback(configured) ? configured : url;
}

const isLoopback = ({ hostname }: URL): boolean => hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
