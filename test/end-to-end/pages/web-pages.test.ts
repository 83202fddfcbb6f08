import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newPerson } from '../../support/centre/people.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, judgedLooks, narrowFaultsOf, outOfSight } from '../web-look.js';

const pages = [
  ['supervisor', '/wallboard', 'wallboard-page'],
  ['supervisor', '/reports', 'reports-page'],
  ['supervisor', '/agents', 'agents-page'],
  ['supervisor', '/calls', 'calls-page'],
  ['supervisor', '/replay', 'replay-page'],
  ['supervisor', '/calls?recorded=true', 'calls-page'],
  ['supervisor', '/quality', 'quality-page'],
  ['supervisor', '/quality?tab=forms', 'quality-page'],
  ['supervisor', '/callbacks', 'callbacks-page'],
  ['supervisor', '/calling-out', 'calling-out-page'],
  ['supervisor', '/calling-out?tab=consents', 'calling-out-page'],
  ['supervisor', '/calling-out?tab=refusals', 'calling-out-page'],
  ['supervisor', '/calling-out?tab=rules', 'calling-out-page'],
  ['supervisor', '/calling-out?tab=fraud', 'calling-out-page'],
  ['supervisor', '/complaints', 'complaints-page'],
  ['supervisor', '/satisfaction', 'satisfaction-page'],
  ['admin', '/wallboard', 'wallboard-page'],
  ['admin', '/set-up', 'set-up-page'],
  ['admin', '/queues', 'queues-page'],
  ['admin', '/agent-settings', 'agent-settings-page'],
  ['admin', '/caller-lists', 'caller-lists-page'],
  ['admin', '/numbers', 'numbers-page'],
  ['admin', '/flows', 'flows-page'],
  ['admin', '/prompts', 'prompts-page'],
  ['admin', '/users', 'users-page'],
  ['admin', '/system', 'system-page'],
  ['admin', '/interface', 'interface-page'],
  ['admin', '/account', 'account-page'],
  ['auditor', '/audit', 'audit-page'],
  ['compliance', '/registry', 'registry-page'],
  ['compliance', '/readiness', 'readiness-page'],
  ['compliance', '/licence-cases', 'licence-cases-page'],
  ['compliance', '/topology', 'topology-page'],
  ['compliance', '/service-quality', 'service-quality-page'],
  ['compliance', '/packs', 'packs-page'],
  ['compliance', '/inspector', 'inspector-page'],
  ['compliance', '/keeping', 'keeping-page'],
  ['compliance', '/keeping?tab=requests', 'keeping-page'],
  ['agent1', '/seat', 'seat-page'],
  ['agent1', '/my-reviews', 'my-reviews-page'],
] as const;

describe('the pages', () => {
  let stack: Stack;
  let browser: WebBrowser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
    await shortNotice(stack);
  }, 120_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  type Look = (typeof judgedLooks)[number];
  async function at([language, theme]: Look, name: string): Promise<WebPage> {
    const context = await browser.computer({ language });
    await context.addInitScript((chosen) => localStorage.setItem('proofline.theme', chosen), theme);
    return WebPage.open(context, stack, name);
  }

  test('the number of the licence stands on the page of sign-in, on the pages of callers and over every page of the staff', async () => {
    const context = await browser.computer({ language: 'zh-CN' });
    const page = await context.newPage();
    for (const path of ['/', '/complain']) {
      await page.goto(`${stack.web}${path}`);
      await page.getByTestId('licence-number').filter({ hasText: '许可证编号：京B2-20240001' }).waitFor();
    }
    await context.close();
    const agent = await at(['en', 'light'], 'agent1');
    await agent.page.getByTestId('licence-number').filter({ hasText: 'Licence 京B2-20240001' }).waitFor();
    await agent.page.context().close();
  });

  const people = [...new Set(pages.map(([name]) => name))];
  test.each(judgedLooks.flatMap((look) => people.map((name) => [...look, name] as const)))(
    'in %s, %s, as %s: opens without a fault, fits 1366 x 768 and 390 x 844, is WCAG 2.2 AA clean',
    async (language, theme, name) => {
      const person = await at([language, theme] as Look, name);
      const { page } = person;
      const found: string[] = [];
      // A page that asks for something without the right would leave an act of the person in the audit log.
      page.on('response', (answer) => {
        if (answer.status() === 403) found.push(`${new URL(answer.url()).pathname} was refused`);
      });
      for (const [, path, testId] of pages.filter(([who]) => who === name)) {
        await page.goto(`${stack.web}${path}`);
        await page.getByTestId(testId).waitFor();
        await page.locator('.ant-spin-spinning, .skeleton').first().waitFor({ state: 'detached' });
        found.push(...(await faultsOf(page, path)), ...(await narrowFaultsOf(page, path)));
        if ((await page.locator('.page-crash, .main > .page > .ant-alert-error').count()) > 0) found.push(`${path} failed`);
        expect(await page.locator('html').getAttribute('lang')).toBe(language);
      }
      expect(found).toEqual([]);
      expect(person.faults).toEqual([]);
      await page.context().close();
    },
    120_000,
  );

  test('whoever answers for one queue is refused nothing on any page of the menu, and a long name fits a telephone', async () => {
    const { name, refreshCookie } = await newPerson(stack, await stack.signIn('admin'), {
      name: 'boss-of-the-second-night-shift-of-one-hotline',
      roles: ['supervisor'],
      scope: { queues: ['service'] },
    });
    const context = await browser.computer();
    const [cookie = '', value = ''] = refreshCookie.split(/=(.*)/s);
    await context.addCookies([{ name: cookie, value, domain: 'localhost', path: '/api/session', secure: true, httpOnly: true }]);
    const page = await context.newPage();
    const refused: string[] = [];
    page.on('response', (answer) => {
      if (answer.status() === 403) refused.push(`${page.url()} asks ${new URL(answer.url()).pathname}`);
    });
    await page.goto(stack.web);
    await page.getByTestId('person').filter({ hasText: name }).waitFor();
    const menu = await page.locator('[data-testid^=nav-]').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    expect(menu).toContain('/calling-out');
    for (const path of menu) {
      await page.goto(`${stack.web}${path}`);
      await page.locator('main h1, [data-testid=seat-page]').first().waitFor();
      await page.locator('.ant-spin-spinning, .skeleton').first().waitFor({ state: 'detached' });
      if (path === '/calling-out') await page.getByTestId('of-whole-site').waitFor();
    }
    expect(refused).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    // The lists become cards once the page has seen how narrow it is.
    await page.waitForFunction(() => document.documentElement.scrollWidth <= 390);
    await context.close();
  }, 120_000);

  test.each(judgedLooks)(
    'in %s, %s: the seat while it rings, in a call, with its drawers, in wrap-up: clean, and nothing that is needed is out of sight',
    async (language, theme) => {
      const agent = await at([language, theme] as Look, 'agent1');
      const { page } = agent;
      const found: string[] = [];
      await agent.ready();
      const caller = await dial(stack);
      expect(await caller.call()).toBe(200);
      await page.getByTestId('ringing-card').waitFor();
      found.push(...(await faultsOf(page, 'ringing')), ...(await outOfSight(page, '[data-testid=ringing-card] button')));
      await agent.answer();
      found.push(...(await faultsOf(page, 'in-a-call')), ...(await outOfSight(page, '[data-testid=call-card] button')));
      for (const drawer of ['keypad', 'transfer']) {
        await page.getByTestId(drawer).click();
        await page.locator('.ant-drawer-content, .ant-modal-content, .ant-drawer-section, .ant-modal-container').first().waitFor();
        found.push(...(await faultsOf(page, drawer)));
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').first().waitFor({ state: 'hidden' });
      }
      await page.getByTestId('hold').click();
      await page.getByTestId('held').waitFor();
      found.push(...(await faultsOf(page, 'on-hold')), ...(await outOfSight(page, '[data-testid=call-card] button')));
      await page.getByTestId('park').click();
      await page.getByTestId('parked-calls').waitFor();
      found.push(...(await faultsOf(page, 'parked')));
      await page.getByTestId('fetch').click();
      await page.getByTestId('call-card').waitFor();
      await page.getByTestId('hang-up').click();
      await agent.state('wrap-up');
      found.push(...(await faultsOf(page, 'wrap-up')));
      caller.close();
      expect(found).toEqual([]);
      expect(agent.faults).toEqual([]);
      await page.getByTestId('person').click();
      await page.getByTestId('sign-out').click();
      await page.getByTestId('sign-in-form').waitFor();
      await page.context().close();
    },
    120_000,
  );
});
