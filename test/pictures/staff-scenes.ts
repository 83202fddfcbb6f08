import { exampleForm } from '../../web-agent/src/screens/quality/example-form.js';
import { newPerson } from '../support/centre/people.js';
import type { Studio } from './studio.js';

/** Accounts, and a new colleague's first two steps. */
export async function accounts(studio: Studio): Promise<void> {
  const admin = await studio.stack.signIn('admin');
  if (studio.language === 'zh-CN') await newPerson(studio.stack, admin, { name: 'li.na', roles: ['supervisor'] });
  const name = studio.say('wang.wei', 'tom.lee');
  const first = 'Given-by-the-office-1';
  await studio.ask('admin', 'POST', '/api/users', {
    name,
    displayName: studio.say('王伟', 'Tom Lee'),
    roles: ['supervisor'],
    scope: { queues: [], sites: [], clientUnits: [] },
    password: first,
  });
  const context = await studio.computer();
  const page = await context.newPage();
  await page.goto(studio.stack.web);
  await page.getByTestId('sign-in-name').fill(name);
  await page.getByTestId('sign-in-password').fill(first);
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('password-current').waitFor();
  await studio.shot(page, 'first-password');
  await page.getByTestId('password-current').fill(first);
  for (const field of ['password-next', 'password-again']) await page.getByTestId(field).fill('Chosen-by-oneself-2');
  await page.getByTestId('password-submit').click();
  await page.getByTestId('totp-begin').click();
  await page.getByTestId('totp-key').waitFor();
  await studio.shot(page, 'authenticator');
  await context.close();
  const { page: users } = await studio.person('admin');
  await studio.visit(users, '/users', 'users-page');
  await users.getByText(name).waitFor();
  await studio.shot(users, 'users');
  await users.getByTestId('add-user').click();
  await users.getByTestId('user-name').waitFor();
  await studio.shot(users, 'add-user');
  await users.context().close();
}

/** Queue, its script and results, a flow that is not sound yet, and hours. */
export async function settings(studio: Studio): Promise<void> {
  const { page } = await studio.person('admin');
  await studio.visit(page, '/queues', 'queues-page');
  await page.getByTestId('edit-service').click();
  await page.getByTestId('queue-form').waitFor();
  await studio.shot(page, 'queue', 900);
  await studio.visit(page, '/queues', 'queues-page');
  await page.getByTestId('worksheet-service').click();
  await page.getByRole('tab').last().click();
  await page.getByTestId('result-forced').waitFor();
  await studio.shot(page, 'worksheet');
  await studio.visit(page, '/flows?number=4001000', 'flows-page');
  await page.getByTestId('flow-sound').waitFor();
  await page.getByTestId('add-step').click();
  await page.getByRole('menuitem', { name: studio.say('菜单', 'Menu'), exact: true }).click();
  await page.getByTestId('add-key').click();
  await page.getByTestId('menu-key-1').getByRole('textbox').fill(studio.say('客服', 'Service'));
  await page.getByTestId('flow-problems').waitFor();
  await studio.shot(page, 'flow', 900);
  await studio.visit(page, '/flows?number=4001000', 'flows-page');
  await page.getByTestId('flow-place-hours').click();
  await page.getByTestId('hours-mode').getByText(studio.say('按时间开放', 'By hours')).click();
  await page.getByTestId('hours-preview').locator('.day').nth(34).waitFor();
  await page.getByTestId('hours-preview').scrollIntoViewIfNeeded();
  await studio.shot(page, 'hours', 1_000);
  await page.context().close();
}

interface Recordings {
  readonly recordings: readonly { readonly callId: string }[];
}

/** Recordings, their review, scores and callbacks. */
export async function supervision(studio: Studio, paused: string): Promise<void> {
  if (studio.language === 'zh-CN') await studio.ask('supervisor', 'POST', '/api/review-forms', exampleForm);
  await studio.ask('supervisor', 'POST', '/api/review-samples', {
    from: new Date(Date.now() - 86_400_000),
    to: new Date(Date.now() + 3_600_000),
    quota: 2,
    seed: studio.say('2026-11', 'november'),
  });
  const { recordings } = await studio.ask<Recordings>('supervisor', 'GET', '/api/recordings?limit=10');
  const other = recordings.find(({ callId }) => callId !== paused)?.callId ?? paused;
  const { page } = await studio.person('supervisor');
  for (const [name, callId, height] of [
    ['recording', other, 768],
    ['recording-review', other, 1_000],
    ['recording-pause', paused, 768],
  ] as const) {
    await studio.visit(page, `/calls/${callId}`, 'call-page');
    await page.getByTestId('recording-sha256').waitFor();
    await studio.shot(page, name, height);
  }
  for (const [name, path, testId, height] of [
    ['recordings-search', '/calls?recorded=true', 'calls-page', 700],
    ['quality-draws', '/quality?tab=draws', 'quality-page', 560],
    ['callbacks', '/callbacks', 'callbacks-page', 768],
    ['satisfaction', '/satisfaction', 'satisfaction-page', 768],
  ] as const) {
    await studio.visit(page, path, testId);
    await page.waitForLoadState('networkidle');
    await studio.shot(page, name, height);
  }
  await page.context().close();
  const { page: compliance } = await studio.person('compliance');
  await studio.visit(compliance, '/keeping', 'keeping-page');
  await studio.shot(compliance, 'keeping', 560);
  await compliance.context().close();
}
