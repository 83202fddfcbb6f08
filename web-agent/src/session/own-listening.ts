import type { Seat } from '../phone/seat.js';

/**
 * The call that the person of this tab listens to. Kept over a reload, which ends the listening: the page that comes back can then say so.
 */
const KEY = 'proofline.listening';

export function rememberListening(userId: string, callId: string): void {
  sessionStorage.setItem(KEY, JSON.stringify([userId, callId]));
}

/** The call that this person listened to, once: then it is forgotten. */
export function takeListening(userId: string, storage: Pick<Storage, 'getItem' | 'removeItem'> = sessionStorage): string | undefined {
  const kept = storage.getItem(KEY);
  if (kept === null) return undefined;
  storage.removeItem(KEY);
  const [who, callId] = JSON.parse(kept) as [string, string];
  return who === userId ? callId : undefined;
}

/** Whoever stops by themselves needs no note that it has ended. */
export function stopListening(seat: Seat | null, callId: string): void {
  sessionStorage.removeItem(KEY);
  void seat?.ask('call:monitor', { callId, mode: 'stop' });
}
