import type { Connection } from 'mongoose';
import type { LeaveRequest } from '../../../services/outbound/gate/gate.js';

/** Ceilings that no test reaches. */
export const usualCeilings = {
  numberCallsADay: 1_000,
  numberMinutesADay: 1_000,
  callsADay: 1_000,
  minutesADay: 1_000,
  trunkCallsADay: 1_000,
  trunkMinutesADay: 1_000,
  longestMinutes: 60,
};

export const setCeilings = async (mongo: Connection, ceilings: Partial<typeof usualCeilings>): Promise<void> => {
  await mongo
    .collection<{ _id: string }>('outbound_settings')
    .insertOne({ _id: 'leaving', ceilings: { ...usualCeilings, ...ceilings } } as never);
};

let calls = 0;
/** A transfer to a number that no other call has, through the one carrier. */
export const transfer = (change: Partial<LeaveRequest> = {}): LeaveRequest => ({
  callId: `c${(calls += 1)}`,
  way: 'transfer',
  agentId: 'anna',
  number: `0216000${String(calls).padStart(4, '0')}`,
  ways: [{ trunkId: 'carrier.one', from: '95100' }],
  called: '95100',
  ...change,
});
