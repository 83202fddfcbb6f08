import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Stack } from '../support/stack.js';
import { createValkeyBus } from '../../services/shared/platform/valkey-bus.js';
import { silentLogger } from '../../services/shared/platform/logger.js';
import type { Complaint } from '../../services/complaints/complaint.js';

let stack: Stack;
let supervisor: string;
let agent: string;
let compliance: string;
let callId: string;

beforeAll(async () => {
  stack = await Stack.start();
  [supervisor, agent, compliance] = (await Promise.all(['supervisor', 'agent1', 'compliance'].map((name) => stack.signIn(name)))) as [
    string,
    string,
    string,
  ];
  const { body } = await stack.http('POST', '/api/proof-call', { token: await stack.signIn('admin') });
  ({ callId } = body as { callId: string });
}, 150_000);
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

const post = async (path: string, token: string, body: unknown): Promise<{ status: number; body: unknown }> =>
  stack.http('POST', path, { token, body });

/** Asks until the answer fits, for what an event brings about. */
async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (let tries = 100; ; tries -= 1) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (tries === 0) throw new Error(`still ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('a call that was scored low becomes a call-back, a complaint, an answer and a closed case', async () => {
  const bus = createValkeyBus({ url: stack.config.VALKEY_URL, log: silentLogger });
  const at = new Date().toISOString();
  await bus.publish('call.survey-started', { callId, at, language: 'zh-CN', queueId: 'proof' });
  await bus.publish('call.survey-answered', { callId, at, question: 'score', key: '7' });
  await bus.publish('call.survey-answered', { callId, at, question: 'score', key: '1' });
  await bus.publish('call.survey-answered', { callId, at, question: 'solved', key: '2' });
  await bus.close();
  const { body: tasks } = await until(
    () => stack.http('GET', '/api/satisfaction/tasks?state=open', { token: supervisor }),
    ({ body }) => (body as { tasks: unknown[] }).tasks.length > 0,
  );
  const [task] = (tasks as { tasks: { taskId: string; score: number }[] }).tasks;
  expect(task).toMatchObject({ score: 1, callId });
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const to = new Date(Date.now() + 3_600_000).toISOString();
  const { body: figures } = await until(
    () => stack.http('GET', `/api/satisfaction/figures?from=${from}&to=${to}`, { token: supervisor }),
    ({ body }) => (body as { all: { notSolved: number } }).all.notSolved === 1,
  );
  expect((figures as { all: unknown }).all).toMatchObject({ invited: 1, answered: 1, responseRate: 1, mean: 1, notSolved: 1 });

  // The agent opens it in one action: the call brings number, linked calls and recording.
  const opened = await post('/api/complaints', agent, { kind: 'harassment', text: 'was called without asking', callId });
  expect(opened.status).toBe(200);
  const complaint = opened.body as Complaint;
  expect(complaint).toMatchObject({ state: 'open', number: expect.stringMatching(/^TS\d{8}-0001$/), callIds: [callId] });
  expect(complaint.complainant.numberMasked).toContain('*');
  const { body: recording } = await stack.http('GET', `/api/recordings/${callId}`, { token: compliance });
  expect((recording as { holds: { reason: string }[] }).holds.map(({ reason }) => reason)).toEqual([`complaint ${complaint.number}`]);
  const { body: refused } = await stack.http('GET', '/api/do-not-call', { token: supervisor });
  expect((refused as { refusals: { reason: string }[] }).refusals).toMatchObject([{ reason: 'harassment' }]);

  const act = (act: unknown, revision?: number) =>
    post(`/api/complaints/${complaint.id}/act`, supervisor, { act, ...(revision === undefined ? {} : { revision }) });
  const close = { type: 'close', upheld: true, text: 'trained' };
  expect((await act({ type: 'take' })).status).toBe(200);
  expect(await act(close)).toMatchObject({ status: 409, body: { details: { refused: 'not-answered' } } });
  expect(await post(`/api/complaints/${complaint.id}/answer`, supervisor, { how: 'letter', text: '' })).toMatchObject({
    status: 409,
    body: { details: { refused: 'text-missing' } },
  });
  expect(
    await post(`/api/complaints/${complaint.id}/answer`, supervisor, { how: 'mail', text: 'sorry', to: 'x@example.test' }),
  ).toMatchObject({ status: 501 });
  expect((await post(`/api/complaints/${complaint.id}/answer`, supervisor, { how: 'letter', text: 'We are sorry.' })).status).toBe(200);
  expect(await act(close)).toMatchObject({ status: 409, body: { details: { refused: 'evidence-missing' } } });
  const evidence = await act({ type: 'attach-evidence', kind: 'corrective-action', text: 'script changed' });
  const { revision } = evidence.body as Complaint;
  // Two close at once: one of them is told.
  const both = await Promise.all([act(close, revision), act(close, revision)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  const { body: closed } = await stack.http('GET', `/api/complaints/${complaint.id}`, { token: supervisor });
  expect((closed as Complaint).actions.map(({ what }) => what)).toEqual(['opened', 'taken', 'answered', 'evidence-attached', 'closed']);
  expect(
    (await post(`/api/satisfaction/tasks/${task?.taskId ?? ''}/finish`, supervisor, { outcome: 'complaint', complaintId: complaint.id }))
      .status,
  ).toBe(204);
}, 60_000);

test('ten thousand cases with a bad line: the line is named and nothing is imported; without it all are', async () => {
  const line = (i: number, number = `138${String(i).padStart(8, '0')}`): string =>
    `mail,waiting,,${number},waited too long,2026-03-02T02:00:00Z,,,`;
  const head = 'source,kind,name,number,text,receivedAt,eventAt,clientUnit,province';
  const lines = Array.from({ length: 10_000 }, (_, i) => line(i));
  const upload = (csv: string) => stack.http('POST', '/api/complaints/import', { token: supervisor, body: csv });
  const bad = await upload([head, ...lines.slice(0, 5_000), line(0, 'not a number'), ...lines.slice(5_000)].join('\n'));
  expect(bad).toMatchObject({ status: 400, body: { details: { faults: [{ line: 5_002, column: 'number' }] } } });
  const count = async (): Promise<number> =>
    ((await stack.http('GET', '/api/complaints?kind=waiting&limit=1', { token: supervisor })).body as { total: number }).total;
  expect(await count()).toBe(0);
  expect((await upload([head, ...lines].join('\n'))).body).toEqual({ imported: 10_000 });
  expect(await count()).toBe(10_000);
  const { body: board } = await until(
    () => stack.http('GET', '/api/complaints/board', { token: supervisor }),
    ({ body }) => (body as { overdue: number }).overdue >= 10_000,
  );
  expect(board).toMatchObject({ byKind: { waiting: 10_000 } });
}, 120_000);

test('rules that contradict themselves are refused; a new version moves no clock that runs', async () => {
  const { body } = await stack.http('GET', '/api/complaints/rules', { token: compliance });
  const { table } = body as { table: { version: number; rules: { id: string; answer: object; target: object }[] } };
  const twice = await stack.http('PUT', '/api/complaints/rules', {
    token: compliance,
    body: { rules: [...table.rules, { ...table.rules[0], id: 'again' }] },
  });
  expect(twice.status).toBe(400);
  const opened = (await post('/api/complaints', supervisor, { kind: 'other', text: 'x', number: '13911112222' })).body as Complaint;
  const shorter = table.rules.map((rule) => (rule.id === 'default' ? { ...rule, answer: { days: 7, unit: 'calendar' } } : rule));
  expect((await stack.http('PUT', '/api/complaints/rules', { token: compliance, body: { rules: shorter } })).status).toBe(200);
  const kept = (await stack.http('GET', `/api/complaints/${opened.id}`, { token: supervisor })).body as Complaint;
  expect(kept.clocks).toEqual(opened.clocks);
  const later = (await post('/api/complaints', supervisor, { kind: 'other', text: 'x', number: '13911113333' })).body as Complaint;
  expect(later.clocks[0]!.ruleVersion).toBe(table.version + 1);
  expect(new Date(later.clocks[0]!.dueAt) < new Date(opened.clocks[0]!.dueAt)).toBe(true);
}, 30_000);

test('a survey link works once and cannot be made up', async () => {
  expect((await stack.http('POST', `/api/survey/${callId}/made-up-signature-000`, { body: { score: 5 } })).status).toBe(404);
});
