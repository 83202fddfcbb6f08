import { createAllReads } from '../../../services/main/reads.js';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { createExpressApp } from '../../../services/api/adapters/express-app.js';
import { DAY_MS } from '../../../services/recording/archive/retention.js';
import { keeperOf } from '../../../services/recording/adapters/keeping.js';
import { createRecordingRoutes } from '../../../services/recording/index.js';
import type { Principal, Role } from '../../../services/shared/domain/people/rights.js';
import type { EventBus } from '../../../services/shared/events/catalogue.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import type { TeamSpell } from '../../../services/shared/domain/people/team.js';
import { createReach } from '../../../services/shared/platform/reach/reach.js';
import type { AuditEntry } from '../../../services/shared/platform/http/route.js';
import { reachesAll } from '../../support/reaches.js';
import { exampleForm } from '../../../web-agent/src/screens/quality/example-form.js';
import {
  archiveCall,
  archiverOf,
  noCustomers,
  noFacts,
  recordingConfig,
  toneOfASecond,
  startRecordingStores,
  type RecordingStores,
} from './recording-stores.js';

// The routes of the slice behind the real gateway, on the embedded stores: rights, reach, audit, and what they answer.
const now = new Date();
const audited: AuditEntry[] = [];
let stores: RecordingStores;
let server: Server;
let base: string;
/** Archives a call of these agents that began now. */
let archive: (callId: string, number: number, agentIds: readonly string[]) => Promise<void>;
/** Who is in which team, and since when. */
const spells: TeamSpell[] = [];

const person = (userId: string, role: Role, queues: readonly string[] = [], teams: readonly string[] = []): Principal => ({
  userId,
  name: userId,
  sessionId: `session-${userId}`,
  roles: [role],
  scope: { queues, sites: [], clientUnits: [], teams },
});
const people = new Map(
  [
    person('anna', 'agent'),
    person('supervisor', 'supervisor'),
    person('other-supervisor', 'supervisor'),
    person('sales-supervisor', 'supervisor', ['sales']),
    person('day-leader', 'supervisor', [], ['day']),
    person('night-leader', 'supervisor', [], ['night']),
    person('compliance', 'compliance'),
    person('inspector', 'inspector'),
  ].map((one) => [one.userId, one]),
);

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly body: Record<string, unknown> & { readonly error?: string };
}

async function ask(who: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${who}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    body: (isJson ? JSON.parse(Buffer.from(bytes).toString()) : {}) as Answer['body'],
  };
}

const auditOf = (what: string): AuditEntry[] => audited.filter((entry) => entry.what === what);

beforeAll(async () => {
  stores = await startRecordingStores();
  const { objects, mongo } = stores;
  const config = recordingConfig;
  const bus = { publish: async () => undefined } as unknown as EventBus;
  const audit = async (entry: AuditEntry): Promise<void> => void audited.push(entry);
  const log = silentLogger;
  const deps = keeperOf({ config, mongo, reads: createAllReads(mongo), objects, bus, audit, log });
  const archiver = archiverOf(deps, mongo, now);
  const ogg = await toneOfASecond();
  for (const [place, callId] of ['call-service', 'call-sales', 'call-service-2'].entries()) {
    await archiveCall(stores, archiver, { callId, number: place + 1, endedAt: new Date(now.getTime() - place * 1_000), ogg });
    await deps.recordings.setFacets(callId, {
      agentIds: ['anna'],
      queueId: callId === 'call-sales' ? 'sales' : 'service',
      callerHash: `hash of ${callId}`,
      called: '4001000',
    });
  }
  archive = async (callId, number, agentIds) => {
    await archiveCall(stores, archiver, { callId, number, endedAt: new Date(now.getTime() + number), ogg });
    await deps.recordings.setFacets(callId, { agentIds, queueId: 'service', called: '4001000' });
  };
  const routes = createRecordingRoutes({
    facts: noFacts,
    customers: noCustomers,
    config,
    mongo,
    objects,
    bus,
    audit,
    log,
    numberHash: (number) => `hash of ${number}`,
    reachOf: createReach(
      async () => [],
      async (teamIds = []) => spells.filter(({ teamId }) => teamIds.includes(teamId)),
    ),
  });
  const app = createExpressApp({
    lookUps: { take: async () => true },
    routes,
    whoIs: async (token) => people.get(token),
    // What the gateway finds out about an object is tested where it is made; here the slice's own reach decides.
    reaches: reachesAll(true),
    audit,
    log,
    proxies: [],
    pages: stores.folder,
    overTls: false,
    checksAnswers: true,
  });
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
}, 60_000);

afterAll(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
  await stores.stop();
});

test.each([
  ['anna', 'GET', '/recordings', 403],
  ['nobody', 'GET', '/recordings', 401],
  ['supervisor', 'GET', '/recordings/call-service/download?reason=because', 403],
  ['inspector', 'GET', '/recordings/call-service/download?reason=because', 403],
  ['compliance', 'GET', '/recordings/call-service/download', 400],
  ['supervisor', 'GET', '/recordings?limit=0', 400],
  ['supervisor', 'GET', '/recordings?cursor=nonsense', 400],
  ['supervisor', 'GET', '/recordings/no-such-call', 404],
  ['sales-supervisor', 'GET', '/recordings/call-service', 404],
  ['sales-supervisor', 'GET', '/recordings/call-service/audio', 404],
  ['sales-supervisor', 'GET', '/recordings/call-service/peaks', 404],
  ['sales-supervisor', 'GET', '/recordings/call-service/reviews', 404],
  ['sales-supervisor', 'GET', '/ledger/calls/call-service', 404],
  ['supervisor', 'POST', '/recordings/call-service/holds', 403],
  ['supervisor', 'PUT', '/retention', 403],
  ['inspector', 'POST', '/rights-requests', 403],
])('%s asks %s %s: %i', async (who, method, path, status) => {
  expect((await ask(who, method, path, method === 'GET' ? undefined : {})).status).toBe(status);
});

test('a search tells masked facts only, within the reach, page by page', async () => {
  const first = await ask('supervisor', 'GET', '/recordings?limit=2');
  const rows = first.body['recordings'] as { callId: string; facets: Record<string, unknown> }[];
  expect(rows.map(({ callId }) => callId)).toEqual(['call-service', 'call-sales']);
  expect(JSON.stringify(rows)).not.toMatch(/hash of|objectKey|wrapped|noncePrefix/);
  const second = await ask('supervisor', 'GET', `/recordings?limit=2&cursor=${String(first.body['next'])}`);
  expect(second.body).toMatchObject({ recordings: [{ callId: 'call-service-2' }], next: null });
  expect((await ask('sales-supervisor', 'GET', '/recordings')).body['recordings']).toHaveLength(1);
  expect((await ask('sales-supervisor', 'GET', '/recordings?queueId=service')).body['recordings']).toHaveLength(0);
  expect((await ask('supervisor', 'GET', '/recordings?number=call-sales')).body['recordings']).toHaveLength(1);
});

test('a play gives the whole file or a range, as Ogg or WAV, with one audit row for one listening', async () => {
  const whole = await ask('supervisor', 'GET', '/recordings/call-service/audio');
  expect(whole.status).toBe(200);
  expect(whole.headers.get('etag')).toBe(`"${createHash('sha256').update(whole.bytes).digest('hex')}"`);
  const part = await ask('supervisor', 'GET', '/recordings/call-service/audio', undefined, { range: 'bytes=10-19' });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe(`bytes 10-19/${whole.bytes.length}`);
  expect(Buffer.from(part.bytes).equals(whole.bytes.subarray(10, 20))).toBe(true);
  expect((await ask('supervisor', 'GET', '/recordings/call-service/audio', undefined, { range: 'bytes=999999-' })).status).toBe(416);
  const wav = await ask('supervisor', 'GET', '/recordings/call-service/audio?format=wav');
  expect(Buffer.from(wav.bytes.subarray(0, 4)).toString()).toBe('RIFF');
  expect(auditOf('recording.played')).toEqual([expect.objectContaining({ who: 'supervisor', object: 'call-service' })]);
  expect((await ask('supervisor', 'GET', '/recordings/call-service/peaks')).body['agent']).toHaveLength(600);
});

test('a download carries who and when in its name and in the file, and its reason is kept', async () => {
  const taken = await ask('compliance', 'GET', '/recordings/call-service/download?reason=court%20order%207');
  expect(taken.headers.get('content-disposition')).toMatch(/filename="call-service_compliance_\d{8}T\d{6}Z\.ogg"/);
  const text = Buffer.from(taken.bytes).toString('latin1');
  expect(text).toContain('DOWNLOADED_BY=compliance');
  expect(text).toContain('DOWNLOADED_AT=');
  expect(auditOf('recording.downloaded')).toEqual([expect.objectContaining({ who: 'compliance', reason: 'court order 7' })]);
});

test('a note stands at its moment', async () => {
  const note = await ask('supervisor', 'POST', '/recordings/call-service/notes', { atMs: 500, text: 'promised a refund' });
  expect(note.status).toBe(200);
  expect((await ask('supervisor', 'GET', '/recordings/call-service')).body['notes']).toEqual([
    expect.objectContaining({ atMs: 500, text: 'promised a refund', by: 'supervisor' }),
  ]);
});

test('a review is given once, never of the own call, calibrated with a second one, appealed once and answered by another', async () => {
  const saved = await ask('supervisor', 'POST', '/review-forms', exampleForm);
  expect(saved.body).toMatchObject({ formId: exampleForm.formId, version: 1 });
  const answers = Object.fromEntries(exampleForm.questions.map(({ id, points }) => [id, points]));
  const path = '/recordings/call-service/reviews';
  expect((await ask('supervisor', 'POST', path, { formId: exampleForm.formId, answers: { greeting: 9 } })).status).toBe(400);
  const given = await ask('supervisor', 'POST', path, { formId: exampleForm.formId, answers: { ...answers, hold: null, privacy: 0 } });
  expect(given.body['score']).toEqual({ percent: 0, fatal: ['privacy'], critical: [] });
  expect((await ask('supervisor', 'POST', path, { formId: exampleForm.formId, answers })).status).toBe(409);
  await ask('other-supervisor', 'POST', path, { formId: exampleForm.formId, answers });
  const both = await ask('supervisor', 'GET', path);
  expect(both.body['agreements']).toEqual([
    expect.objectContaining({ by: ['supervisor', 'other-supervisor'], scoreDifference: 100, differences: ['hold', 'privacy'] }),
  ]);

  const { reviewId } = given.body as unknown as { reviewId: string };
  expect((await ask('anna', 'GET', '/my-reviews')).body['reviews']).toHaveLength(2);
  expect((await ask('supervisor', 'POST', `/reviews/${reviewId}/appeal`, { text: 'not mine' })).status).toBe(403);
  expect((await ask('anna', 'POST', `/reviews/${reviewId}/appeal`, { text: 'I did check the name' })).status).toBe(200);
  expect((await ask('anna', 'POST', `/reviews/${reviewId}/appeal`, { text: 'once more' })).status).toBe(409);
  expect((await ask('sales-supervisor', 'GET', '/reviews?appeal=open')).body['reviews']).toEqual([]);
  expect((await ask('supervisor', 'GET', '/reviews?appeal=open')).body['reviews']).toHaveLength(1);
  const answer = { text: 'heard again: the name was checked', upheld: true };
  expect((await ask('supervisor', 'POST', `/reviews/${reviewId}/appeal-answer`, answer)).status).toBe(403);
  expect((await ask('sales-supervisor', 'POST', `/reviews/${reviewId}/appeal-answer`, answer)).status).toBe(404);
  expect((await ask('other-supervisor', 'POST', `/reviews/${reviewId}/appeal-answer`, answer)).status).toBe(200);
  const figures = await ask('supervisor', 'GET', '/review-figures');
  expect(figures.body['agents']).toEqual([{ id: 'anna', reviews: 1, meanPercent: 100, fatal: 0, openAppeals: 0 }]);
  expect(figures.body['calibrations']).toHaveLength(1);
});

test('a draw says its seed and can be drawn again; it shows what is reviewed', async () => {
  const period = { from: new Date(now.getTime() - DAY_MS).toISOString(), to: new Date(now.getTime() + DAY_MS).toISOString(), quota: 2 };
  const drawn = await ask('supervisor', 'POST', '/review-samples', period);
  const again = await ask('supervisor', 'POST', '/review-samples', { ...period, seed: drawn.body['seed'] });
  expect(again.body['calls']).toEqual(drawn.body['calls']);
  const listed = (await ask('supervisor', 'GET', '/review-samples')).body['samples'] as {
    calls: { callId: string; reviewed: boolean }[];
  }[];
  for (const { callId, reviewed } of listed[0]!.calls) expect(reviewed).toBe(callId === 'call-service');
  const narrow = await ask('sales-supervisor', 'POST', '/review-samples', period);
  expect(narrow.body['calls']).toEqual([{ callId: 'call-sales', agentId: 'anna' }]);
});

test('retention below the legal minimum is refused with its basis; a hold keeps, a request is registered and answered', async () => {
  const low = await ask('compliance', 'PUT', '/retention', { outbound: 29, inbound: 180, complaint: 730 });
  expect(low.status).toBe(422);
  expect(JSON.stringify(low.body)).toContain('outbound');
  const held = await ask('compliance', 'POST', '/recordings/call-sales/holds', { reason: 'police request' });
  expect((await ask('supervisor', 'GET', '/recordings?held=true')).body['recordings']).toHaveLength(1);
  const request = { kind: 'delete', callId: 'call-sales', identifiedBy: 'identity card seen' };
  const registered = await ask('compliance', 'POST', '/rights-requests', request);
  const answerPath = `/rights-requests/${String(registered.body['id'])}/answer`;
  expect((await ask('compliance', 'POST', answerPath, { granted: true, text: 'as asked' })).status).toBe(409);
  expect((await ask('compliance', 'DELETE', `/recordings/call-sales/holds/${String(held.body['id'])}`)).status).toBe(204);
  expect((await ask('compliance', 'POST', answerPath, { granted: true, text: 'as asked' })).body['state']).toBe('granted');
  expect((await ask('supervisor', 'GET', '/recordings/call-sales/audio')).status).toBe(404);
  expect((await ask('inspector', 'GET', '/recording-deletions')).body['deletions']).toEqual([
    expect.objectContaining({ callId: 'call-sales', by: 'compliance' }),
  ]);
});

test('the ledger of a call and the check are read by who may', async () => {
  expect((await ask('supervisor', 'GET', '/ledger/calls/call-service')).body).toMatchObject({ number: 1, state: 'accounted' });
  expect((await ask('inspector', 'POST', '/ledger/check', {})).body['findings']).toEqual([]);
  expect(auditOf('ledger.checked')).toHaveLength(1);
});

test('whoever leads a team reviews its members alone, and a review stays with the team of the day of the call', async () => {
  const began = now.getTime() - DAY_MS;
  spells.push({ teamId: 'day', agentId: 'dora', fromMs: began }, { teamId: 'night', agentId: 'nils', fromMs: began });
  await archive('call-handed-on', 4, ['dora', 'nils']);
  await archive('call-of-day', 5, ['dora']);
  const answers = Object.fromEntries(exampleForm.questions.map(({ id, points }) => [id, points]));
  const given = { formId: exampleForm.formId, answers, comment: 'said to the one who had the call' };
  const review = (who: string, callId: string) => ask(who, 'POST', `/recordings/${callId}/reviews`, given);

  // Both leaders may hear the call, which ended with somebody of the night team.
  expect((await ask('day-leader', 'GET', '/recordings/call-handed-on')).status).toBe(200);
  expect((await review('day-leader', 'call-handed-on')).status).toBe(403);
  expect((await review('night-leader', 'call-handed-on')).body).toMatchObject({ agentId: 'nils' });
  expect((await ask('day-leader', 'GET', '/recordings/call-handed-on/reviews')).body['reviews']).toEqual([]);
  expect((await ask('night-leader', 'GET', '/recordings/call-handed-on/reviews')).body['reviews']).toHaveLength(1);
  const period = { from: new Date(began).toISOString(), to: new Date(now.getTime() + DAY_MS).toISOString(), quota: 5 };
  expect((await ask('day-leader', 'POST', '/review-samples', period)).body['calls']).toEqual([{ callId: 'call-of-day', agentId: 'dora' }]);
  expect((await review('day-leader', 'call-of-day')).status).toBe(200);

  // From the next moment another team has her, but not her earlier calls.
  const movedMs = now.getTime() + 1;
  spells[0] = { teamId: 'day', agentId: 'dora', fromMs: began, untilMs: movedMs };
  spells.push({ teamId: 'night', agentId: 'dora', fromMs: movedMs });
  const reviewed = async (who: string) =>
    ((await ask(who, 'GET', '/reviews')).body['reviews'] as { callId: string }[]).map(({ callId }) => callId);
  expect(await reviewed('day-leader')).toEqual(['call-of-day']);
  expect(await reviewed('night-leader')).toEqual(['call-handed-on']);
});
