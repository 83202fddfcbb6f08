import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { TrunkTest } from '../../../services/shared/contracts/trunks/trunk-test.js';
import { asked } from '../../support/asked.js';
import { registeredTrunk, zoneOfAfternoon } from '../../support/centre/calling-out.js';
import { CarrierLoop } from '../../support/phones/carrier-loop.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { pictures } from '../web-look.js';

// A trunk is tested over a carrier whose calls come back on a second line, so that both ends know what the far side sees.

const SHOWN = '95100';
const OURS = '02188880001';
const TESTED_WITHIN_MS = 150_000;

let stack: Stack;
let browser: WebBrowser;
let carrier: CarrierLoop;
let admin: WebPage;
let page: Page;
let token: string;

beforeAll(async () => {
  [stack, browser, carrier] = await Promise.all([
    Stack.start({ layout: 'one', env: { SITE_TIME_ZONE: zoneOfAfternoon() } }),
    WebBrowser.launch(),
    CarrierLoop.open('127.0.0.9'),
  ]);
  token = await stack.signIn('admin');
  const compliance = await stack.signIn('compliance');
  const line = { trustsIdentity: true, enabled: true };
  const out = { ...line, name: 'Line A', addresses: ['127.0.0.8'], outboundUri: carrier.uri, permittedCallerNumbers: [SHOWN] };
  await asked(stack, token, 'PUT', '/api/trunks/line-a', out);
  await asked(stack, token, 'PUT', '/api/trunks/line-b', { ...line, name: 'Line B', addresses: ['127.0.0.9'] });
  const number = { purpose: '回访', area: '北京', direction: 'both', commitmentLetter: true, state: 'in-use' };
  await asked(stack, compliance, 'POST', '/api/registry/numbers', { values: { ...number, number: SHOWN, kind: '95' } });
  await asked(stack, compliance, 'POST', '/api/registry/numbers', { values: { ...number, number: OURS, kind: 'local', area: '上海' } });
  await asked(stack, compliance, 'POST', '/api/registry/trunks', { values: registeredTrunk('line-a', [SHOWN]) });
  admin = await WebPage.open(await browser.computer(), stack, 'admin');
  ({ page } = admin);
  page.setDefaultTimeout(30_000);
}, 180_000);
afterAll(async () => {
  expect(admin.faults).toEqual([]);
  carrier.close();
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

async function newest(): Promise<TrunkTest | undefined> {
  const { body } = await stack.http('GET', '/api/trunk-tests', { token });
  return (body as { readonly tests: readonly TrunkTest[] }).tests.find(({ trunkId }) => trunkId === 'line-a');
}

async function tested(testId: string): Promise<Readonly<Record<string, string>>> {
  const done = await until(newest, (found) => found?.testId === testId && found.state === 'done', TESTED_WITHIN_MS);
  return Object.fromEntries((done?.lines ?? []).map(({ name, verdict, seen }) => [name, verdict === 'bad' ? seen.en : verdict]));
}

const begin = async (body: unknown): Promise<string> =>
  (await asked<{ readonly testId: string }>(stack, token, 'POST', '/api/trunks/line-a/test', body)).testId;

test('a trunk is tested on its page, line by line; the result stays with it, and the call counts as a test', async () => {
  await page.goto(`${stack.web}/numbers`);
  await page.getByTestId('test-trunk-line-a').click();
  await page.getByTestId('test-far').click();
  await page.getByTitle('Another trunk of ours (out and in again)').click();
  await page.getByTestId('test-in-by').click();
  await page.getByTitle('Line B (line-b)').click();
  await page.getByTestId('test-number').fill(OURS);
  await page.getByTestId('run-trunk-test').click();
  await page.locator('[data-testid="test-line-call"][data-verdict="good"]').waitFor({ timeout: TESTED_WITHIN_MS });
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/trunk-test-running.png`, fullPage: true });
  await page.locator('[data-testid="trunk-test-result"]:not([data-result="running"])').waitFor({ timeout: TESTED_WITHIN_MS });
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/trunk-test-done.png`, fullPage: true });
  const done = await newest();
  expect(done?.lines.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['options', 'good'],
    ['registration', 'skipped'],
    ['call', 'good'],
    ['identity', 'good'],
    ['sound', 'good'],
    ['keys-out', 'good'],
    ['keys-in', 'good'],
    ['hold', 'good'],
    ['quality', 'good'],
  ]);
  expect(done).toMatchObject({ ok: true, inBy: 'line-b', byName: expect.any(String) });
  const { body } = await stack.http('GET', `/api/calls/${done?.callId ?? ''}`, { token: await stack.signIn('supervisor') });
  expect(body).toMatchObject({ class: 'test', trunkId: 'line-a', dialled: [{ way: 'call-out', from: SHOWN }] });
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByTestId('trunk-tested-line-a').getByText('Good').waitFor();
}, 240_000);

test('a carrier that shows another number, or takes no sound on, is told so in words', async () => {
  carrier.asserts = '02199999999';
  const first = await tested(await begin({ number: OURS, inBy: 'line-b' }));
  carrier.asserts = undefined;
  expect(first).toMatchObject({ call: 'good', identity: `the far side sees 02199999999, we show ${SHOWN}`, quality: 'good' });
  carrier.isDeaf = true;
  const second = await tested(await begin({ number: OURS, inBy: 'line-b' }));
  carrier.isDeaf = false;
  expect(second).toMatchObject({ call: 'good', sound: 'no media either way', hold: 'skipped', quality: 'skipped' });
  if (pictures !== undefined) {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${stack.web}/numbers`);
    await page.getByTestId('test-trunk-line-a').click();
    await page.getByTestId('test-line-sound').scrollIntoViewIfNeeded();
    await page.screenshot({ path: `${pictures}/trunk-test-narrow.png` });
    const chinese = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'admin');
    await chinese.page.goto(`${stack.web}/numbers`);
    await chinese.page.getByTestId('trunk-tested-line-a').waitFor();
    await chinese.page.screenshot({ path: `${pictures}/trunks-chinese.png` });
    await chinese.page.getByTestId('test-trunk-line-a').click();
    await chinese.page.getByTestId('test-line-sound').scrollIntoViewIfNeeded();
    await chinese.page.screenshot({ path: `${pictures}/trunk-test-chinese.png` });
  }
}, 300_000);

interface Proof {
  readonly proofId: string;
  readonly ok: boolean;
  readonly over?: { readonly trunkId: string; readonly inBy: string };
  readonly stages: readonly { readonly name: string; readonly ok: boolean; readonly detail: string; readonly detailZh?: string }[];
}
const failedStages = ({ stages }: Proof): readonly string[] => stages.filter(({ ok }) => !ok).map(({ name }) => name);

test('a proof call goes over the lines that were tested; a carrier that says nothing is named in both languages, and nobody waits for it', async () => {
  const proved = await asked<Proof>(stack, token, 'POST', '/api/proof-call?trunkId=line-a', {});
  expect({ failed: failedStages(proved), over: proved.over }).toEqual({ failed: [], over: { trunkId: 'line-a', inBy: 'line-b' } });
  const { body } = await stack.http('GET', `/api/proof-call/${proved.proofId}/sheet.json`, { token });
  expect(JSON.stringify(body)).toContain('line-b');
  carrier.isSilent = true;
  const silent = await asked<Proof>(stack, token, 'POST', '/api/proof-call?trunkId=line-a', {});
  carrier.isSilent = false;
  expect(silent.ok).toBe(false);
  expect(silent.stages.find(({ name }) => name === 'call-answered')).toMatchObject({
    ok: false,
    detail: 'out by trunk line-a: the carrier said nothing at all, not even 100',
    detailZh: '从中继 line-a 呼出：运营商无任何响应，连 100 也没有',
  });
  const officer = await stack.signIn('compliance');
  const { body: choice } = await stack.http('GET', '/api/proof-call/ways', { token: officer });
  expect(choice).toMatchObject({ ways: [{ trunkId: 'line-a', inBy: 'line-b' }] });
  const unknown = await stack.http('POST', '/api/proof-call?trunkId=line-b', { token, body: {} });
  expect({ status: unknown.status, body: unknown.body }).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
}, 180_000);

test('the gate decides: a number that is neither ours nor on the register of destinations is not called', async () => {
  const lines = await tested(await begin({ number: '02160000001' }));
  expect(lines).toMatchObject({ call: 'the number is neither ours nor on the register of destinations', quality: 'skipped' });
  const police = await tested(await begin({ number: '110' }));
  expect(police['call']).toBe('numbers of this kind may not be called');
  const inService = await tested(await begin({ number: '4001000', inBy: 'line-b' }));
  expect(inService['call']).toBe('callers use this number: choose one that is not in service');
}, 120_000);
