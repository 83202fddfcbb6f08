import { useState } from 'react';
import type { CustomerEntry } from '../../../../services/shared/contracts/customer.js';

/** What an agent writes of the customer of a call and has not saved. `version` is the one that was read; undefined for a new customer. */
export interface CustomerDraft {
  readonly entry: CustomerEntry;
  readonly version: number | undefined;
  /** Whose version: the number of a call may come to another customer. */
  readonly customerId?: string | undefined;
}

/** Keeps what is not saved beyond the form: a ring and another page take the form away. Never in a storage that outlives the tab. */
export function createCustomerDrafts() {
  const drafts = new Map<string, CustomerDraft>();
  const keyOf = (userId: string, callId: string): string => `${userId}/${callId}`;
  return {
    of: (userId: string, callId: string): CustomerDraft | undefined => drafts.get(keyOf(userId, callId)),
    keep(userId: string, callId: string, draft: CustomerDraft | undefined): void {
      if (draft === undefined) drafts.delete(keyOf(userId, callId));
      else drafts.set(keyOf(userId, callId), draft);
    },
    /** Calls of this person with something unsaved, but one. */
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
