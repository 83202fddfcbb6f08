import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';
import { atRest, pictures } from '../web-look.js';

const NOTE = '订单 A-17';

describe('a colleague on the page', () => {
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

  /** Drawn in the usual width and on a telephone, when pictures are asked for. */
  async function drawn({ page }: WebPage, name: string): Promise<void> {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    const before = page.viewportSize();
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      await atRest(page);
      await page.screenshot({ path: join(pictures, `${name}-${width}.png`) });
    }
    if (before !== null) await page.setViewportSize(before);
  }

  const card = ({ page }: WebPage, state: string) => page.locator(`[data-testid=call-card][data-state=${state}]`).waitFor();

  test('asks with a note, is asked on a card of its own, and both see who is there; a transfer frees at once and says what became of it', async () => {
    const asking = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'agent1');
    const asked = await WebPage.open(await browser.computer({ language: 'en' }), stack, 'agent2');
    await asking.ready();
    await asked.lineUp();
    const caller = await dial(stack);
    expect(await caller.call()).toBe(200);
    await asking.answer();
    caller.sound.play(CALLER_HZ);
    await asking.untilHears(CALLER_HZ);

    await asking.page.getByTestId('transfer').click();
    await asking.page.getByTestId('transfer-note').fill(NOTE);
    await asking.page.locator('[data-testid^=target-][data-marked=true]').waitFor();
    await drawn(asking, 'drawer');
    await asking.page.getByTestId('transfer-search').press('Enter');
    await card(asking, 'consult-ringing');
    await asked.page.locator('[data-testid=ringing-card][data-why=consultation]').waitFor();
    const introduction = await asked.page.getByTestId('introduction').innerText();
    expect(introduction).toContain(NOTE);
    expect(introduction).toContain('asks for your advice');
    await asking.page.getByTestId('consulted').filter({ hasText: '正在呼叫' }).waitFor();
    await drawn(asked, 'asked-rings-en');
    await drawn(asking, 'asking-rings-zh');

    await asked.page.getByTestId('answer').click();
    await card(asked, 'consulting');
    await asked.page.getByTestId('introduction').filter({ hasText: NOTE }).waitFor();
    await drawn(asked, 'asked-talks-en');
    await asking.page.getByTestId('consult-join').click();
    await Promise.all([card(asking, 'conference'), card(asked, 'conference')]);
    await Promise.all([asking, asked].map(({ page }) => page.getByTestId('party-agent').nth(1).waitFor()));
    await drawn(asking, 'conference-zh');

    // On another page the strip says who is there.
    await asking.page.locator('[data-testid^="nav-"]:not([data-testid="nav-seat"])').first().click();
    expect((await asking.page.getByTestId('strip-parties').innerText()).length).toBeGreaterThan(0);
    await drawn(asking, 'strip-zh');
    await asking.page.getByTestId('strip-to-call').click();
    await asking.page.getByTestId('hang-up').click();
    await card(asked, 'connected');

    // Handed back without asking: the agent who hands on is free while it rings, and reads that it came to nothing.
    await asked.page.getByTestId('transfer').click();
    await asked.page.locator('[data-testid^=target-][data-marked=true]').waitFor();
    await asked.page.getByTestId('transfer-search').press('Shift+Enter');
    await asked.page.locator('[data-testid=handed-over][data-outcome=ringing]').waitFor();
    await drawn(asked, 'handed-over-en');
    await asking.page.locator('[data-testid=ringing-card][data-why=transfer]').waitFor();
    await drawn(asking, 'transfer-rings-zh');
    await asking.page.getByTestId('decline').click();
    await asking.page.getByTestId('decline-busy').click();
    await asked.page.locator('[data-testid=handed-over]:not([data-outcome=ringing])').waitFor();
    expect(await asked.page.getByTestId('handed-over').getAttribute('data-outcome')).toBe('declined');
    await asked.page.getByTestId('handed-over').filter({ hasText: 'back in the queue' }).waitFor();
    await drawn(asked, 'declined-en');
    caller.close();
    expect([...asking.faults, ...asked.faults]).toEqual([]);
  }, 180_000);
});
