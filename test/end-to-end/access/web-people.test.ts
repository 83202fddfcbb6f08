import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { asked } from '../../support/asked.js';
import { BareSeat } from '../../support/bare-seat.js';
import { newPerson } from '../../support/centre/people.js';
import { Stack } from '../../support/stack.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

// A team and its leader. Then a right that no role has: one administrator asks for it, the person is told, a second administrator gives it.

const MONTH_MS = 30 * 86_400_000;

let stack: Stack;
let browser: WebBrowser;
let mongo: Connection;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
  mongo = await connectMongo(stack.config);
}, 120_000);
afterAll(async () => {
  await (mongo as Connection | undefined)?.close();
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

/** The site is past its set-up: everything that was made so far was made a month ago. */
async function age(): Promise<void> {
  for (const { _id, createdAt } of await mongo.collection('users').find({}).toArray())
    await mongo.collection('users').updateOne({ _id }, { $set: { createdAt: new Date((createdAt as Date).getTime() - MONTH_MS) } });
}

interface Users {
  readonly users: readonly {
    readonly id: string;
    readonly name: string;
    readonly teamId: string | null;
    readonly grants: readonly string[];
  }[];
}

test('an administrator makes a team; its supervisor sees the members alone, among the agents and in the reports', async () => {
  const seats = await Promise.all(['agent1', 'agent2'].map((name) => BareSeat.open(stack, name)));
  const admin = await WebPage.at(await browser.computer(), stack, 'admin', '/users');
  const { page } = admin;
  await page.getByTestId('add-team').click();
  await page.getByTestId('team-chinese').fill('白班一组');
  await page.getByTestId('team-english').fill('Day team');
  await admin.choose('Members', '坐席一 (agent1)');
  await page.getByTestId('team-site').click();
  await page.getByTestId('save-team').click();
  await page.getByTestId('teams-panel').getByText('Day team').waitFor();
  expect(await faultsOf(page, 'teams')).toEqual([]);

  const token = await stack.signIn('admin');
  const people = async (): Promise<Users['users']> => (await asked<Users>(stack, token, 'GET', '/api/users')).users;
  const [leader, member] = await Promise.all(
    ['supervisor', 'agent1'].map(async (name) => (await people()).find((user) => user.name === name)),
  );
  expect(member?.teamId).toBe('day-team');
  await asked(stack, token, 'PATCH', `/api/users/${leader?.id ?? ''}`, {
    scope: { queues: [], sites: [], clientUnits: [], teams: ['day-team'] },
  });

  const supervisor = await WebPage.at(await browser.computer(), stack, 'supervisor', '/agents');
  const agents = supervisor.page.getByTestId('agents-page');
  await agents.getByText('坐席一').first().waitFor();
  expect(await agents.getByText('坐席二').count()).toBe(0);
  expect(await faultsOf(supervisor.page, 'agents of a team')).toEqual([]);

  await supervisor.page.goto(`${stack.web}/reports?by=team`);
  await supervisor.page.getByText('Day team').first().waitFor();

  // Another person comes: the board follows, without a new sign-in of the supervisor.
  const memberIds = (await people()).filter(({ name }) => name === 'agent1' || name === 'agent2').map(({ id }) => id);
  await asked(stack, token, 'PUT', '/api/teams/day-team/members', { userIds: memberIds });
  await supervisor.page.goto(`${stack.web}/agents`);
  await agents.getByText('坐席二').first().waitFor();
  for (const seat of seats) await seat.leave();
  expect([...admin.faults, ...supervisor.faults]).toEqual([]);
  await Promise.all([admin, supervisor].map((each) => each.page.context().close()));
}, 180_000);

test('free dialling is asked for by one administrator, read by the person, and given by another administrator', async () => {
  const root = await stack.signIn('admin');
  const amy = await newPerson(stack, root, { name: 'amy', roles: ['admin'] });
  await age();
  const grantsOf = async (): Promise<readonly string[] | undefined> =>
    (await asked<Users>(stack, root, 'GET', '/api/users')).users.find(({ name }) => name === 'agent1')?.grants;

  const admin = await WebPage.at(await browser.computer(), stack, 'admin', '/users');
  const { page } = admin;
  page.setDefaultTimeout(20_000);
  await page.getByTestId('edit-agent1').click();
  await page.getByRole('checkbox', { name: 'Free dialling in a call' }).check();
  await page.getByText('once another administrator has approved it', { exact: false }).waitFor();
  expect(await faultsOf(page, 'grant-form')).toEqual([]);
  await page.getByTestId('save-user').click();
  await page.getByText('Requested. It takes effect').waitFor();
  const changes = page.getByTestId('account-changes');
  await changes.getByText('Free dialling in a call').waitFor();
  await changes.getByText('Waits for approval').waitFor();
  expect(await changes.getByTestId('approve-change').count()).toBe(0);
  expect(await grantsOf()).toEqual([]);
  expect(await faultsOf(page, 'grant-waits')).toEqual([]);

  const agent = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'agent1');
  await agent.page.setViewportSize({ width: 390, height: 844 });
  const note = agent.page.getByTestId('account-notices');
  await note.getByText('申请授予您个人权限', { exact: false }).waitFor();
  expect(await note.getByTestId('notices-refuse').count()).toBe(1);
  expect(await faultsOf(agent.page, 'grant-asked')).toEqual([]);

  const context = await browser.computer({ language: 'zh-CN' });
  const [cookie = '', value = ''] = amy.refreshCookie.split(/=(.*)/s);
  await context.addCookies([{ name: cookie, value, domain: new URL(stack.web).hostname, path: '/api/session', secure: true }]);
  const second = await context.newPage();
  second.setDefaultTimeout(20_000);
  await second.goto(`${stack.web}/users`);
  await second.getByTestId('account-changes').getByText('通话中自由拨号').waitFor();
  expect(await faultsOf(second, 'grant-approve')).toEqual([]);
  await second.getByTestId('approve-change').click();
  await second.getByTestId('account-changes').getByText('已生效').waitFor();
  expect(await grantsOf()).toEqual(['outbound.free-dial']);
  expect([...admin.faults, ...agent.faults]).toEqual([]);
}, 180_000);
