import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { shortNotice } from '../../support/centre/short-notice.js';
import { seatPageScripts } from '../../support/seat-page-scripts.js';
import { Stack } from '../../support/stack.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';

const SEAT_PAGE_BYTES = 300_000;

describe('ready is earned', () => {
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

  test('a new workplace cannot be ready before its microphone, ring and echo were tried', async () => {
    const context = await browser.computer({ checked: false });
    const agent = await WebPage.open(context, stack, 'agent1');
    const { page } = agent;
    await agent.lineUp();
    expect(await page.getByTestId('readiness-gaps').getAttribute('data-gaps')).toBe('device-check');
    await page.getByTestId('set-ready').click();
    await page.getByTestId('device-check').waitFor();
    await page.getByTestId('voice-heard').waitFor();
    expect(await page.getByTestId('check-finish').isDisabled()).toBe(true);
    await page.getByTestId('check-left').filter({ hasText: 'Try the ring · Echo test' }).waitFor();
    await page.getByTestId('try-ring').click();
    await page.getByTestId('echo').click();
    await page.getByTestId('echo-heard').waitFor();
    await page.getByTestId('echo').click();
    await page.getByTestId('check-finish').click();
    await agent.ready();
    await page.getByTestId('readiness-gaps').waitFor({ state: 'detached' });
    await context.close();
  }, 60_000);

  test('without a microphone the seat says so and is not ready', async () => {
    const context = await browser.computer();
    await context.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('denied', 'NotAllowedError'));
    });
    const agent = await WebPage.open(context, stack, 'agent2');
    const { page } = agent;
    await page.locator('[data-testid=seat-problem][data-code=microphone-missing]').waitFor();
    await page.getByTestId('set-ready').click();
    await page.getByTestId('allow-microphone').waitFor();
    await agent.state('away');
    await context.close();
  }, 60_000);

  test('a microphone that is pulled out in a call is replaced by the next, and the page says which', async () => {
    const context = await browser.computer();
    const agent = await WebPage.open(context, stack, 'agent1');
    await agent.ready();
    const caller = await dial(stack);
    await caller.call();
    await agent.answer();
    await caller.sound.untilHears(660, 10_000);
    await agent.page.evaluate(async () => {
      const devices = await navigator.mediaDevices.enumerateDevices();
      const [first] = devices.filter(({ kind }) => kind === 'audioinput');
      navigator.mediaDevices.enumerateDevices = () => Promise.resolve(devices.filter(({ deviceId }) => deviceId !== first?.deviceId));
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    });
    await agent.page.getByTestId('device-moved').waitFor();
    await caller.sound.untilHears(660, 10_000);
    caller.close();
    await context.close();
  }, 60_000);

  test('whose session is ended by an administrator stands before the sign-in page, not before what was read', async () => {
    const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
    await supervisor.page.goto(`${stack.web}/wallboard`);
    await supervisor.page.getByTestId('wallboard-page').waitFor();
    const admin = await WebPage.open(await browser.computer(), stack, 'admin');
    await admin.page.goto(`${stack.web}/users`);
    await admin.page.getByTestId('edit-supervisor').locator('..').getByRole('button').last().click();
    await admin.page.locator('.ant-dropdown [role=menuitem]').first().click();
    const ended = admin.page.waitForResponse((response) => response.request().method() === 'DELETE');
    await admin.page.getByTestId('end-users-session').first().click();
    expect((await ended).ok()).toBe(true);
    await supervisor.page.getByTestId('sign-in-form').waitFor();
    await Promise.all([supervisor, admin].map(({ page }) => page.context().close()));
  }, 60_000);

  test('the seat page is at most 300 KB gzip in a handful of files', () => {
    const { files, bytes } = seatPageScripts();
    expect(bytes).toBeLessThanOrEqual(SEAT_PAGE_BYTES);
    // A browser fetches six at a time over HTTP/1.1.
    expect(files).toBeLessThanOrEqual(6);
  });
});
