import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import type { StoredCall } from '../../../services/shared/records/call.js';
import { callRow } from '../../support/centre/call-row.js';
import type { Stack } from '../../support/stack.js';

/** The day of all of it. */
export const LISTED = '2026-11-03';

/** Two callers who gave up, one of them reached later; two transfers; and two agents' states, all of one day. */
export async function plantedLists(stack: Stack): Promise<void> {
  const at = (minutes: number): Date => new Date(Date.parse(`${LISTED}T09:00:00+08:00`) + minutes * 60_000);
  const mongo = await connectMongo(stack.config);
  try {
    const agents = await mongo
      .collection<{ _id: string }>('users')
      .find({ name: { $in: ['agent1', 'agent2'] } })
      .sort({ name: 1 })
      .toArray();
    const [one = '', two = ''] = agents.map(({ _id }) => _id);
    const visit = (callId: string, minutes: number) => ({
      ...{ _id: `${callId}-1`, callId, queueId: 'service', enteredAt: at(minutes), leftAt: at(minutes + 1), waitMs: 60_000 },
      ...{ outcome: 'abandoned', offers: 0, thresholdMs: 20_000, returned: false, direction: 'inbound', class: 'service' },
      ...{ trunkId: 't1', called: '4001000', priority: 0, skills: {}, notedAt: at(minutes + 1) },
    });
    const call = (_id: string, minutes: number, more: Partial<StoredCall>) =>
      callRow(_id, { called: '4001000', queueId: 'service', invitedAt: at(minutes), endedAt: at(minutes + 5), ...more });
    const handedOn = (minutes: number) => ({
      visits: [
        {
          ...{ place: 1, queueId: 'service', fromMs: at(minutes).getTime(), toMs: at(minutes).getTime() + 1, waitMs: 1, offers: 1 },
          ...{ returned: false, priority: 0, skills: {}, outcome: 'answered' as const, agentId: one },
        },
      ],
      history: [
        { atMs: at(minutes + 1).getTime(), what: 'transferred' as const, agentId: one, detail: 'seat' },
        { atMs: at(minutes + 1).getTime(), what: 'offered' as const, agentId: two, offerId: 'o1' },
      ],
    });
    await mongo.collection<{ _id: string }>('visits').insertMany([visit('gaveup1', 1), visit('gaveup2', 2)]);
    await mongo
      .collection<{ _id: string }>('calls')
      .insertMany([
        call('gaveup1', 1, { callerHash: 'h1' }),
        call('gaveup2', 2, { callerHash: 'h2' }),
        call('later', 30, { callerHash: 'h2', agentAnsweredAt: at(31) }),
        call('handed1', 40, handedOn(40)),
        call('handed2', 60, handedOn(60)),
      ] as never);
    const state = (agentId: string, name: string, from: number, until: number, more: object = {}) => ({
      ...{ _id: `listed-${agentId}-${String(from)}`, agentId, at: at(from), untilAt: at(until), state: name },
      ...more,
    });
    await mongo
      .collection<{ _id: string }>('evidence_agent_states')
      .insertMany([
        state(one, 'ready', 0, 40),
        state(one, 'on-call', 40, 41, { callId: 'handed1' }),
        state(one, 'wrap-up', 41, 44, { callId: 'handed1' }),
        state(one, 'ready', 44, 60),
        state(two, 'away', 0, 10, { reason: 'signed-out' }),
        state(two, 'break', 10, 40, { reason: 'by-supervisor' }),
        state(two, 'ready', 40, 400),
      ]);
    // From 07:50 to 15:40 at the site; the second agent is there from 09:00 to 15:40.
    const values = { shiftId: 'S1', account: 'agent2', on: LISTED, from: '07:50', until: '15:40' };
    await mongo
      .collection<{ _id: string }>('registry_entries')
      .insertOne({ _id: 'shifts/S1', register: 'shifts', key: 'S1', values } as never);
  } finally {
    await mongo.close();
  }
}
