import { CallCentreError } from '../../shared/domain/failure.js';
import { maskNumber, normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import { mayUse, type Principal } from '../../shared/domain/people/rights.js';
import { newId } from '../../shared/platform/stores/new-id.js';
import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import type { NumberLookUps } from '../../shared/platform/reach/number-look-ups.js';
import { handled, route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { Reads } from '../../shared/records/reads.js';
import { legIdOf } from '../adapters/leg-id.js';
import { pcapOf } from '../adapters/traces/pcap.js';
import { ladderOf, shownLeg } from './ladder.js';
import { MOST_ORDERS, TRACE_BYTES, TRACE_HOURS, type KeptLeg, type TraceOrder, type TraceStore } from './trace.js';
import type { CallId, TrunkId } from '../../shared/domain/ids.js';

/** The number of legs in a list. Older legs are found through their call. */
const SHOWN_LEGS = 200;
/** What a ladder shows besides the messages. */
const SEAT_MARKS: ReadonlySet<string> = new Set([
  'queued',
  'offered',
  'offer-ended',
  'agent-answered',
  'seat-lost',
  'seat-back',
  'agent-left',
]);

export interface TraceRoutesDependencies {
  readonly store: TraceStore;
  readonly reads: Pick<Reads, 'calls'>;
  readonly audit: Audit;
  readonly lookUps: NumberLookUps;
  readonly hashNumber: NumberHash;
  readonly trunkIds: () => Promise<readonly string[]>;
  readonly nowMs: () => number;
}

/** SIP traces: requesting, viewing, and exporting for a carrier. Each of the three writes a row to the audit log first. */
export function createTraceRoutes(deps: TraceRoutesDependencies): Route[] {
  const { store, reads, audit, lookUps } = deps;
  async function callOf(callId: CallId) {
    const call = await reads.calls.one(callId, ['sipCallId', 'dialled', 'history', 'callerNumber']);
    if (call === undefined) throw new CallCentreError('not-found', 'No such call');
    return call;
  }

  /** The stored legs of a call, in order of time. */
  async function legsOf(call: Awaited<ReturnType<typeof callOf>>): Promise<KeptLeg[]> {
    const attempts = new Set(call.dialled.map(({ attemptId }) => attemptId));
    const outside = (await store.legs()).flatMap(({ leg }) => (attempts.has(leg.attemptId ?? '') ? [leg.legId] : []));
    const ids = [...new Set([...(call.sipCallId === '' ? [] : [legIdOf(call.sipCallId)]), ...outside])];
    const legs = (await Promise.all(ids.map((id) => store.leg(id)))).filter((leg) => leg !== undefined);
    return legs.toSorted((a, b) => a.leg.startedAt.localeCompare(b.leg.startedAt));
  }

  const looked = (principal: Principal, object: string, from: string): Promise<void> =>
    audit({ who: principal.userId, what: 'sip-trace.read', object, from, success: true });

  return [
    route('GET /sip-traces', {
      reach: { kind: 'site' },
      handle: async () => {
        const [orders, legs] = await Promise.all([store.orders(), store.legs()]);
        return {
          orders: orders
            .toSorted((a, b) => a.from.localeCompare(b.from))
            .map(({ scope, ...order }) => ({
              ...order,
              kind: scope.kind,
              ...(scope.kind === 'trunk' ? { trunkId: scope.trunkId } : {}),
              ...(scope.kind === 'number' ? { numberMasked: scope.numberMasked } : {}),
            })),
          kept: {
            legs: legs.length,
            bytes: legs.reduce((sum, { bytes }) => sum + bytes, 0),
            ...{ limitBytes: TRACE_BYTES, hours: TRACE_HOURS, mostOrders: MOST_ORDERS },
          },
          legs: legs.slice(0, SHOWN_LEGS).map(({ leg, lost }) => shownLeg(leg, lost)),
        };
      },
    }),
    ...createOrderRoutes(deps),
    route('GET /sip-traces/legs/:legId', {
      reach: { kind: 'site' },
      handle: async ({ principal, params: { legId }, from }) => {
        const leg = await store.leg(legId);
        if (leg === undefined) throw new CallCentreError('not-found', 'Nothing is stored for this leg.');
        await looked(principal, `sip-leg:${legId}`, from);
        return ladderOf([leg]);
      },
    }),
    route('GET /calls/:callId/sip-trace', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params: { callId }, from }) => {
        const call = await callOf(callId);
        const legs = await legsOf(call);
        // Where nothing is stored, nothing was viewed, so nothing is logged.
        if (legs.length === 0) return ladderOf([]);
        await looked(principal, `call:${callId}`, from);
        return ladderOf(
          legs,
          call.history.filter(({ what }) => SEAT_MARKS.has(what)),
        );
      },
    }),
    route('GET /calls/:callId/sip-trace.pcap', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params: { callId }, query: { reason }, from, response }) => {
        if (!mayUse(principal, 'traces.read')) throw new CallCentreError('not-allowed', 'You may not read SIP traces.');
        const call = await callOf(callId);
        const legs = await legsOf(call);
        if (legs.length === 0) throw new CallCentreError('not-found', 'Nothing is stored for this call.');
        const entry = { who: principal.userId, what: 'sip-trace.taken', object: `call:${callId}`, from, reason } as const;
        await lookUps.take(principal, call.callerNumber).catch(async (error: unknown) => {
          await audit({ ...entry, success: false });
          throw error;
        });
        const body = pcapOf(legs);
        await audit({ ...entry, success: true });
        response.attachment(`sip-${callId}.pcapng`).type('application/x-pcapng').end(body);
        return handled;
      },
    }),
  ];
}

/** Trace orders: switched on and off. */
function createOrderRoutes({
  store,
  audit,
  hashNumber,
  trunkIds,
  nowMs,
}: Pick<TraceRoutesDependencies, 'store' | 'audit' | 'hashNumber' | 'trunkIds' | 'nowMs'>): Route[] {
  async function scopeOf(
    scope:
      | { readonly kind: 'all' }
      | { readonly kind: 'trunk'; readonly trunkId: TrunkId }
      | { readonly kind: 'number'; readonly number: string },
  ): Promise<TraceOrder['scope']> {
    if (scope.kind === 'trunk' && !(await trunkIds()).includes(scope.trunkId))
      throw new CallCentreError('not-found', 'There is no such trunk.');
    if (scope.kind !== 'number') return scope;
    const number = normaliseNumber(scope.number);
    const numberHash = number === undefined ? undefined : hashNumber(number);
    if (number === undefined || numberHash === undefined) throw new CallCentreError('invalid-request', 'This is not a telephone number.');
    return { kind: 'number', numberHash, numberMasked: maskNumber(number) };
  }

  return [
    route('POST /sip-traces', {
      reach: { kind: 'site' },
      handle: async ({ principal, body, from }) => {
        const scope = await scopeOf(body.scope);
        if ((await store.orders()).length >= MOST_ORDERS) throw tooMany();
        const nowIs = nowMs();
        const [id, until] = [newId(), new Date(nowIs + body.minutes * 60_000).toISOString()];
        const entry = { who: principal.userId, what: 'sip-trace.asked', object: `sip-trace:${id}`, from, reason: body.reason } as const;
        await audit({ ...entry, success: true, after: { scope, until } });
        const order = { id, scope, reason: body.reason, by: principal.userId, from: new Date(nowIs).toISOString(), until };
        if (!(await store.keepOrder(order))) {
          // Others have added orders since the count above.
          await audit({ ...entry, success: false });
          throw tooMany();
        }
        return { id, until };
      },
    }),
    route('DELETE /sip-traces/:id', {
      reach: { kind: 'site' },
      handle: async ({ principal, params: { id }, from }) => {
        if (!(await store.orders()).some((order) => order.id === id)) throw new CallCentreError('not-found', 'There is no such trace.');
        await audit({ who: principal.userId, what: 'sip-trace.ended', object: `sip-trace:${id}`, from, success: true });
        await store.dropOrder(id);
      },
    }),
  ];
}

const tooMany = (): CallCentreError =>
  new CallCentreError('already-exists', `${String(MOST_ORDERS)} traces are on already: end one first.`, {
    details: { limit: 'traces', most: MOST_ORDERS },
  });
