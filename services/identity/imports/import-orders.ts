import type { MadeAccount } from '../../shared/contracts/api/centre/account-imports.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { AccountRowFault } from '../../shared/domain/people/account-list.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import type { Audit } from '../../shared/platform/http/route.js';
import { isPartOf, scopeInAccount } from '../account-scope.js';
import type { AccountService } from '../account-service.js';
import type { Account } from '../account.js';
import type { AccountStore, Passwords } from '../ports.js';
import { decides, strongAmong } from '../settled.js';
import type { RefusedAccount } from './account-list.js';
import { stateOfOrder, type ImportOrder, type ImportOrderStore, type OrderRow } from './import-order.js';

/** The number of accounts of one request: each costs a password hash. */
const PORTION = 20;

export interface ImportOrdersNeeds {
  readonly orders: ImportOrderStore;
  readonly accounts: Pick<AccountStore, 'byId' | 'byName' | 'ofImport' | 'renewFirst'>;
  readonly service: Pick<AccountService, 'create' | 'openMissing'>;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly newPassword: () => string;
  readonly now: () => Date;
  readonly audit: Audit;
}

/** The fault of a row, if an account created by hand would have been refused for it too. */
function faultOf(error: unknown, { teamId }: OrderRow): AccountRowFault | undefined {
  if (!(error instanceof CallCentreError)) return undefined;
  if (error.code === 'already-exists') return 'known';
  if (error.code === 'outside-scope') return 'beyond-own';
  // The team was closed after the list was checked.
  return teamId !== null && (error.code === 'wrong-state' || error.code === 'not-found') ? 'team' : undefined;
}

const madeOf = ({ line, name, displayName, serves, skills }: OrderRow, id: string, password: string, waiting: number): MadeAccount => ({
  ...{ line, id, name, displayName, password, waiting },
  ...{ serves: [...serves], skills },
});

/** What the acts on an import are made of. */
function createSteps({ orders, accounts, service, newPassword }: ImportOrdersNeeds) {
  /** Only the person who requested an import sees its passwords, and only that person carries it on. */
  async function own(principal: Principal, id: string): Promise<ImportOrder> {
    const order = await orders.byId(id);
    if (order?.askedBy !== principal.userId) throw new CallCentreError('not-found', 'There is no such import.');
    return order;
  }
  async function running(principal: Principal, id: string) {
    const order = await own(principal, id);
    if (order.endedAt !== undefined) throw new CallCentreError('wrong-state', 'This import has been ended.');
    return { order, ...stateOfOrder(order, await accounts.ofImport(id)), scope: await scopeInAccount(accounts, principal) };
  }

  async function make(principal: Principal, order: ImportOrder, row: OrderRow, from: string): Promise<MadeAccount> {
    const { line, name, displayName, roles, scope, teamId } = row;
    const password = newPassword();
    const madeFrom = { order: order.id, line };
    const { account, waiting } = await service.create(principal, { name, displayName, password, roles, scope, teamId, madeFrom }, from);
    return madeOf(row, account.id, password, waiting.length);
  }

  /** Whether this import has created the row meanwhile, from another page. */
  const isOwnRow = async ({ id }: ImportOrder, { name }: OrderRow): Promise<boolean> =>
    (await accounts.byName(name))?.madeFrom?.order === id;

  /** Requests what a process that died between account and request has not requested. */
  async function openMissing(principal: Principal, rows: readonly OrderRow[], byLine: ReadonlyMap<number, Account>, from: string) {
    for (const { line, roles } of rows) {
      const account = strongAmong(roles).length > 0 || decides(roles) ? byLine.get(line) : undefined;
      if (account !== undefined) await service.openMissing(principal, account, roles, from);
    }
  }
  return { own, running, make, isOwnRow, openMissing };
}

/**
 * Carries out confirmed imports, some rows at a time. Each step may be repeated after a process or a page has died: an account belongs to
 * its row by the same write that creates it, and a first password that nobody has saved is replaced by a new one.
 */
export function createImportOrders(needs: ImportOrdersNeeds) {
  const { orders, accounts, passwords, newPassword, now, audit } = needs;
  const { own, running, make, isOwnRow, openMissing } = createSteps(needs);

  return {
    /** The imports of a person in which something is left to do. */
    async list(principal: Principal) {
      const open = await orders.openOf(principal.userId);
      const states = await Promise.all(open.map(async (order) => ({ order, ...stateOfOrder(order, await accounts.ofImport(order.id)) })));
      return states
        .filter(({ left, unread }) => left.length + unread.length > 0)
        .map(({ order: { id, fileName, askedAt, rows, refused }, byLine, left, unread }) => ({
          ...{ id, fileName, askedAt, rows: rows.length, made: byLine.size, refused: refused.length },
          ...{ left: left.length, unread: unread.length },
        }));
    },

    /** Creates up to a portion of accounts. A failure ends it: the answer contains what was created before. */
    async goOn(principal: Principal, id: string, from: string) {
      const { order, left, byLine } = await running(principal, id);
      await openMissing(principal, order.rows, byLine, from);
      const made: MadeAccount[] = [];
      const refused: RefusedAccount[] = [];
      let done = 0;
      for (const row of left.slice(0, PORTION)) {
        try {
          made.push(await make(principal, order, row, from));
        } catch (error) {
          const fault = faultOf(error, row);
          if (fault === undefined && made.length === 0) throw error;
          if (fault === undefined) break;
          if (!(fault === 'known' && (await isOwnRow(order, row)))) {
            refused.push({ line: row.line, fault });
            await orders.refused(id, { line: row.line, fault });
          }
        }
        done += 1;
      }
      return { made, refused, left: left.length - done };
    },

    /** Gives new first passwords to accounts after a line whose first password nobody has saved. */
    async renew(principal: Principal, id: string, after: number, from: string) {
      const { unread, byLine, scope } = await running(principal, id);
      const rows = unread.filter(({ line, scope: ofRow }) => line > after && isPartOf(ofRow, scope));
      const made: MadeAccount[] = [];
      for (const row of rows.slice(0, PORTION)) {
        const account = byLine.get(row.line);
        if (account?.madeFrom === undefined) continue;
        const [password, at] = [newPassword(), now()];
        const passwordHash = await passwords.hash(password);
        await audit({
          ...{ who: principal.userId, what: 'account.changed', object: account.id, from, success: true },
          ...{ reason: 'first-password-of-import', after: { password: true, order: id } },
        });
        const isRenewed = await accounts.renewFirst(account.id, account.passwordSetAt, {
          ...{ passwordHash, passwordSetAt: at, madeFrom: { ...account.madeFrom, passwordAt: at } },
          passwordHistory: [account.passwordHash, ...account.passwordHistory],
        });
        if (isRenewed) made.push(madeOf(row, account.id, password, 0));
      }
      return { made, next: rows.length > PORTION ? (rows[PORTION - 1]?.line ?? null) : null };
    },

    /** The person has saved the first passwords of these lines: from now on nobody generates them again. */
    async handed(principal: Principal, id: string, lines: readonly number[]): Promise<void> {
      await own(principal, id);
      await orders.handed(id, lines);
    },

    /** Ends an import: remaining rows get no accounts, and no first password is generated again. */
    async end(principal: Principal, id: string, from: string): Promise<void> {
      const { order, left, unread } = await running(principal, id);
      await audit({
        ...{
          who: principal.userId,
          what: 'account.list-imported',
          object: `account-list:${order.sha256.slice(0, 16)}`,
          from,
          success: true,
        },
        reason: 'ended',
        after: { fileName: order.fileName, left: left.length, unread: unread.length },
      });
      await orders.end(id, now());
    },
  };
}
export type ImportOrders = ReturnType<typeof createImportOrders>;
