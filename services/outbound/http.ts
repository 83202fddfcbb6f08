import { z } from 'zod';
import { CallCentreError } from '../shared/domain/failure.js';
import type { NamedObject } from '../shared/domain/named-object.js';
import type { Principal } from '../shared/domain/rights.js';
import { leaveWays } from '../shared/domain/dial-permit.js';
import { maskNumber, normaliseNumber } from '../shared/domain/phone-number.js';
import type { NumberHash } from '../shared/platform/number-hash.js';
import { isScoped, type ReachesObject } from '../shared/platform/reach.js';
import { route, type Audit, type Route } from '../shared/platform/route.js';
import { createFraudRoutes, type FraudHttp } from './fraud-http.js';
import {
  consentChannels,
  stopScopes,
  type AttemptStore,
  type ConsentStore,
  type NumberRegister,
  type RefusalStore,
  type SettingsStore,
  type Stop,
  type WaysOut,
} from './ports.js';
import { CAPS, dialRefusals, OUTER_WINDOW, purposes, refusalReasons, showFault } from './refusal.js';

export interface OutboundHttp extends FraudHttp {
  readonly refusals: RefusalStore;
  readonly consents: ConsentStore;
  readonly attempts: AttemptStore;
  readonly settings: SettingsStore;
  readonly register: NumberRegister;
  readonly waysOut: WaysOut;
  readonly reaches: ReachesObject;
  /** The day at the site, `YYYY-MM-DD`. */
  readonly today: () => string;
  readonly audit: Audit;
  readonly hashNumber: NumberHash;
  readonly newId: () => string;
}

const PAGE = 200;
const IMPORT_NUMBERS = 20_000;
const paged = {
  skip: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(PAGE).default(50),
};
const minute = z
  .int()
  .min(0)
  .max(24 * 60);
const stretch = z.object({ fromMinute: minute, toMinute: minute }).refine(({ fromMinute, toMinute }) => fromMinute < toMinute);

const calls = z.int().min(0).max(1_000_000);
const minutes = z.int().min(0).max(10_000_000);
const ceilings = z.object({
  numberCallsADay: calls,
  callsADay: calls,
  minutesADay: minutes,
  trunkCallsADay: calls,
  trunkMinutesADay: minutes,
  longestMinutes: z.int().min(1).max(1_440),
});
const ways = z.array(z.enum(leaveWays)).max(leaveWays.length);
const allowedKinds = z.object({ foreign: ways, satellite: ways, premium: ways, emergency: ways });

/** The do-not-call list, consents, the rules of calling out, the stop button, and what became of each wish to call. */
export function createOutboundRoutes(deps: OutboundHttp): Route[] {
  return [...refusalRoutes(deps), ...consentRoutes(deps), ...ruleRoutes(deps), ...createFraudRoutes(deps)];
}

interface KnownNumber {
  readonly number: string;
  readonly numberHash: string;
}

function knownNumber(text: string, hashNumber: NumberHash): KnownNumber {
  const number = normaliseNumber(text);
  const numberHash = number === undefined ? undefined : hashNumber(number);
  if (number === undefined || numberHash === undefined)
    throw new CallCentreError('invalid-request', 'This is not a telephone number.', {
      details: [{ at: 'number', message: 'not a number' }],
    });
  return { number, numberHash };
}

function refusalRoutes({ refusals, audit, hashNumber }: OutboundHttp): Route[] {
  return [
    route({
      method: 'get',
      path: '/do-not-call',
      right: 'outbound.edit',
      reach: { kind: 'site' },
      summary: 'Numbers that are not called again, newest first; `number` looks one up.',
      query: z.object({
        number: z.string().max(24).optional(),
        ...paged,
      }),
      looksUp: ({ query }) => query.number,
      handle: async ({ query }) =>
        refusals.list({
          skip: query.skip,
          limit: query.limit,
          ...(query.number === undefined ? {} : { numberHash: knownNumber(query.number, hashNumber).numberHash }),
        }),
    }),
    route({
      method: 'post',
      path: '/do-not-call',
      right: 'outbound.edit',
      reach: { kind: 'restraint' },
      summary: 'Puts numbers on the list, at once for all tasks and caller numbers.',
      body: z.object({
        numbers: z.array(z.string().max(24)).min(1).max(IMPORT_NUMBERS),
        reason: z.enum(refusalReasons),
        source: z.string().min(1).max(100),
      }),
      handle: async ({ principal, body, from }) => {
        const wrong = body.numbers.flatMap((text, i) => (normaliseNumber(text) === undefined ? [i + 1] : []));
        if (wrong.length > 0)
          throw new CallCentreError('invalid-request', 'Nothing was taken over: some lines are no numbers.', {
            details: { lines: wrong.slice(0, 500) },
          });
        const by = principal?.userId ?? '';
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
    route({
      method: 'post',
      path: '/do-not-call/withdraw',
      right: 'outbound.edit',
      reach: { kind: 'site' },
      summary: 'Takes a refusal back, on new consent of the person; the evidence is kept.',
      body: z.object({ number: z.string().max(24), evidence: z.string().min(1).max(500) }),
      looksUp: ({ body }) => body.number,
      handle: async ({ principal, body, from }) => {
        const { numberHash } = knownNumber(body.number, hashNumber);
        const by = principal?.userId ?? '';
        await audit({ who: by, what: 'do-not-call.withdrawn', object: numberHash, from, success: true, reason: body.evidence });
        if (!(await refusals.withdraw(numberHash, { at: new Date(), by, evidence: body.evidence })))
          throw new CallCentreError('not-found', 'This number is not on the list.');
      },
    }),
  ];
}

function consentRoutes({ consents, audit, hashNumber, newId }: OutboundHttp): Route[] {
  return [
    route({
      method: 'get',
      path: '/outbound/consents',
      right: 'outbound.edit',
      reach: { kind: 'site' },
      summary: 'Consents of people to be called, newest first; `number` looks one person up.',
      query: z.object({ number: z.string().max(24).optional(), ...paged }),
      looksUp: ({ query }) => query.number,
      handle: async ({ query: { number, ...page } }) =>
        consents.list({ ...page, ...(number === undefined ? {} : { numberHash: knownNumber(number, hashNumber).numberHash }) }),
    }),
    route({
      method: 'post',
      path: '/outbound/consents',
      right: 'outbound.edit',
      reach: { kind: 'site' },
      summary: 'Writes down that a person agreed to be called: for what, how, when, and where the proof lies.',
      body: z.object({
        number: z.string().max(24),
        purposes: z.array(z.enum(purposes)).nonempty(),
        channel: z.enum(consentChannels),
        givenAt: z.coerce.date(),
        evidence: z.string().trim().min(1).max(500),
        validUntil: z.coerce.date().optional(),
      }),
      handle: async ({ principal, body: { number, validUntil, ...body }, from }) => {
        const now = new Date();
        if (body.givenAt > now) throw new CallCentreError('invalid-request', 'This lies in the future.', { details: [{ at: 'givenAt' }] });
        if (validUntil !== undefined && validUntil <= body.givenAt)
          throw new CallCentreError('invalid-request', 'It would be over before it began.', { details: [{ at: 'validUntil' }] });
        const { number: plain, numberHash } = knownNumber(number, hashNumber);
        const by = principal?.userId ?? '';
        const id = newId();
        await audit({ who: by, what: 'consent.added', object: `consent:${id}`, from, success: true, after: body });
        await consents.put({
          ...body,
          id,
          numberHash,
          numberMasked: maskNumber(plain),
          by,
          at: now,
          ...(validUntil === undefined ? {} : { validUntil }),
        });
        return { id };
      },
    }),
    route({
      method: 'post',
      path: '/outbound/consents/:id/withdraw',
      right: 'outbound.edit',
      reach: { kind: 'site' },
      summary: 'Ends a consent at once; it stays on record.',
      params: z.object({ id: z.string().max(40) }),
      body: z.object({ reason: z.string().trim().min(1).max(200) }),
      handle: async ({ principal, params, body, from }) => {
        const by = principal?.userId ?? '';
        await audit({ who: by, what: 'consent.withdrawn', object: `consent:${params.id}`, from, success: true, reason: body.reason });
        if (!(await consents.withdraw(params.id, { at: new Date(), by, reason: body.reason })))
          throw new CallCentreError('not-found', 'There is no such consent in force.');
      },
    }),
  ];
}

/** What a stop stops: whoever has a scope stops and starts again what lies in it. */
function stopped({ scope, value }: Pick<Stop, 'scope' | 'value'>): NamedObject {
  if (scope === 'platform') return { of: 'site', id: '' };
  return { of: scope === 'client' ? 'client-unit' : scope, id: value };
}

function ruleRoutes({ attempts, settings, register, waysOut, reaches, today, audit, hashNumber, newId }: OutboundHttp): Route[] {
  /** Of the whole platform everybody may know; of a part those who reach it. */
  async function stopsSeenBy(principal: Principal | undefined): Promise<Stop[]> {
    const all = await settings.stops();
    if (principal === undefined || !isScoped(principal)) return all;
    const seen: Stop[] = [];
    for (const stop of all) {
      const { of, id } = stopped(stop);
      if (of === 'site' || (await reaches[of](principal, id, 'read'))) seen.push(stop);
    }
    return seen;
  }

  return [
    route({
      method: 'get',
      path: '/outbound/attempts',
      right: 'outbound.edit',
      reach: { kind: 'site' },
      summary: 'Each wish to call out with what the rules said to it, newest first.',
      query: z.object({
        refusedOnly: z.stringbool().default(false),
        reason: z.enum(dialRefusals).optional(),
        number: z.string().max(24).optional(),
        ...paged,
      }),
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
    route({
      method: 'get',
      path: '/outbound/rules',
      right: 'outbound.edit',
      reach: { kind: 'filtered' },
      summary:
        'Hours and quiet stretches of calling out, in minutes of the day, the caps of tries, the ceilings of a day, the kinds of numbers that a way may reach, and what is stopped.',
      handle: async ({ principal }) => ({
        ...(await settings.read()),
        ...(await settings.leaving()),
        outerWindow: OUTER_WINDOW,
        caps: CAPS,
        stops: await stopsSeenBy(principal),
      }),
    }),
    route({
      method: 'get',
      path: '/outbound/ways',
      right: 'outbound.edit',
      reach: { kind: 'site' },
      summary: 'The ways out of the house, each a trunk with a number it may show, and what a way lacks to be used.',
      handle: async () => {
        const ways = await waysOut();
        const looked = ways.map(async (way) => {
          const [number, ofTrunk] = await Promise.all([register.number(way.from), register.trunkFault(way.trunkId, way.from)]);
          const fault = ofTrunk ?? showFault(number, today());
          return { ...way, ...(fault === undefined ? {} : { fault }) };
        });
        return { ways: await Promise.all(looked) };
      },
    }),
    route({
      method: 'put',
      path: '/outbound/rules',
      right: 'outbound.edit',
      reach: { kind: 'site' },
      summary: 'Narrows the hours of calling out; wider than the outer limit is refused.',
      body: z.object({ window: stretch, quiet: z.array(stretch).max(10).default([]) }),
      handle: async ({ principal, body, from }) => {
        const { fromMinute, toMinute } = body.window;
        if (fromMinute < OUTER_WINDOW.fromMinute || toMinute > OUTER_WINDOW.toMinute)
          throw new CallCentreError('below-legal-minimum', 'The hours may be narrower than the outer limit, not wider.', {
            details: [{ at: 'window' }],
          });
        const before = await settings.read();
        await audit({ who: principal?.userId ?? '', what: 'outbound.rules-changed', from, success: true, before, after: body });
        await settings.write(body);
      },
    }),
    route({
      method: 'put',
      path: '/outbound/ceilings',
      right: 'outbound.edit',
      reach: { kind: 'site' },
      summary:
        'Sets how much may leave in a day, how long a leg outside lasts at the most, and which ways may reach barred kinds of numbers.',
      body: z.object({ ceilings, allowedKinds }),
      handle: async ({ principal, body, from }) => {
        const before = await settings.leaving();
        await audit({ who: principal?.userId ?? '', what: 'outbound.ceilings-changed', from, success: true, before, after: body });
        await settings.writeLeaving(body);
      },
    }),
    route({
      method: 'post',
      path: '/outbound/stops',
      right: 'outbound.edit',
      reach: { kind: 'objects', named: ({ body }) => [stopped(body)] },
      summary: 'Stops calling out of a number, a client unit or the whole platform, at once.',
      body: z
        .object({ scope: z.enum(stopScopes), value: z.string().trim().max(64).default(''), reason: z.string().trim().min(3).max(200) })
        .refine(({ scope, value }) => (scope === 'platform') === (value === ''), { path: ['value'] }),
      handle: async ({ principal, body, from }) => {
        const by = principal?.userId ?? '';
        const id = newId();
        await audit({
          who: by,
          what: 'outbound.stopped',
          object: `${body.scope}:${body.value}`,
          from,
          success: true,
          reason: body.reason,
        });
        await settings.stop({ ...body, id, by, byName: principal?.name ?? '', at: new Date() });
        return { id };
      },
    }),
    route({
      method: 'delete',
      path: '/outbound/stops/:id',
      right: 'outbound.edit',
      reach: { kind: 'objects', named: async ({ params }) => (await settings.stops()).filter(({ id }) => id === params.id).map(stopped) },
      summary: 'Lifts a stop.',
      params: z.object({ id: z.string().max(40) }),
      handle: async ({ principal, params, from }) => {
        await audit({ who: principal?.userId ?? '', what: 'outbound.stop-lifted', object: `stop:${params.id}`, from, success: true });
        if (!(await settings.lift(params.id))) throw new CallCentreError('not-found', 'There is no such stop.');
      },
    }),
  ];
}
