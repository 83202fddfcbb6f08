import { freeWays, type LeaveWay } from '../../shared/domain/calls/dial-permit.js';
import { planned } from '../../shared/domain/numbers/numbering-plan.js';
import { normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import { isWatched } from '../fraud/fraud-watch.js';
import type { GateStores } from './gate-ports.js';
import { isRegistered, mayLeave, type Destination } from '../leaving/leaving.js';
import type { LeavingRules } from '../leaving/leaving-rules.js';
import type { Claims, WayOut } from '../ports.js';
import { CAPS, mayShow, type Permission } from '../refusals/refusal.js';
import { isStopped, type Stoppable } from './stop-watch.js';
import type { AgentId, CallId } from '../../shared/domain/ids.js';

const DAY_MS = 86_400_000;
/** A centre whose lists change faster than it can decide, this many times in a row, lets nothing out. */
export const MOST_LOOKS = 50;

/** A leg that somebody, or a flow, wants to have dialled. */
export interface LeaveRequest {
  readonly callId: CallId;
  readonly way: LeaveWay;
  readonly number: string;
  /** Undefined for a step of a flow and for the overflow of a queue. */
  readonly agentId?: AgentId | undefined;
  /** Of a call out. */
  readonly purpose?: string | undefined;
  /** The campaign whose list has the number. */
  readonly campaignId?: string | undefined;
  /** The ways out of the house, in order of preference. */
  readonly ways: readonly WayOut[];
  /** For a leg that joins a caller: the number of ours that the caller had called, which is shown unless the destination names another. */
  readonly called?: string | undefined;
  /** The installation tests a trunk: the number must be on the register of destinations or be one of ours, and needs no consent. */
  readonly test?: boolean | undefined;
  /** The person who asks has the right to dial freely in a call, and wrote why. A number on the register needs no reason. */
  readonly freeReason?: string | undefined;
  /** The call in which the person asked for a callback, and whether its trunk vouches for the caller's number. */
  readonly askedIn?: { readonly callId: CallId; readonly vouched: boolean; readonly automatic: boolean } | undefined;
}

export type UsableWay = WayOut & { readonly clientId: string };

/** What the rules say about a request, and what they rest on. */
export interface Decision {
  readonly at: Date;
  /** The day at the site, `YYYY-MM-DD`. */
  readonly date: string;
  readonly way: UsableWay | undefined;
  /** Other trunks that may show the same number. */
  readonly others: readonly WayOut[];
  readonly permission: Permission;
  readonly consentId: string | undefined;
  /** Why a number on no register is dialled. */
  readonly freeReason: string | undefined;
  readonly watched: boolean;
  readonly rules: LeavingRules;
  readonly midnight: Date;
  readonly stoppable: Stoppable;
  /** What is checked again before the leg moves to another trunk. */
  readonly basis: LegBasis;
}

/** What a permitted leg rests on besides its number. */
export interface LegBasis {
  readonly stoppable: Stoppable;
  /** Only for an outbound call that rests on a stored consent. */
  readonly consent: { readonly purpose: string; readonly clientId: string } | undefined;
}

export interface DecisionNeeds {
  /** Remembered as of `position`; without a position, each is read from its store. */
  readonly stores: GateStores;
  readonly memory: { position(): string | undefined; catchUp(): Promise<void> };
  readonly claims: Pick<Claims, 'take' | 'holds' | 'release'>;
  /** The time at the called number's place: China has one zone. */
  readonly localTime: (at: Date) => { readonly date: string; readonly minuteOfDay: number; readonly midnight: Date };
  readonly now: () => Date;
}

export const spelt = (number: string): string => normaliseNumber(number) ?? number;
/** Whether a leg joins a caller instead of being a call of its own. */
export const joins = (way: LeaveWay): boolean => way !== 'call-out' && way !== 'callback';

const isFreeWay = (way: LeaveWay): boolean => (freeWays as readonly LeaveWay[]).includes(way);

/** A call's own leg has its id; one call may have many other legs. */
export const attemptIdOf = ({ way, callId }: LeaveRequest, newId: () => string): string => (joins(way) ? newId() : callId);

/**
 * A leg that joins a caller shows the number that its destination names, otherwise the one that was called, and never another in its place.
 */
export function waysOf({ ways, called }: LeaveRequest, destination: Destination | undefined): readonly WayOut[] {
  if (called === undefined) return ways;
  const shown = spelt(destination?.shown ?? called);
  return ways.filter(({ from }) => spelt(from) === shown);
}

interface Reached {
  readonly destination: Destination | undefined;
  readonly own: boolean;
}

/** Which of our numbers a leg may show, and over which trunk, according to the register. */
function usableWays(register: GateStores['register']) {
  async function usableWay(ways: readonly WayOut[], today: string, forwards: boolean): Promise<UsableWay | undefined> {
    for (const way of ways) {
      const [number, fault] = await Promise.all([
        register.number(way.from),
        register.trunkFault(way.trunkId, way.from, { forwards, today }),
      ]);
      if (fault === undefined && mayShow(number, today)) return { ...way, clientId: number?.clientId ?? '' };
    }
    return undefined;
  }

  /**
   * For a number on no register, when the number that was called may not be shown (a 400 number): another number of the same client unit.
   */
  async function wayOfUnit(ways: readonly WayOut[], clientId: string, today: string): Promise<UsableWay | undefined> {
    for (const way of ways) {
      const usable = await usableWay([way], today, true);
      if (usable?.clientId === clientId) return usable;
    }
    return undefined;
  }

  /** Where a leg goes when its trunk does not take it: over another trunk, showing the same number of ours. */
  async function othersOf(
    ways: readonly WayOut[],
    { trunkId, from }: WayOut,
    today: string,
    forwards: boolean,
  ): Promise<readonly WayOut[]> {
    const others = ways.filter((way) => way.from === from && way.trunkId !== trunkId);
    const faults = await Promise.all(others.map((way) => register.trunkFault(way.trunkId, from, { forwards, today })));
    return others.filter((_way, place) => faults[place] === undefined);
  }

  /** What the register says about the called number, for a leg that rests on no consent. */
  async function reached({ number: called, way, test }: LeaveRequest): Promise<Reached> {
    const number = planned(called)?.text ?? '';
    const [destination, own] = await Promise.all([
      joins(way) || test === true ? register.destination(number) : undefined,
      test === true ? register.number(number) : undefined,
    ]);
    return { destination, own: own !== undefined };
  }

  return { usableWay, wayOfUnit, othersOf, reached };
}

/** Even what the rules allow needs a way out, and attempts left for this number today. */
function withWay(answer: Permission, way: UsableWay | undefined, hasRoom: boolean): Permission {
  if (!answer.allowed) return answer;
  if (way === undefined) return { allowed: false, reason: 'number-not-usable' };
  return hasRoom ? answer : { allowed: false, reason: 'over-ceiling' };
}

/** Decides about legs in one round trip to the live state, which counts what is permitted and says whether the facts still hold. */
export type Decisions = ReturnType<typeof createDecisions>;

export function createDecisions({ stores, memory, claims, localTime, now }: DecisionNeeds) {
  const { register } = stores;
  const { usableWay, wayOfUnit, othersOf, reached } = usableWays(register);

  async function look(request: LeaveRequest, numberHash: string): Promise<Decision> {
    const at = now();
    const { date, minuteOfDay, midnight } = localTime(at);
    const { agentId, purpose = '', askedIn, campaignId } = request;
    const { destination, own } = await reached(request);
    const [usual, ofCalled, refused, tries, stops, watchedPrefixes, rules, today] = await Promise.all([
      usableWay(waysOf(request, destination), date, joins(request.way)),
      request.called === undefined ? undefined : register.number(spelt(request.called)),
      stores.refused(numberHash),
      stores.triesOf(numberHash, new Date(at.getTime() - DAY_MS)),
      stores.stops(),
      stores.watchedPrefixes(),
      stores.rules(),
      stores.countOf(numberHash, midnight),
    ]);
    const clientId = ofCalled?.clientId ?? usual?.clientId ?? '';
    const freeReason = isFreeWay(request.way) && !isRegistered({ destination, clientId, today: date }) ? request.freeReason : undefined;
    const way = usual ?? (freeReason === undefined ? undefined : await wayOfUnit(request.ways, clientId, date));
    const consent = joins(request.way) ? undefined : await stores.consent(numberHash, purpose, clientId, at);
    const others = way === undefined ? [] : await othersOf(request.ways, way, date, joins(request.way));
    const watched = isWatched(request.number, watchedPrefixes);
    const stoppable = { from: way?.from, clientIds: [clientId, way?.clientId ?? ''].filter((id) => id !== ''), agentId, campaignId };
    const consentId = askedIn === undefined ? consent?.id : `call:${askedIn.callId}`;
    const answer = mayLeave({
      way: request.way,
      number: request.number,
      today: date,
      allowedKinds: rules.allowedKinds,
      ways: rules.ways,
      watched,
      stopped: isStopped(stops, stoppable),
      refused,
      destination,
      free: freeReason !== undefined,
      clientId,
      callback: askedIn,
      tested: request.test === true ? { own } : undefined,
      purpose,
      consented: consentId !== undefined,
      minuteOfDay,
      window: rules.window,
      quiet: rules.quiet,
      tries,
      now: at,
    });
    const permission = withWay(answer, way, today < rules.ceilings.numberCallsADay);
    const basis = { stoppable, consent: askedIn !== undefined || consent === undefined ? undefined : { purpose, clientId } };
    return { at, date, midnight, way, others, permission, consentId, freeReason, watched, rules, stoppable, basis };
  }

  /** Counted last: a request that another rule refuses does not count against the number's limits or the day's. `changed`: check again. */
  async function counted(
    { permission, way, at, midnight, date, rules, freeReason }: Decision,
    { way: ofLeg, test }: LeaveRequest,
    leg: { readonly numberHash: string; readonly permitId: string },
    position: string | undefined,
  ): Promise<Permission | 'changed'> {
    if (!permission.allowed || way === undefined) return position === undefined || (await claims.holds(position)) ? permission : 'changed';
    const { ceilings, ways } = rules;
    const { trunkId } = way;
    const [least, leastToNumberMs] = await Promise.all([stores.dayCount(date, trunkId), stores.lastedTo(leg.numberHash, midnight)]);
    const refusal = await claims.take({
      ...leg,
      at,
      midnight,
      mostADay: ceilings.numberCallsADay,
      caps: (ways[ofLeg].caps || freeReason !== undefined) && test !== true ? CAPS : [],
      day: date,
      trunkId,
      least,
      leastToNumberMs,
      ceilings,
      position,
    });
    if (refusal === 'changed') return refusal;
    return refusal === undefined ? permission : { allowed: false, reason: refusal };
  }

  return {
    usableWay,
    /** A permitted leg is counted; if it is not dialled, the claim must be released. */
    async decide(request: LeaveRequest, leg: { readonly numberHash: string; readonly permitId: string }): Promise<Decision> {
      for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
        const position = memory.position();
        const facts = await look(request, leg.numberHash);
        // Some facts may come from a memory that was filled or dropped in the meantime, and could not be checked against a position of it.
        if ((position === undefined) !== (memory.position() === undefined)) continue;
        const permission = await counted(facts, request, leg, position);
        if (permission !== 'changed') return { ...facts, permission };
        await memory.catchUp();
      }
      throw new Error('The lists of the gate change faster than it can decide.');
    },
  };
}
