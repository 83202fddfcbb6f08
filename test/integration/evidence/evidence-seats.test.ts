import { createAllReads } from '../../../services/main/reads.js';
import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { createSeatLog } from '../../../services/evidence/adapters/stores/mongo-seat-log.js';
import { temporaryStore } from '../documents/documents-support.js';

test('a seat that was used is known by who signed in there, and since when by the clock of the site', async () => {
  await using store = await temporaryStore();
  const mongo = await mongoose.createConnection(store.uri).asPromise();
  try {
    await mongo
      .collection<{ _id: string; name: string; displayName: string }>('users')
      .insertOne({ _id: 'id-1', name: 'li.na', displayName: '李娜' });
    const log = createSeatLog(mongo, 'Asia/Shanghai', createAllReads(mongo));
    // In Shanghai it was already the 21st.
    await log.online({ sessionId: 's1', agentId: 'id-1', at: new Date('2026-09-20T20:00:00Z') });
    await log.offline('s1', new Date('2026-09-20T21:00:00Z'), 'signed-out');
    await log.online({ sessionId: 's2', agentId: 'id-1', at: new Date('2026-11-25T01:00:00Z'), address: '10.0.9.1' });
    await log.online({ sessionId: 's3', agentId: 'gone', at: new Date('2026-11-25T02:00:00Z') });
    const seats = await log.recentSeats(new Date('2026-11-01T00:00:00Z'));
    expect(seats.map(({ facts }) => facts)).toMatchObject([
      { account: 'li.na', person: '李娜', firstSeenOn: '2026-09-21', address: '10.0.9.1', online: true },
      { agentId: 'gone', account: '', person: '', firstSeenOn: '2026-11-25' },
    ]);
  } finally {
    await mongo.close();
  }
});

test('states of agents end where the next one begins, also when many change at once and events come twice', async () => {
  await using store = await temporaryStore();
  const mongo = await mongoose.createConnection(store.uri).asPromise();
  try {
    const log = createSeatLog(mongo, 'Asia/Shanghai', createAllReads(mongo));
    const agents = ['li', 'wang', 'zhao'];
    const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 27, 1, minute));
    const states = ['signed-out', 'ready', 'on-call', 'wrap-up', 'signed-out'];
    const changes = states.slice(1).map((to, minute) => ({ from: states[minute] ?? '', to, at: at(minute), minute }));
    const lane = async (agentId: string): Promise<void> => {
      for (const { minute, ...rest } of changes) {
        const change = { id: `${agentId}-${minute}`, agentId, ...rest };
        await log.stateChanged(change);
        if (agentId === 'li') await log.stateChanged(change);
      }
    };
    await Promise.all(agents.map(lane));
    // The same change reported again after a restart.
    await log.stateChanged({ id: 'wang-1', agentId: 'wang', at: at(1), from: 'ready', to: 'on-call' });
    const stored = await mongo.collection('evidence_agent_states').find().sort({ agentId: 1, at: 1 }).toArray();
    expect(stored.map(({ _id, ...rest }) => rest)).toEqual(
      agents.flatMap((agentId) =>
        states.slice(1, -1).map((state, minute) => ({ agentId, state, at: at(minute), untilAt: at(minute + 1) })),
      ),
    );
  } finally {
    await mongo.close();
  }
});
