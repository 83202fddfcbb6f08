import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import type { SeatCallback } from '../../../services/shared/contracts/workspace.js';
import { BareSeat } from '../../support/bare-seat.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';
import { pictures } from '../web-look.js';

let stack: Stack;
let browser: WebBrowser;
let boss: WebPage;
let seat: BareSeat;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
  await shortNotice(stack);
  boss = await WebPage.open(await browser.computer(), stack, 'supervisor');
  boss.page.setDefaultTimeout(20_000);
  seat = await BareSeat.open(stack, 'agent1');
  await seat.ready();
}, 120_000);
afterAll(async () => {
  expect(boss.faults).toEqual([]);
  await seat.leave();
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

async function openOf(name: string): Promise<readonly SeatCallback[]> {
  const { body } = await stack.http('GET', '/api/callbacks/mine', { token: await stack.signIn(name) });
  return (body as { callbacks: SeatCallback[] }).callbacks;
}

test('a supervisor sees what a seat has promised, hands it to the queue, and closes it', async () => {
  const caller = await dial(stack);
  const offered = seat.next<OfferedCall>('call:offered');
  expect(await caller.call()).toBe(200);
  const { callId, offerId } = await offered;
  await seat.ask('call:answer', { callId, offerId });
  const token = await stack.signIn('agent1');
  const promise = { dueAt: new Date(Date.now() + 3_600_000), note: 'send the invoice again', whose: 'mine' };
  const promised = await stack.http('POST', `/api/contacts/${callId}/callback`, { token, body: promise });
  expect(promised.status).toBe(200);
  caller.hangUp();
  caller.close();

  const { page } = boss;
  await page.goto(`${stack.web}/callbacks`);
  const row = page.getByTestId('promised').locator('tbody tr.ant-table-row').filter({ hasText: 'send the invoice again' });
  await row.waitFor();
  await row.getByRole('combobox').click();
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByText('Anybody in the queue').click();
  await until(
    () => openOf('agent1'),
    ([callback]) => callback !== undefined && callback.agentId === undefined,
  );
  // An agent may neither see everybody's list nor hand callbacks over.
  const { id } = (await openOf('agent1'))[0]!;
  expect((await stack.http('GET', '/api/callbacks/promised', { token })).status).toBe(403);
  expect((await stack.http('POST', `/api/callbacks/${id}/assign`, { token, body: {} })).status).toBe(403);
  await row.getByText('Done', { exact: true }).click();
  await row.waitFor({ state: 'detached' });
  expect(await openOf('agent1')).toEqual([]);
}, 90_000);

test('what an agent promises in person and what the queue is asked for are one callback of the person', async () => {
  const token = await stack.signIn('agent1');
  async function calls(body: object): Promise<SeatCallback> {
    const caller = await dial(stack);
    const offered = seat.next<OfferedCall>('call:offered');
    expect(await caller.call()).toBe(200);
    const { callId, offerId } = await offered;
    await seat.ask('call:answer', { callId, offerId });
    const { status, body: made } = await stack.http('POST', `/api/contacts/${callId}/callback`, { token, body });
    expect(status).toBe(200);
    const over = seat.next('call:ended');
    caller.hangUp();
    caller.close();
    await over;
    await seat.ready();
    return made as SeatCallback;
  }
  const at = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
  const first = await calls({ dueAt: at(1), note: 'the first', whose: 'queue' });
  const [own, ownAt] = [await calls({ dueAt: at(2), note: 'the second', whose: 'mine' }), at(2)];
  expect([own.id, own.note, own.dueAt.slice(0, 13)]).toEqual([first.id, 'the first\nthe second', ownAt.slice(0, 13)]);
  const third = await calls({ dueAt: at(3), note: '', whose: 'queue' });
  expect([third.id, third.agentId, third.also?.length]).toEqual([first.id, own.agentId, 2]);
  expect((await openOf('agent1')).map(({ id }) => id)).toEqual([first.id]);

  await boss.page.goto(`${stack.web}/callbacks`);
  await boss.page.getByTestId('promised').getByText('Answers other calls of the same person too: 2 (', { exact: false }).waitFor();
  if (pictures !== undefined) await boss.page.screenshot({ path: `${pictures}/callback-joined.png`, fullPage: true });
  const chinese = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'supervisor');
  await chinese.page.goto(`${stack.web}/callbacks`);
  await chinese.page.getByTestId('promised').getByText('同一来电者另有 2 次来电', { exact: false }).waitFor();
  if (pictures !== undefined) await chinese.page.screenshot({ path: `${pictures}/callback-joined-chinese.png`, fullPage: true });
}, 120_000);
