import { CallCentreError, type FailureCode } from '../shared/domain/failure.js';
import type { DialPermit } from '../shared/domain/dial-permit.js';
import { isEmergencyNumber, planned } from '../shared/domain/numbering-plan.js';
import { maskNumber } from '../shared/domain/phone-number.js';
import type { Logger } from '../shared/platform/logger.js';
import type { NumberHash } from '../shared/platform/number-hash.js';
import type { Audit } from '../shared/platform/route.js';
import { createDecisions, joins, MOST_LOOKS, waysOf, type DecisionNeeds, type LeaveRequest, type LegBasis } from './decision.js';
import type { PermitBook } from './permit-book.js';
import type { Attempt, AttemptStore, Claims, DayCounts, StopStore, WayOut } from './ports.js';
import type { DialRefusal } from './refusal.js';
import { createStopWatch, isStopped, type Stoppable } from './stop-watch.js';

export type { LeaveRequest } from './decision.js';

const MINUTE_MS = 60_000;
/** No rule ends a call to the police; a leg that everybody forgot ends at last. */
const EMERGENCY_LONGEST_MS = 4 * 60 * MINUTE_MS;

/** A leg that was dialled, when it is over. */
export interface EndedLeg {
  readonly attemptId: string;
  /** The trunk over which it was dialled last, and the number that it showed there. */
  readonly trunkId: string;
  readonly from: string;
  readonly dialledAt: Date;
  readonly answeredAt: Date | undefined;
  readonly endedAt: Date;
  /** Why it was not answered, or ended by us. */
  readonly failure: string | undefined;
}

/**
 * The one way out: asked at the moment of dialling for each leg outside, and writes down what it decided. Fails with an `outbound-...` code
 * that says which rule refused.
 */
export interface Gate {
  permit(request: LeaveRequest): Promise<DialPermit>;
  /**
   * The trunk of a permit that was used did not take the leg: a permit for the same leg over the next of its `others` that the register and the
   * ceilings of the day allow at this moment. Undefined when there is none. `returns`: the trunk was not tried, and is to be behind the others.
   */
  otherWay(permit: DialPermit, how?: { readonly returns: boolean }): Promise<DialPermit | undefined>;
  /** The leg was not dialled after all. */
  unused(permit: DialPermit): Promise<void>;
  /** From here until the answer, or until what it returns is called, a stop that somebody presses calls the leg off. */
  whileDialled(permit: DialPermit, stopped: () => void): () => void;
  ended(leg: EndedLeg): Promise<void>;
}

export const refusalCodes: Readonly<Record<DialRefusal, FailureCode>> = {
  'purpose-not-allowed': 'outbound-purpose',
  stopped: 'outbound-stopped',
  'number-not-usable': 'outbound-number',
  'refused-by-person': 'outbound-do-not-call',
  'no-consent': 'outbound-consent',
  'outside-window': 'outbound-hours',
  'too-often': 'outbound-too-often',
  'not-dialable': 'outbound-not-dialable',
  'kind-not-allowed': 'outbound-kind',
  'not-registered': 'outbound-destination',
  'caller-not-vouched': 'outbound-unproven',
  'over-ceiling': 'outbound-ceiling',
};

export interface GateNeeds extends DecisionNeeds {
  readonly attempts: Pick<AttemptStore, 'put' | 'settle'>;
  /** Read again and again while a leg is dialled, never remembered. */
  readonly stops: Pick<StopStore, 'stops'>;
  readonly claims: Claims;
  readonly counts: Pick<DayCounts, 'count' | 'moved' | 'giveBack' | 'add'>;
  readonly permits: PermitBook;
  readonly audit: Audit;
  readonly hashNumber: NumberHash;
  readonly newId: () => string;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly log: Logger;
}

interface OpenLeg {
  readonly permit: DialPermit;
  readonly basis: LegBasis | undefined;
  /** The day of the permit, as `YYYY-MM-DD`, in which it is counted. */
  readonly day: string;
  /** The trunk among whose calls of that day it is. */
  readonly countedFor: string;
}

/** What a call to the police waits for the register at the most. */
const EMERGENCY_READ_MS = 300;
const GIVING_BACK_FAILED = 'a call that was not dialled stays counted in the day';
/** What could not be written down of it is tried again. */
const WRITE_AGAIN_MS = 5_000;

export function createGate(needs: GateNeeds): Gate {
  const { stores, attempts, claims, counts, permits, audit, hashNumber, newId, localTime, now, log } = needs;
  const { decide: decided, usableWay } = createDecisions(needs);
  const stopWatch = createStopWatch({ stops: () => needs.stops.stops(), later: needs.later, log });
  /** Of permits whose leg is not being dialled yet. */
  const stoppables = new Map<string, Stoppable>();
  /** The permit of each leg that is not over, and what it rests on; an emergency call rests on nothing. */
  const legs = new Map<string, OpenLeg>();
  /** Rows of emergency calls that are still being written. */
  const unwritten = new Map<string, Promise<void>>();

  async function decide(request: LeaveRequest): Promise<DialPermit> {
    const { callId, agentId } = request;
    // What is no number has no hash; its attempts stand together under none.
    const numberHash = hashNumber(request.number) ?? '';
    const attemptId = attemptIdOf(request);
    const facts = await decided(request, { numberHash, permitId: attemptId });
    const { at, way, others, consentId, rules, permission } = facts;
    const number = planned(request.number)?.text ?? request.number.replace(/[^+\d]/g, '');
    const attempt: Attempt = {
      attemptId,
      callId,
      at,
      way: request.way,
      agentId: agentId ?? '',
      numberHash,
      numberMasked: maskNumber(number),
      purpose: request.purpose ?? '',
      allowed: permission.allowed,
      rulesVersion: rules.version,
      ...(permission.allowed ? {} : { reason: permission.reason }),
      ...(way === undefined ? {} : { from: way.from, trunkId: way.trunkId }),
      ...(consentId === undefined ? {} : { consentId }),
      ...(facts.watched ? { watched: true } : {}),
    };
    const { numberMasked } = attempt;
    const entry = { who: agentId ?? 'system:calls', object: `call:${callId}` };
    if (!permission.allowed || way === undefined) {
      const reason = permission.allowed ? 'number-not-usable' : permission.reason;
      const after = { way: request.way, numberMasked };
      await Promise.all([attempts.put(attempt), audit({ ...entry, what: 'outbound.refused', success: false, reason, after })]);
      throw new CallCentreError(refusalCodes[reason], `The rules of calling out refuse this call: ${reason}.`);
    }
    const { trunkId, from } = way;
    const after = { way: request.way, permitId: attemptId, numberMasked, numberHash, trunkId, from, rulesVersion: rules.version };
    await written({ numberHash, permitId: attemptId, day: facts.date, trunkId }, counts.count(facts.date, trunkId), [
      attempts.put(attempt),
      audit({ ...entry, what: 'outbound.permitted', success: true, after }),
    ]);
    stoppables.set(attemptId, facts.stoppable);
    const longestMs = rules.ceilings.longestMinutes * MINUTE_MS;
    const leg = { way: request.way, trunkId, from, called: request.called, number, numberMasked, numberHash, consentId };
    return issue(
      { ...leg, permitId: attemptId, agentId, rulesVersion: rules.version, longestMs, others },
      { day: facts.date, basis: facts.basis },
    );
  }

  function issue(facts: Parameters<PermitBook['issue']>[0], leg: Pick<OpenLeg, 'basis' | 'day'>): DialPermit {
    const permit = permits.issue(facts);
    legs.set(permit.permitId, { ...leg, permit, countedFor: permit.trunkId });
    return permit;
  }

  async function otherWay(permit: DialPermit, { returns } = { returns: false }): Promise<DialPermit | undefined> {
    const { permitId, others: [way, ...further] = [] } = permit;
    const others = returns ? [...further, { trunkId: permit.trunkId, from: permit.from }] : further;
    const leg = legs.get(permitId);
    // The leg is over, or has moved already: a permit moves once.
    if (way === undefined || leg?.permit !== permit) return undefined;
    const { basis, day } = leg;
    const { trunkId, from } = way;
    const moved = { ...permit, trunkId, from, others };
    if (basis !== undefined && !(await upToDate(() => isStillAllowed(permit, basis)))) return undefined;
    const isFree = basis === undefined || (await hasRoom(permit, way, day));
    if (legs.get(permitId)?.permit !== permit) {
      if (basis !== undefined && isFree) await claims.giveBack({ day, trunkId });
      return undefined;
    }
    if (!isFree) {
      legs.set(permitId, { ...leg, permit: moved });
      // The trunk of `moved` is not dialled: only those behind it are asked.
      return otherWay(moved);
    }
    const rows = [
      () => attempts.settle(permitId, { trunkId, from }),
      () =>
        audit({
          who: permit.agentId ?? 'system:calls',
          what: 'outbound.moved',
          object: `permit:${permitId}`,
          success: true,
          before: { trunkId: permit.trunkId, from: permit.from },
          after: { trunkId, from },
        }),
    ];
    if (basis === undefined) later(permitId, rows);
    else {
      const writes = [...rows.map((write) => write()), counts.moved(day, trunkId)];
      await Promise.all([...writes, permits.wasNotSent(permit) ? leftUnsent(leg) : undefined]);
    }
    return issue(moved, leg);
  }

  /** Nothing of the leg was sent over its trunk, of whose calls of the day it takes none. */
  async function leftUnsent({ countedFor: trunkId, day }: OpenLeg): Promise<void> {
    await claims.giveBack({ day, trunkId });
    await counts.giveBack(day, trunkId, 'trunk');
  }

  /** Reads until what is remembered of the stores is what they have: a refusal holds for the next INVITE of every process. */
  async function upToDate<Facts>(read: () => Promise<Facts>): Promise<Facts> {
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const position = needs.memory.position();
      const facts = await read();
      if (position === needs.memory.position() && (position === undefined || (await claims.holds(position)))) return facts;
      await needs.memory.catchUp();
    }
    throw new Error('The lists of the gate change faster than it can decide.');
  }

  /** What may have changed since the permit: a stop, a refusal, a consent withdrawn, a destination struck off the register. */
  async function isStillAllowed({ way, number, numberHash, consentId }: DialPermit, { stoppable, consent }: LegBasis): Promise<boolean> {
    const [stops, refused, destination, consented] = await Promise.all([
      needs.stops.stops(),
      stores.refused(numberHash),
      joins(way) ? stores.register.destination(number) : undefined,
      consent === undefined ? undefined : stores.consent(numberHash, consent.purpose, consent.clientId, now()),
    ]);
    if (refused || isStopped(stops, stoppable)) return false;
    if (consent !== undefined && consented?.id !== consentId) return false;
    return !joins(way) || (destination !== undefined && destination.validUntil >= localTime(now()).date);
  }

  async function hasRoom({ way: ofLeg }: DialPermit, way: WayOut, day: string): Promise<boolean> {
    const { date } = localTime(now());
    const { trunkId } = way;
    // Also whether our number may still be shown: its row may have changed since the permit.
    const [usable, least, rules] = await Promise.all([usableWay([way], date, joins(ofLeg)), stores.dayCount(day, trunkId), stores.rules()]);
    return usable !== undefined && (await claims.moved({ day, trunkId, least, ceilings: rules.ceilings }));
  }

  /** Side by side, so that a store takes them in one flush; no permit is given before all of them are there. */
  async function written(
    claim: Parameters<Claims['release']>[0],
    counting: Promise<unknown>,
    writes: readonly Promise<unknown>[],
  ): Promise<void> {
    const [counted, ...others] = await Promise.allSettled([counting, ...writes]);
    const failed = [counted, ...others].find(({ status }) => status === 'rejected');
    if (failed === undefined) return;
    await claims.release(claim);
    if (counted.status === 'fulfilled')
      await counts.giveBack(claim.day, claim.trunkId, 'day').catch((error: unknown) => log.error({ err: error }, GIVING_BACK_FAILED));
    throw (failed as PromiseRejectedResult).reason;
  }

  /** A call's own leg has its id; one call may have many other legs. */
  const attemptIdOf = ({ way, callId }: LeaveRequest): string => (joins(way) ? newId() : callId);

  /** Police, fire and ambulance from a seat: no rule is asked and no store is waited for; the row is written as soon as one takes it. */
  async function emergency(request: LeaveRequest, agentId: string): Promise<DialPermit> {
    const { callId, way: ofLeg } = request;
    const at = now();
    const number = planned(request.number)?.text ?? '';
    const ways = [...waysOf(request, undefined), ...request.ways];
    const registered = await withinTime(usableWay(ways, localTime(at).date, false));
    const way = registered ?? ways[0];
    const others = ways.filter(
      ({ trunkId }, place) => trunkId !== way?.trunkId && ways.findIndex((each) => each.trunkId === trunkId) === place,
    );
    if (way === undefined) throw new CallCentreError('outbound-number', 'No trunk leads out.');
    const { trunkId, from } = way;
    const permitId = attemptIdOf(request);
    const numberHash = hashNumber(number) ?? '';
    const leg = { way: ofLeg, numberHash, numberMasked: number, trunkId, from };
    const attempt: Attempt = { ...leg, attemptId: permitId, callId, at, agentId, purpose: '', allowed: true, emergency: true };
    writeDown(attempt);
    const longestMs = EMERGENCY_LONGEST_MS;
    const { called } = request;
    return issue(
      { ...leg, called, permitId, number, agentId, consentId: undefined, longestMs, others, emergency: true },
      { day: '', basis: undefined },
    );
  }

  /** Undefined when it takes too long or fails. */
  const withinTime = <T>(work: Promise<T>): Promise<T | undefined> =>
    new Promise((resolve) => {
      const stop = needs.later(EMERGENCY_READ_MS, () => resolve(undefined));
      work
        .then(resolve, (error: unknown) => {
          log.error({ err: error }, 'the register could not be read for an emergency call, which goes out all the same');
          resolve(undefined);
        })
        .finally(stop);
    });

  function writeDown(attempt: Attempt): void {
    const { attemptId, agentId, callId, way, numberMasked, trunkId, from } = attempt;
    const after = { way, permitId: attemptId, numberMasked, trunkId, from, emergency: true };
    later(attemptId, [
      () => attempts.put(attempt),
      () => audit({ who: agentId, what: 'outbound.permitted', object: `call:${callId}`, success: true, after }),
    ]);
  }

  /** Behind what is still being written of the same leg. */
  function later(permitId: string, writes: readonly (() => Promise<unknown>)[]): void {
    const before = unwritten.get(permitId) ?? Promise.resolve();
    const all = before
      .then(() => Promise.all(writes.map(again)))
      .then(() => {
        if (unwritten.get(permitId) === all) unwritten.delete(permitId);
      });
    unwritten.set(permitId, all);
  }

  async function again(work: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await work();
        return;
      } catch (error) {
        log.error({ err: error }, 'an emergency call could not be written down yet');
      }
      await new Promise<void>((resolve) => void needs.later(WRITE_AGAIN_MS, resolve));
    }
  }

  async function lasted(day: string, trunkId: string, lastedMs: number): Promise<void> {
    // The live state first, by what the document store had before: no minute counts twice or is lost.
    await claims.lasted({ day, trunkId, lastedMs, least: await stores.dayCount(day, trunkId) });
    await counts.add(day, trunkId, lastedMs);
  }

  return {
    permit(request) {
      const { agentId, way, test } = request;
      // A test never takes the way of emergency calls, on which no rule is asked.
      return agentId !== undefined && way !== 'callback' && test !== true && isEmergencyNumber(request.number)
        ? emergency(request, agentId)
        : decide(request);
    },
    otherWay,
    async unused(permit) {
      const leg = legs.get(permit.permitId);
      legs.delete(permit.permitId);
      stoppables.delete(permit.permitId);
      if (!permits.void(permit)) return;
      await unwritten.get(permit.permitId);
      await attempts.settle(permit.permitId, { unused: true });
      if (leg?.basis === undefined) return;
      const { numberHash, permitId } = leg.permit;
      const { day, countedFor: trunkId } = leg;
      if (await claims.release({ numberHash, permitId, day, trunkId })) await counts.giveBack(day, trunkId, 'day');
    },
    whileDialled(permit, stopped) {
      const leg = stoppables.get(permit.permitId);
      stoppables.delete(permit.permitId);
      return leg === undefined ? () => undefined : stopWatch.over(leg, stopped);
    },
    async ended({ attemptId, trunkId, from, dialledAt, answeredAt, endedAt, failure }) {
      const leg = legs.get(attemptId);
      legs.delete(attemptId);
      const lastedMs = answeredAt === undefined ? 0 : Math.max(0, endedAt.getTime() - answeredAt.getTime());
      await unwritten.get(attemptId);
      const { date } = localTime(dialledAt);
      await Promise.all([
        attempts.settle(attemptId, {
          // A trunk to which the leg moved may have had no channel: what was dialled last counts.
          trunkId,
          from,
          endedAt,
          ...(answeredAt === undefined ? {} : { answeredAt }),
          ...(failure === undefined ? {} : { failure }),
        }),
        lastedMs === 0 ? undefined : lasted(date, trunkId, lastedMs),
        leg?.basis !== undefined && permits.wasNotSent(leg.permit) ? leftUnsent(leg) : undefined,
      ]);
    },
  };
}
