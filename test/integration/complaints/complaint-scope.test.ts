import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createMongoSurveys, createMongoTasks } from '../../../services/satisfaction/adapters/mongo-surveys.js';
import type { Complaint } from '../../../services/complaints/cases/complaint.js';
import { ComplaintRig } from './complaint-rig.js';

// Two client units in one centre. Whoever is of one never sees a row, a figure or a file of the other, on whatever route.

const at = new Date(Date.now() - 3_600_000);
const span = `from=${new Date(at.getTime() - 3_600_000).toISOString()}&to=${new Date(Date.now() + 3_600_000).toISOString()}`;
const units = { north: { called: '4001000', queueId: 'service' }, south: { called: '4002000', queueId: 'sales' } } as const;
type Unit = keyof typeof units;

let rig: ComplaintRig;
let stopWorker: () => Promise<void>;
const cases = new Map<Unit, string>();
const files = new Map<Unit, string>();
let importId: string;

beforeAll(async () => {
  rig = await ComplaintRig.start([
    ['boss', 'supervisor'],
    ['compliance', 'compliance'],
    ['inspector', 'inspector'],
    ['north', 'supervisor', { clientUnits: ['north'] }],
    ['south', 'supervisor', { clientUnits: ['south'] }],
    ['north-compliance', 'compliance', { clientUnits: ['north'] }],
    ['service', 'supervisor', { queues: ['service'] }],
    ['north-service', 'supervisor', { clientUnits: ['north'], queues: ['service'] }],
  ]);
  const { mongo } = rig.stores;
  rig.serviceNumbers = (Object.keys(units) as Unit[]).map((unit) => ({ number: units[unit].called, clientUnit: unit }));
  // One caller who called both.
  await mongo.collection<{ _id: string }>('calls').insertMany(
    (Object.keys(units) as Unit[]).map((unit) => ({
      _id: `call-${unit}`,
      callerNumber: '13800000002',
      callerHash: rig.hashNumber('13800000002'),
      ...units[unit],
      direction: 'inbound',
      agentId: `agent-${unit}`,
      invitedAt: at,
      endedAt: at,
    })),
  );
  const worker = rig.worker();
  await worker.start();
  stopWorker = () => worker.stop();
  const surveys = createMongoSurveys(mongo);
  const tasks = createMongoTasks(mongo);
  for (const unit of Object.keys(units) as Unit[]) {
    const callId = `call-${unit}`;
    const who = { ...units[unit], agentId: `agent-${unit}` };
    await surveys.invite({ surveyId: callId, callId, at, method: 'keys', language: 'zh-CN', ...who });
    await surveys.answer({ answerId: `answer-${unit}`, surveyId: callId, at, score: unit === 'north' ? 5 : 1, solved: null, by: 'caller' });
    await surveys.notInvited({ callId: `not-${unit}`, at, reason: unit === 'north' ? 'no-provider' : 'do-not-call', ...who });
    await tasks.open({ taskId: callId, callId, openedAt: at, reason: 'low-score', score: 1, state: 'open', ...who });
    const opened = await rig.ask('boss', 'POST', '/complaints', { kind: 'attitude', text: `rude in the ${unit}`, callId });
    expect(opened.status).toBe(200);
    const { id } = opened.body as Complaint;
    cases.set(unit, id);
    const kept = await rig.ask('boss', 'POST', `/complaints/${id}/files?fileName=proof.txt`, Buffer.from(`proof of the ${unit}`));
    expect(kept.status).toBe(200);
    files.set(unit, (kept.body as { fileId: string }).fileId);
  }
  const csv = 'kind,number,text,receivedAt,clientUnit\nother,13911110000,imported for the south,2026-03-02T02:00:00Z,south';
  importId = ((await rig.ask('boss', 'POST', '/complaints/import', csv)).body as { importId: string }).importId;
}, 60_000);

afterAll(async () => {
  await stopWorker();
  await rig[Symbol.asyncDispose]();
});

/** All the XML of a workbook. */
const sheetOf = (bytes: Uint8Array): string =>
  Object.values(unzipSync(bytes))
    .map((part) => strFromU8(part))
    .join('');

const southId = (): string => cases.get('south') ?? '';
const body = { text: 'x' };

/** What the supervisor (or compliance) of the north gets on each route when asking for what belongs to the south. */
const routes: readonly (readonly [route: string, ask: () => readonly [path: string, body?: unknown], outcome: number])[] = [
  // Lists and figures: answered, with nothing of the south in them.
  ['get /complaints', () => ['/complaints'], 200],
  ['get /complaints', () => ['/complaints?clientUnit=south'], 200],
  ['get /complaints', () => ['/complaints?number=13800000002'], 200],
  ['get /complaints', () => ['/complaints?callId=call-south'], 200],
  ['get /complaints/names', () => ['/complaints/names'], 200],
  ['get /complaints/board', () => ['/complaints/board'], 200],
  ['get /complaints/figures', () => [`/complaints/figures?${span}`], 200],
  ['get /complaints/export.csv', () => ['/complaints/export.csv'], 200],
  ['get /complaints/export.xlsx', () => ['/complaints/export.xlsx'], 200],
  ['get /satisfaction/rows', () => [`/satisfaction/rows?${span}`], 200],
  ['get /satisfaction/export.csv', () => [`/satisfaction/export.csv?${span}`], 200],
  ['get /satisfaction/export.xlsx', () => [`/satisfaction/export.xlsx?${span}`], 200],
  ['get /satisfaction/figures', () => [`/satisfaction/figures?${span}`], 200],
  ['get /satisfaction/worst', () => [`/satisfaction/worst?${span}`], 200],
  ['get /satisfaction/tasks', () => ['/satisfaction/tasks'], 200],
  // Stored figures are of the whole centre.
  ['get /complaints/figures/stored', () => ['/complaints/figures/stored'], 403],
  ['get /complaints/figures/stored/:period', () => ['/complaints/figures/stored/2026-01'], 403],
  ['post /complaints/figures/stored/:period', () => ['/complaints/figures/stored/2026-01', {}], 403],
  ['get /satisfaction/figures/stored', () => ['/satisfaction/figures/stored'], 403],
  ['get /satisfaction/figures/stored/:period', () => ['/satisfaction/figures/stored/2026-01'], 403],
  ['post /satisfaction/figures/stored/:period', () => ['/satisfaction/figures/stored/2026-01', {}], 403],
  // One case, one call-back, one import: not there.
  ['get /complaints/:id', () => [`/complaints/${southId()}`], 404],
  ['get /complaints/:id/recount', () => [`/complaints/${southId()}/recount?kind=other`], 404],
  ['post /complaints/:id/act', () => [`/complaints/${southId()}/act`, { act: { type: 'take' } }], 404],
  ['post /complaints/:id/answer', () => [`/complaints/${southId()}/answer`, { how: 'letter', ...body }], 404],
  ['post /complaints/:id/reopen', () => [`/complaints/${southId()}/reopen`, body], 404],
  ['post /complaints/:id/letters', () => [`/complaints/${southId()}/letters`, { language: 'en', found: 'x', answer: 'x' }], 404],
  ['post /complaints/:id/files', () => [`/complaints/${southId()}/files?fileName=a.txt`, Buffer.from('x')], 404],
  ['get /complaints/:id/files/:fileId', () => [`/complaints/${southId()}/files/${files.get('south') ?? ''}`], 404],
  // Nor can a file of the south be read through a case of the north.
  ['get /complaints/:id/files/:fileId', () => [`/complaints/${cases.get('north') ?? ''}/files/${files.get('south') ?? ''}`], 404],
  ['get /complaints/import/:importId', () => [`/complaints/import/${importId}`], 404],
  ['post /satisfaction/tasks/:taskId/take', () => ['/satisfaction/tasks/call-south/take', {}], 404],
  ['post /satisfaction/tasks/:taskId/finish', () => ['/satisfaction/tasks/call-south/finish', { outcome: 'x' }], 404],
  // Nothing is put into the south.
  ['post /complaints', () => ['/complaints', { kind: 'other', ...body, callId: 'call-south' }], 404],
  ['post /complaints', () => ['/complaints', { kind: 'other', ...body, number: '13922220000', clientUnit: 'south' }], 400],
  [
    'post /complaints/import',
    () => ['/complaints/import', 'kind,number,text,receivedAt,clientUnit\nother,13911110000,x,2026-03-02T02:00:00Z,south'],
    400,
  ],
];
/** Where there is no client unit: rules and calendars of the site, public forms and links; calls are told apart by the gateway. */
const ofNobody = [
  'get /complaints/rules',
  'put /complaints/rules',
  'put /complaints/calendars/:year',
  'post /complaints/mail',
  'post /public/complaints',
  'get /survey/:surveyId/:signature',
  'post /survey/:surveyId/:signature',
  'get /satisfaction/calls/:callId',
  'post /satisfaction/calls/:callId/correct',
];

test('every route is in the table or known to have no client unit', () => {
  const known = new Set([...routes.map(([route]) => route), ...ofNobody]);
  expect(rig.routes.map(({ method, path }) => `${method} ${path}`).filter((route) => !known.has(route))).toEqual([]);
});

test.each(routes.map(([route, ask, outcome], place) => [`${route} (${place})`, route, ask, outcome] as const))(
  'of one client unit: %s',
  async (_name, route, ask, outcome) => {
    const [path, sent] = ask();
    const right = rig.routes.find(({ method, path: declared }) => `${method} ${declared}` === route)?.right;
    const who = right === 'complaints.rules' ? 'north-compliance' : 'north';
    const method = route.split(' ')[0]?.toUpperCase() ?? '';
    const answer = await rig.ask(who, method, path, sent);
    expect([path, answer.status]).toEqual([path, outcome]);
    // The same is there for somebody of the whole centre: nothing is empty by accident.
    if (outcome === 200 && !path.endsWith('xlsx')) {
      expect(answer.bytes.toString()).not.toMatch(/south|sales|4002000/);
      if (!path.includes('clientUnit=south') && !path.includes('callId=call-south'))
        expect((await rig.ask('boss', method, path, sent)).bytes.toString()).not.toBe(answer.bytes.toString());
    }
  },
);

test('figures are of the own client unit, and of the own queue', async () => {
  for (const who of ['north', 'service']) {
    const complaints = (await rig.ask(who, 'GET', `/complaints/figures?${span}`)).body;
    expect(complaints).toMatchObject({ received: 1, calls: 1, per10000Calls: 10_000 });
    const board = (await rig.ask(who, 'GET', '/complaints/board')).body;
    expect(board).toMatchObject({ byKind: { attitude: 1 }, byAgent: { 'agent-north': 1 } });
    const satisfaction = (await rig.ask(who, 'GET', `/satisfaction/figures?${span}`)).body;
    expect(satisfaction).toMatchObject({ all: { invited: 1, answered: 1, mean: 5 }, notInvited: { 'no-provider': 1 } });
    expect((satisfaction as { notInvited: object }).notInvited).toEqual({ 'no-provider': 1 });
  }
  expect((await rig.ask('boss', 'GET', `/satisfaction/figures?${span}`)).body).toMatchObject({ all: { invited: 2, mean: 3 } });
});

test('a case of the own unit is whole: its call, not the other call of the same number', async () => {
  const own = (await rig.ask('north', 'GET', `/complaints/${cases.get('north') ?? ''}`)).body as Complaint;
  expect(own).toMatchObject({ clientUnit: 'north', queueId: 'service', callIds: ['call-north'] });
  // The same caller's complaint about the other unit is no repeat of it.
  expect(own.joinedInto).toBeUndefined();
  const letter = (
    await rig.ask('north', 'POST', '/complaints', { kind: 'other', text: 'by letter', source: 'letter', number: '13933330000' })
  ).body;
  expect(letter).toMatchObject({ clientUnit: 'north' });
});

test('a letter has no queue: whoever sees its client unit sees it, also when restricted to queues', async () => {
  const letter = { kind: 'other', text: 'a letter about the north', source: 'letter', number: '13944440000', clientUnit: 'north' };
  const { id } = (await rig.ask('boss', 'POST', '/complaints', letter)).body as Complaint;
  const seen = async (who: string): Promise<boolean> => {
    const { complaints } = (await rig.ask(who, 'GET', '/complaints')).body as { complaints: readonly Complaint[] };
    const listed = complaints.some((complaint) => complaint.id === id);
    // List and case agree.
    expect((await rig.ask(who, 'GET', `/complaints/${id}`)).status).toBe(listed ? 200 : 404);
    return listed;
  };
  expect([await seen('north'), await seen('north-service'), await seen('south'), await seen('service')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('exports are masked, written down with their rows, and within the scope; so are those of satisfaction', async () => {
  for (const path of ['/complaints/export', '/satisfaction/export']) {
    for (const form of ['csv', 'xlsx']) {
      rig.audited.length = 0;
      const answer = await rig.ask('north', 'GET', `${path}.${form}?${span}`);
      expect(answer.status).toBe(200);
      const what = path.startsWith('/complaints') ? 'complaint.exported' : 'survey.exported';
      expect(rig.audited).toMatchObject([{ who: 'north', what, object: form, success: true, after: { rows: expect.any(Number) } }]);
      const text = form === 'csv' ? answer.bytes.toString() : sheetOf(answer.bytes);
      expect(text).toContain(path.startsWith('/complaints') ? 'north' : 'call-north');
      expect(text).not.toMatch(/13800000002|south|hash/);
      if (path.startsWith('/complaints')) expect(text).toContain('138****0002');
    }
    // Reading is not exporting: an inspector may read, but not export.
    expect((await rig.ask('inspector', 'GET', `${path}.csv?${span}`)).status).toBe(403);
  }
});
