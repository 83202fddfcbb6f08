import { CONTACT_WINDOW_MS } from './daily.js';

const DAY_MS = 86_400_000;

/**
 * The last contact of each caller with a queue, until it is judged: did the caller come back within the window? Contacts come in order of time;
 * memory grows with the callers of one window. `settle` is called once for each contact that can be judged.
 */
export function createContacts<Contact>(settle: (contact: Contact, isResolved: boolean) => void) {
  const lastContact = new Map<string, { readonly atMs: number; readonly contact: Contact }>();
  let pruneAtMs = 0;

  function settleOlder(thanMs: number): void {
    for (const [key, { atMs, contact }] of lastContact)
      if (thanMs - atMs > CONTACT_WINDOW_MS) {
        settle(contact, true);
        lastContact.delete(key);
      }
  }

  return {
    /** `key`: the caller and the queue. A contact is one where an agent answered; one without only judges the one before. */
    add(key: string, atMs: number, contact: Contact | undefined): void {
      const before = lastContact.get(key);
      if (before !== undefined) settle(before.contact, atMs - before.atMs > CONTACT_WINDOW_MS);
      lastContact.delete(key);
      if (contact !== undefined) lastContact.set(key, { atMs, contact });
      if (atMs < pruneAtMs) return;
      pruneAtMs = atMs + DAY_MS;
      settleOlder(atMs);
    },
    /** A contact whose window reaches beyond the rows is never judged. */
    end(untilMs: number): void {
      settleOlder(untilMs);
      lastContact.clear();
    },
  };
}
