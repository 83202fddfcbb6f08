import { CallCentreError } from '../../shared/domain/failure.js';
import { mayUse, type Principal, type Scope } from '../../shared/domain/people/rights.js';
import type { ExportKind, ExportQuery, ExportRun } from '../../shared/platform/reach/export-kind.js';
import type { Audit } from '../../shared/platform/http/route.js';
import { isPartOf } from '../account-scope.js';
import { mayDecide, mayTake, TAKEN_MOST, type ExportRequest } from './export.js';
import type { ExportStore } from './ports.js';
import type { UserId } from '../../shared/domain/ids.js';

const SHOWN = 200;

export interface ExportDependencies {
  readonly kinds: readonly ExportKind[];
  readonly store: ExportStore;
  readonly audit: Audit;
  /** The scope as stored in the account of a person. */
  readonly scopeOf: (principal: Principal) => Promise<Scope>;
  /** Whether the person's account may already decide about requests of others. */
  readonly settled: (userId: UserId) => Promise<boolean>;
  readonly newId: () => string;
  readonly now: () => Date;
}

/**
 * Bulk exports: requested by one person, approved by another, downloaded by the first. Each step is recorded in the audit log before it
 * happens.
 */
export function createExportService({ kinds, store, audit, scopeOf, settled, newId, now }: ExportDependencies) {
  function kindFor(principal: Principal, name: string): ExportKind {
    const kind = kinds.find((each) => each.name === name);
    if (kind === undefined) throw new CallCentreError('not-found', 'There is no such export.');
    if (!mayUse(principal, kind.right)) throw new CallCentreError('not-allowed', 'Your role does not include this.');
    return kind;
  }
  async function known(id: string): Promise<ExportRequest> {
    const request = await store.byId(id);
    if (request === undefined) throw new CallCentreError('not-found', 'There is no such export.');
    return request;
  }

  return {
    kindsOf: (principal: Principal): readonly ExportKind[] => kinds.filter(({ right }) => mayUse(principal, right)),

    /** The person's own requests, and for approvers the requests within their scope. */
    async list(principal: Principal): Promise<ExportRequest[]> {
      const [all, own] = await Promise.all([store.newest(SHOWN), scopeOf(principal)]);
      const approves = mayUse(principal, 'exports.approve');
      return all.filter(({ askedBy, scope }) => askedBy === principal.userId || (approves && isPartOf(scope, own)));
    },

    /** Whether a request concerns a person: it is their own, or lies within their scope. */
    async reaches(principal: Principal, id: string): Promise<boolean> {
      const [request, own] = await Promise.all([store.byId(id), scopeOf(principal)]);
      return request !== undefined && (request.askedBy === principal.userId || isPartOf(request.scope, own));
    },

    async ask(principal: Principal, kindName: string, query: ExportQuery, reason: string, from: string): Promise<ExportRequest> {
      const kind = kindFor(principal, kindName);
      const rows = await kind.count(query, principal);
      if (rows > kind.maxRows)
        throw new CallCentreError('too-large', `At most ${kind.maxRows} rows are exported at once.`, {
          details: { rows, max: kind.maxRows },
        });
      const request: ExportRequest = {
        id: newId(),
        kind: kind.name,
        query,
        rows,
        reason,
        askedBy: principal.userId,
        askedByName: principal.name,
        scope: await scopeOf(principal),
        askedAt: now(),
        runs: 0,
      };
      await audit({
        who: principal.userId,
        what: 'export.asked',
        object: `${kind.name}/${request.id}`,
        from,
        success: true,
        reason,
        after: { query, rows },
      });
      await store.add(request);
      return request;
    },

    async decide(principal: Principal, id: string, approved: boolean, note: string | undefined, from: string): Promise<void> {
      const request = await known(id);
      const settledBy = await settled(principal.userId);
      const allowed = mayDecide(request, principal, now()) && (settledBy || !approved);
      await audit({
        who: principal.userId,
        what: approved ? 'export.approved' : 'export.refused',
        object: `${request.kind}/${id}`,
        from,
        success: allowed,
        ...(note === undefined ? {} : { reason: note }),
      });
      if (request.askedBy === principal.userId) throw new CallCentreError('second-person-needed', 'A second person has to decide.');
      if (approved && !settledBy) throw new CallCentreError('not-settled', 'This account may not approve anything yet.');
      const decision = { approved, by: principal.userId, byName: principal.name, at: now(), ...(note === undefined ? {} : { note }) };
      if (!allowed || !(await store.decide(id, decision)))
        throw new CallCentreError('wrong-state', 'This request has been decided or has expired.');
    },

    async take(principal: Principal, id: string, from: string, response: ExportRun['response']): Promise<void> {
      const request = await known(id);
      const kind = kindFor(principal, request.kind);
      const allowed = mayTake(request, principal, now()) && (await store.countRun(id, now(), TAKEN_MOST));
      await audit({
        who: principal.userId,
        what: 'export.taken',
        object: `${kind.name}/${id}`,
        from,
        success: allowed,
        reason: request.reason,
      });
      if (!allowed)
        throw new CallCentreError('not-allowed', 'A second person has to approve this first.', { details: { need: 'approval' } });
      await kind.send(request.query, { principal, from, exportId: id, reason: request.reason, response });
    },
  };
}
export type ExportService = ReturnType<typeof createExportService>;
