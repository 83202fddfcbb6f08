import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { callRow } from '../../support/centre/call-row.js';
import { newPerson } from '../../support/centre/people.js';
import { Stack } from '../../support/stack.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, pictures } from '../web-look.js';

// A mock inspection from the demo data, in Chinese: drawn by a seed from outside, answered against the clock, ended with the report.
let stack: Stack;
let browser: WebBrowser;
let person: WebPage;
let page: Page;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start({}), WebBrowser.launch()]);
  person = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'compliance');
  ({ page } = person);
  page.setDefaultTimeout(30_000);
  // An answered call whose recording is not there, and a consent without its original.
  const mongo = await connectMongo(stack.config);
  await mongo
    .collection<{ _id: string }>('calls')
    .insertOne(callRow('00000000drawn', { called: '4001000', queueId: 'service', class: 'service', callerMasked: '139****0007' }));
  await mongo.close();
  const consent = {
    number: '13812345678',
    purposes: ['enquiry'],
    channel: 'web',
    givenAt: new Date().toISOString(),
    evidence: '表单 1024',
  };
  expect((await stack.http('POST', '/api/outbound/consents', { token: await stack.signIn('compliance'), body: consent })).status).toBe(200);
}, 150_000);
afterAll(async () => {
  expect(person.faults).toEqual([]);
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

async function look(name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  expect(await faultsOf(page, name)).toEqual([]);
}

const verdictOf = (number: number) => page.getByTestId(`verdict-${number}`);
const untilVerdict = (number: number, verdict: string): Promise<void> =>
  page.locator(`[data-testid=verdict-${number}][data-verdict=${verdict}]`).waitFor();

test('a drill is begun, answered, and ended with what was missed in its report; nobody answers afterwards', async () => {
  await page.goto(`${stack.web}/drill`);
  await page.getByText('还没有演练。').waitFor();
  await look('drill-empty');
  await page.getByTestId('drill-seed').fill('20261128-4711');
  await page.getByTestId('start-drill').click();
  await page.getByTestId('time-left').waitFor();
  await verdictOf(1).waitFor();
  await page.getByTestId('drill').getByText('20261128-4711').waitFor();
  // The first item is the call, the second the consent: what the system misses at either is shown at once.
  await page.getByText('139****0007 → 4001000').waitFor();
  await page.getByText('没有录音').waitFor();
  await page.getByText('没有上传同意凭证原件').waitFor();
  await look('drill-running');
  await page.getByTestId('not-shown-1').click();
  await page.getByTestId('why-not-shown').fill('原件在外地档案室');
  await page.getByTestId('save-not-shown').click();
  await untilVerdict(1, 'missed');
  // A second seed is refused while one runs, and a reload in the middle changes nothing.
  const token = await stack.signIn('compliance');
  const again = await stack.http('POST', '/api/evidence/drills', { token, body: { seed: 'another' } });
  expect(again.status).toBe(409);
  await page.reload();
  await untilVerdict(1, 'missed');
  await page.getByText('原件在外地档案室').waitFor();
  await page.getByTestId('end-drill').click();
  await page.getByTestId('drill-result').waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await look('drill-over-390');
  await page.setViewportSize({ width: 1_366, height: 844 });
  await look('drill-over');
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByTestId('drill-report').click()]);
  expect(
    readFileSync(await saved.path())
      .subarray(0, 2)
      .toString(),
  ).toBe('PK');
  const drillId = await page.getByTestId('drill').getAttribute('data-drill');
  const late = await stack.http('POST', `/api/evidence/drills/${drillId}/items/1`, { token, body: { shown: true } });
  expect([late.status, late.body]).toMatchObject([409, { details: { refused: 'over' } }]);
}, 120_000);

test('an inspector reads the drill and the audit log, each look is written down, and begins nothing', async () => {
  const admin = await stack.signIn('admin');
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const { token } = await newPerson(stack, admin, { name: 'inspector', roles: ['inspector'], expiresAt });
  const { status, body } = await stack.http('GET', '/api/evidence/drills', { token });
  expect([status, (body as { readonly drills: readonly unknown[] }).drills.length]).toEqual([200, 1]);
  expect((await stack.http('POST', '/api/evidence/drills', { token, body: {} })).status).toBe(403);
  expect((await stack.http('GET', '/api/audit?what=drill.started', { token })).body).toMatchObject({
    rows: [{ what: 'drill.started', object: expect.stringContaining('20261128-4711') }],
  });
  expect((await stack.http('GET', '/api/audit?what=inspector.viewed', { token })).body).toMatchObject({
    rows: [{ object: 'audit' }, { object: 'audit' }],
  });
}, 60_000);

describe.each(['zh-CN', 'en'] as const)('the seed of the inspector in %s', (language) => {
  const seed = language === 'en' ? '4719-en' : '检查组第 4719 号';

  test('the inspector types it on a page, the log has it as theirs, and six items and the next drill are drawn by it', async () => {
    const admin = await stack.signIn('admin');
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const name = `inspector-${language.toLowerCase()}`;
    const { token, userId, refreshCookie } = await newPerson(stack, admin, { name, roles: ['inspector'], expiresAt });
    const context = await browser.computer({ language });
    const [cookie = '', value = ''] = refreshCookie.split(/=(.*)/s);
    await context.addCookies([{ name: cookie, value, domain: 'localhost', path: '/api/session', secure: true, httpOnly: true }]);
    const inspector = await context.newPage();
    inspector.setDefaultTimeout(30_000);
    await inspector.goto(`${stack.web}/drill`);
    await inspector.getByTestId('named-seed-field').fill(seed);
    await inspector.getByTestId('name-seed').click();
    await inspector.getByTestId('named-seed').filter({ hasText: seed }).filter({ hasText: name }).waitFor();
    const shoot = async (file: string): Promise<void> => {
      if (pictures !== undefined) await inspector.screenshot({ path: `${pictures}/${file}.${language}.png`, fullPage: true });
      expect(await faultsOf(inspector, file)).toEqual([]);
    };
    await shoot('seed-inspector');
    await inspector.setViewportSize({ width: 390, height: 844 });
    await shoot('seed-inspector-390');
    // Beyond the seed the account still changes nothing.
    expect(await inspector.getByTestId('start-drill').count()).toBe(0);
    await context.close();
    expect((await stack.http('POST', '/api/evidence/drills', { token, body: {} })).status).toBe(403);
    expect((await stack.http('GET', '/api/audit?what=inspector.seed-named', { token })).body).toMatchObject({
      rows: expect.arrayContaining([expect.objectContaining({ what: 'inspector.seed-named', who: userId, object: seed })]),
    });
    const officer = await stack.signIn('compliance');
    expect((await stack.http('POST', '/api/evidence/seed', { token: officer, body: { seed: 'ours' } })).status).toBe(403);
    const six = await stack.http('GET', `/api/evidence/six-items?language=${language}`, { token: officer });
    expect((six.body as { readonly draw: string }).draw).toMatch(new RegExp(`${seed}.*${name}`));
    const other = await stack.http('POST', '/api/evidence/drills', { token: officer, body: { seed: 'ours' } });
    expect([other.status, other.body]).toMatchObject([409, { details: { refused: 'seed-named' } }]);
  }, 120_000);

  test('whoever begins the drill sees the seed, cannot type another, and the drill says whose it is', async () => {
    const officer = await WebPage.open(await browser.computer({ language }), stack, 'compliance');
    officer.page.setDefaultTimeout(30_000);
    await officer.page.goto(`${stack.web}/drill`);
    await officer.page.getByTestId('drill-by-named').filter({ hasText: seed }).waitFor();
    expect(await officer.page.getByTestId('drill-seed').count()).toBe(0);
    expect(await officer.page.getByTestId('named-seed-field').count()).toBe(0);
    await officer.page.getByTestId('start-drill').click();
    await officer.page.getByTestId('time-left').waitFor();
    await officer.page.getByTestId('drill').getByText(seed).waitFor();
    await officer.page.getByTestId('drill').getByText(`inspector-${language.toLowerCase()}`).waitFor();
    if (pictures !== undefined) await officer.page.screenshot({ path: `${pictures}/seed-drill.${language}.png`, fullPage: true });
    await officer.page.getByTestId('end-drill').click();
    await officer.page.getByTestId('drill-result').waitFor();
    // One drill uses a seed: the next one is drawn by another.
    await officer.page.getByTestId('drill-seed').waitFor();
    expect(officer.faults).toEqual([]);
    await officer.page.context().close();
  }, 120_000);
});
