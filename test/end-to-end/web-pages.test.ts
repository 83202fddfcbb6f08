import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Stack } from '../support/stack.js';
import { faultsOf } from './web-axe.js';
import { WebBrowser, WebPage } from './web-browser.js';

const pages = [
  ['supervisor', '/wallboard', 'wallboard-page'],
  ['supervisor', '/agents', 'agents-page'],
  ['supervisor', '/calls', 'calls-page'],
  ['supervisor', '/replay', 'replay-page'],
  ['supervisor', '/recordings', 'recordings-page'],
  ['supervisor', '/quality', 'quality-page'],
  ['supervisor', '/quality?tab=forms', 'quality-page'],
  ['supervisor', '/callbacks', 'callbacks-page'],
  ['supervisor', '/calling-out', 'calling-out-page'],
  ['supervisor', '/calling-out?tab=consents', 'calling-out-page'],
  ['supervisor', '/calling-out?tab=refusals', 'calling-out-page'],
  ['supervisor', '/calling-out?tab=rules', 'calling-out-page'],
  ['supervisor', '/complaints', 'complaints-page'],
  ['supervisor', '/satisfaction', 'satisfaction-page'],
  ['admin', '/queues', 'queues-page'],
  ['admin', '/agent-settings', 'agent-settings-page'],
  ['admin', '/caller-lists', 'caller-lists-page'],
  ['admin', '/numbers', 'numbers-page'],
  ['admin', '/flows', 'flows-page'],
  ['admin', '/prompts', 'prompts-page'],
  ['admin', '/users', 'users-page'],
  ['admin', '/system', 'system-page'],
  ['admin', '/account', 'account-page'],
  ['auditor', '/audit', 'audit-page'],
  ['compliance', '/registry', 'registry-page'],
  ['compliance', '/readiness', 'readiness-page'],
  ['compliance', '/topology', 'topology-page'],
  ['compliance', '/packs', 'packs-page'],
  ['compliance', '/inspector', 'inspector-page'],
  ['compliance', '/keeping', 'keeping-page'],
  ['compliance', '/keeping?tab=requests', 'keeping-page'],
  ['agent1', '/seat', 'seat-page'],
  ['agent1', '/my-reviews', 'my-reviews-page'],
] as const;

describe.each([
  ['zh-CN', 'light'],
  ['en', 'dark'],
] as const)('every page in %s, %s', (language, theme) => {
  let stack: Stack;
  let browser: WebBrowser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start({ layout: 'roles' }), WebBrowser.launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  test.each([...new Set(pages.map(([name]) => name))])(
    '%s: opens without a fault, fits 1366 x 768, is WCAG 2.2 AA clean',
    async (name) => {
      const context = await browser.computer({ language });
      await context.addInitScript((chosen) => localStorage.setItem('proofline.theme', chosen), theme);
      const person = await WebPage.open(context, stack, name);
      const { page } = person;
      const found: string[] = [];
      for (const [, path, testId] of pages.filter(([who]) => who === name)) {
        await page.goto(`${stack.web}${path}`);
        await page.getByTestId(testId).waitFor();
        await page.locator('.ant-spin-spinning').first().waitFor({ state: 'detached' });
        for (const fault of await faultsOf(page)) found.push(`${path} ${fault}`);
        if ((await page.locator('.page-crash, .main > .page > .ant-alert-error').count()) > 0) found.push(`${path} failed`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
        if (wide) found.push(`${path} is wider than the screen`);
        expect(await page.locator('html').getAttribute('lang')).toBe(language);
      }
      expect(found).toEqual([]);
      expect(person.faults).toEqual([]);
      await context.close();
    },
    120_000,
  );
});
