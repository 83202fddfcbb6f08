import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asked } from '../../support/asked.js';
import { BareSeat } from '../../support/bare-seat.js';
import { Stack } from '../../support/stack.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

let stack: Stack;
let browser: WebBrowser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start({ layout: 'roles' }), WebBrowser.launch()]);
}, 120_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

interface Users {
  readonly users: readonly { readonly id: string; readonly name: string; readonly teamId: string | null }[];
}

test('an administrator makes a team; its supervisor sees the members alone, among the agents and in the reports', async () => {
  const seats = await Promise.all(['agent1', 'agent2'].map((name) => BareSeat.open(stack, name)));
  const admin = await WebPage.open(await browser.computer(), stack, 'admin');
  const { page } = admin;
  await page.goto(`${stack.web}/users`);
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

  const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
  await supervisor.page.goto(`${stack.web}/agents`);
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
}, 180_000);
