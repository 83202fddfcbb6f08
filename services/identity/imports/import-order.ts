import type { UserId } from '../../shared/domain/ids.js';
import type { Account } from '../account.js';
import type { ListedAccount, RefusedAccount } from './account-list.js';

/** A row that was checked when the import was requested. Team and queues are ids. */
export type OrderRow = Omit<ListedAccount, 'team'> & { readonly teamId: string | null };

/**
 * An import that somebody has confirmed. Which of its rows have become accounts is only in the accounts, so that one write decides it. No
 * password is in it.
 */
export interface ImportOrder {
  readonly id: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly askedBy: UserId;
  readonly askedAt: Date;
  readonly rows: readonly OrderRow[];
  /** Rows that were refused when their turn came. */
  readonly refused: readonly RefusedAccount[];
  /** Lines whose first passwords the person has saved. */
  readonly handed: readonly number[];
  /** When the person ended it, whatever was left. */
  readonly endedAt?: Date;
}

/** How long an order can be continued. */
export const ORDER_KEPT_MS = 30 * 86_400_000;

export interface ImportOrderStore {
  /** Also removes orders from before `ORDER_KEPT_MS`. */
  add(order: ImportOrder): Promise<void>;
  byId(id: string): Promise<ImportOrder | undefined>;
  /** The orders of a person that have not been ended, newest first. */
  openOf(userId: UserId): Promise<ImportOrder[]>;
  refused(id: string, row: RefusedAccount): Promise<void>;
  handed(id: string, lines: readonly number[]): Promise<void>;
  end(id: string, at: Date): Promise<void>;
}

/** Whether a first password of an import is still the password, unseen by its person. */
export const isUnread = ({ madeFrom, passwordSetAt, mustChangePassword, lastSignInAt, disabled }: Account): boolean =>
  madeFrom !== undefined &&
  madeFrom.passwordAt.getTime() === passwordSetAt.getTime() &&
  mustChangePassword &&
  lastSignInAt === undefined &&
  !disabled;

/** What became of the rows of an order. */
export function stateOfOrder({ rows, refused, handed }: ImportOrder, accounts: readonly Account[]) {
  const byLine = new Map(
    accounts.flatMap((account) => (account.madeFrom === undefined ? [] : [[account.madeFrom.line, account] as const])),
  );
  const isRefused = new Set(refused.map(({ line }) => line));
  const isHanded = new Set(handed);
  return {
    byLine,
    /** Rows that have become neither an account nor a refusal. */
    left: rows.filter(({ line }) => !byLine.has(line) && !isRefused.has(line)),
    /** Rows whose first password nobody has saved, and which can be given a new one. */
    unread: rows.filter(({ line }) => {
      const account = byLine.get(line);
      return account !== undefined && !isHanded.has(line) && isUnread(account);
    }),
  };
}
