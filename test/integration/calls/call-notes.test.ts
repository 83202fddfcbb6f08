import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { callSheet } from '../../../services/calls/adapters/call-sheet.js';
import { callModel, oneCall } from '../../../services/calls/adapters/mongo-calls.js';
import { createMongoNotes } from '../../../services/calls/adapters/mongo-notes.js';
import { createCallReach } from '../../../services/calls/records/call-reach.js';
import { createCallNotesErasure } from '../../../services/calls/index.js';
import { createNoteRoutes } from '../../../services/calls/notes/http.js';
import { CALL_NOTE_LENGTH } from '../../../services/shared/contracts/calls/text-lengths.js';
import { MOST_CALL_NOTES } from '../../../services/shared/contracts/api/calls/call-notes.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import type { Principal } from '../../../services/shared/domain/people/rights.js';
import type { AuditEntry } from '../../../services/shared/platform/http/route.js';
import { temporaryStore } from '../documents/documents-support.js';

// Notes on calls through their routes, in the embedded document store.

interface LiveOne {
  readonly callId: string;
  readonly queueId: string;
  readonly called: string;
  readonly agentId: string;
  readonly agentIds: readonly string[];
}

let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: mongoose.Connection;
let live: readonly LiveOne[];
let audited: AuditEntry[];
let published: object[];
let nowMs = Date.parse('2026-11-30T02:00:00Z');

const call = (callId: string, agentId: string): LiveOne => ({
  callId,
  queueId: 'service',
  called: '4001000',
  agentId,
  agentIds: [agentId],
});
const personOf = (userId: string, roles: Principal['roles']): Principal => ({
  ...{ userId, name: `name of ${userId}`, sessionId: 's', roles },
  scope: { queues: [], sites: [], clientUnits: [] },
});
const [anna, bert, boss] = [personOf('anna', ['agent']), personOf('bert', ['agent']), personOf('boss', ['supervisor'])];
/** Of a team without Anna. */
const leader: Principal = { ...personOf('leader', ['supervisor']), scope: { queues: [], sites: [], clientUnits: [], teams: ['t2'] } };

const commands = {
  async send(name: string, { callId }: { readonly callId?: string }) {
    if (name === 'calls.live') return live;
    const found = live.find((each) => each.callId === callId);
    if (found === undefined) throw new CallCentreError('no-such-call', 'This call has ended');
    return { agentIds: found.agentIds, callerMasked: '138****0001', called: found.called };
  },
};

async function ask(person: Principal, key: string, callId: string, body: object = {}): Promise<unknown> {
  const routes = createNoteRoutes({
    notes: createMongoNotes(mongo),
    commands: commands as never,
    bus: { publish: async (_name: string, event: object) => void published.push(event) } as never,
    audit: async (entry) => void audited.push(entry),
    reachesCall: createCallReach({
      mongo,
      commands: commands as never,
      reachOf: async (principal) =>
        principal?.userId === 'leader'
          ? { queues: [], numbers: [], members: [{ teamId: 't2', agentId: 'bert', fromMs: 0 }] }
          : { queues: [], numbers: undefined },
    }),
    now: () => new Date((nowMs += 1)),
  });
  const [method = '', path = ''] = key.split(' ');
  const found = routes.find((each) => each.method === method.toLowerCase() && each.path === path);
  expect(found).toBeDefined();
  return found?.handle({ principal: person, params: { callId }, query: {}, body, from: '127.0.0.1' } as never);
}
const write = (person: Principal, callId: string, noteId: string, text = `text of ${noteId}`): Promise<string> =>
  ask(person, 'POST /calls/:callId/notes', callId, { noteId, text }).then(
    () => 'done',
    (error: unknown) => (error instanceof CallCentreError ? error.code : Promise.reject(error as Error)),
  );
const read = async (person: Principal, callId: string): Promise<unknown> =>
  ask(person, 'GET /calls/:callId/notes', callId).then(
    (answer) => (answer as { notes: { by: string; text: string }[] }).notes.map(({ by, text }) => [by, text]),
    (error: unknown) => (error instanceof CallCentreError ? error.code : Promise.reject(error as Error)),
  );

beforeAll(async () => {
  store = await temporaryStore();
  mongo = await mongoose.createConnection(store.uri).asPromise();
});
afterAll(async () => {
  await mongo.close();
  await store[Symbol.asyncDispose]();
});
beforeEach(() => {
  [live, audited, published] = [[call('c1', 'anna'), call('c2', 'bert')], [], []];
});

test('the agent of a call and a supervisor read what the other noted, with name and order; it is told at once, and stands in the audit log', async () => {
  expect(await write(boss, 'c1', 'note-one', 'Offer the refund')).toBe('done');
  expect(await write(anna, 'c1', 'note-two', 'Done')).toBe('done');
  const all = [
    ['name of boss', 'Offer the refund'],
    ['name of anna', 'Done'],
  ];
  expect([await read(anna, 'c1'), await read(boss, 'c1')]).toEqual([all, all]);
  expect(published).toMatchObject([
    { callId: 'c1', agentIds: ['anna'] },
    { callId: 'c1', agentIds: ['anna'] },
  ]);
  expect(audited).toMatchObject([
    { who: 'boss', what: 'call.noted', object: 'call:c1' },
    { who: 'anna', what: 'call.noted' },
  ]);
  expect(JSON.stringify([audited, published])).not.toContain('refund');
});

test('an agent of another call and a leader of another team neither read nor write; the call is not there for them', async () => {
  expect([await read(bert, 'c1'), await write(bert, 'c1', 'note-bert')]).toEqual(['not-found', 'not-found']);
  expect([await read(leader, 'c1'), await write(leader, 'c1', 'note-lead')]).toEqual(['not-found', 'not-found']);
  expect(await write(leader, 'c2', 'note-lead')).toBe('done');
  expect([await read(boss, 'never'), audited.length]).toEqual(['not-found', 1]);
});

test('a note that is sent again stands there once, and two at the same time both stand there', async () => {
  live = [call('c3', 'anna')];
  expect(await Promise.all([write(anna, 'c3', 'note-same', 'once'), write(boss, 'c3', 'note-else', 'too')])).toEqual(['done', 'done']);
  expect(await Promise.all([write(anna, 'c3', 'note-same', 'once'), write(anna, 'c3', 'note-same', 'once')])).toEqual(['done', 'done']);
  expect(((await read(anna, 'c3')) as string[][]).map(([, text]) => text).sort()).toEqual(['once', 'too']);
});

test('a note that is sent again because no answer came is told again: the process that took it may have ended before it told anybody', async () => {
  live = [call('c8', 'anna')];
  const notes = createMongoNotes(mongo);
  await notes.put({ callId: 'c8', noteId: 'note-kept', at: new Date(nowMs), by: { userId: 'boss', name: 'name of boss' }, text: 'kept' });
  expect(await write(boss, 'c8', 'note-kept', 'kept')).toBe('done');
  expect(published).toMatchObject([{ callId: 'c8', agentIds: ['anna'] }]);
  expect([await read(anna, 'c8'), audited]).toEqual([[['name of boss', 'kept']], []]);
});

test('a call that ends between two looks is looked for among the records', async () => {
  const looks: string[] = [];
  const reaches = createCallReach({
    mongo,
    commands: {
      async send(name: string) {
        looks.push(name);
        if (name === 'calls.live') return [call('c9', 'anna')];
        await mongo
          .collection<{ _id: string }>('calls')
          .insertOne({ _id: 'c9', agentIds: ['anna'], invitedAt: new Date(), called: '4001000' } as never);
        throw new CallCentreError('no-such-call', 'This call has ended');
      },
    } as never,
    reachOf: async () => ({ queues: [], numbers: undefined }),
  });
  expect(await reaches(anna, 'c9', 'read')).toBe(true);
  expect(looks).toEqual(['calls.live', 'call.caller-hash']);
  expect(await reaches(bert, 'c9', 'read')).toBe(false);
});

test('after the end nothing is added, and what was noted stays to be read; a note that was taken before is not refused when it is sent again', async () => {
  live = [call('c4', 'anna')];
  expect(await write(anna, 'c4', 'note-live')).toBe('done');
  live = [];
  await mongo
    .collection<{ _id: string }>('calls')
    .insertOne({ _id: 'c4', agentIds: ['anna'], invitedAt: new Date(), called: '4001000' } as never);
  expect(await write(anna, 'c4', 'note-late')).toBe('wrong-state');
  expect(await write(anna, 'c4', 'note-live')).toBe('done');
  expect(await read(anna, 'c4')).toEqual([['name of anna', 'text of note-live']]);
  expect(await read(bert, 'c4')).toBe('not-found');
});

test('a call takes so many notes and no more', async () => {
  live = [call('c5', 'anna')];
  const notes = createMongoNotes(mongo);
  for (let i = 0; i < MOST_CALL_NOTES; i += 1)
    await notes.put({
      callId: 'c5',
      noteId: `n${String(i)}`,
      at: new Date(i),
      by: { userId: 'anna', name: 'Anna' },
      text: 'x'.repeat(CALL_NOTE_LENGTH),
    });
  expect(await write(anna, 'c5', 'one-more')).toBe('too-large');
  expect(await notes.count('c5')).toBe(MOST_CALL_NOTES);
});

test('notes go with the list of calls, and an erasure removes those of its calls alone', async () => {
  live = [call('c6', 'anna'), call('c7', 'anna')];
  await write(anna, 'c6', 'note-six', '=1+1');
  await write(anna, 'c7', 'note-seven', 'stays');
  const notes = createMongoNotes(mongo);
  expect([...(await notes.ofCalls(['c6', 'none']))].map(([callId, of]) => [callId, of.length])).toEqual([['c6', 1]]);
  const [at] = ['2026-11-30T02:00:00.000Z'];
  const record = {
    _id: 'c6',
    direction: 'inbound',
    callerMasked: '138****0001',
    called: '4001000',
    invitedAt: new Date(at),
    endedAt: new Date(at),
  };
  const sheet = callSheet([{ ...record, cause: 'completed', by: 'caller' } as never], await notes.ofCalls(['c6']));
  expect(sheet).toContain('name of anna: =1+1');
  await createCallNotesErasure(mongo)(['c6', 'none']);
  expect([await notes.count('c6'), await notes.count('c7')]).toEqual([0, 1]);
  // The erasure does not touch the record of the call.
  expect(await oneCall(callModel(mongo), 'c4')).toBeDefined();
});
