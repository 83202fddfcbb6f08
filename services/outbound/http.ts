import type { personStopScopes } from '../shared/domain/calls/calling-out.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { NamedObject } from '../shared/domain/people/named-object.js';
import type { Principal } from '../shared/domain/people/rights.js';
import { maskNumber, normaliseNumber } from '../shared/domain/numbers/phone-number.js';
import type { NumberHash } from '../shared/platform/reach/number-hash.js';
import { isScoped, type ReachesObject } from '../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../shared/platform/http/route.js';
import { createConsentRoutes, type ConsentsHttp } from './consents/consents-http.js';
import { createFraudRoutes, type FraudHttp } from './fraud/fraud-http.js';
import { knownNumber } from './known-number.js';
import {
  type AttemptStore,
  type ChangedBy,
  type NumberRegister,
  type RefusalStore,
  type RuleStore,
  type Stop,
  type StopStore,
  type WaysOut,
} from './ports.js';
import { wayRules } from './leaving/leaving-rules.js';
import { CAPS, OUTER_WINDOW, showFault } from './refusals/refusal.js';

export interface OutboundHttp extends FraudHttp, ConsentsHttp {
  readonly refusals: RefusalStore;
  readonly attempts: AttemptStore;
  readonly rules: RuleStore;
  readonly stops: StopStore;
  readonly register: NumberRegister;
  readonly waysOut: WaysOut;
  readonly reaches: ReachesObject;
  /** The day at the site, `YYYY-MM-DD`. */
  readonly today: () => string;
  readonly audit: Audit;
  readonly hashNumber: NumberHash;
  readonly newId: () => string;
}

/** The do-not-call list, consents, the outbound rules, the stop button, and the outcome of each outbound request. */
export function createOutboundRoutes(deps: OutboundHttp): Route[] {
  return [...refusalRoutes(deps), ...createConsentRoutes(deps), ...ruleRoutes(deps), ...stopRoutes(deps), ...createFraudRoutes(deps)];
}

function refusalRoutes({ refusals, audit, hashNumber }: OutboundHttp): Route[] {
  return [
    route('GET /do-not-call', {
      reach: { kind: 'site' },
      looksUp: ({ query }) => query.number,
      handle: async ({ query }) =>
        refusals.list({
          skip: query.skip,
          limit: query.limit,
          ...(query.number === undefined ? {} : { numberHash: knownNumber(query.number, hashNumber).numberHash }),
        }),
    }),
    route('POST /do-not-call', {
      reach: { kind: 'restraint' },
      handle: async ({ principal, body, from }) => {
        const wrong = body.numbers.flatMap((text, i) => (normaliseNumber(text) === undefined ? [i + 1] : []));
        if (wrong.length > 0)
          throw new CallCentreError('invalid-request', 'Nothing was imported: some lines are not numbers.', {
            details: { lines: wrong.slice(0, 500) },
          });
        const by = principal.userId;
        await audit({
          who: by,
          what: 'do-not-call.added',
          from,
          success: true,
          reason: body.reason,
          after: { numbers: body.numbers.length },
        });
        for (const { number, numberHash } of body.numbers.map((text) => knownNumber(text, hashNumber)))
          await refusals.put({
            numberHash,
            numberMasked: maskNumber(number),
            reason: body.reason,
            source: body.source,
            at: new Date(),
            by,
          });
        return { added: body.numbers.length };
      },
    }),
    route('POST /do-not-call/withdraw', {
      reach: { kind: 'site' },
      looksUp: ({ body }) => body.number,
      handle: async ({ principal, body, from }) => {
        const { numberHash } = knownNumber(body.number, hashNumber);
        const by = principal.userId;
        await audit({ who: by, what: 'do-not-call.withdrawn', object: numberHash, from, success: true, reason: body.evidence });
        if (!(await refusals.withdraw(numberHash, { at: new Date(), by, evidence: body.evidence })))
          throw new CallCentreError('not-found', 'This number is not on the list.');
      },
    }),
  ];
}

/** A stop that people set and lift here. The stop of a campaign belongs to its pause. */
type PersonStop = Stop & { readonly scope: (typeof personStopScopes)[number] };
const isPersonStop = (stop: Stop): stop is PersonStop => stop.scope !== 'campaign';

/** What a stop applies to. A person with a scope may stop and restart what is within that scope. */
function stopped({ scope, value }: Pick<PersonStop, 'scope' | 'value'>): NamedObject {
  if (scope === 'platform') return { of: 'site', id: '' };
  return { of: scope === 'client' ? 'client-unit' : scope, id: value };
}

const changedBy = ({ userId, name }: Principal): ChangedBy => ({ at: new Date(), by: userId, byName: name });

const personStops = async (stops: StopStore): Promise<PersonStop[]> => (await stops.stops()).filter(isPersonStop);

/** Everybody may read a stop of the whole platform. A stop of a part is shown to people whose scope includes the part. */
async function stopsSeenBy(principal: Principal | undefined, { stops, reaches }: OutboundHttp): Promise<PersonStop[]> {
  const all = await personStops(stops);
  if (principal === undefined || !isScoped(principal)) return all;
  const seen: PersonStop[] = [];
  for (const stop of all) {
    const { of, id } = stopped(stop);
    if (of === 'site' || (await reaches[of](principal, id, 'read'))) seen.push(stop);
  }
  return seen;
}

function ruleRoutes(deps: OutboundHttp): Route[] {
  const { attempts, rules, register, waysOut, today, audit, hashNumber } = deps;
  return [
    route('GET /outbound/attempts', {
      reach: { kind: 'site' },
      looksUp: ({ query }) => query.number,
      handle: async ({ query: { number, reason, ...page } }) => {
        const { attempts: found, total } = await attempts.list({
          ...page,
          ...(reason === undefined ? {} : { reason }),
          ...(number === undefined ? {} : { numberHash: knownNumber(number, hashNumber).numberHash }),
        });
        return { attempts: found.map(({ numberHash: _hash, ...rest }) => rest), total };
      },
    }),
    route('GET /outbound/rules', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => ({
        ...(await rules.inForce()),
        outerWindow: OUTER_WINDOW,
        caps: CAPS,
        stops: await stopsSeenBy(principal, deps),
      }),
    }),
    route('GET /outbound/rules/versions', {
      reach: { kind: 'site' },
      handle: async ({ query: { limit } }) => ({ versions: await rules.list(limit) }),
    }),
    route('GET /outbound/ways', {
      reach: { kind: 'site' },
      handle: async () => {
        const ways = await waysOut();
        const looked = ways.map(async (way) => {
          const [number, ofTrunk] = await Promise.all([
            register.number(way.from),
            register.trunkFault(way.trunkId, way.from, { forwards: false, today: today() }),
          ]);
          const fault = ofTrunk ?? showFault(number, today());
          return { ...way, ...(fault === undefined ? {} : { fault }) };
        });
        return { ways: await Promise.all(looked) };
      },
    }),
    route('PUT /outbound/rules', {
      reach: { kind: 'site' },
      handle: async ({ principal, body, from }) => {
        const { fromMinute, toMinute } = body.window;
        if (fromMinute < OUTER_WINDOW.fromMinute || toMinute > OUTER_WINDOW.toMinute)
          throw new CallCentreError('below-legal-minimum', 'The hours may be narrower than the outer limit, not wider.', {
            details: [{ at: 'window' }],
          });
        const { version, window, quiet } = await rules.inForce();
        const before = { version, window, quiet };
        await audit({ who: principal.userId, what: 'outbound.rules-changed', from, success: true, before, after: body });
        await rules.change(body, changedBy(principal));
      },
    }),
    route('PUT /outbound/ceilings', {
      reach: { kind: 'site' },
      handle: async ({ principal, body: { keepHours, ...body }, from }) => {
        const { version, ceilings, allowedKinds, ways } = await rules.inForce();
        const before = { version, ceilings, allowedKinds, ways };
        const numberMinutesADay = body.ceilings.numberMinutesADay ?? ceilings.numberMinutesADay;
        const after = {
          ...body,
          ceilings: { ...body.ceilings, numberMinutesADay },
          ...(keepHours === undefined ? {} : { ways: wayRules(keepHours) }),
        };
        await audit({ who: principal.userId, what: 'outbound.ceilings-changed', from, success: true, before, after });
        await rules.change(after, changedBy(principal));
      },
    }),
  ];
}

function stopRoutes({ stops, audit, newId }: OutboundHttp): Route[] {
  return [
    route('POST /outbound/stops', {
      reach: { kind: 'objects', named: ({ body }) => [stopped(body)] },
      handle: async ({ principal, body, from }) => {
        const by = principal.userId;
        const id = newId();
        await audit({
          who: by,
          what: 'outbound.stopped',
          object: `${body.scope}:${body.value}`,
          from,
          success: true,
          reason: body.reason,
        });
        await stops.stop({ ...body, id, by, byName: principal.name, at: new Date() });
        return { id };
      },
    }),
    route('DELETE /outbound/stops/:id', {
      reach: { kind: 'objects', named: async ({ params }) => (await personStops(stops)).filter(({ id }) => id === params.id).map(stopped) },
      handle: async ({ principal, params, from }) => {
        const isThere = (await personStops(stops)).some(({ id }) => id === params.id);
        await audit({ who: principal.userId, what: 'outbound.stop-lifted', object: `stop:${params.id}`, from, success: true });
        if (!isThere || !(await stops.lift(params.id))) throw new CallCentreError('not-found', 'There is no such stop.');
      },
    }),
  ];
}
