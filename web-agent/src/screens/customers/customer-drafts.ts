import { useState } from 'react';
import type { CustomerEntry } from '../../../../services/shared/contracts/customer.js';

/** An agent's unsaved changes to the customer of a call. `version` is the one that was read; undefined for a new customer. */
export interface CustomerDraft {
  readonly entry: CustomerEntry;
  readonly version: number | undefined;
  /** The customer of that version: the number of a call may pass to another customer. */
  readonly customerId?: string | undefined;
}

/** Keeps unsaved text beyond the form, which a ring or another page closes. Never in a storage that outlives the tab. */
export function createCustomerDrafts() {
  const drafts = new Map<string, CustomerDraft>();
  const keyOf = (userId: string, callId: string): string => `${userId}/${callId}`;
  return {
    of: (userId: string, callId: string): CustomerDraft | undefined => drafts.get(keyOf(userId, callId)),
    keep(userId: string, callId: string, draft: CustomerDraft | undefined): void {
      if (draft === undefined) drafts.delete(keyOf(userId, callId));
      else drafts.set(keyOf(userId, callId), draft);
    },
    /** Calls of this person with unsaved text, except this one. */
    others: (userId: string, callId: string): string[] =>
      [...drafts.keys()].flatMap((key) => {
        const [owner, other = ''] = key.split('/');
        return owner === userId && other !== callId ? [other] : [];
      }),
  };
}

const drafts = createCustomerDrafts();

export const otherDrafts = (userId: string, callId: string): string[] => drafts.others(userId, callId);
export const discardDraft = (userId: string, callId: string): void => drafts.keep(userId, callId, undefined);

/** The draft of a call, kept with each change. */
export function useCustomerDraft(
  userId: string,
  callId: string,
): readonly [CustomerDraft | undefined, (draft: CustomerDraft | undefined) => void] {
  const [draft, setDraft] = useState(() => drafts.of(userId, callId));
  return [
    draft,
    (next) => {
      drafts.keep(userId, callId, next);
      setDraft(next);
    },
  ];
}
