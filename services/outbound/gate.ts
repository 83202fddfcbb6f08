import { CallCentreError, type FailureCode } from '../shared/domain/failure.js';
import type { DialPermit, LeaveWay } from '../shared/domain/dial-permit.js';
import { planned } from '../shared/domain/numbering-plan.js';
import { maskNumber, normaliseNumber } from '../shared/domain/phone-number.js';
import type { Logger } from '../shared/platform/logger.js';
import type { NumberHash } from '../shared/platform/number-hash.js';
import type { Audit } from '../shared/platform/route.js';
import type { FraudSettingsStore } from './fraud-ports.js';
import { isWatched } from './fraud-watch.js';
import { isEmergency, mayLeave, type Destination } from './leaving.js';
import type { LeavingRules } from './leaving-rules.js';
import type { PermitBook } from './permit-book.js';
import type {
  Attempt,
  AttemptStore,
  Claims,
  ConsentStore,
  DayCounts,
  NumberRegister,
  RefusalStore,
  RuleStore,
  StopStore,
  WayOut,
} from './ports.js';
import { CAPS, mayShow, type DialRefusal, type Permission } from './refusal.js';
import { createStopWatch, isStopped, type Stoppable } from './stop-watch.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** No rule ends a call to the police; a leg that everybody forgot ends at last. */
const EMERGENCY_LONGEST_MS = 4 * 60 * MINUTE_MS;

/** A leg that somebody, or a flow, wants to have dialled. */
export interface LeaveRequest {
  readonly callId: string;
  readonly way: LeaveWay;
  readonly number: string;
  /** Nobody's for a step of a flow and the overflow of a queue. */
  readonly agentId?: string | undefined;
  /** Of a call out. */
  readonly purpose?: string | undefined;
  /** The ways out of the house, in the order of preference. */
  readonly ways: readonly WayOut[];
  /** Of a leg that joins a caller: the number of ours that the caller had called, which is shown where the destination names no other. */
  readonly called?: string | undefined;
  /** The call in which the person asked to be called, and whether its trunk vouches for the caller's number. */
  readonly askedIn?: { readonly callId: string; readonly vouched: boolean; readonly automatic: boolean } | undefined;
}

/** A leg that was dialled, when it is over. */
export interface EndedLeg {
  readonly attemptId: string;
  readonly trunkId: string;
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

export interface GateNeeds {
  readonly refusals: Pick<RefusalStore, 'inForce'>;
  readonly consents: Pick<ConsentStore, 'inForce'>;
  readonly attempts: Pick<AttemptStore, 'put' | 'triesOf' | 'countOf' | 'settle'>;
  readonly rules: Pick<RuleStore, 'inForce'>;
  readonly stops: Pick<StopStore, 'stops'>;
  readonly fraudSettings: Pick<FraudSettingsStore, 'read'>;
  readonly claims: Claims;
  readonly counts: DayCounts;
  readonly register: NumberRegister;
  readonly permits: PermitBook;
  readonly audit: Audit;
  readonly hashNumber: NumberHash;
  readonly newId: () => string;
  /** At the called number's place: China has one zone. */
  readonly localTime: (at: Date) => { readonly date: string; readonly minuteOfDay: number; readonly midnight: Date };
  readonly now: () => Date;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly log: Logger;
}

type UsableWay = WayOut & { readonly clientId: string };
/** What the stores say about a request. */
interface Facts {
  readonly at: Date;
  readonly date: string;
  readonly way: UsableWay | undefined;
  readonly permission: Permission;
  readonly consentId: string | undefined;
  readonly watched: boolean;
  readonly rules: LeavingRules;
  readonly midnight: Date;
  readonly stoppable: Stoppable;
}

const spelt = (number: string): string => normaliseNumber(number) ?? number;

/** A leg that joins a caller shows the number that its destination names, else the one that was called, and never another in its place. */
function waysOf({ ways, called }: LeaveRequest, destination: Destination | undefined): readonly WayOut[] {
  if (called === undefined) return ways;
  const shown = spelt(destination?.shown ?? called);
  return ways.filter(({ from }) => spelt(from) === shown);
}

/** What a call to the police waits for the register at the most. */
const EMERGENCY_READ_MS = 300;
/** What could not be written down of it is tried again. */
const WRITE_AGAIN_MS = 5_000;

const joins = (way: LeaveWay): boolean => way !== 'call-out' && way !== 'callback';

export function createGate(needs: GateNeeds): Gate {
  const { refusals, consents, attempts, fraudSettings, claims, counts, register, permits, audit, hashNumber, newId, localTime, now, log } =
    needs;
  const stopWatch = createStopWatch({ stops: () => needs.stops.stops(), later: needs.later, log });
  /** Of permits whose leg is not being dialled yet. */
  const stoppables = new Map<string, Stoppable>();
  /** Rows of emergency calls that are still being written. */
  const unwritten = new Map<string, Promise<void>>();

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

  async function look(request: LeaveRequest, numberHash: string): Promise<Facts> {
    const at = now();
    const { date, minuteOfDay, midnight } = localTime(at);
    const { agentId, purpose = '', askedIn } = request;
    const number = planned(request.number)?.text ?? '';
    const destination = await register.destination(number);
    const [way, ofCalled, refused, consent, tries, stops, { watchedPrefixes }, rules, today] = await Promise.all([
      usableWay(waysOf(request, destination), date, joins(request.way)),
      request.called === undefined ? undefined : register.number(spelt(request.called)),
      refusals.inForce(numberHash),
      consents.inForce(numberHash, purpose, at),
      attempts.triesOf(numberHash, new Date(at.getTime() - DAY_MS)),
      needs.stops.stops(),
      fraudSettings.read(),
      needs.rules.inForce(),
      attempts.countOf(numberHash, midnight),
    ]);
    const clientId = ofCalled?.clientId ?? way?.clientId ?? '';
    const watched = isWatched(request.number, watchedPrefixes);
    const stoppable = { from: way?.from, clientIds: [clientId, way?.clientId ?? ''].filter((id) => id !== ''), agentId };
    const consentId = askedIn === undefined ? consent?.id : `call:${askedIn.callId}`;
    const answer = mayLeave({
      way: request.way,
      number: request.number,
      today: date,
      allowedKinds: rules.allowedKinds,
      ways: rules.ways,
      watched,
      stopped: isStopped(stops, stoppable),
      refused: refused !== undefined,
      destination,
      clientId,
      callback: askedIn,
      purpose,
      consented: consentId !== undefined,
      minuteOfDay,
      window: rules.window,
      quiet: rules.quiet,
      tries,
      now: at,
    });
    const permission: Permission = !answer.allowed
      ? answer
      : way === undefined
        ? { allowed: false, reason: 'number-not-usable' }
        : today >= rules.ceilings.numberCallsADay
          ? { allowed: false, reason: 'over-ceiling' }
          : answer;
    return { at, date, midnight, way, permission, consentId, watched, rules, stoppable };
  }

  /** Counted last: a request that another rule refuses takes nothing from the number's caps nor from the day. */
  async function counted(facts: Facts, { way: ofLeg }: LeaveRequest, numberHash: string, permitId: string): Promise<Permission> {
    const { permission, way, at, midnight, date, rules } = facts;
    if (!permission.allowed || way === undefined) return permission;
    const { ceilings, ways } = rules;
    const caps = ways[ofLeg].caps ? CAPS : [];
    const leg = { numberHash, permitId };
    const tooMany = await claims.take({ ...leg, at, midnight, mostADay: ceilings.numberCallsADay, caps });
    if (tooMany !== undefined) return { allowed: false, reason: tooMany };
    if (!(await counts.take(date, way.trunkId, ceilings))) return permission;
    await claims.release(leg);
    return { allowed: false, reason: 'over-ceiling' };
  }

  async function decide(request: LeaveRequest): Promise<DialPermit> {
    const { callId, agentId } = request;
    // What is no number has no hash; its attempts stand together under none.
    const numberHash = hashNumber(request.number) ?? '';
    const attemptId = attemptIdOf(request);
    const facts = await look(request, numberHash);
    const { at, way, consentId, rules } = facts;
    const permission = await counted(facts, request, numberHash, attemptId);
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
    await attempts.put(attempt);
    const { numberMasked } = attempt;
    const entry = { who: agentId ?? 'system:calls', object: `call:${callId}` };
    if (!permission.allowed || way === undefined) {
      const reason = permission.allowed ? 'number-not-usable' : permission.reason;
      await audit({ ...entry, what: 'outbound.refused', success: false, reason, after: { way: request.way, numberMasked } });
      throw new CallCentreError(refusalCodes[reason], `The rules of calling out refuse this call: ${reason}.`);
    }
    const { trunkId, from } = way;
    const after = { way: request.way, permitId: attemptId, numberMasked, numberHash, trunkId, from, rulesVersion: rules.version };
    await audit({ ...entry, what: 'outbound.permitted', success: true, after });
    stoppables.set(attemptId, facts.stoppable);
    const longestMs = rules.ceilings.longestMinutes * MINUTE_MS;
    const leg = { way: request.way, trunkId, from, number, numberMasked, numberHash, consentId };
    return permits.issue({ ...leg, permitId: attemptId, agentId, rulesVersion: rules.version, longestMs });
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
    if (way === undefined) throw new CallCentreError('outbound-number', 'No trunk leads out.');
    const { trunkId, from } = way;
    const permitId = attemptIdOf(request);
    const numberHash = hashNumber(number) ?? '';
    const leg = { way: ofLeg, numberHash, numberMasked: number, trunkId, from };
    const attempt: Attempt = { ...leg, attemptId: permitId, callId, at, agentId, purpose: '', allowed: true, emergency: true };
    writeDown(attempt);
    return permits.issue({ ...leg, permitId, number, agentId, consentId: undefined, longestMs: EMERGENCY_LONGEST_MS, emergency: true });
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
    const put = again(() => attempts.put(attempt));
    const audited = again(() => audit({ who: agentId, what: 'outbound.permitted', object: `call:${callId}`, success: true, after }));
    const both = Promise.all([put, audited]).then(() => void unwritten.delete(attemptId));
    unwritten.set(attemptId, both);
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

  return {
    permit(request) {
      const { agentId, way } = request;
      return agentId !== undefined && way !== 'callback' && isEmergency(request.number) ? emergency(request, agentId) : decide(request);
    },
    async unused(permit) {
      stoppables.delete(permit.permitId);
      if (!permits.void(permit)) return;
      await unwritten.get(permit.permitId);
      await attempts.settle(permit.permitId, { unused: true });
      await claims.release(permit);
    },
    whileDialled(permit, stopped) {
      const leg = stoppables.get(permit.permitId);
      stoppables.delete(permit.permitId);
      return leg === undefined ? () => undefined : stopWatch.over(leg, stopped);
    },
    async ended({ attemptId, trunkId, dialledAt, answeredAt, endedAt, failure }) {
      const lastedMs = answeredAt === undefined ? 0 : Math.max(0, endedAt.getTime() - answeredAt.getTime());
      await unwritten.get(attemptId);
      await Promise.all([
        attempts.settle(attemptId, {
          endedAt,
          ...(answeredAt === undefined ? {} : { answeredAt }),
          ...(failure === undefined ? {} : { failure }),
        }),
        counts.add(localTime(dialledAt).date, trunkId, lastedMs),
      ]);
    },
  };
}
