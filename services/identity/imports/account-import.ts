import type { MadeAccount } from '../../shared/contracts/api/centre/identity.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { AccountRowFault } from '../../shared/domain/people/account-list.js';
import { isPerson } from '../../shared/domain/proof.js';
import { mayUse, type Principal } from '../../shared/domain/people/rights.js';
import type { Audit } from '../../shared/platform/http/route.js';
import { isPartOf, scopeInAccount } from '../account-scope.js';
import type { AccountService } from '../account-service.js';
import type { AccountStore } from '../ports.js';
import type { TeamService } from '../teams/team-service.js';
import type { ListedAccount, ReadAccounts, RefusedAccount } from './account-list.js';

/** The number of accounts that one request creates: each costs a password hash, and their first passwords are only in this answer. */
const PORTION = 20;

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
  readonly service: Pick<AccountService, 'create'>;
  readonly teams: Pick<TeamService, 'visibleTo' | 'move' | 'refuseMove'>;
  readonly queuesOf: () => Promise<readonly MemberQueue[]>;
  readonly newPassword: () => string;
  readonly audit: Audit;
}

export interface AccountImportReport {
  readonly rows: number;
  readonly good: number;
  readonly refused: readonly RefusedAccount[];
  readonly sha256: string;
  readonly committed: boolean;
  readonly made: readonly MadeAccount[];
  /** The last processed line when others are left; null when none are. */
  readonly next: number | null;
}

interface Asked {
  readonly bytes: Uint8Array;
  readonly fileName: string;
  readonly commit: boolean;
  /** Only rows after this line are processed. */
  readonly after: number;
}

type Checked = Omit<ListedAccount, 'team'> & { readonly teamId: string | null };

/** The fault of a row, if an account created by hand would have been refused for it too. */
const faultOf = (error: unknown): AccountRowFault | undefined => {
  if (!(error instanceof CallCentreError)) return undefined;
  if (error.code === 'already-exists') return 'known';
  return error.code === 'outside-scope' ? 'beyond-own' : undefined;
};

/**
 * Creates accounts from a list, each as if by hand: the same rules for scope, roles and teams, the same second administrator, the same row
 * in the audit log. A row becomes an account, or is refused with its reason. Rows are processed in the order of the list, some in each
 * request.
 */
export function createAccountImport({ readFile, accounts, service, teams, queuesOf, newPassword, audit }: AccountImportNeeds) {
  /** Checks each row as far as possible before its account is created. */
  async function createCheck(principal: Principal): Promise<(row: ListedAccount) => Promise<Checked | AccountRowFault>> {
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

  async function make(
    principal: Principal,
    { line, name, displayName, roles, scope, teamId, serves, skills }: Checked,
    from: string,
  ): Promise<MadeAccount> {
    const password = newPassword();
    const { account, waiting } = await service.create(principal, { name, displayName, password, roles, scope }, from);
    if (teamId !== null) await teams.move(principal, account.id, teamId, from);
    return { line, id: account.id, name, displayName, password, serves: [...serves], skills, waiting: waiting.length };
  }

  /**
   * Creates up to a portion of accounts. A failure ends it: the answer contains what was created before, and the next request reports what
   * is wrong.
   */
  async function makeSome(principal: Principal, rows: readonly Checked[], from: string) {
    const made: MadeAccount[] = [];
    const refused: RefusedAccount[] = [];
    for (const row of rows.slice(0, PORTION)) {
      try {
        made.push(await make(principal, row, from));
      } catch (error) {
        const fault = faultOf(error);
        if (fault !== undefined) refused.push({ line: row.line, fault });
        else if (made.length === 0) throw error;
        else return { made, refused, next: row.line - 1 };
      }
    }
    const last = rows[PORTION - 1];
    return { made, refused, next: last === undefined || rows.length === PORTION ? null : last.line };
  }

  return async ({ bytes, fileName, commit, after }: Asked, principal: Principal, from: string): Promise<AccountImportReport> => {
    const list = await readFile(bytes);
    if (list.missing.length > 0)
      throw new CallCentreError('invalid-request', `Columns are missing: ${list.missing.join(', ')}.`, {
        details: { columns: list.missing },
      });
    const check = await createCheck(principal);
    const refused = list.refused.filter(({ line }) => line > after);
    const good: Checked[] = [];
    for (const row of list.rows.filter(({ line }) => line > after)) {
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
      after: { fileName, sha256: list.sha256, rows, good: good.length, after },
    });
    const some = commit ? await makeSome(principal, good, from) : { made: [], refused: [], next: null };
    // Rows after the last processed line belong to the next request.
    const until = some.next ?? Number.POSITIVE_INFINITY;
    return {
      ...{ rows, good: commit ? some.made.length : good.length, sha256: list.sha256, committed: commit, made: some.made, next: some.next },
      refused: [...refused, ...some.refused].filter(({ line }) => line <= until).sort((a, b) => a.line - b.line),
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
