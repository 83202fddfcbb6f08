import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { MessageServers } from '../support/servers/message-servers.js';
import { Stack } from '../support/stack.js';
import { createValkeyBus } from '../../services/shared/platform/events/valkey-bus.js';
import { silentLogger } from '../../services/shared/platform/processes/logger.js';
import { dial, WebBrowser, WebPage } from './web-browser.js';
import type { Complaint } from '../../services/complaints/cases/complaint.js';
import { until } from '../support/until.js';

let stack: Stack;
let supervisor: string;
let agent: string;
let compliance: string;
let callId: string;
let messages: MessageServers;
let browser: WebBrowser;
const mailFolder = mkdtempSync(join(tmpdir(), 'proofline-mail-'));

beforeAll(async () => {
  messages = await MessageServers.start();
  [stack, browser] = await Promise.all([
    Stack.start({ env: { ...messages.env, COMPLAINT_MAIL_FOLDER: mailFolder, WEB_ORIGIN: 'https://centre.test' } }),
    WebBrowser.launch(),
  ]);
  [supervisor, agent, compliance] = (await Promise.all(['supervisor', 'agent1', 'compliance'].map((name) => stack.signIn(name)))) as [
    string,
    string,
    string,
  ];
  const { body } = await stack.http('POST', '/api/proof-call', { token: await stack.signIn('admin') });
  ({ callId } = body as { callId: string });
}, 150_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
  await messages[Symbol.asyncDispose]();
  rmSync(mailFolder, { recursive: true, force: true });
});

const post = async (path: string, token: string, body: unknown): Promise<{ status: number; body: unknown }> =>
  stack.http('POST', path, { token, body });

interface Scored {
  readonly invitation: { readonly method: string } | null;
  readonly answers: readonly { readonly score: number | null; readonly solved: boolean | null }[];
}
const scoredOf = async (id: string): Promise<Scored> =>
  (await stack.http('GET', `/api/satisfaction/calls/${id}`, { token: supervisor })).body as Scored;

test('in the browser: call, score on the keypad, low score, complaint, answer, closed', async () => {
  const seat = await WebPage.open(await browser.computer(), stack, 'agent1');
  await seat.ready();
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  await seat.answer();
  const scored = (await seat.page.getByTestId('call-card').getAttribute('data-call')) ?? '';
  await seat.page.getByTestId('hang-up').click();
  await until(
    () => scoredOf(scored),
    ({ invitation }) => invitation !== null,
  );
  // Noise on the line first: it is no score.
  caller.sound.press('9');
  caller.sound.press('1');
  await until(
    () => scoredOf(scored),
    ({ answers }) => answers.length > 0,
  );
  caller.sound.press('2');
  await until(
    () => scoredOf(scored),
    ({ answers }) => answers.at(-1)?.solved === false,
  );
  expect((await scoredOf(scored)).answers.at(-1)).toMatchObject({ score: 1, solved: false });
  await caller.ended;
  caller.close();
  await seat.page.context().close();

  const boss = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'supervisor');
  const { page } = boss;
  await page.goto(`${stack.web}/satisfaction`);
  const task = page.getByTestId(`task-${scored}`);
  await task.getByTestId('take-task').click();
  await page.getByTestId('tasks-taken').click();
  await task.getByTestId('task-to-complaint').click();
  await page.getByTestId('complaint-text').fill('等了很久，态度不好');
  await page.getByTestId('save-complaint').click();
  await page.getByTestId('tasks-done').click();
  await task.getByRole('link', { name: '查看投诉' }).click();
  const duty = (name: string) => page.locator(`[data-testid=next-duty][data-duty=${name}]`).waitFor();
  await duty('take');
  await page.getByTestId('case-take').click();
  await duty('answer');
  await page.getByTestId('case-answer').click();
  await page.getByRole('combobox', { name: '答复方式' }).click();
  await page.getByText('短信', { exact: true }).last().click();
  await page.getByTestId('case-words').fill('已向您致歉并培训坐席。');
  await page.getByTestId('case-save').click();
  await duty('record-satisfaction');
  expect(await messages.texts.find(({ text }) => text.startsWith('已向您致歉'))).toMatchObject({ to: '13800000002' });
  await page.getByTestId('case-record-satisfaction').click();
  await page.getByTestId('answer-score').locator('.ant-rate-star').nth(3).click();
  await page.getByTestId('case-save').click();
  await duty('close');
  await page.getByTestId('case-close').click();
  await page.getByTestId('case-words').fill('投诉人已接受。');
  await page.getByTestId('case-save').click();
  await duty('done');
  expect(boss.faults).toEqual([]);
  await page.context().close();
}, 180_000);

test('who hung up is asked by a link that works once; forged and used links say so on their page', async () => {
  const seat = await WebPage.open(await browser.computer(), stack, 'agent1');
  await seat.ready();
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  await seat.answer();
  const hungUp = (await seat.page.getByTestId('call-card').getAttribute('data-call')) ?? '';
  caller.close();
  await seat.page.context().close();
  // At night the SMS waits until morning: the invitation exists, the message does not yet.
  await until(
    () => scoredOf(hungUp),
    ({ invitation }) => invitation?.method === 'sms',
  );
  const shanghaiHour = (new Date().getUTCHours() + 8) % 24;
  if (shanghaiHour < 8 || shanghaiHour >= 21) {
    expect(messages.texts.all.some(({ id }) => id === `survey-${hungUp}`)).toBe(false);
    return;
  }
  const { text } = await messages.texts.find(({ id }) => id === `survey-${hungUp}`);
  const link = /https:\/\/centre\.test(\/survey\/\S+)/.exec(text)?.[1] ?? '';
  const phone = await browser.computer();
  const page = await phone.newPage();
  const view = (name: string) => page.locator(`[data-testid=survey-page][data-view=${name}]`).waitFor();
  await page.goto(`${stack.web}${link}`);
  await view('open');
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  await page.getByTestId('score-2').click();
  await page.getByTestId('not-solved').click();
  await page.getByTestId('send-score').click();
  await view('thanks');
  expect((await scoredOf(hungUp)).answers).toMatchObject([{ score: 2, solved: false }]);
  await page.reload();
  await view('used');
  expect(await stack.http('POST', `/api${link}`, { body: { score: 5 } })).toMatchObject({ status: 409 });
  await page.goto(`${stack.web}${link.slice(0, -3)}xyz`);
  await view('invalid');
  await page.goto(`${stack.web}/complain`);
  await page.getByTestId('form-text').fill('no answer to my letter');
  await page.getByTestId('form-number').fill('13822220001');
  await page.getByTestId('send-complaint').click();
  expect(await page.getByTestId('given-number').textContent()).toMatch(/^TS\d{8}-\d{4}$/);
  await phone.close();
  const { body } = await stack.http('GET', '/api/satisfaction/tasks?state=open', { token: supervisor });
  const { tasks } = body as { tasks: { taskId: string; callId: string }[] };
  const { taskId = '' } = tasks.find((each) => each.callId === hungUp) ?? {};
  await post(`/api/satisfaction/tasks/${taskId}/finish`, supervisor, { outcome: 'called back' });
}, 180_000);

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
  const from = at;
  // The previous caller's invitation counts from when its message may leave: at night, that is the morning.
  const to = new Date(Date.parse(at) + 1_000).toISOString();
  const { body: figures } = await until(
    () => stack.http('GET', `/api/satisfaction/figures?from=${from}&to=${to}`, { token: supervisor }),
    ({ body }) => (body as { all: { notSolved: number } }).all.notSolved === 1,
  );
  expect((figures as { all: unknown }).all).toMatchObject({ invited: 1, answered: 1, responseRate: 1, mean: 1, notSolved: 1 });

  // The call was a colleague's, so this agent does not see it. A supervisor opens the case in one action: the call brings number, linked
  // calls and recording.
  const wanted = { kind: 'harassment', text: 'was called without asking', callId };
  expect((await post('/api/complaints', agent, wanted)).status).toBe(404);
  const opened = await post('/api/complaints', supervisor, wanted);
  expect(opened.status).toBe(200);
  const complaint = opened.body as Complaint;
  expect(complaint).toMatchObject({ state: 'open', number: expect.stringMatching(/^TS\d{8}-\d{4}$/), callIds: [callId] });
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
  expect((await post(`/api/complaints/${complaint.id}/answer`, supervisor, { how: 'letter', text: 'We are sorry.' })).status).toBe(200);
  expect(await act(close)).toMatchObject({ status: 409, body: { details: { refused: 'evidence-missing' } } });
  const evidence = await act({ type: 'attach-evidence', kind: 'corrective-action', text: 'script changed' });
  const { revision } = evidence.body as Complaint;
  // Two close the case at once: one of them is refused.
  const both = await Promise.all([act(close, revision), act(close, revision)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  const { body: closed } = await stack.http('GET', `/api/complaints/${complaint.id}`, { token: supervisor });
  expect((closed as Complaint).actions.map(({ what }) => what)).toEqual(['opened', 'taken', 'answered', 'evidence-attached', 'closed']);
  expect(
    (await post(`/api/satisfaction/tasks/${task?.taskId ?? ''}/finish`, supervisor, { outcome: 'complaint', complaintId: complaint.id }))
      .status,
  ).toBe(204);
}, 60_000);

test('ten thousand cases with a bad line: the line is named and nothing is imported; a good file is there whole, and its clocks are due', async () => {
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
  const good = lines.slice(0, 2_000);
  const taken = await upload([head, ...good].join('\n'));
  expect(taken).toMatchObject({ status: 200, body: { total: good.length } });
  const { importId } = taken.body as { importId: string };
  await until(
    () => stack.http('GET', `/api/complaints/import/${importId}`, { token: supervisor }),
    ({ body }) => (body as { finished: boolean }).finished,
  );
  expect(await count()).toBe(good.length);
  const { body: board } = await until(
    () => stack.http('GET', '/api/complaints/board', { token: supervisor }),
    ({ body }) => (body as { wasOverdue: number }).wasOverdue >= good.length,
  );
  expect(board).toMatchObject({ overdue: good.length, byKind: { waiting: good.length } });
}, 180_000);

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

const caseOf = async (id: string): Promise<Complaint> =>
  (await stack.http('GET', `/api/complaints/${id}`, { token: supervisor })).body as Complaint;
const settled = (id: string): Promise<Complaint> =>
  until(
    () => caseOf(id),
    ({ sending }) => sending === undefined,
  );

test('answers by mail and SMS leave by real servers, are tried again, and count when they are taken', async () => {
  const opened = await post('/api/complaints', agent, {
    kind: 'charging',
    text: 'billed twice',
    number: '13877770001',
    mail: 'wang@home.test',
  });
  const { id, number } = opened.body as Complaint;
  expect(JSON.stringify(opened.body)).not.toContain('13877770001');
  expect((await messages.mails.find(({ to }) => to === 'wang@home.test')).text).toContain(number);
  await post(`/api/complaints/${id}/act`, supervisor, { act: { type: 'take' } });
  const queued = await post(`/api/complaints/${id}/answer`, supervisor, { how: 'sms', text: 'You get the money back.' });
  expect(queued.body).toMatchObject({ state: 'in-hand', sending: { how: 'sms', toMasked: '138****0001' } });
  expect(await post(`/api/complaints/${id}/answer`, supervisor, { how: 'sms', text: 'Twice.' })).toMatchObject({
    status: 409,
    body: { details: { refused: 'answer-on-its-way' } },
  });
  expect(await messages.texts.find(({ to }) => to === '13877770001')).toMatchObject({ text: 'You get the money back.' });
  expect(await settled(id)).toMatchObject({ state: 'answered', answers: [{ how: 'sms', toMasked: '138****0001' }] });

  messages.unknown.add('gone@home.test');
  await post(`/api/complaints/${id}/answer`, supervisor, { how: 'mail', text: 'Again.', to: 'gone@home.test' });
  const failed = await settled(id);
  expect(failed.answers).toHaveLength(1);
  expect(failed.actions.at(-1)).toMatchObject({ what: 'answer-failed', text: 'SMTP 550' });
  await post(`/api/complaints/${id}/answer`, supervisor, { how: 'mail', text: 'By mail then.' });
  expect(await messages.mails.find(({ text }) => text.includes('By mail then.'))).toMatchObject({ to: 'wang@home.test', subject: number });
  expect(await settled(id)).toMatchObject({ answers: [{ how: 'sms' }, { how: 'mail', toMasked: 'wa***@home.test' }] });
  expect(messages.refusedForNow).toBeGreaterThanOrEqual(2);
  expect(messages.badSignatures).toBe(0);
}, 120_000);

test('a dropped mail becomes one case, with a receipt; a machine becomes none', async () => {
  const drop = (name: string, lines: readonly string[]): void => {
    writeFileSync(join(mailFolder, `${name}.part`), lines.join('\r\n'));
    renameSync(join(mailFolder, `${name}.part`), join(mailFolder, `${name}.eml`));
  };
  const mail = ['From: Li <li@home.test>', 'Subject: Rude', 'Message-ID: <m1@home.test>', '', 'He was rude. My number: 138 6666 0001'];
  drop('1', mail);
  drop('2', mail);
  drop('3', ['From: robot@home.test', 'Auto-Submitted: auto-replied', '', 'I am on holiday']);
  const receipt = await messages.mails.find(({ to }) => to === 'li@home.test');
  const { body } = await stack.http('GET', '/api/complaints?number=13866660001', { token: supervisor });
  const { complaints: found } = body as { complaints: Complaint[] };
  expect(found).toMatchObject([{ source: 'mail', complainant: { name: 'Li', numberMasked: '138****0001' } }]);
  expect(receipt.subject).toContain(found[0]!.number);
  const again = await stack.http('POST', '/api/complaints/mail', { token: supervisor, body: mail.join('\r\n') });
  expect((again.body as Complaint).id).toBe(found[0]!.id);
  expect(messages.mails.all.some(({ to }) => to === 'robot@home.test')).toBe(false);
}, 120_000);

test('the public form opens a case and gives its number, and stops a flood', async () => {
  const form = { kind: 'attitude', text: 'nobody called back', number: '13855550001' };
  const sent = await stack.http('POST', '/api/public/complaints', { body: form });
  expect(sent).toMatchObject({
    status: 200,
    body: { number: expect.stringMatching(/^TS/), dueOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
  });
  expect(await stack.http('POST', '/api/public/complaints', { body: { ...form, website: 'http://spam.test' } })).toMatchObject({
    status: 400,
  });
  expect(await stack.http('POST', '/api/public/complaints', { body: { kind: 'attitude', text: 'no address' } })).toMatchObject({
    status: 400,
  });
  const many = await Promise.all(Array.from({ length: 12 }, () => stack.http('POST', '/api/public/complaints', { body: form })));
  expect(many.map(({ status }) => status)).toContain(429);
}, 60_000);

test('an export is masked, audited and made as CSV and workbook; figures are stored and counted again', async () => {
  const csv = await stack.http('GET', '/api/complaints/export.csv?kind=charging', { token: supervisor });
  expect(csv.status).toBe(200);
  expect(csv.body).toContain('138****0001');
  const workbook = await stack.http('GET', '/api/complaints/export.xlsx?kind=charging', { token: supervisor });
  expect(workbook).toMatchObject({ status: 200, headers: { 'content-type': expect.stringContaining('spreadsheetml') } });
  expect(String(workbook.body).startsWith('PK')).toBe(true);
  expect(await stack.http('GET', '/api/complaints/export.xlsx', { token: supervisor })).toMatchObject({ status: 403 });
  // The month by the centre's clock: in the last hours of a UTC month it is the next one, and the product itself has stored the one that
  // ended.
  const month = DateTime.now().setZone('Asia/Shanghai').toFormat('yyyy-MM');
  const stored = await post(`/api/complaints/figures/stored/${month}`, compliance, undefined);
  expect(stored.status).toBe(200);
  await post('/api/complaints', supervisor, { kind: 'other', text: 'one more', number: '13844440001' });
  const { body } = await stack.http('GET', `/api/complaints/figures/stored/${month}`, { token: supervisor });
  expect(body).toMatchObject({ rows: [{ same: true, stored: { period: month, figures: (stored.body as { figures: unknown }).figures } }] });
}, 60_000);
