import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { createCallReads } from '../../../services/calls/reads.js';
import { createMongoDrills } from '../../../services/drill/adapters/mongo-drills.js';
import { recordPools } from '../../../services/drill/adapters/record-pools.js';
import type { Drill } from '../../../services/drill/drill.js';
import { createOutboundReads } from '../../../services/outbound/reads.js';
import { createRecordingReads } from '../../../services/recording/reads.js';
import { callRow } from '../../support/centre/call-row.js';
import { temporaryStore } from '../documents/documents-support.js';

// What a mock inspection draws from the stored calls and consents, and how it is kept.

const now = new Date();
const before = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
const place = { called: '4001000', queueId: 'service', class: 'service' as const };

test('answered service calls and consents in force can be drawn, in one order, with what the stores miss of each', async () => {
  await using store = await temporaryStore();
  const mongo = await mongoose.createConnection(store.uri).asPromise();
  try {
    const { answeredAt: _answeredAt, ...unanswered } = callRow('unanswered', place);
    await mongo
      .collection<{ _id: string }>('calls')
      .insertMany([
        callRow('second', { ...place, invitedAt: before(1) }),
        callRow('first', { ...place, invitedAt: before(3) }),
        callRow('practice', { ...place, class: 'test' }),
        callRow('too-old', { ...place, invitedAt: before(1_000) }),
        unanswered,
      ]);
    const consent = { numberMasked: '138****0001', numberHash: 'h', purposes: ['enquiry'], channel: 'web', by: 'officer', evidence: 'x' };
    await mongo.collection<{ _id: string; [field: string]: unknown }>('outbound_consents').insertMany([
      { _id: 'with', ...consent, at: before(2), givenAt: before(2), original: { kind: 'call', callId: 'first' } },
      { _id: 'without', ...consent, at: before(1), givenAt: before(1) },
      { _id: 'ended', ...consent, at: before(1), givenAt: before(1), withdrawn: { at: now, by: 'x', reason: 'x' } },
      { _id: 'later', ...consent, at: new Date(now.getTime() + 60_000), givenAt: now },
    ]);
    const reads = { ...createCallReads(mongo), ...createRecordingReads(mongo), ...createOutboundReads(mongo) };
    const { call, consent: consents } = await recordPools(reads, {
      sinceMs: before(100).getTime(),
      now,
      timeOf: (at) => at.toISOString(),
    });
    const all = async (pool: typeof call) => Promise.all(Array.from({ length: pool.count }, async (_, at) => pool.at(at)));
    expect((await all(call)).map((drawn) => [drawn?.subject, drawn?.gaps])).toEqual([
      ['first', ['no-recording']],
      ['second', ['no-recording']],
    ]);
    expect((await call.at(0))?.label).toBe(`${before(3).toISOString()} 139****0001 → 4001000`);
    expect((await all(consents)).map((drawn) => [drawn?.subject, drawn?.gaps])).toEqual([
      ['with', []],
      ['without', ['no-original']],
    ]);
    expect(await call.at(2)).toBeUndefined();
  } finally {
    await mongo.close();
  }
});

test('a drill is kept once, and of two who answer at once one is told', async () => {
  await using store = await temporaryStore();
  const mongo = await mongoose.createConnection(store.uri).asPromise();
  try {
    const drills = createMongoDrills(mongo);
    const drawnFrom = { call: 0, consent: 0, seat: 1, staff: 0, device: 0, rule: 0 };
    const drill: Drill = {
      drillId: 'MN-20261128-01',
      seed: 's',
      seedFrom: 'outside',
      startedAt: before(1),
      dueAt: now,
      by: 'x',
      drawnFrom,
      items: [],
      revision: 1,
    };
    expect([await drills.add(drill), await drills.add(drill)]).toEqual([true, false]);
    expect([await drills.countOf('MN-20261128-'), await drills.countOf('MN-20261129-')]).toEqual([1, 0]);
    const next = { ...drill, endedAt: now, revision: 2 };
    expect([await drills.replace(next), await drills.replace(next)]).toEqual([true, false]);
    expect(await drills.one(drill.drillId)).toEqual(next);
    expect((await drills.newest()).map(({ drillId }) => drillId)).toEqual([drill.drillId]);
  } finally {
    await mongo.close();
  }
});
