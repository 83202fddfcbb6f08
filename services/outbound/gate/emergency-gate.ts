import { CallCentreError } from '../../shared/domain/failure.js';
import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import { planned } from '../../shared/domain/numbers/numbering-plan.js';
import { attemptIdOf, waysOf, type Decisions, type LeaveRequest } from './decision.js';
import type { GateNeeds } from './gate-needs.js';
import type { LateWriter } from './late-writer.js';
import type { OpenLegs } from './open-legs.js';
import type { Attempt } from '../ports.js';
import type { AgentId } from '../../shared/domain/ids.js';

/** No rule ends a call to the police, but a forgotten leg ends after this time. */
const EMERGENCY_LONGEST_MS = 4 * 60 * 60_000;
/** The longest time that a call to the police waits for the register. */
const EMERGENCY_READ_MS = 300;

/**
 * Police, fire brigade and ambulance from a seat: no rule is checked, and no store is waited for. The row is written as soon as a store
 * takes it.
 */
export function createEmergencyGate(
  { attempts, audit, hashNumber, newId, localTime, now, later, log }: GateNeeds,
  { usableWay, legs, late }: { readonly usableWay: Decisions['usableWay']; readonly legs: OpenLegs; readonly late: LateWriter },
): (request: LeaveRequest, agentId: AgentId) => Promise<DialPermit> {
  /** Undefined when it takes too long or fails. */
  const withinTime = <T>(work: Promise<T>): Promise<T | undefined> =>
    new Promise((resolve) => {
      const stop = later(EMERGENCY_READ_MS, () => resolve(undefined));
      work
        .then(resolve, (error: unknown) => {
          log.error({ err: error }, 'the register could not be read for an emergency call, which is dialled anyway');
          resolve(undefined);
        })
        .finally(stop);
    });

  function writeDown(attempt: Attempt): void {
    const { attemptId, agentId, callId, way, numberMasked, trunkId, from } = attempt;
    const after = { way, permitId: attemptId, numberMasked, trunkId, from, emergency: true };
    late.write(attemptId, [
      () => attempts.put(attempt),
      () => audit({ who: agentId, what: 'outbound.permitted', object: `call:${callId}`, success: true, after }),
    ]);
  }

  return async (request, agentId) => {
    const { callId, way: ofLeg } = request;
    const at = now();
    const number = planned(request.number)?.text ?? '';
    const ways = [...waysOf(request, undefined), ...request.ways];
    const registered = await withinTime(usableWay(ways, localTime(at).date, false));
    const way = registered ?? ways[0];
    const others = ways.filter(
      ({ trunkId }, place) => trunkId !== way?.trunkId && ways.findIndex((each) => each.trunkId === trunkId) === place,
    );
    if (way === undefined) throw new CallCentreError('outbound-number', 'No trunk can be used for outbound calls.');
    const { trunkId, from } = way;
    const permitId = attemptIdOf(request, newId);
    const numberHash = hashNumber(number) ?? '';
    const leg = { way: ofLeg, numberHash, numberMasked: number, trunkId, from };
    const attempt: Attempt = { ...leg, attemptId: permitId, callId, at, agentId, purpose: '', allowed: true, emergency: true };
    writeDown(attempt);
    const longestMs = EMERGENCY_LONGEST_MS;
    const { called } = request;
    return legs.issue(
      { ...leg, called, permitId, number, agentId, consentId: undefined, longestMs, others, emergency: true },
      { day: '', basis: undefined },
    );
  };
}
