import { CONTACT_WINDOW_MS } from './daily.js';

const DAY_MS = 86_400_000;

/**
 * Decides for each contact whether the caller came back within the window. Contacts must arrive in order of time. Memory grows with the
 * number of callers in one window. `settle` is called once for each contact that can be judged.
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
    /** `key`: the caller and the queue. Only a visit that an agent answered is a contact; any other visit only judges the one before. */
    add(key: string, atMs: number, contact: Contact | undefined): void {
      const before = lastContact.get(key);
      if (before !== undefined) settle(before.contact, atMs - before.atMs > CONTACT_WINDOW_MS);
      lastContact.delete(key);
      if (contact !== undefined) lastContact.set(key, { atMs, contact });
      if (atMs < pruneAtMs) return;
      pruneAtMs = atMs + DAY_MS;
      settleOlder(atMs);
    },
    /** A contact whose window ends after the last row is never judged. */
    end(untilMs: number): void {
      settleOlder(untilMs);
      lastContact.clear();
    },
  };
}
