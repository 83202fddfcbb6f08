import type { AccountBatchRefusal } from '../../shared/domain/people/batch.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { UserId } from '../../shared/domain/ids.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import { moved, teamNow } from '../../shared/domain/people/team.js';
import type { Audit } from '../../shared/platform/http/route.js';
import { allOrNone } from '../../shared/platform/stores/all-or-none.js';
import { isPartOf, scopeInAccount } from '../account-scope.js';
import type { Account } from '../account.js';
import type { AccountService } from '../account-service.js';
import type { Exclusive } from '../changes/ports.js';
import { lostRole } from '../last-administrator.js';
import type { AccountStore } from '../ports.js';
import { isSettingUp, type SettleRule } from '../settled.js';
import type { TeamDependencies, TeamService } from '../teams/team-service.js';

/** The fields of an account that are changed for several people at once. */
export interface BatchFields {
  readonly teamId?: string | null | undefined;
  readonly disabled?: boolean | undefined;
}
export interface AccountBatchRow {
  readonly id: UserId;
  /** As the page read them. */
  readonly before: BatchFields;
  readonly after: BatchFields;
}
export interface AccountBatchResult {
  readonly done: boolean;
  readonly rows: readonly { readonly id: string; readonly name?: string; readonly refused?: AccountBatchRefusal }[];
}

export interface AccountBatchNeeds {
  readonly accounts: Pick<AccountStore, 'all' | 'byId' | 'change'>;
  readonly service: Pick<AccountService, 'visibleTo'>;
  /** `today`: the start of the day at the site, from which a move counts. */
  readonly teams: Pick<TeamService, 'refuseMove'> & Pick<TeamDependencies, 'today'>;
  readonly exclusive: Exclusive;
  readonly audit: Audit;
  readonly now: () => Date;
  readonly settle: SettleRule;
  readonly endAllOf: (userId: UserId, reason: string) => Promise<void>;
}

interface Present {
  readonly teamId: string | null;
  readonly disabled: boolean;
}

const fieldsOf = ({ memberships, disabled }: Account): Present => ({ teamId: teamNow(memberships) ?? null, disabled });
const isAsRead = (now: Present, { teamId, disabled }: BatchFields): boolean =>
  (teamId === undefined || teamId === now.teamId) && (disabled === undefined || disabled === now.disabled);
const wordOf = (disabled: boolean): string => (disabled ? 'closed' : 'open');

/**
 * Changes team and state of several accounts, each by the rules by which it is changed alone. Without `commit` nothing is changed, and each
 * row says whether it would be refused; with it, one refused row leaves all rows unchanged. Each person has a row of their own in the audit
 * log.
 */
export function createAccountBatch(needs: AccountBatchNeeds) {
  const { accounts, service, teams, exclusive, audit, now, settle, endAllOf } = needs;

  /** What becomes of each row, in order: the refusals of later rows depend on the rows before. */
  async function judged(by: Principal, rows: readonly AccountBatchRow[]) {
    const [all, own, seen] = await Promise.all([accounts.all(), scopeInAccount(accounts, by), service.visibleTo(by)]);
    const names = new Map(seen.map(({ id, displayName }) => [id, displayName]));
    const moves = new Map<string | null, Promise<AccountBatchRefusal | undefined>>();
    const mayMove = (teamId: string | null): Promise<AccountBatchRefusal | undefined> => {
      const asked = moves.get(teamId) ?? refusalOfMove(teams, by, teamId);
      moves.set(teamId, asked);
      return asked;
    };
    let then: readonly Account[] = all;
    const outcomes = [];
    for (const { id, before, after } of rows) {
      const account = then.find((each) => each.id === id);
      const refused = await (async (): Promise<AccountBatchRefusal | undefined> => {
        if (account === undefined || !isPartOf(account.scope, own)) return 'out-of-reach';
        if (id === by.userId) return 'own-account';
        const present = fieldsOf(account);
        if (!isAsRead(present, before)) return 'changed';
        if (after.teamId !== undefined && after.teamId !== present.teamId) {
          const move = await mayMove(after.teamId);
          if (move !== undefined) return move;
        }
        const changed = { ...account, disabled: after.disabled ?? account.disabled };
        if (lostRole(then, changed) !== undefined) return 'last-administrator';
        then = then.map((each) => (each.id === id ? changed : each));
        return undefined;
      })();
      const name = names.get(id);
      outcomes.push({
        row: { id, ...(name === undefined ? {} : { name }), ...(refused === undefined ? {} : { refused }) },
        account: all.find((each) => each.id === id),
        after,
      });
    }
    return { outcomes, alone: isSettingUp(all, now(), settle) };
  }

  return async (by: Principal, rows: readonly AccountBatchRow[], commit: boolean, from: string): Promise<AccountBatchResult> => {
    const closed: UserId[] = [];
    const result = await exclusive(async () => {
      const { outcomes, alone } = await judged(by, rows);
      const answer = outcomes.map(({ row }) => row);
      if (!commit || answer.some(({ refused }) => refused !== undefined)) return { done: false, rows: answer };
      const changes = outcomes.flatMap(({ account, after }) => {
        const change = account === undefined ? undefined : changeOf(account, after, needs, alone);
        return account === undefined || change === undefined ? [] : [{ account, change }];
      });
      for (const { account, change } of changes)
        await audit({
          who: by.userId,
          what: change.fields.disabled === undefined ? 'account.team-changed' : 'account.changed',
          object: account.id,
          from,
          success: true,
          before: fieldsOf(account),
          after: change.fields,
          reason: `${change.reason} (${String(changes.length)} together)`,
        });
      await allOrNone(
        changes.map(({ account, change }) => ({
          run: () => accounts.change(account.id, change.stored),
          takeBack: () => accounts.change(account.id, { disabled: account.disabled, memberships: account.memberships ?? [] }),
        })),
      );
      closed.push(...changes.filter(({ change }) => change.fields.disabled === true).map(({ account }) => account.id));
      return { done: true, rows: answer };
    });
    for (const id of closed) await endAllOf(id, 'account-changed');
    return result;
  };
}
export type AccountBatch = ReturnType<typeof createAccountBatch>;

/** What is stored of a row, and how the audit log says it; undefined when nothing differs. */
function changeOf(
  account: Account,
  { teamId, disabled }: BatchFields,
  { now, teams }: Pick<AccountBatchNeeds, 'now' | 'teams'>,
  alone: boolean,
) {
  const present = fieldsOf(account);
  const isMoved = teamId !== undefined && teamId !== present.teamId;
  const isTurned = disabled !== undefined && disabled !== present.disabled;
  if (!isMoved && !isTurned) return undefined;
  // Whoever opens an account again cannot at once let its person decide.
  const touched = isTurned && !disabled && !alone;
  return {
    fields: { ...(isMoved ? { teamId } : {}), ...(isTurned ? { disabled } : {}) } satisfies BatchFields,
    stored: {
      ...(isMoved ? { memberships: moved(account.memberships ?? [], teamId, teams.today()) } : {}),
      ...(isTurned ? { disabled } : {}),
      ...(touched ? { touchedAt: now() } : {}),
    } satisfies Partial<Account>,
    reason: [
      ...(isMoved ? [`${present.teamId ?? '-'} → ${teamId ?? '-'}`] : []),
      ...(isTurned ? [`${wordOf(present.disabled)} → ${wordOf(!present.disabled)}`] : []),
    ].join(', '),
  };
}

async function refusalOfMove(
  teams: Pick<TeamService, 'refuseMove'>,
  by: Principal,
  teamId: string | null,
): Promise<AccountBatchRefusal | undefined> {
  try {
    await teams.refuseMove(by, teamId);
    return undefined;
  } catch (error) {
    if (!(error instanceof CallCentreError)) throw error;
    return error.code === 'outside-scope' ? 'team-scope' : 'team';
  }
}
