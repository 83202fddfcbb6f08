import { CallCentreError, type FailureCode } from '../../shared/domain/failure.js';
import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import { isEmergencyNumber, planned } from '../../shared/domain/numbers/numbering-plan.js';
import { maskNumber } from '../../shared/domain/numbers/phone-number.js';
import { attemptIdOf, createDecisions, type Decisions, type LeaveRequest } from './decision.js';
import { createEmergencyGate } from './emergency-gate.js';
import type { GateNeeds } from './gate-needs.js';
import { LateWriter } from './late-writer.js';
import { OpenLegs } from './open-legs.js';
import { createOtherWay, leftUnsent } from './other-way.js';
import type { Attempt, Claims } from '../ports.js';
import type { DialRefusal } from '../refusals/refusal.js';
import { createStopWatch, type CallOff, type DialledLeg, type StopWatch } from './stop-watch.js';
import type { TrunkId } from '../../shared/domain/ids.js';

export type { GateNeeds } from './gate-needs.js';
export type { LeaveRequest } from './decision.js';

const MINUTE_MS = 60_000;

/** A leg that was dialled and has ended. */
export interface EndedLeg {
  readonly attemptId: string;
  /** The trunk over which it was last dialled, and the number that was shown there. */
  readonly trunkId: TrunkId;
  readonly from: string;
  readonly dialledAt: Date;
  readonly answeredAt: Date | undefined;
  readonly endedAt: Date;
  /** Why it was not answered, or that we ended it. */
  readonly failure: string | undefined;
}

/**
 * The one way out: asked at the moment of dialling for each outside leg, and records what it decided. Fails with an `outbound-...` code
 * that says which rule refused.
 */
export interface Gate {
  permit(request: LeaveRequest): Promise<DialPermit>;
  /**
   * The trunk of a used permit did not take the leg: resolves with a permit for the same leg over the next of its `others` that the
   * register and the day's ceilings allow at this moment, or undefined when there is none. `returns`: the trunk was not tried, and goes
   * behind the others.
   */
  otherWay(permit: DialPermit, how?: { readonly returns: boolean }): Promise<DialPermit | undefined>;
  /** The leg was not dialled after all. */
  unused(permit: DialPermit): Promise<void>;
  /**
   * From here until the answer, or until the returned function is called, a stop, a refusal by the person or a withdrawn consent calls the
   * leg off. Resolves after the first check.
   */
  whileDialled(permit: DialPermit, calledOff: (why: CallOff) => void): Promise<() => void>;
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

const GIVING_BACK_FAILED = 'a call that was not dialled still counts for the day';

/** The requested number as it is dialled, or as much of it as a telephone could send. */
const dialledOf = ({ number }: LeaveRequest): string => planned(number)?.text ?? number.replace(/[^+\d]/g, '');

/** The row of a requested leg, allowed or not. */
function attemptOf(
  request: LeaveRequest,
  { at, way, consentId, freeReason, rules, permission, watched }: Awaited<ReturnType<Decisions['decide']>>,
  { attemptId, numberHash }: Pick<Attempt, 'attemptId' | 'numberHash'>,
): Attempt {
  return {
    attemptId,
    callId: request.callId,
    at,
    way: request.way,
    agentId: request.agentId ?? '',
    numberHash,
    numberMasked: maskNumber(dialledOf(request)),
    purpose: request.purpose ?? '',
    allowed: permission.allowed,
    rulesVersion: rules.version,
    ...(permission.allowed ? {} : { reason: permission.reason }),
    ...(way === undefined ? {} : { from: way.from, trunkId: way.trunkId }),
    ...(consentId === undefined ? {} : { consentId }),
    ...(freeReason === undefined ? {} : { freeReason }),
    ...(watched ? { watched: true } : {}),
  };
}

/** In parallel, so that a store takes them in one flush; no permit is given before all of them are written. */
async function written(
  { claims, counts, log }: GateNeeds,
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

/** Keeps checking what a leg rests on while it is being dialled. */
const watchOf = ({ stops, memory, stores, now, later, log }: GateNeeds): StopWatch =>
  createStopWatch({
    stops: () => stops.stops(),
    catchUp: () => memory.catchUp(),
    refused: (numberHash) => stores.refused(numberHash),
    consented: async (numberHash, { purpose, clientId }) => (await stores.consent(numberHash, purpose, clientId, now())) !== undefined,
    later,
    log,
  });

export function createGate(needs: GateNeeds): Gate {
  const { stores, attempts, claims, counts, permits, audit, hashNumber, newId, localTime } = needs;
  const { decide: decided, usableWay } = createDecisions(needs);
  const stopWatch = watchOf(needs);
  /** For permits whose leg is not being dialled yet. */
  const stoppables = new Map<string, DialledLeg>();
  const legs = new OpenLegs(permits);
  const late = new LateWriter(needs);
  const emergency = createEmergencyGate(needs, { usableWay, legs, late });

  async function decide(request: LeaveRequest): Promise<DialPermit> {
    const { callId, agentId } = request;
    // A text that is not a number has no hash; such attempts are stored together under the empty hash.
    const numberHash = hashNumber(request.number) ?? '';
    const attemptId = attemptIdOf(request, newId);
    const facts = await decided(request, { numberHash, permitId: attemptId });
    const { way, others, consentId, freeReason, rules, permission } = facts;
    const number = dialledOf(request);
    const attempt = attemptOf(request, facts, { attemptId, numberHash });
    const { numberMasked } = attempt;
    const free = freeReason === undefined ? {} : { freeReason };
    const entry = { who: agentId ?? 'system:calls', object: `call:${callId}` };
    if (!permission.allowed || way === undefined) {
      const reason = permission.allowed ? 'number-not-usable' : permission.reason;
      const after = { way: request.way, numberMasked, ...free };
      await Promise.all([attempts.put(attempt), audit({ ...entry, what: 'outbound.refused', success: false, reason, after })]);
      throw new CallCentreError(refusalCodes[reason], `The outbound rules refuse this call: ${reason}.`);
    }
    const { trunkId, from } = way;
    const after = { way: request.way, permitId: attemptId, numberMasked, numberHash, trunkId, from, rulesVersion: rules.version, ...free };
    await written(needs, { numberHash, permitId: attemptId, day: facts.date, trunkId }, counts.count(facts.date, trunkId), [
      attempts.put(attempt),
      audit({ ...entry, what: 'outbound.permitted', success: true, ...(freeReason === undefined ? {} : { reason: freeReason }), after }),
    ]);
    stoppables.set(attemptId, { ...facts.basis, numberHash });
    const longestMs = rules.ceilings.longestMinutes * MINUTE_MS;
    const leg = { way: request.way, trunkId, from, called: request.called, number, numberMasked, numberHash, consentId, ...free };
    const isTest = request.test === true ? { test: true as const } : {};
    return legs.issue(
      { ...leg, ...isTest, permitId: attemptId, agentId, rulesVersion: rules.version, longestMs, others },
      { day: facts.date, basis: facts.basis },
    );
  }

  async function lasted(leg: Omit<Parameters<Claims['lasted']>[0], 'day' | 'least'>): Promise<void> {
    const { date: day } = localTime(leg.at);
    // The live state first, with the document store's earlier count as a minimum: no minute counts twice or is lost.
    await claims.lasted({ ...leg, day, least: await stores.dayCount(day, leg.trunkId) });
    await counts.add(day, leg.trunkId, leg.lastedMs);
  }

  return {
    permit(request) {
      const { agentId, way, test } = request;
      // A test never takes the way of emergency calls, for which no rule is checked.
      return agentId !== undefined && way !== 'callback' && test !== true && isEmergencyNumber(request.number)
        ? emergency(request, agentId)
        : decide(request);
    },
    otherWay: createOtherWay(needs, { usableWay, legs, late }),
    async unused(permit) {
      const leg = legs.take(permit.permitId);
      stoppables.delete(permit.permitId);
      if (!permits.void(permit)) return;
      await late.written(permit.permitId);
      await attempts.settle(permit.permitId, { unused: true });
      if (leg?.basis === undefined) return;
      const { numberHash, permitId } = leg.permit;
      const { day, countedFor: trunkId } = leg;
      if (await claims.release({ numberHash, permitId, day, trunkId })) await counts.giveBack(day, trunkId, 'day');
    },
    async whileDialled(permit, calledOff) {
      const leg = stoppables.get(permit.permitId);
      stoppables.delete(permit.permitId);
      return leg === undefined ? () => undefined : stopWatch.over(leg, calledOff);
    },
    async ended({ attemptId, trunkId, from, dialledAt, answeredAt, endedAt, failure }) {
      const leg = legs.take(attemptId);
      const lastedMs = answeredAt === undefined ? 0 : Math.max(0, endedAt.getTime() - answeredAt.getTime());
      await late.written(attemptId);
      const settled = attempts.settle(attemptId, {
        // The trunk to which the leg moved may have had no channel: the one dialled last counts.
        trunkId,
        from,
        endedAt,
        ...(answeredAt === undefined ? {} : { answeredAt }),
        ...(failure === undefined ? {} : { failure }),
      });
      // A process that took the call over knows the number from the attempt alone.
      const numberOf = async (): Promise<string> => leg?.permit.numberHash ?? (await settled) ?? '';
      await Promise.all([
        settled,
        lastedMs === 0
          ? undefined
          : numberOf().then((numberHash) => lasted({ numberHash, permitId: attemptId, at: dialledAt, trunkId, lastedMs })),
        leg?.basis !== undefined && permits.wasNotSent(leg.permit) ? leftUnsent(leg, needs) : undefined,
      ]);
    },
  };
}
