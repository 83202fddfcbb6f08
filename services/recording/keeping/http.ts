import { randomUUID } from 'node:crypto';
import type { ErasureRest } from '../../shared/contracts/customer.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { NamedObject } from '../../shared/domain/people/named-object.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import { withinReach, type ReachOf } from '../../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import { deleteOne } from '../archive/keeper.js';
import type { DeletionStore, LockProbes, ObjectArchive, Recording, RecordingStore, RetentionSettings } from '../archive/ports.js';
import { belowMinimum, isRetentionClass, retentionClasses, type RetentionDays } from '../archive/retention.js';
import { newRequest, whyNotDelete, type RightsRequest, type RightsRequestStore } from '../archive/rights-requests.js';
import type { LedgerVerdict } from '../ledger/ledger-check.js';
import type { LedgerStore, SheetStore } from '../ledger/ports.js';

export interface KeepingRoutesDependencies {
  readonly recordings: RecordingStore;
  readonly archive: ObjectArchive;
  readonly deletions: DeletionStore;
  readonly probes: LockProbes;
  readonly retention: RetentionSettings;
  readonly requests: RightsRequestStore;
  readonly ledger: LedgerStore;
  readonly sheets: SheetStore;
  readonly customers: CustomerErasure;
  readonly check: (seed: string | undefined) => Promise<LedgerVerdict>;
  readonly reachOf: ReachOf;
  readonly audit: Audit;
  readonly now: () => Date;
}

/** Removes the record of a customer on request; wired by the composition root. */
export interface CustomerErasure {
  /** Returns what stays on record; undefined when the customer is gone already. */
  erase(id: string, by: { readonly who: string; readonly from: string; readonly reason: string }): Promise<ErasureRest | undefined>;
  /** Fails with `not-found` when there is none. */
  present(id: string): Promise<void>;
  gone(id: string): Promise<boolean>;
}

/** Retention, legal hold, deletion, people's requests, and the ledger: for compliance. */
export const createKeepingHttp = (deps: KeepingRoutesDependencies): Route[] => [
  ...retentionRoutes(deps),
  ...holdRoutes(deps),
  ...deletionRoutes(deps),
  ...requestRoutes(deps),
  ...ledgerRoutes(deps),
];

function finderOf({ recordings, reachOf }: KeepingRoutesDependencies) {
  return async (principal: Principal | undefined, id: string): Promise<Recording> => {
    const recording = await recordings.find(id);
    if (recording === undefined || !withinReach(await reachOf(principal), recording.facets, recording.startedAt))
      throw new CallCentreError('not-found', 'there is no such recording');
    return recording;
  };
}

const retentionRoutes = ({ audit, ...deps }: KeepingRoutesDependencies): Route[] => [
  route('GET /retention', {
    reach: { kind: 'common' },
    handle: async () => {
      const set = await deps.retention.get();
      return {
        classes: Object.entries(retentionClasses).map(([name, rule]) => ({ name, ...rule, days: set[name as keyof RetentionDays] })),
      };
    },
  }),
  route('PUT /retention', {
    reach: { kind: 'site' },
    handle: async ({ principal, body, from }) => {
      const low = belowMinimum(body);
      const who = principal.userId;
      await audit({ who, what: 'retention.changed', from, success: low.length === 0, before: await deps.retention.get(), after: body });
      if (low.length > 0)
        throw new CallCentreError('below-legal-minimum', 'the law requires more days', {
          details: low.map((name) => ({
            field: name,
            minimumDays: retentionClasses[name].minimumDays,
            basis: retentionClasses[name].basis,
          })),
        });
      await deps.retention.set(body);
      return body;
    },
  }),
];

function holdRoutes(deps: KeepingRoutesDependencies): Route[] {
  const { recordings, archive, audit, now } = deps;
  const find = finderOf(deps);
  return [
    route('POST /recordings/:callId/holds', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params, body, from }) => {
        const recording = await find(principal, params.callId);
        const who = principal.userId;
        const hold = { id: randomUUID(), reason: body.reason, by: who, at: now().toISOString() };
        await audit({ who, what: 'recording.held', object: params.callId, from, success: true, reason: body.reason });
        if (!(await recordings.addHold(params.callId, hold))) throw new CallCentreError('not-found', 'this recording was deleted');
        if (recording.lockedUntil !== undefined) await archive.setLegalHold(recording.objectKey, recording.objectVersion, true);
        return hold;
      },
    }),
    route('DELETE /recordings/:callId/holds/:holdId', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params, from }) => {
        const who = principal.userId;
        await audit({ who, what: 'recording.released', object: params.callId, from, success: true, reason: params.holdId });
        await find(principal, params.callId);
        if (!(await recordings.removeHold(params.callId, params.holdId))) throw new CallCentreError('not-found', 'there is no such hold');
        const recording = await find(principal, params.callId);
        if (recording.holds.length === 0 && recording.lockedUntil !== undefined)
          await archive.setLegalHold(recording.objectKey, recording.objectVersion, false);
        return undefined;
      },
    }),
  ];
}

const deletionRoutes = ({ deletions, ...deps }: KeepingRoutesDependencies): Route[] => [
  route('GET /recording-deletions', {
    reach: { kind: 'site' },
    handle: async ({ query }) => ({ deletions: await deletions.list(query) }),
  }),
  route('GET /lock-probes', {
    reach: { kind: 'site' },
    handle: async ({ query }) => ({ probes: await deps.probes.newest(query.limit) }),
  }),
];

/** The subject of a request. */
const askedAbout = ({ callId, customerId }: Pick<RightsRequest, 'callId' | 'customerId'>): NamedObject[] => [
  customerId === undefined ? { of: 'call', id: callId } : { of: 'customer', id: customerId },
];

/** Carries out a granted deletion. */
function deleterOf(deps: KeepingRoutesDependencies) {
  const { recordings, archive, deletions, customers, audit, now } = deps;
  const find = finderOf(deps);
  return async ({ id, callId, customerId }: RightsRequest, principal: Principal, from: string): Promise<ErasureRest | undefined> => {
    const who = principal.userId;
    const rule = `request ${id} of the person`;
    if (customerId !== undefined) return customers.erase(customerId, { who, from, reason: rule });
    const recording = await find(principal, callId);
    const name = isRetentionClass(recording.retentionClass) ? recording.retentionClass : 'inbound';
    const why = whyNotDelete(recording, retentionClasses[name].minimumDays, now());
    if (why === 'below-legal-minimum')
      throw new CallCentreError(why, 'the law requires this recording to be kept longer', {
        details: { basis: retentionClasses[name].basis },
      });
    if (why !== undefined) throw new CallCentreError('wrong-state', 'this recording is held or deleted already', { details: { why } });
    await deleteOne({ recordings, archive, deletions, audit }, recording, { now: now(), by: who, rule });
    return undefined;
  };
}

function requestRoutes(deps: KeepingRoutesDependencies): Route[] {
  const { customers, audit, now } = deps;
  const find = finderOf(deps);
  const carryOut = deleterOf(deps);
  return [
    route('GET /rights-requests', {
      reach: { kind: 'site' },
      handle: async ({ query }) => ({ requests: await deps.requests.list(query) }),
    }),
    route('POST /rights-requests', {
      reach: { kind: 'objects', named: ({ body: { callId = '', customerId } }) => askedAbout({ callId, customerId }) },
      handle: async ({ principal, body, from }) => {
        if (body.customerId !== undefined) await customers.present(body.customerId);
        else await find(principal, body.callId ?? '');
        const who = principal.userId;
        const request = newRequest({ id: randomUUID(), takenBy: who, ...body, callId: body.callId ?? '' }, now());
        await audit({ who, what: 'rights-request.registered', object: request.id, from, success: true, reason: body.kind });
        await deps.requests.add(request);
        return request;
      },
    }),
    route('POST /rights-requests/:id/answer', {
      reach: {
        kind: 'objects',
        async named({ params }) {
          const request = await deps.requests.find(params.id);
          if (request === undefined) throw new CallCentreError('not-found', 'there is no such request');
          // A person whose record is gone, or was gone before the answer was written, is in nobody's reach; only the request is.
          return request.customerId !== undefined && (await customers.gone(request.customerId)) ? [] : askedAbout(request);
        },
      },
      handle: async ({ principal, params, body, from }) => {
        const request = await deps.requests.find(params.id);
        if (request === undefined) throw new CallCentreError('not-found', 'there is no such request');
        if (request.state !== 'open') throw new CallCentreError('wrong-state', 'this request is answered already');
        const who = principal.userId;
        const rest = body.granted && request.kind === 'delete' ? await carryOut(request, principal, from) : undefined;
        const state = body.granted ? 'granted' : 'refused';
        await audit({ who, what: `rights-request.${state}`, object: request.id, from, success: true, reason: body.text });
        await deps.requests.answer(request.id, state, {
          ...{ at: now().toISOString(), by: who, text: body.text },
          ...(rest === undefined ? {} : { rest }),
        });
        return deps.requests.find(request.id);
      },
    }),
  ];
}

const ledgerRoutes = ({ recordings, reachOf, audit, ...deps }: KeepingRoutesDependencies): Route[] => [
  route('GET /ledger/days', {
    reach: { kind: 'site' },
    handle: async ({ query }) => {
      const all = [];
      for await (const sheet of deps.sheets.inOrder()) all.push(sheet);
      return { days: all.reverse().slice(0, query.limit) };
    },
  }),
  route('GET /ledger/calls/:callId', {
    reach: { kind: 'object', of: 'call', param: 'callId' },
    handle: async ({ principal, params }) => {
      const reach = await reachOf(principal);
      // A call without a recording is in nobody's queue, so people who are limited to queues do not see it.
      const recording = await recordings.find(params.callId);
      if (!withinReach(reach, recording?.facets ?? {}, recording?.startedAt))
        throw new CallCentreError('not-found', 'the ledger has no such call');
      const row = await deps.ledger.ofCall(params.callId);
      if (row === undefined) throw new CallCentreError('not-found', 'the ledger has no such call');
      const { media: _media, pauses: _pauses, ...view } = row;
      return view;
    },
  }),
  route('POST /ledger/check', {
    reach: { kind: 'site' },
    handle: async ({ principal, query, from }) => {
      const verdict = await deps.check(query.seed);
      await audit({ who: principal.userId, what: 'ledger.checked', from, success: verdict.ok });
      return verdict;
    },
  }),
];
