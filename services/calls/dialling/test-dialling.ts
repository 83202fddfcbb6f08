import type { CommandHandlers } from '../../shared/contracts/calls/commands.js';
import { TEST_PURPOSE } from '../../shared/domain/calls/call-purpose.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import { normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import { TEST_AGENT } from '../../shared/domain/proof.js';
import { isOfCallers, outboundCall, PLAIN_FLOW } from '../running/arrivals.js';
import type { Controller } from '../running/controller.js';
import type { Occupations } from '../seats/occupations.js';
import type { Directory, ExpectedTests, LeavingGate } from '../ports.js';
import type { Seats } from '../seats/seats.js';

export interface TestDiallingDependencies {
  readonly controller: Pick<Controller, 'add' | 'begin'>;
  readonly directory: Directory;
  readonly outbound: Pick<LeavingGate, 'permit' | 'unused'>;
  readonly seats: Pick<Seats, 'of'>;
  readonly occupations: Pick<Occupations, 'of'>;
  readonly expectedTests: ExpectedTests | undefined;
  readonly newId: () => string;
  readonly isClosed: () => boolean;
  readonly nowMs: () => number;
}

/** Dials a call that tests a trunk, from the system's own seat. */
export function createTestDialling({
  controller,
  directory,
  outbound,
  seats,
  occupations,
  expectedTests,
  newId,
  isClosed,
  nowMs,
}: TestDiallingDependencies): NonNullable<CommandHandlers['call.dial-test']> {
  const mustBeFree = (): void => {
    if (seats.of(TEST_AGENT)?.mediaUp !== true) throw new CallCentreError('seat-lost', 'The test seat has no audio');
    if (occupations.of(TEST_AGENT) !== undefined) throw new CallCentreError('busy', 'The test seat is in a call');
  };

  return async ({ trunkId, number, arrives }) => {
    if (isClosed()) throw new CallCentreError('service-unavailable', 'Telephony is shutting down and accepts no new calls');
    mustBeFree();
    // Real callers of that number would be mistaken for the test, or the test would ring an agent.
    if (arrives !== undefined && isOfCallers(directory.number(arrives.called)))
      throw new CallCentreError('wrong-state', 'Callers use this number: choose one that is not in service');
    const id = newId();
    const permit = await outbound.permit({
      callId: id,
      way: 'call-out',
      agentId: TEST_AGENT,
      number,
      purpose: TEST_PURPOSE,
      ways: directory.waysOut().filter((way) => way.trunkId === trunkId),
      test: true,
    });
    try {
      mustBeFree();
      if (arrives !== undefined) await expectedTests?.expect(arrives.trunkId, normaliseNumber(arrives.called) ?? arrives.called);
    } catch (error) {
      await outbound.unused(permit);
      throw error;
    }
    const begun = outboundCall({
      id,
      permit,
      agentId: TEST_AGENT,
      class: 'test',
      flow: PLAIN_FLOW,
      language: 'zh-CN',
      outbound: { purpose: TEST_PURPOSE, consentId: '' },
      atMs: nowMs(),
    });
    void controller.begin(controller.add(begun.call, { incoming: undefined, sipCallId: '' }), begun.effects);
    return { callId: id, from: permit.from };
  };
}
