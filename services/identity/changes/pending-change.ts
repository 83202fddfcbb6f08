import type { PersonalRight, Role } from '../../shared/domain/people/rights.js';
import type { UserId } from '../../shared/domain/ids.js';

/**
 * `roles`: privileged roles are granted. `reset`: the password or the second factor of a holder of such a role is reset. `confirm`: a new
 * person may decide. `grants`: personal rights are given.
 */
export const changeKinds = ['roles', 'reset', 'confirm', 'grants'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** A change of an account that waits for a second administrator. */
export interface PendingChange {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly userId: UserId;
  readonly userName: string;
  /** Only with `roles`: every role that the person would hold. */
  readonly roles?: readonly Role[];
  /** Only with `grants`: the rights that are added to the person's. */
  readonly grants?: readonly PersonalRight[];
  /** Only with `reset`: the new first password, already hashed. */
  readonly passwordHash?: string;
  readonly resetTotp?: boolean;
  readonly askedBy: string;
  readonly askedByName: string;
  readonly askedAt: Date;
  /** Set when nobody else could approve it: at this time it takes effect by itself, unless it is refused before. */
  readonly dueAt?: Date;
  readonly decision?: { readonly approved: boolean; readonly by: string; readonly byName: string; readonly at: Date };
}

const DECIDE_WITHIN_MS = 7 * 86_400_000;

export type ChangeState = 'waiting' | 'approved' | 'refused' | 'over';

export function stateOf({ askedAt, dueAt, decision }: PendingChange, now: Date): ChangeState {
  if (decision !== undefined) return decision.approved ? 'approved' : 'refused';
  return dueAt === undefined && now.getTime() - askedAt.getTime() > DECIDE_WITHIN_MS ? 'over' : 'waiting';
}

export const isDue = (change: PendingChange, now: Date): boolean =>
  change.dueAt !== undefined && change.dueAt <= now && stateOf(change, now) === 'waiting';

/** Neither the person who asks nor the person concerned may approve. Both may refuse. */
export const mayBeApprovedBy = (change: PendingChange, userId: UserId): boolean => userId !== change.askedBy && userId !== change.userId;
