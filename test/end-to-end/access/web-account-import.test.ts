import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asked } from '../../support/asked.js';
import { Stack } from '../../support/stack.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

// A list of people becomes accounts on the page; each person signs in once with the password that the page gave.

let stack: Stack;
let browser: WebBrowser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
}, 120_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

const csv = (...rows: string[]): Buffer => Buffer.from(`用户名,姓名,角色,技能\n${rows.join('\n')}\n`);

test('a list is checked, confirmed and made; its people sign in with the passwords of the page, and a second try makes nothing', async () => {
  const web = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'admin');
  const { page } = web;
  page.setDefaultTimeout(30_000);
  await page.goto(`${stack.web}/users`);
  await page.getByTestId('import-users').click();
  const file = page.locator('input[type=file]');
  const list = {
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: csv('li.si,李四,坐席,英语:3', 'wang.wu,王五,坐席,', 'agent1,坐席一,坐席,', 'bad,=1+1,坐席,'),
  };
  await file.setInputFiles(list);
  await page.getByTestId('commit-list').waitFor();
  expect(await page.getByTestId('list-report').innerText()).toContain('该用户名已存在');
  expect(await faultsOf(page, 'account-import')).toEqual([]);
  await page.getByTestId('commit-list').click();
  await page.getByTestId('made-accounts').filter({ hasText: '已新建 2 个账号' }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-passwords').click()]);
  const text = readFileSync(await download.path(), 'utf8');
  const [, password = ''] = /"li\.si","李四","(\w{16})"/.exec(text) ?? [];
  expect(password).not.toBe('');
  expect(await faultsOf(page, 'account-import-made')).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await faultsOf(page, 'account-import-made-390')).toEqual([]);

  const signedIn = await stack.http('POST', '/api/session', { body: { name: 'li.si', password } });
  expect(signedIn.status).toBe(200);
  const admin = await stack.signIn('admin');
  const { users } = await asked<{ users: { id: string; name: string; mustChangePassword: boolean }[] }>(stack, admin, 'GET', '/api/users');
  const made = users.find(({ name }) => name === 'li.si');
  expect(made?.mustChangePassword).toBe(true);
  const { skills } = await asked<{ skills: Record<string, Record<string, number>> }>(stack, admin, 'GET', '/api/agents/skills');
  expect(skills[made?.id ?? '']).toEqual({ 英语: 3 });
  for (const { name } of stack.ready.processes) expect(stack.logOf(name)).not.toContain(password);

  await file.setInputFiles(list);
  await page.getByTestId('list-report').filter({ hasText: '该用户名已存在：3 行' }).waitFor();
  expect(await page.getByTestId('commit-list').count()).toBe(0);
  expect(web.faults).toEqual([]);
}, 180_000);

/** An import whose browser died: its accounts are made, and nobody has read their first passwords. */
async function abandonedImport(rows: readonly string[], made: boolean): Promise<void> {
  const token = await stack.signIn('admin');
  const body = new Uint8Array(csv(...rows));
  const { order } = (await stack.http('POST', '/api/users/import?fileName=left.csv&commit=yes', { token, body })).body as { order: string };
  if (made) await asked(stack, token, 'POST', `/api/users/imports/${order}/continue`);
}

test('an import that stopped is on the page: it goes on, and first passwords that nobody saved are made anew', async () => {
  await abandonedImport(['zhao.qi,赵七,坐席,', 'qian.ba,钱八,坐席,法语:2'], true);
  const web = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'admin');
  const { page } = web;
  page.setDefaultTimeout(30_000);
  await page.goto(`${stack.web}/users`);
  const unfinished = page.getByTestId('unfinished-import');
  await unfinished.filter({ hasText: '其中 2 个账号的初始密码无人下载' }).waitFor();
  expect(await faultsOf(page, 'account-import-unfinished')).toEqual([]);
  await page.getByTestId('renew-passwords').click();
  await page.getByTestId('made-accounts').filter({ hasText: '已为 2 个账号重新生成初始密码' }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-passwords').click()]);
  const [, password = ''] = /"qian\.ba","钱八","(\w{16})"/.exec(readFileSync(await download.path(), 'utf8')) ?? [];
  expect((await stack.http('POST', '/api/session', { body: { name: 'qian.ba', password } })).status).toBe(200);
  // Saved passwords are in good hands: the import is finished.
  await unfinished.waitFor({ state: 'detached' });
  const admin = await stack.signIn('admin');
  const { users } = await asked<{ users: { id: string; name: string }[] }>(stack, admin, 'GET', '/api/users');
  const { skills } = await asked<{ skills: Record<string, object> }>(stack, admin, 'GET', '/api/agents/skills');
  expect(skills[users.find(({ name }) => name === 'qian.ba')?.id ?? '']).toEqual({ 法语: 2 });

  await abandonedImport(['sun.jiu,孙九,坐席,', 'li.shi,李十,坐席,'], false);
  await page.reload();
  await unfinished.filter({ hasText: '尚有 2 人未处理' }).waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await faultsOf(page, 'account-import-unfinished-390')).toEqual([]);
  await page.getByTestId('continue-import').click();
  await page.getByTestId('made-accounts').filter({ hasText: '已新建 2 个账号' }).waitFor();
  await unfinished.filter({ hasText: '请先下载下方的初始密码' }).waitFor();
  await page.getByTestId('end-import').click();
  await page.locator('.ant-popconfirm .ant-btn-primary').click();
  await unfinished.waitFor({ state: 'detached' });
  expect(web.faults).toEqual([]);
}, 180_000);

test('a file of 100,000 rows is refused; whoever keeps no accounts imports none', async () => {
  const admin = await stack.signIn('admin');
  const send = (token: string, buffer: Buffer) =>
    stack.http('POST', '/api/users/import?fileName=list.csv&commit=yes', { token, body: new Uint8Array(buffer) });
  const many = await send(admin, csv(...Array.from({ length: 100_000 }, (_, i) => `p${i},P,坐席,`)));
  expect([many.status, many.body]).toMatchObject([413, { code: 'too-large' }]);
  expect((await send(await stack.signIn('supervisor'), csv('new.one,New,坐席,'))).status).toBe(403);
  const { users } = await asked<{ users: { name: string }[] }>(stack, admin, 'GET', '/api/users');
  expect(users.some(({ name }) => /^p\d+$|^new\.one$/.test(name))).toBe(false);
}, 120_000);
