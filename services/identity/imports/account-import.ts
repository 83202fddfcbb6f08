import { CallCentreError } from '../../shared/domain/failure.js';
import type { AccountRowFault } from '../../shared/domain/people/account-list.js';
import { isPerson } from '../../shared/domain/proof.js';
import { mayUse, type Principal } from '../../shared/domain/people/rights.js';
import type { Audit } from '../../shared/platform/http/route.js';
import { isPartOf, scopeInAccount } from '../account-scope.js';
import type { AccountStore, Chance } from '../ports.js';
import type { TeamService } from '../teams/team-service.js';
import type { ListedAccount, ReadAccounts, RefusedAccount } from './account-list.js';
import type { ImportOrderStore, OrderRow } from './import-order.js';

interface MemberQueue {
  readonly id: string;
  readonly name: Readonly<Record<string, string>>;
  readonly members: 'everyone' | readonly string[];
}

/** Nobody is given a queue that only parts of the system serve. */
const isOfPeople = ({ members }: MemberQueue): boolean => members === 'everyone' || members.length === 0 || members.some(isPerson);

export interface AccountImportNeeds {
  readonly readFile: (bytes: Uint8Array) => Promise<ReadAccounts & { readonly sha256: string }>;
  readonly accounts: Pick<AccountStore, 'all' | 'byId'>;
  readonly teams: Pick<TeamService, 'visibleTo' | 'refuseMove'>;
  readonly queuesOf: () => Promise<readonly MemberQueue[]>;
  readonly orders: Pick<ImportOrderStore, 'add'>;
  readonly chance: Pick<Chance, 'id'>;
  readonly now: () => Date;
  readonly audit: Audit;
}

export interface AccountImportReport {
  readonly rows: number;
  readonly good: number;
  readonly refused: readonly RefusedAccount[];
  readonly sha256: string;
  readonly committed: boolean;
  /** The import that creates the accounts; null after a mere check, and when no row is good. */
  readonly order: string | null;
}

interface Asked {
  readonly bytes: Uint8Array;
  readonly fileName: string;
  readonly commit: boolean;
}

/**
 * Checks a list of people by the rules of accounts that are created by hand: scope, roles and teams. A row is good, or is refused with its
 * reason. When the person confirms, the good rows become an import order; `createImportOrders` carries it out.
 */
export function createAccountImport({ readFile, accounts, teams, queuesOf, orders, chance, now, audit }: AccountImportNeeds) {
  /** Checks each row as far as possible before its account is created. */
  async function createCheck(principal: Principal): Promise<(row: ListedAccount) => Promise<OrderRow | AccountRowFault>> {
    const [all, own, seen, queues] = await Promise.all([
      accounts.all(),
      scopeInAccount(accounts, principal),
      teams.visibleTo(principal),
      queuesOf(),
    ]);
    const taken = new Set(all.map(({ name }) => name));
    const byText = <T extends { readonly id: string; readonly name: object }>(list: readonly T[], text: string): T | undefined =>
      list.find(({ id }) => id === text) ?? list.find(({ name }) => Object.values(name).includes(text));
    const open = seen.map(({ team }) => team).filter(({ closedAt }) => closedAt === undefined);
    const mayGiveWork = mayUse(principal, 'queues.edit');
    return async ({ team: written, ...row }) => {
      if (taken.has(row.name)) return 'known';
      if (!isPartOf(row.scope, own)) return 'beyond-own';
      const team = written === '' ? undefined : byText(open, written);
      if (written !== '' && team === undefined) return 'team';
      if (team !== undefined && (await isRefused(() => teams.refuseMove(principal, team.id)))) return 'team';
      if (row.serves.length + Object.keys(row.skills).length > 0 && !mayGiveWork) return 'work';
      const serves = row.serves.flatMap((text) => byText(queues.filter(isOfPeople), text)?.id ?? []);
      if (serves.length < row.serves.length) return 'serves';
      return { ...row, serves, teamId: team?.id ?? null };
    };
  }

  return async ({ bytes, fileName, commit }: Asked, principal: Principal, from: string): Promise<AccountImportReport> => {
    const list = await readFile(bytes);
    if (list.missing.length > 0)
      throw new CallCentreError('invalid-request', `Columns are missing: ${list.missing.join(', ')}.`, {
        details: { columns: list.missing },
      });
    const check = await createCheck(principal);
    const refused = [...list.refused];
    const good: OrderRow[] = [];
    for (const row of list.rows) {
      const checked = await check(row);
      if (typeof checked === 'string') refused.push({ line: row.line, fault: checked });
      else good.push(checked);
    }
    const rows = list.rows.length + list.refused.length;
    await audit({
      who: principal.userId,
      what: commit ? 'account.list-imported' : 'account.list-tried',
      object: `account-list:${list.sha256.slice(0, 16)}`,
      from,
      success: true,
      after: { fileName, sha256: list.sha256, rows, good: good.length },
    });
    const order = commit && good.length > 0 ? chance.id() : null;
    if (order !== null)
      await orders.add({
        ...{ id: order, fileName, sha256: list.sha256, askedBy: principal.userId, askedAt: now() },
        ...{ rows: good, refused: [], handed: [] },
      });
    return {
      ...{ rows, good: good.length, sha256: list.sha256, committed: commit, order },
      refused: refused.sort((a, b) => a.line - b.line),
    };
  };
}
export type AccountImport = ReturnType<typeof createAccountImport>;

async function isRefused(ask: () => Promise<void>): Promise<boolean> {
  try {
    await ask();
    return false;
  } catch (error) {
    if (error instanceof CallCentreError) return true;
    throw error;
  }
}
