import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { asked } from '../../support/asked.js';
import { BareSeat } from '../../support/bare-seat.js';
import { consentOf, letCallsOut, zoneOfAfternoon } from '../../support/centre/calling-out.js';
import { FarPhone } from '../../support/phones/far-phone.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { CALLER_HZ, WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, pictures } from '../web-look.js';

const NUMBER = '02160000001';
const MASKED = '021****0001';

let stack: Stack;
let browser: WebBrowser;
let boss: WebPage;
let page: Page;
let seat: BareSeat;
let far: FarPhone;

beforeAll(async () => {
  [stack, browser, far] = await Promise.all([
    Stack.start({ layout: 'roles', env: { SITE_TIME_ZONE: zoneOfAfternoon() } }),
    WebBrowser.launch(),
    FarPhone.open('127.0.0.1'),
  ]);
  boss = await WebPage.open(await browser.computer(), stack, 'supervisor');
  ({ page } = boss);
  page.setDefaultTimeout(20_000);
  seat = await BareSeat.open(stack, 'agent2');
  await seat.ready();
}, 120_000);
afterAll(async () => {
  expect(boss.faults).toEqual([]);
  await seat.leave();
  far.close();
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

const dials = (): Promise<string> =>
  seat.ask('call:dial', { number: NUMBER, purpose: 'enquiry' }).then(
    () => 'dialled',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

const open = async (tab: string): Promise<void> => {
  await page.goto(`${stack.web}/calling-out?tab=${tab}`);
  await page.getByTestId('calling-out-page').waitFor();
};

test('a new machine says why nobody can be called, and what to set', async () => {
  await open('consents');
  await page.getByTestId('no-way-out').getByText('No trunk can be used for outbound calls').waitFor();
  await page.getByText('There is no consent yet').waitFor();
  await letCallsOut(stack, far);
  await page.reload();
  await page.getByTestId('add-consent').waitFor();
  await page.getByTestId('stop-calling').waitFor();
  await page.getByTestId('no-way-out').getByText('not in the number register').waitFor({ state: 'detached' });
}, 60_000);

test('a consent is written down, found by its number, lets the call out, and ends when it is withdrawn', async () => {
  expect(await dials()).toBe('outbound-consent');
  await open('consents');
  await page.getByTestId('add-consent').click();
  await page.getByTestId('consent-number').fill(NUMBER);
  // The reader's browser may use another language: dates follow the page's language and the site's clock.
  await page.getByTestId('consent-until').click();
  const calendar = page.locator('.ant-picker-dropdown:not(.ant-picker-dropdown-hidden)');
  await calendar.locator('.ant-picker-super-next-icon').click();
  await calendar.getByTitle(/-20$/).click();
  await page.getByTestId('consent-evidence').fill('form 7');
  await page.getByTestId('save-consent').click();
  await page.getByTestId('consents').getByText(MASKED).waitFor();
  await page.getByLabel('Find by the full number').fill('02160009999');
  await page.keyboard.press('Enter');
  await page.getByText('This number has given no consent.').waitFor();
  await page.getByLabel('Find by the full number').fill(NUMBER);
  await page.keyboard.press('Enter');
  await page.getByTestId('consents').getByText(MASKED).waitFor();
  expect(page.url()).not.toContain(NUMBER);

  const coming = far.next();
  // The telephony process reads its trunks again when it is told that they changed.
  await until(dials, (answer) => answer === 'dialled');
  const call = await coming;
  // The two are joined after the notice; before that nobody would hear the end.
  call.sound.play(440);
  await seat.phone.sound.untilHears(440, 30_000);
  const over = seat.next('call:ended');
  call.hangUp();
  await over;
  await page.goto(`${stack.web}/calls`);
  // The person called is no caller: the row shows the number that we presented.
  await page.getByRole('row', { name: new RegExp(`Out 95100 ${MASKED.replaceAll('*', String.raw`\*`)}`) }).waitFor();
  expect(await faultsOf(page, 'calls-with-one-out')).toEqual([]);
  await page
    .getByRole('row', { name: new RegExp(`Out 95100 ${MASKED.replaceAll('*', String.raw`\*`)}`) })
    .getByRole('link')
    .first()
    .click();
  // An outbound call has no wait in a queue; where its consent has no original, a link leads to the list.
  await page.getByTestId('four-elements').getByRole('link', { name: 'Consents' }).waitFor();
  await page.getByTestId('call-score').waitFor();
  expect(await page.getByTestId('routing-reasons').count()).toBe(0);

  // The original that is added to the consent opens from the page of the call in one click.
  const pageOfCall = page.url();
  await open('consents');
  await page
    .getByTestId('consents')
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'form-7.txt', mimeType: 'text/plain', buffer: Buffer.from('I agree to be called.') });
  await page.getByTestId('consents').getByText('form-7.txt').waitFor();
  await page.goto(pageOfCall);
  const original = page.getByTestId('four-elements').getByRole('button', { name: 'form-7.txt' });
  const [saved] = await Promise.all([page.waitForEvent('download'), original.click()]);
  expect(readFileSync(await saved.path(), 'utf8')).toBe('I agree to be called.');

  await open('consents');
  await page.getByTestId('consents').getByRole('button', { name: 'Withdraw' }).click();
  await page.getByTestId('withdraw-reason').fill('asked by telephone');
  await page.getByTestId('confirm-withdraw').click();
  await page.getByTestId('consents').getByText('Withdrawn').waitFor();
  expect(await dials()).toBe('outbound-consent');
}, 120_000);

test('an agent reads after a call out that the other side hung up, and no caller', async () => {
  const called = '02160000004';
  await consentOf(stack, called);
  const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
  await agent.ready();
  const coming = far.next();
  await agent.page.getByTestId('dial-number').fill(called);
  await agent.page.getByTestId('dial').click();
  const call = await coming;
  call.sound.play(CALLER_HZ);
  await agent.untilHears(CALLER_HZ, 30_000);
  call.hangUp();
  const end = agent.page.getByTestId('last-end');
  await end.getByText('Hung up by the other side').waitFor();
  expect(await end.getAttribute('data-by')).toBe('caller');
  expect(await faultsOf(agent.page, 'idle-after-call-out')).toEqual([]);
  expect(agent.faults).toEqual([]);
  await agent.page.context().close();
}, 120_000);

test('while a carrier says nothing at all, the agent reads it in either language, and afterwards why nobody was reached', async () => {
  const silent = createSocket('udp4').bind(0, '127.0.0.1');
  await once(silent, 'listening');
  const token = await stack.signIn('admin');
  const trunk = {
    name: 'local',
    addresses: ['127.0.0.1'],
    trustsIdentity: true,
    permittedCallerNumbers: ['4001000', '95100'],
    enabled: true,
  };
  await asked(stack, token, 'PUT', '/api/trunks/local', { ...trunk, outboundUri: `sip:127.0.0.1:${String(silent.address().port)}` });
  const called = '02160000005';
  await consentOf(stack, called);
  const agent = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'agent1');
  await agent.ready();
  const words = agent.page.getByTestId('carrier-silent');
  await agent.page.getByTestId('dial-number').fill(called);
  await agent.page.getByTestId('dial').click();
  await words.waitFor();
  expect(await words.innerText()).toContain('运营商尚无任何响应');
  if (pictures !== undefined) await agent.page.screenshot({ path: `${pictures}/carrier-silent-chinese.png`, fullPage: true });
  await agent.page.getByTestId('language').click();
  await agent.page.getByTestId('last-end').getByText('The carrier does not answer').waitFor();
  if (pictures !== undefined) await agent.page.screenshot({ path: `${pictures}/carrier-silent-ended.png`, fullPage: true });
  silent.close();
  await asked(stack, token, 'PUT', '/api/trunks/local', { ...trunk, outboundUri: far.uri });
  expect(agent.faults).toEqual([]);
  await agent.page.context().close();
}, 120_000);

test('one press stops calling out, with its reason; another lets calls out again', async () => {
  await open('attempts');
  await page.getByTestId('stop-calling').click();
  expect(await page.getByTestId('confirm-stop').isDisabled()).toBe(true);
  await page.getByTestId('stop-reason').fill('wrong list loaded');
  await page.getByTestId('confirm-stop').click();
  await page.getByTestId('stop-platform').getByText('wrong list loaded').waitFor();
  expect(await dials()).toBe('outbound-stopped');
  await page.getByTestId('lift-platform').click();
  await page.getByTestId('stop-platform').waitFor({ state: 'detached' });
  expect(await dials()).toBe('outbound-consent');
}, 60_000);

test('whoever refuses is put on the list, and taken off only with a proof', async () => {
  await open('refusals');
  await page.getByTestId('add-refusals').click();
  await page.getByTestId('refused-numbers').fill(`${NUMBER}\nsomebody`);
  await page.getByTestId('refusal-source').fill('call of today');
  await page.getByTestId('save-refusals').click();
  await page.getByText('These lines are not telephone numbers: 2').waitFor();
  await page.getByTestId('refused-numbers').fill(NUMBER);
  await page.getByTestId('save-refusals').click();
  await page.getByTestId('refusals').getByText(MASKED).waitFor();
  expect(await dials()).toBe('outbound-do-not-call');
  await page.getByTestId('withdraw-refusal').click();
  await page.getByTestId('withdraw-number').fill(NUMBER);
  expect(await page.getByTestId('confirm-withdraw').isDisabled()).toBe(true);
  await page.getByTestId('withdraw-evidence').fill('new form 8');
  await page.getByTestId('confirm-withdraw').click();
  await page.getByTestId('refusals').getByText('Taken back').waitFor();
  expect(await dials()).toBe('outbound-consent');
}, 60_000);

test('hours may be narrower, not wider', async () => {
  await open('rules');
  await page.getByTestId('window-from').fill('07:00');
  await page.getByText('Not outside 08:00 – 21:00.').waitFor();
  expect(await page.getByTestId('save-rules').isDisabled()).toBe(true);
  await page.getByTestId('window-from').fill('09:00');
  await page.getByTestId('add-quiet').click();
  await page.getByTestId('save-rules').click();
  await until(
    async () => (await stack.http('GET', '/api/outbound/rules', { token: await stack.signIn('supervisor') })).body,
    (rules) => JSON.stringify(rules).includes('"quiet":[{"fromMinute":720,"toMinute":840}]'),
  );
}, 60_000);

test('each wish to call stands there with its verdict in words, the refused ones alone if wanted', async () => {
  await open('attempts');
  const rows = page.getByTestId('attempts').locator('tbody tr.ant-table-row');
  await rows.filter({ hasText: 'Allowed' }).first().waitFor();
  for (const verdict of ['No consent', 'Calling out is stopped', 'The person refused calls'])
    await rows.filter({ hasText: verdict }).first().waitFor();
  await page.getByTestId('attempts').getByText('Refused only').click();
  await rows.filter({ hasText: 'Allowed' }).first().waitFor({ state: 'detached' });
  // All lines in one read: the table empties while it loads.
  const texts = await until(
    () => rows.allInnerTexts(),
    (lines) => lines.length > 0 && lines.every((line) => !line.includes('Allowed')),
  );
  expect(texts.filter((line) => !line.includes(MASKED))).toEqual([]);
}, 60_000);

test('calls out of the ordinary stand on the wall and stop the agent where the rule says so, until somebody settles them', async () => {
  await open('fraud');
  await page.getByText('Nothing to review').waitFor();
  await page.getByTestId('fraud-rules').click();
  await page.getByTestId('limit-blocked').fill('2');
  await page.getByLabel('Many calls that the rules refuse: Stops').click();
  expect(await faultsOf(page, 'fraud-rules')).toEqual([]);
  await page.getByTestId('save-fraud-rules').click();
  await page.getByText('Saved').waitFor();
  // One who refused to be called, one who never agreed.
  expect(await dials()).toMatch(/^outbound-(consent|do-not-call)$/);
  expect(await dials()).toMatch(/^outbound-(consent|do-not-call)$/);
  await page.goto(`${stack.web}/wallboard`);
  await page.getByTestId('fraud-banner').getByText('Many calls that the rules refuse').waitFor({ timeout: 60_000 });
  expect(await faultsOf(page, 'wallboard-fraud')).toEqual([]);
  expect(await dials()).toBe('outbound-stopped');
  await page.getByTestId('fraud-banner').getByRole('link').click();
  await page.getByTestId('stop-agent').getByText('To object, contact compliance').waitFor();
  expect(await faultsOf(page, 'fraud-open')).toEqual([]);
  await page.getByTestId('settle-alarm').click();
  await page.getByTestId('finding').fill('a list without consents, taken back');
  await page.getByTestId('lift-too').click();
  expect(await faultsOf(page, 'fraud-settle')).toEqual([]);
  await page.getByTestId('confirm-settle').click();
  await page.getByTestId('stop-agent').waitFor({ state: 'detached' });
  await page.getByTestId('fraud-all').click();
  await page.getByText('a list without consents, taken back').waitFor();
  expect(await dials()).not.toBe('outbound-stopped');
}, 180_000);
