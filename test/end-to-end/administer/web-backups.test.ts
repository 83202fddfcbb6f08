import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { runBackupTool } from '../../support/backups.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

// The backup of each night, as an administrator sees it.

jest.setTimeout(240_000);

const folder = mkdtempSync(join(tmpdir(), 'proofline-nightly-'));
const backups = join(folder, 'backups');
const phrase = join(folder, 'passphrase');
writeFileSync(phrase, 'rather a long passphrase\n', { mode: 0o600 });
let stack: Stack;
let browser: WebBrowser;

beforeAll(async () => {
  const env = { BACKUP_DIR: backups, BACKUP_PASSPHRASE_FILE: phrase, BACKUP_AT_HOUR: '0', BACKUP_KEEP: '3' };
  [stack, browser] = await Promise.all([Stack.start({ env }), WebBrowser.launch()]);
}, 120_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

interface Backups {
  readonly ok: boolean;
  readonly on: boolean;
  readonly last?: { readonly name: string; readonly bytes: number };
}
const backupsOf = async (of: Stack, token: string): Promise<Backups> =>
  ((await of.http('GET', '/api/system/status', { token })).body as { backups: Backups }).backups;

const alarmOf = async (token: string, state: string): Promise<number> =>
  ((await stack.http('GET', `/api/alarms?code=backup-missing&state=${state}`, { token })).body as { total: number }).total;

test('the backup of the night is made by itself and is whole; when it is gone an alarm stands until it is back', async () => {
  const token = await stack.signIn('admin');
  const { last } = await until(
    () => backupsOf(stack, token),
    (state) => state.last !== undefined,
  );
  expect(readdirSync(backups)).toEqual([last?.name]);
  const checked = await runBackupTool('backup', stack.home, ['--check', join(backups, last?.name ?? ''), '--passphrase-file', phrase]);
  expect(checked).toMatchObject({ code: 0 });

  const open = async (language: 'en' | 'zh-CN'): Promise<WebPage> => {
    const page = await WebPage.at(await browser.computer({ language }), stack, 'admin', '/system');
    page.page.setDefaultTimeout(30_000);
    return page;
  };
  const chinese = await open('zh-CN');
  const part = chinese.page.getByTestId('system-backups');
  await part.getByText(last?.name ?? '').waitFor();
  expect(await part.innerText()).toMatch(/正常[\s\S]*每天 00:00 起，保留 3 份/);
  await part.scrollIntoViewIfNeeded();
  expect(await faultsOf(chinese.page, 'system-backups-zh')).toEqual([]);

  renameSync(join(backups, last?.name ?? ''), join(folder, 'away'));
  const english = await open('en');
  const problem = english.page
    .getByTestId('system-backups')
    .getByText(`The last backup is not in its folder any more: ${last?.name ?? ''}.`);
  await problem.waitFor();
  await problem.scrollIntoViewIfNeeded();
  expect(await faultsOf(english.page, 'system-backups-en')).toEqual([]);
  await until(
    () => alarmOf(token, 'current'),
    (total) => total === 1,
    90_000,
  );
  renameSync(join(folder, 'away'), join(backups, last?.name ?? ''));
  await until(
    () => alarmOf(token, 'cleared'),
    (total) => total === 1,
    90_000,
  );
});

test('a site that names no folder reads how to switch it on, and has no alarm', async () => {
  await using other = await Stack.start();
  const token = await other.signIn('admin');
  expect(await backupsOf(other, token)).toEqual({ ok: true, on: false });
  const { page } = await WebPage.at(await browser.computer({ language: 'zh-CN' }), other, 'admin', '/system');
  page.setDefaultTimeout(30_000);
  const part = page.getByTestId('system-backups');
  await part.getByText('BACKUP_DIR').waitFor();
  await part.scrollIntoViewIfNeeded();
  expect(await faultsOf(page, 'system-backups-off')).toEqual([]);
});
