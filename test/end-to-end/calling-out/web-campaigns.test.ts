import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { asked } from '../../support/asked.js';
import { letCallsOut, zoneOfAfternoon } from '../../support/centre/calling-out.js';
import { FarPhone } from '../../support/phones/far-phone.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { AGENT_HZ, CALLER_HZ, WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

// Campaigns as a supervisor makes them and an agent works through them, with a telephone outside and tones.

const [FIRST, SECOND, THIRD, NEVER] = ['13800000001', '13800000002', '13800000003', '13800000009'];
const STOP_WITHIN_MS = 2_000;

let stack: Stack;
let browser: WebBrowser;
let far: FarPhone;
let boss: WebPage;
let page: Page;
let agent: WebPage;
let supervisor: string;

interface Row {
  readonly callId?: string;
  readonly id: string;
  readonly line: number;
  readonly state: string;
  readonly outcome?: string;
  readonly why?: string;
  readonly tries: number;
  readonly notBefore: string;
}

beforeAll(async () => {
  [stack, browser, far] = await Promise.all([
    Stack.start({ env: { SITE_TIME_ZONE: zoneOfAfternoon() } }),
    WebBrowser.launch(),
    FarPhone.open('127.0.0.1'),
  ]);
  await letCallsOut(stack, far);
  supervisor = await stack.signIn('supervisor');
  for (const number of [FIRST, SECOND, THIRD])
    await asked(stack, supervisor, 'POST', '/api/outbound/consents', {
      number,
      purposes: ['service-notice'],
      channel: 'web',
      givenAt: new Date(),
      evidence: 'form 7',
    });
  boss = await WebPage.open(await browser.computer(), stack, 'supervisor');
  ({ page } = boss);
  page.setDefaultTimeout(30_000);
  agent = await WebPage.open(await browser.computer(), stack, 'agent1');
  agent.page.setDefaultTimeout(30_000);
}, 180_000);
afterAll(async () => {
  expect(boss.faults).toEqual([]);
  far.close();
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

const rowsOf = async (id: string): Promise<readonly Row[]> =>
  (await asked<{ rows: Row[] }>(stack, supervisor, 'GET', `/api/campaigns/${id}/rows`)).rows;
const campaignOf = async (id: string) =>
  (
    await asked<{ campaigns: { id: string; name: string; state: string; waits?: object }[] }>(stack, supervisor, 'GET', '/api/campaigns')
  ).campaigns.find((each) => each.id === id);

async function makeCampaign(mode: 'preview' | 'progressive', numbers: readonly string[], more: object = {}): Promise<string> {
  const { id } = await asked<{ id: string }>(stack, supervisor, 'POST', '/api/campaigns', {
    ...{ name: `${mode} ${numbers.length}`, from: '95100', purpose: 'service-notice', queueId: 'service', mode },
    // A busy machine takes its time; nobody may be set away meanwhile.
    previewSeconds: 300,
    ...more,
  });
  const list = new TextEncoder().encode(`number,name\n${numbers.map((number) => `${number},Ms Wang`).join('\n')}\n`);
  await asked(stack, supervisor, 'POST', `/api/campaigns/${id}/import?fileName=list.csv&commit=yes`, list);
  return id;
}
const halt = (id: string, how: 'pause' | 'stop'): Promise<unknown> =>
  asked(stack, supervisor, 'POST', `/api/campaigns/${id}/${how}`, { reason: 'the test is over' });

test('a supervisor makes a campaign, imports its list and starts it; an agent reads the row, calls, and is heard', async () => {
  await page.goto(`${stack.web}/calling-out?tab=campaigns`);
  await page.getByText('There is no campaign.').waitFor();
  await page.getByTestId('make-campaign').click();
  await page.getByTestId('campaign-name').fill('Autumn notice');
  // What is lacking is named under its field, and nothing is saved.
  await page.getByTestId('save-campaign').click();
  await page.getByText('Choose the number that is shown.').waitFor();
  await page.getByTestId('campaign-from').locator('input').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByTestId('campaign-queue').click();
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByText('Customer service').click();
  await page.getByTestId('campaign-script').fill('Good afternoon {name}, your order {Order} is due on {due}.');
  expect(await faultsOf(page, 'campaign-form')).toEqual([]);
  await page.getByTestId('save-campaign').click();
  await page.getByRole('button', { name: 'Autumn notice' }).click();
  const drawer = page.getByTestId('campaign');
  await drawer.getByTestId('start-campaign').click();
  await page.getByText('The list has no rows to call').waitFor();
  await drawer.getByTestId('import-rows').click();
  const rows = [`${FIRST},Ms Wang,order 7,1024,blue`, 'nobody,,', `${FIRST},again,`, `${NEVER},,`];
  await page
    .locator('.ant-drawer input[type=file]')
    .setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(`number,name,note,order,colour\n${rows.join('\n')}\n`) });
  const report = page.getByTestId('list-report');
  await report.getByText('Rows: 4; can be imported: 1; refused: 3.').waitFor();
  await report.getByText('this person has no consent in force for this purpose: 1').waitFor();
  await page.getByTestId('further-columns').getByText('order, colour').waitFor();
  // A place of the script that no column fills is named before anybody is called.
  await page.getByTestId('unfilled-places').getByText('due').waitFor();
  await page.getByTestId('commit-list').click();
  await report.getByText('Rows imported: 1').waitFor();
  await page.keyboard.press('Escape');
  await drawer.getByTestId('campaign-rows').getByText('138****0001').waitFor();
  expect(await faultsOf(page, 'campaign')).toEqual([]);
  await drawer.getByTestId('start-campaign').click();
  await drawer.getByTestId('campaign-state').getByText('Running').waitFor();
  expect(far.called).toEqual([]);

  await agent.ready();
  const card = agent.page.getByTestId('campaign-card');
  await card.getByText('Ms Wang').first().waitFor();
  await card.getByText('order 7').waitFor();
  await card.getByText('Good afternoon Ms Wang, your order 1024 is due on [due: not given].').waitFor();
  await card.getByText('blue').waitFor();
  expect(await faultsOf(agent.page, 'campaign-card')).toEqual([]);
  // Nobody is called before the agent has decided.
  expect(far.called).toEqual([]);
  const coming = far.next();
  await until(
    () => agent.page.evaluate(() => document.activeElement?.getAttribute('data-testid')),
    (focused) => focused === 'campaign-call',
  );
  await agent.page.keyboard.press('Enter');
  const call = await coming;
  expect(call.number).toBe(FIRST);
  call.sound.play(CALLER_HZ);
  await agent.untilHears(CALLER_HZ, 30_000);
  await call.sound.untilHears(AGENT_HZ, 30_000);
  // The text to be read out stays in front of the agent during the conversation.
  await card.getByText('Good afternoon Ms Wang, your order 1024 is due on [due: not given].').waitFor();
  const { campaigns } = await asked<{ campaigns: { id: string }[] }>(stack, supervisor, 'GET', '/api/campaigns');
  const [dialled] = await rowsOf(campaigns.at(-1)?.id ?? '');
  const mine = await stack.signIn('agent1');
  expect(await asked(stack, mine, 'GET', `/api/contacts/${dialled?.callId ?? ''}`)).toMatchObject({
    callOut: { campaign: 'Autumn notice' },
  });
  call.hangUp();
  await drawer.getByTestId('campaign-state').getByText('Finished').waitFor();
  await drawer.getByTestId('campaign-rows').getByText('Reached').waitFor();
  await drawer.getByTestId('export-rows').click();
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByText('As CSV').click()]);
  expect(saved.suggestedFilename()).toBe('Autumn notice.csv');
  expect(readFileSync(await saved.path(), 'utf8')).toMatch(/2,138\*{4}0001,done,reached,/);
  await drawer.getByText('Results by agent and hour').click();
  await drawer.getByTestId('campaign-results').getByText('100.0 %').first().waitFor();
  expect(await faultsOf(page, 'campaign')).toEqual([]);
}, 180_000);

test('what was on the screen of the agent is on the page of the call as it was worded then, whatever is written since', async () => {
  const { campaigns } = await asked<{ campaigns: { id: string }[] }>(stack, supervisor, 'GET', '/api/campaigns');
  const [row] = await rowsOf(campaigns.at(-1)?.id ?? '');
  const queue = '/api/worksheets/service';
  const { worksheets } = await asked<{ worksheets: { queueId: string; script: object }[] }>(stack, supervisor, 'GET', '/api/worksheets');
  const { queueId: _queueId, ...sheet } = worksheets.find(({ queueId }) => queueId === 'service') ?? { queueId: '', script: {} };
  await asked(stack, supervisor, 'PUT', queue, { ...sheet, script: { 'zh-CN': '改过的话术', en: 'Words of later' } });
  await page.goto(`${stack.web}/calls/${row?.callId ?? ''}`);
  const shown = page.getByTestId('shown-script');
  await shown.getByText('Script of the campaign Autumn notice').click();
  // The wording with its places, without what the list said about the person.
  await shown.getByText('Good afternoon {name}, your order {Order} is due on {due}.').waitFor();
  await shown.getByText('Script on the screen').click();
  expect(await shown.last().innerText()).not.toContain('Words of later');
  expect(await shown.count()).toBe(2);
  expect(await faultsOf(page, 'call-paperwork')).toEqual([]);
  await asked(stack, supervisor, 'PUT', queue, sheet);
}, 60_000);

test('of two presses one dials; a row of somebody else, or one that was made up, is not there; the person is promised another call', async () => {
  const id = await makeCampaign('preview', [SECOND]);
  await asked(stack, supervisor, 'POST', `/api/campaigns/${id}/start`);
  await agent.lineUp();
  const mine = await stack.signIn('agent1');
  const offer = await until(
    async () => (await asked<{ offer: { rowId: string; callId: string } | null }>(stack, mine, 'GET', '/api/campaign-offer')).offer,
    (found) => found !== null,
  );
  const path = `/api/campaign-offer/${offer?.rowId ?? ''}`;
  const other = await stack.signIn('agent2');
  for (const action of ['call', 'hold', 'skip'])
    expect((await stack.http('POST', `${path}/${action}`, { token: other, body: { reason: 'other' } })).status).toBe(404);
  expect((await stack.http('POST', '/api/campaign-offer/made-up/call', { token: mine })).status).toBe(404);
  const coming = far.next();
  const before = far.called.length;
  const presses = await Promise.all([1, 2].map(() => stack.http('POST', `${path}/call`, { token: mine })));
  expect(presses.map(({ status }) => status).sort()).toEqual([200, 409]);
  const call = await coming;
  // The two are joined after the notice; before that nobody would hear the end.
  call.sound.play(CALLER_HZ);
  await agent.untilHears(CALLER_HZ, 30_000);
  const card = agent.page.getByTestId('campaign-card');
  await card.getByTestId('campaign-again').click();
  await card.getByText('You will call again on').waitFor();
  expect(await faultsOf(agent.page, 'campaign-card')).toEqual([]);
  call.hangUp();
  const [promised] = await until(
    () => rowsOf(id),
    ([row]) => row?.outcome === 'reached',
  );
  expect(promised).toMatchObject({ state: 'waiting', tries: 1 });
  expect(Date.parse(promised?.notBefore ?? '') - Date.now()).toBeGreaterThan(23 * 3_600_000);
  expect(far.called.length - before).toBe(1);
  await halt(id, 'stop');
}, 120_000);

test('a progressive campaign dials after its countdown; a pause calls off within two seconds what rings, and nothing more is dialled', async () => {
  far.behaviour = 'ring';
  const id = await makeCampaign('progressive', [THIRD, SECOND], { countdownSeconds: 3 });
  const coming = far.next();
  await agent.lineUp();
  await asked(stack, supervisor, 'POST', `/api/campaigns/${id}/start`);
  await agent.page.getByTestId('campaign-countdown').waitFor();
  const call = await coming;
  expect(call.number).toBe(THIRD);
  const pressedAt = Date.now();
  await halt(id, 'pause');
  await call.ended;
  expect(Date.now() - pressedAt).toBeLessThan(STOP_WITHIN_MS);
  const [first, second] = await until(
    () => rowsOf(id),
    ([row]) => row?.state === 'waiting' && row.outcome === 'called-off',
  );
  expect([first?.tries, second?.tries]).toEqual([1, 0]);
  const dialled = far.called.length;
  await agent.lineUp();
  // The agent is free, and rows wait: the pause alone holds them.
  expect((await campaignOf(id))?.state).toBe('paused');
  expect((await rowsOf(id)).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
  expect(far.called.length).toBe(dialled);
  await halt(id, 'stop');
  far.behaviour = 'answer';
}, 120_000);

test('the countdown is stopped by the agent, who skips with a reason; a refusal that came after the import keeps the row from being dialled', async () => {
  const id = await makeCampaign('progressive', [THIRD, SECOND], { countdownSeconds: 10 });
  const dialled = far.called.length;
  await agent.lineUp();
  await asked(stack, supervisor, 'POST', `/api/campaigns/${id}/start`);
  await agent.page.getByTestId('campaign-hold').click();
  await agent.page.getByTestId('campaign-countdown').waitFor({ state: 'detached' });
  await asked(stack, supervisor, 'POST', '/api/do-not-call', { numbers: [SECOND, THIRD], reason: 'asked-by-sms', source: 'message 4' });
  // The row was presented before the refusal: the gate has the last word.
  await agent.page.getByTestId('campaign-call').click();
  await agent.page.getByText('This person has refused further calls').waitFor();
  const rows = await until(
    () => rowsOf(id),
    (all) => all.every(({ state }) => state === 'done'),
  );
  expect(rows.map(({ outcome, why }) => [outcome, why])).toEqual([
    ['not-permitted', 'outbound-do-not-call'],
    ['not-permitted', 'outbound-do-not-call'],
  ]);
  expect(far.called.length).toBe(dialled);
  await until(
    () => campaignOf(id),
    (campaign) => campaign?.state === 'finished',
  );
  expect(agent.faults).toEqual([]);
}, 120_000);
