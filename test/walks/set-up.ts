import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { AGENT_HZ, dial, type WebBrowser } from '../end-to-end/web-browser.js';
import { Stack } from '../support/stack.js';
import { stepIs, Steps } from './steps.js';

const NUMBER = '4001234';
const QUEUE = '售后';

/** From nothing to the first call, through the guide, with a caller from the carrier at the end and tones both ways. */
export async function walkSetUp(browser: WebBrowser): Promise<Steps> {
  await using stack = await Stack.start({ layout: 'one', env: { DEMO_DATA: 'no' } });
  const context = await browser.computer({ language: 'zh-CN', checked: false });
  const page = await context.newPage();
  const steps = new Steps();
  await page.goto(stack.web);
  await steps.part('administrator: first sign-in', () => firstSignIn(page, steps, 'admin', stack.password, 'Chosen-by-oneself-1'));
  await page.getByTestId('set-up-page').waitFor();
  let first = '';
  await steps.part('one agent', async () => {
    await steps.click(page.getByTestId('do-people'));
    await steps.fill(page.getByTestId('user-display-name'), '张三');
    await steps.click(page.getByTestId('make-password'));
    first = await page.getByTestId('user-password').inputValue();
    await saved(page, steps, 'save-user');
    await back(page, steps, 'people');
  });
  await steps.part('one queue', async () => {
    await steps.click(page.getByTestId('do-queue'));
    await steps.fill(page.getByTestId('queue-name-zh'), QUEUE);
    await saved(page, steps, 'save-queue');
    await back(page, steps, 'queue');
  });
  await steps.part('one trunk', async () => {
    await steps.click(page.getByTestId('do-trunk'));
    await steps.fill(page.getByLabel('名称', { exact: true }).last(), '电信');
    await steps.fill(page.locator('#addresses'), '127.0.0.1');
    await saved(page, steps, 'save-trunk');
    await steps.click(page.getByTestId('guide-back'));
  });
  await steps.part('one number with its flow', async () => {
    await steps.click(page.getByTestId('do-number'));
    await steps.fill(page.getByTestId('number-digits'), NUMBER);
    await steps.click(page.getByTestId('save-number'));
    await steps.click(page.getByTestId('into-service'));
    await steps.click(page.getByTestId('into-service-confirm'));
    await page.getByTestId('number-state').waitFor({ state: 'detached' });
    await steps.click(page.getByTestId('nav-setUp'));
    await stepIs(page, 'number', 'done');
    await stepIs(page, 'flow', 'done');
  });
  const seat = await (await browser.computer({ language: 'zh-CN', checked: false })).newPage();
  await seat.goto(stack.web);
  await steps.part('agent: first sign-in, devices, ready', async () => {
    await firstSignIn(seat, steps, 'agent1', first, 'Chosen-by-oneself-2');
    await seat.locator('[data-testid=phone-strip][data-line=up][data-link=up]').waitFor();
    await steps.click(seat.getByTestId('set-ready'));
    await seat.getByTestId('voice-heard').waitFor();
    await steps.click(seat.getByTestId('try-ring'));
    await steps.click(seat.getByTestId('echo'));
    await seat.getByTestId('echo-heard').waitFor();
    await steps.click(seat.getByTestId('check-finish'));
    await seat.locator('[data-testid=my-state][data-state=ready]').waitFor();
    await stepIs(page, 'ready', 'done');
  });
  await steps.part('the first call, from the carrier', async () => {
    const caller = await dial(stack, NUMBER);
    try {
      const answered = await caller.call();
      if (answered !== 200) throw new Error(`the first call was answered ${String(answered)}`);
      await seat.getByTestId('answer').waitFor({ timeout: 30_000 });
      await steps.click(seat.getByTestId('answer'));
      await caller.sound.untilHears(AGENT_HZ, 15_000);
      await steps.click(seat.getByTestId('hang-up'));
      await stepIs(page, 'call', 'done');
    } finally {
      caller.close();
    }
  });
  return steps;
}

/** Waits until the form is gone, which means that it was saved. */
async function saved(page: Page, steps: Steps, testId: string): Promise<void> {
  await steps.click(page.getByTestId(testId));
  await page.getByTestId(testId).waitFor({ state: 'hidden' });
}

async function back(page: Page, steps: Steps, done: string): Promise<void> {
  await steps.click(page.getByTestId('guide-back'));
  await stepIs(page, done, 'done');
}

/** Enters the name, the first password, a password of one's own, and the authenticator where it is asked for. */
async function firstSignIn(page: Page, steps: Steps, name: string, given: string, own: string): Promise<void> {
  await steps.fill(page.getByTestId('sign-in-name'), name);
  await steps.fill(page.getByTestId('sign-in-password'), given);
  await steps.click(page.getByTestId('sign-in-submit'));
  await steps.fill(page.getByTestId('password-current'), given);
  await steps.fill(page.getByTestId('password-next'), own);
  await steps.fill(page.getByTestId('password-again'), own);
  await steps.click(page.getByTestId('password-submit'));
  await page.locator('[data-testid=person], [data-testid=totp-begin]').first().waitFor();
  if ((await page.getByTestId('totp-begin').count()) === 0) return;
  await steps.click(page.getByTestId('totp-begin'));
  const secret = (await page.getByTestId('totp-key').innerText()).replaceAll(/\s/g, '');
  await steps.fill(page.getByTestId('totp-code'), new TOTP({ secret }).generate());
  await steps.click(page.getByTestId('totp-confirm'));
  await steps.click(page.getByTestId('recovery-codes').getByRole('button').last());
}
