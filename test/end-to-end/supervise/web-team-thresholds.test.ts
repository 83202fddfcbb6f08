import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asked } from '../../support/asked.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { answeredCall } from '../../support/centre/answered-call.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

// A team's leader sets a threshold for the team and is told of that alone; nobody else's calls count.

let stack: Stack;
let browser: WebBrowser;
let admin: string;
let adminId: string;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
  await shortNotice(stack);
  admin = await stack.signIn('admin');
  const { users } = await asked<{ users: readonly { id: string; name: string }[] }>(stack, admin, 'GET', '/api/users');
  const idOf = (name: string): string => users.find((user) => user.name === name)?.id ?? '';
  adminId = idOf('admin');
  for (const [id, chinese, english, member] of [
    ['day', '白班一组', 'Day team', 'agent1'],
    ['night', '夜班二组', 'Night team', 'agent2'],
  ] as const) {
    await asked(stack, admin, 'PUT', `/api/teams/${id}`, { name: { 'zh-CN': chinese, en: english } });
    await asked(stack, admin, 'PUT', `/api/teams/${id}/members`, { userIds: [idOf(member)] });
  }
  await asked(stack, admin, 'PATCH', `/api/users/${idOf('supervisor')}`, {
    scope: { queues: [], sites: [], clientUnits: [], teams: ['day'] },
  });
}, 120_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

const ofTeam = (id: string) => ({
  scope: { of: 'team', id },
  figure: 'answered',
  window: 'today',
  worse: 'above',
  alarm: 0,
  clear: 0,
  holdOffSeconds: 0,
});
const put = async (token: string, id: string, body: object): Promise<number> =>
  (await stack.http('PUT', `/api/thresholds/${id}`, { token, body })).status;

test('whoever leads a team sets a threshold of it; a call of a member passes it, one of another team does not', async () => {
  const leader = await WebPage.open(await browser.computer(), stack, 'supervisor');
  const { page } = leader;
  page.setDefaultTimeout(20_000);
  await page.goto(`${stack.web}/wallboard`);
  await page.getByTestId('thresholds-open').click();
  await page.getByTestId('threshold-add').click();
  await page.getByTestId('threshold-of').click();
  await page.locator('.ant-select-item-option').filter({ hasText: 'Day team' }).click();
  expect(await page.locator('.ant-select-item-option').filter({ hasText: 'Night team' }).count()).toBe(0);
  // Esc would be taken for leaving the form: the list closes with the choice.
  await page.locator('.ant-select-dropdown').last().waitFor({ state: 'hidden' });
  expect(await faultsOf(page, 'team-threshold-form')).toEqual([]);
  await page.getByTestId('threshold-form').or(page.getByTestId('threshold-add')).first().waitFor();
  expect(await put(await stack.signIn('supervisor'), 'answers', { ...ofTeam('day') })).toBe(200);
  // The administrator is named as receiver, because nobody in the team has the bell.
  expect(await put(admin, 'nights', { ...ofTeam('night'), people: [adminId] })).toBe(200);
  await page.goto(`${stack.web}/wallboard`);
  await page.getByTestId('threshold-marks').filter({ hasText: '1 threshold, in order' }).waitFor();

  await answeredCall(stack, 'agent2');
  const night = () => stack.http('GET', '/api/alarms?code=figure-alarm&state=current', { token: admin });
  await until(night, ({ body }) => (body as { total: number }).total === 1, 60_000);
  const own = async (): Promise<readonly { readonly text: { readonly en: string } }[]> =>
    (
      await asked<{ alarms: { text: { en: string } }[] }>(
        stack,
        await stack.signIn('supervisor'),
        'GET',
        '/api/alarms?code=figure-alarm&state=current',
      )
    ).alarms;
  expect(await own()).toEqual([]);
  await page.getByTestId('threshold-marks').filter({ hasText: '1 threshold, in order' }).waitFor();

  await answeredCall(stack, 'agent1');
  await page.locator('.threshold-mark[data-level=alarm]').filter({ hasText: 'Day team' }).waitFor({ timeout: 60_000 });
  const [alarm] = await until(own, (all) => all.length === 1, 30_000);
  expect(alarm?.text.en).toContain('Day team: Answered');
  expect(await faultsOf(page, 'team-wallboard')).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await faultsOf(page, 'team-wallboard-390')).toEqual([]);
  expect(leader.faults).toEqual([]);
}, 180_000);

test('whoever leads a team sets and removes none of another team, of a queue, of an agent or of the whole centre', async () => {
  const token = await stack.signIn('supervisor');
  expect(await put(token, 'theirs', ofTeam('night'))).toBe(404);
  expect(await put(token, 'nobody', ofTeam('no-such-team'))).toBe(404);
  expect(await put(token, 'queue', { ...ofTeam('day'), scope: { of: 'queue', id: 'service' } })).toBe(404);
  expect(await put(token, 'agent', { ...ofTeam('day'), scope: { of: 'agent', id: 'agent1' } })).toBe(403);
  expect(await put(token, 'site', { ...ofTeam('day'), scope: { of: 'site' } })).toBe(403);
  // Nor can another team's threshold be turned into one of the own team.
  expect(await put(admin, 'of-night', ofTeam('night'))).toBe(200);
  expect(await put(token, 'of-night', ofTeam('day'))).toBe(404);
  expect((await stack.http('DELETE', '/api/thresholds/of-night', { token })).status).toBe(404);
  expect(await put(token, 'bad', { ...ofTeam('day'), figure: 'waiting' })).toBe(400);
  const { thresholds } = await asked<{ thresholds: { id: string }[] }>(stack, token, 'GET', '/api/thresholds');
  expect(thresholds.map(({ id }) => id)).not.toContain('of-night');
}, 60_000);
