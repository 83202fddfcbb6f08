import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { ServiceNumber } from '../../../services/shared/contracts/calls/flow.js';
import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import { ringSound } from '../../../web-agent/src/devices/ring-sound.js';
import { BareSeat } from '../../support/bare-seat.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

// An administrator sets up a number from nothing in the Chinese pages, with each mistake on the way that people make.

const NUMBER = '4002000';
const TESTER = '13800000002';
const STRANGER = '13800000003';
const MENU_HZ = 700;

let stack: Stack;
let browser: WebBrowser;
let page: Page;
let admin: WebPage;
let token: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'proofline-prompts-'));
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
  token = await stack.signIn('supervisor');
  admin = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'admin');
  ({ page } = admin);
  page.setDefaultTimeout(20_000);
}, 120_000);
afterAll(async () => {
  expect(admin.faults).toEqual([]);
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function numberOf(digits: string): Promise<ServiceNumber | undefined> {
  const { body } = await stack.http('GET', '/api/numbers', { token });
  return (body as { numbers: ServiceNumber[] }).numbers.find(({ number }) => number === digits);
}

/** The SIP status that answers a call from this caller. */
async function statusFrom(caller: string): Promise<number> {
  const phone = await dial(stack, NUMBER, caller);
  try {
    return await phone.call();
  } finally {
    phone.close();
  }
}

test('a queue is refused in words until it is whole', async () => {
  await page.goto(`${stack.web}/queues`);
  await page.getByTestId('add-queue').click();
  await page.getByTestId('save-queue').click();
  const form = page.getByTestId('queue-form');
  await form.getByText('请填写中文名称', { exact: false }).waitFor();
  await page.getByTestId('queue-name-zh').fill('售后');
  await page.getByTestId('queue-id').fill('After');
  await form.getByText('标识须为小写字母、数字和短横线', { exact: false }).waitFor();
  await page.getByTestId('queue-name-en').fill('After sales');
  // A new queue must not replace an existing one.
  await page.getByTestId('queue-id').fill('service');
  await form.getByText('已有队列使用此标识', { exact: false }).waitFor();
  await page.getByTestId('queue-id').fill('after-sales');
  await page.getByTestId('queue-everyone').click();
  await form.getByText('请至少选择一名坐席', { exact: false }).waitFor();
  expect(await faultsOf(page, 'queue-refused')).toEqual([]);
  await page.getByTestId('queue-everyone').click();
  await admin.choose('分配策略', '轮流');
  await admin.choose('等待超时或排队已满时', '转到另一队列');
  await page.getByTestId('save-queue').click();
  await page.getByTestId('edit-after-sales').waitFor();
  const { body } = await stack.http('GET', '/api/queues', { token });
  expect((body as { queues: { id: string }[] }).queues.find(({ id }) => id === 'after-sales')).toMatchObject({
    strategy: 'round-robin',
    overflow: { to: 'queue', queueId: 'service' },
  });
}, 60_000);

test('who saves a queue that a colleague has changed or made meanwhile is told so, and loses nothing of theirs', async () => {
  const queues = async (): Promise<{ id: string; ringForMs: number }[]> =>
    ((await stack.http('GET', '/api/queues', { token })).body as { queues: { id: string; ringForMs: number }[] }).queues;
  const service = (await queues()).find(({ id }) => id === 'service');
  await page.getByTestId('edit-service').click();
  await page.getByTestId('queue-form').waitFor();
  expect((await stack.http('PUT', '/api/queues/service', { token, body: { ...service, ringForMs: 31_000 } })).status).toBe(200);
  await page.getByTestId('queue-name-en').fill('Mine');
  await page.getByTestId('save-queue').click();
  await page.getByText('班长 刚刚修改过，没有保存', { exact: false }).waitFor();
  expect(await faultsOf(page, 'queue-changed-meanwhile')).toEqual([]);
  expect((await queues()).find(({ id }) => id === 'service')).toMatchObject({ ringForMs: 31_000, name: { en: 'Customer service' } });
  await page.locator('.ant-drawer-close').click();
  // What was typed is still unsaved: the page asks first.
  await page.getByRole('button', { name: '放弃并离开' }).click();
  await page.getByTestId('queue-form').waitFor({ state: 'detached' });
  // Opened again, the form shows the colleague's version, which can be changed.
  await page.getByTestId('edit-service').click();
  await page.getByTestId('save-queue').click();
  await page.getByTestId('queue-form').waitFor({ state: 'detached' });
  expect((await queues()).find(({ id }) => id === 'service')).toMatchObject({ ringForMs: 31_000 });

  await page.getByTestId('add-queue').click();
  await page.getByTestId('queue-id').fill('evening');
  await page.getByTestId('queue-name-zh').fill('晚间');
  await page.getByTestId('queue-name-en').fill('Evening');
  const evening = { name: { 'zh-CN': '夜班', en: 'Night' }, ringForMs: 15_000 };
  expect((await stack.http('PUT', '/api/queues/evening', { token, body: evening })).status).toBe(200);
  await page.getByTestId('save-queue').click();
  await page.getByText('已有此编号，没有覆盖', { exact: false }).waitFor();
  expect((await queues()).find(({ id }) => id === 'evening')).toMatchObject(evening);
}, 60_000);

test('a number is refused in words, never takes the place of another, and leads on to its flow', async () => {
  const before = await numberOf('4001000');
  await page.goto(`${stack.web}/numbers`);
  await page.getByTestId('add-number').click();
  await page.getByTestId('save-number').click();
  await page.getByText('请填写号码：', { exact: false }).waitFor();
  await page.getByTestId('number-digits').fill('4001000');
  await page.getByText('已有此号码，没有新增', { exact: false }).waitFor();
  expect(await faultsOf(page, 'number-refused')).toEqual([]);
  await page.getByTestId('save-number').click();
  // Nor can the API replace it.
  const { name, status, language, flow } = before ?? {};
  const taken = await stack.http('PUT', '/api/numbers/4001000', { token, body: { name, status, language, flow } });
  expect(taken.status).toBe(409);
  expect(await numberOf('4001000')).toEqual(before);

  await page.getByTestId('number-digits').fill(NUMBER);
  await page.getByTestId('number-name').fill('售后');
  await admin.choose('来电先到', '售后');
  const testers = page.getByLabel('可拨打草稿的测试号码');
  await testers.fill('小王');
  await testers.press('Enter');
  await page.getByText('测试号码只能含数字', { exact: false }).waitFor();
  await page.locator('.ant-select-selection-item-remove').click();
  await testers.fill(TESTER);
  await testers.press('Enter');
  await page.getByTestId('save-number').click();
  await page.waitForURL(`**/flows?number=${NUMBER}`);
  await page.getByTestId('number-state').getByText(`只有测试号码 ${TESTER} 能拨通`, { exact: false }).waitFor();
  await page.getByTestId('flow-sound').waitFor();
  expect(await faultsOf(page, 'draft')).toEqual([]);
  expect(await numberOf(NUMBER)).toMatchObject({
    status: 'draft',
    testCallers: [TESTER],
    flow: { start: 'queue', steps: { queue: { kind: 'queue', queueId: 'after-sales' } } },
  });
}, 60_000);

test('a text that is called .wav and a file of 200 MB are no prompt; a sound is', async () => {
  const [text, huge, sound] = ['letter.wav', 'huge.wav', 'menu.wav'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(text, '尊敬的用户：这不是声音。');
  writeFileSync(huge, '');
  truncateSync(huge, 200_000_000);
  writeFileSync(sound, ringSound([{ hz: MENU_HZ, ms: 1_500 }]));
  await page.goto(`${stack.web}/prompts`);
  await page.getByTestId('add-prompt').click();
  const file = page.getByRole('dialog').locator('input[type=file]');
  const refused = page.getByTestId('prompt-refused');
  await page.getByTestId('prompt-name').fill('notice');
  await page.getByTestId('prompt-is-there').waitFor();
  await page.getByTestId('prompt-name').fill('after-sales-menu');
  await page.getByTestId('prompt-is-there').waitFor({ state: 'detached' });
  await file.setInputFiles(text);
  await page.getByTestId('send-prompt').click();
  await refused.getByText('不是能识别的声音', { exact: false }).waitFor();
  expect(await faultsOf(page, 'prompt-refused')).toEqual([]);
  await file.setInputFiles(huge);
  await refused.waitFor({ state: 'detached' });
  await page.getByTestId('send-prompt').click();
  await refused.getByText('文件超过 20 MB', { exact: false }).waitFor();
  await file.setInputFiles(sound);
  await page.getByTestId('send-prompt').click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}, 60_000);

test('menu and hours are built, each mistake told in words; the version is tried on the draft', async () => {
  await page.goto(`${stack.web}/flows?number=${NUMBER}`);
  await page.getByTestId('flow-sound').waitFor();
  await page.getByTestId('add-step').click();
  await page.getByRole('menuitem', { name: '菜单', exact: true }).click();
  await page.getByTestId('flow-problems').getByText('菜单没有按键').waitFor();
  const prompt = page.getByLabel('语音提示', { exact: true }).last();
  await prompt.fill('after-sales-menu');
  await prompt.press('Enter');
  await page.getByTestId('add-key').click();
  await page.getByTestId('menu-key-1').getByLabel('名称（坐席能看到）').fill('维修');

  await page.getByTestId('flow-place-hours').click();
  await page.getByTestId('hours-mode').getByText('按时间开放').click();
  const closes = page.getByTestId('week-row-0').getByLabel('结束');
  const problems = page.getByTestId('flow-problems');
  for (const [typed, told] of [
    ['08:00', '结束不晚于开始'],
    ['24:30', '结束时间，如 18:00，午夜写 24:00'],
    ['六点', '结束时间，如 18:00，午夜写 24:00'],
  ] as const) {
    await closes.fill(typed);
    await problems.getByText(told, { exact: false }).first().waitFor();
  }
  expect(await faultsOf(page, 'hours-refused')).toEqual([]);
  // Open whenever this test runs: all days, all hours, holidays too.
  await closes.fill('24:00');
  await page.getByTestId('week-row-0').getByLabel('开始').fill('00:00');
  await page.getByTestId('week-row-0').getByText('周六').click();
  await page.getByTestId('week-row-0').getByText('周日').click();
  await page.getByTestId('chinese-holidays').click();

  await page.getByTestId('flow-place-flow').click();
  await admin.choose('来电从这里开始', 'menu');
  await page.getByTestId('flow-sound').waitFor();
  await page.getByTestId('flow-live').click();
  await page.getByText(`版本 2 已放到草稿号码 ${NUMBER}`, { exact: false }).waitFor();
  expect(await numberOf(NUMBER)).toMatchObject({ status: 'draft', flowVersion: 2, flow: { start: 'menu' } });
  // The person's name, not an id.
  await page
    .getByText(/\d 管理员/)
    .first()
    .waitFor();
}, 60_000);

test('the draft is reached by its test caller alone, who hears the menu and is led by a key to an agent', async () => {
  await until(
    () => statusFrom(STRANGER),
    (status) => status === 404,
  );
  const seat = await BareSeat.open(stack, 'agent1');
  const caller = await dial(stack, NUMBER, TESTER);
  try {
    await seat.ready();
    expect(await caller.call()).toBe(200);
    await caller.sound.untilHears(MENU_HZ, 30_000);
    const offered = seat.next<OfferedCall>('call:offered');
    caller.sound.press('1');
    expect(await offered).toMatchObject({ queueId: 'after-sales', called: NUMBER });
    const { callId, offerId } = await offered;
    await seat.ask('call:answer', { callId, offerId });
    const over = seat.next('call:ended');
    caller.hangUp();
    await over;
  } finally {
    caller.close();
    await seat.leave();
  }
}, 90_000);

test('put into service everybody reaches it; one step back is the flow of before', async () => {
  await page.getByTestId('into-service').click();
  await page.getByTestId('into-service-confirm').click();
  await page.getByTestId('number-state').waitFor({ state: 'detached' });
  await until(
    () => statusFrom(STRANGER),
    (status) => status === 200,
  );
  await page.getByTestId('roll-back').click();
  await page.getByTestId('live-2').waitFor();
  expect(await numberOf(NUMBER)).toMatchObject({ status: 'in-service', flowVersion: 1, flow: { start: 'queue' } });
}, 60_000);

test('a draft whose flow is not sound any more is not put into service, and the page says why', async () => {
  const flow = { start: 'gone', steps: { gone: { kind: 'queue', queueId: 'dissolved' } } };
  const { status } = await stack.http('PUT', '/api/numbers/4003000', {
    token,
    body: { name: '', status: 'draft', language: 'zh-CN', flow },
  });
  expect(status).toBe(200);
  await page.goto(`${stack.web}/flows?number=4003000`);
  await page.getByTestId('number-state').getByText('谁也拨不通', { exact: false }).waitFor();
  await page.getByTestId('into-service').click();
  await page.getByTestId('into-service-confirm').click();
  await page.getByText('请先改正：gone: 队列不存在： dissolved', { exact: false }).waitFor();
  expect(await numberOf('4003000')).toMatchObject({ status: 'draft' });
}, 60_000);
