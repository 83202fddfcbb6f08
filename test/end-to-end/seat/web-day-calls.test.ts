import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asked } from '../../support/asked.js';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { letCallsOut, zoneOfAfternoon } from '../../support/centre/calling-out.js';
import { FarPhone } from '../../support/phones/far-phone.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, outOfSight } from '../web-look.js';

let stack: Stack;
let browser: WebBrowser;
let far: FarPhone;

beforeAll(async () => {
  [stack, browser, far] = await Promise.all([
    Stack.start({ env: { SITE_TIME_ZONE: zoneOfAfternoon() } }),
    WebBrowser.launch(),
    FarPhone.open('127.0.0.1'),
  ]);
  await shortNotice(stack);
  await letCallsOut(stack, far);
}, 120_000);
afterAll(async () => {
  far.close();
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

test('the calls of today stand on the seat, newest first, and are called back; whom calls are handed to often stands first', async () => {
  const agent = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'agent1');
  const { page } = agent;
  page.setDefaultTimeout(20_000);
  const colleague = await WebPage.open(await browser.computer(), stack, 'agent2');
  await colleague.lineUp();
  await agent.ready();
  const list = page.getByTestId('day-calls-list');
  await list.getByText('今天还没有通话').waitFor();

  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  await agent.answer();
  caller.sound.play(CALLER_HZ);
  await agent.untilHears(CALLER_HZ);
  await page.getByTestId('transfer').click();
  const targets = page.getByTestId('transfer-sheet').locator('[data-testid^=target-]');
  await page.locator('[data-testid^=target-seat]').first().waitFor();
  const before = await targets.evaluateAll((lines) => lines.map((line) => line.getAttribute('data-testid')));
  const last = before.at(-1) ?? '';
  expect(before[0]).not.toBe(last);
  await page.getByTestId(last).getByTestId('favourite').click();
  await page.locator(`[data-testid="${last}"] [data-testid=favourite][aria-pressed=true]`).waitFor();
  expect(await targets.first().getAttribute('data-testid')).toBe(last);
  expect(await faultsOf(page, 'favourites')).toEqual([]);
  // Favourites belong to the person, on any computer.
  const token = await stack.signIn('agent1');
  expect((await stack.http('GET', '/api/favourites/mine', { token })).body).toEqual({ favourites: [last.replace('target-', '')] });
  expect((await stack.http('GET', '/api/favourites/mine', { token: await stack.signIn('agent2') })).body).toEqual({ favourites: [] });
  // One favourite more than allowed is refused in words of its own.
  for (let i = 0; i < 29; i += 1) await asked(stack, token, 'PUT', `/api/favourites/mine/seat:gone-${String(i)}`, { marked: true });
  await targets.last().getByTestId('favourite').click();
  await page.getByText('常用最多 30 个').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('hang-up').click();
  await page.getByTestId('call-card').waitFor({ state: 'detached' });
  caller.close();

  const line = list.getByTestId('day-call');
  await line.waitFor();
  expect(await line.count()).toBe(1);
  expect(await line.innerText()).toContain('呼入');
  expect(await faultsOf(page, 'day calls')).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await faultsOf(page, 'day calls on a telephone')).toEqual([]);
  await page.setViewportSize({ width: 1366, height: 768 });
  const rings = far.next();
  await line.getByTestId('day-call-back').click();
  far.answer(await rings);
  // The list has calls in which the agent talked, and the person called hears the notice first.
  await page.locator('[data-testid=call-card][data-state=connected]').waitFor();
  await page.getByTestId('hang-up').click();
  await page.getByTestId('end-wrap-up').click();
  await list.locator('[data-testid=day-call]:nth-child(2)').waitFor();
  expect(await line.first().innerText()).toContain('呼出');

  // An outbound call that nobody answered is on the day's list as well.
  far.behaviour = 'ring';
  await page.locator('[data-testid=day-call-back]:enabled').first().waitFor();
  const unanswered = far.next();
  await line.last().getByTestId('day-call-back').click();
  // Given up before the number rings, nobody would have been called.
  await unanswered;
  await page.getByTestId('hang-up').click();
  await list.locator('[data-testid=day-call]:nth-child(3)').waitFor();
  expect(await line.first().innerText()).toMatch(/呼出[^]*138\*{4}0002[^]*对方未接/);
  far.behaviour = 'answer';

  // A person who refuses to be called is not called; the agent reads why, and no promise is left that cannot be kept.
  await page.locator('[data-testid=day-call-back]:enabled').first().waitFor();
  const refusal = { numbers: ['13800000002'], reason: 'asked-by-sms', source: 'message 4' };
  await asked(stack, await stack.signIn('supervisor'), 'POST', '/api/do-not-call', refusal);
  const promises = async (): Promise<number> =>
    ((await stack.http('GET', '/api/callbacks/mine', { token })).body as { callbacks: unknown[] }).callbacks.length;
  await line.last().getByTestId('day-call-back').click();
  await page.getByText('该用户已拒绝来电').waitFor();
  // Calls that were dialled leave no promise either: a page that dies right after leaves nothing to be done.
  expect(await promises()).toBe(0);

  // With many promises the two lists stand below one another. A person has one: the others are of other people.
  const callId = ((await stack.http('GET', '/api/calls/mine?limit=1', { token })).body as { calls: { callId: string }[] }).calls[0]?.callId;
  const dueAt = new Date(Date.now() + 3_600_000);
  await asked(stack, token, 'POST', `/api/contacts/${callId ?? ''}/callback`, { dueAt, note: '1', whose: 'mine' });
  const mongo = await connectMongo(stack.config);
  const kept = mongo.collection<{ _id: string }>('seat_callbacks');
  const one = await kept.findOne({ note: '1' });
  await kept.insertMany(['2', '3', '4'].map((note) => ({ ...one, _id: `of-another-${note}`, callerHash: note, note })));
  await mongo.close();
  await page.reload();
  await page.locator('[data-testid=callback]:nth-child(4)').waitFor();
  await line.last().waitFor();
  // All from one moment: above them a line of the page may still come or go.
  const places = (): Promise<Record<'promises' | 'top' | 'calls' | 'bottom', number>> =>
    list.evaluate((node) => {
      const lowest = (id: string): number =>
        Math.max(...[...document.querySelectorAll(`[data-testid=${id}]`)].map((each) => each.getBoundingClientRect().bottom));
      const { top, bottom } = node.getBoundingClientRect();
      return { promises: lowest('callback'), top, calls: lowest('day-call'), bottom };
    });
  await until(places, ({ promises: above, top, calls, bottom }) => above <= top && calls <= bottom, 10_000);
  expect(await faultsOf(page, 'day calls below promises')).toEqual([]);
  expect([...agent.faults, ...colleague.faults]).toEqual([]);
  await Promise.all([agent, colleague].map((each) => each.page.context().close()));
}, 180_000);

test('an agent whose transfer is refused reads why where it was asked for, on a telephone too, and keeps the caller', async () => {
  const agent = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'agent1');
  await agent.ready();
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  await agent.answer();
  await agent.page.setViewportSize({ width: 390, height: 844 });
  await agent.page.getByTestId('transfer').click();
  const sheet = agent.page.getByTestId('transfer-sheet');
  const refused = sheet.getByTestId('transfer-refused');
  for (const [number, words] of [
    ['13900000009', '该号码不在“外部转接目的地”台账中'],
    ['00881612345678', '规则不允许拨打此类号码'],
  ] as const) {
    await sheet.getByTestId('transfer-search').fill(number);
    await refused.waitFor({ state: 'detached' });
    await sheet.getByTestId('transfer-search').press('Enter');
    await refused.getByText(words).waitFor();
    expect(await outOfSight(agent.page, '[data-testid=transfer-refused]')).toEqual([]);
  }
  expect(await faultsOf(agent.page, 'transfer-refused')).toEqual([]);
  await agent.page.keyboard.press('Escape');
  await agent.page.locator('[data-testid=call-card][data-state=connected]').waitFor();
  caller.hangUp();
  caller.close();
  await agent.page.getByTestId('call-card').waitFor({ state: 'detached' });
  expect(agent.faults).toEqual([]);
  await agent.page.context().close();
}, 120_000);
