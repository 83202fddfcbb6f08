import type { Page } from 'playwright-core';
import type { OfferedCall } from '../../services/shared/contracts/calls/seat-socket.js';
import { AGENT_HZ, CALLER_HZ, dial, WebPage, type WebBrowser } from '../end-to-end/web-browser.js';
import { asked } from '../support/asked.js';
import { BareSeat } from '../support/bare-seat.js';
import { newPerson } from '../support/centre/people.js';
import { shortNotice } from '../support/centre/short-notice.js';
import type { SipPhone } from '../support/phones/sip-phone.js';
import { Stack } from '../support/stack.js';
import { exampleForm } from '../../web-agent/src/screens/quality/example-form.js';
import { Steps } from './steps.js';

const AGENTS = 50;
/** The caller whose call is scored later. */
const KNOWN_CALLER = '13800000777';

/** What a supervisor of fifty agents does in a day: the board, who is on a break, listening, a score, a report. */
export async function walkSupervisorFifty(browser: WebBrowser): Promise<Steps> {
  await using stack = await Stack.start({ layout: 'one' });
  await shortNotice(stack);
  const centre = await Centre.open(stack);
  try {
    const page = await (await browser.computer({ language: 'zh-CN' })).newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(stack.web);
    const day = new SupervisorDay(stack, page);
    await day.walk();
    return day.steps;
  } finally {
    await centre.close();
  }
}

/** Fifty agents who are signed in: one talks, one is on a break, the others are ready or away. */
class Centre {
  private constructor(
    private readonly seats: readonly BareSeat[],
    private readonly caller: SipPhone,
  ) {}

  static async open(stack: Stack): Promise<Centre> {
    await asked(stack, await stack.signIn('supervisor'), 'POST', '/api/review-forms', exampleForm);
    const admin = await stack.signIn('admin');
    const seats: BareSeat[] = [];
    const tokens: string[] = [];
    for (let i = 1; i <= AGENTS; i += 1) {
      const { token } = await newPerson(stack, admin, { name: `seat-${String(i)}`, roles: ['agent'] });
      tokens.push(token);
      seats.push(await BareSeat.openAs(stack, token));
    }
    const [talks, rests] = seats;
    if (talks === undefined || rests === undefined) throw new Error('there are no agents');
    const acknowledged = await stack.http('POST', '/api/listening/mine/acknowledgement', {
      token: tokens[0] ?? '',
      body: { textVersion: 1 },
    });
    if (acknowledged.status !== 204) throw new Error(`the rule of listening was answered ${String(acknowledged.status)}`);
    const answers = async (): Promise<SipPhone> => {
      const offered = talks.next<OfferedCall>('call:offered');
      const caller = await dial(stack, '4001000', KNOWN_CALLER);
      if ((await caller.call()) !== 200) throw new Error('the caller was refused');
      const { callId, offerId } = await offered;
      await talks.ask('call:answer', { callId, offerId });
      talks.phone.sound.play(AGENT_HZ);
      caller.sound.play(CALLER_HZ);
      await caller.sound.untilHears(AGENT_HZ, 20_000);
      return caller;
    };
    await talks.ready();
    const first = await answers();
    first.hangUp();
    first.close();
    await talks.ready();
    const caller = await answers();
    for (const seat of seats.slice(10)) await seat.ready();
    await rests.ask('agent:set-state', { state: 'break', reason: 'lunch' });
    return new Centre(seats, caller);
  }

  async close(): Promise<void> {
    this.caller.close();
    for (const seat of this.seats) await seat.leave();
  }
}

class SupervisorDay {
  readonly steps = new Steps();

  constructor(
    private readonly stack: Stack,
    private readonly page: Page,
  ) {}

  async walk(): Promise<void> {
    const { steps, page } = this;
    await steps.part('signs in, and sees the board', async () => {
      await steps.fill(page.getByTestId('sign-in-name'), 'supervisor');
      await steps.fill(page.getByTestId('sign-in-password'), this.stack.password);
      await this.#click('sign-in-submit');
      await page.getByTestId('queue-service').waitFor();
    });
    await steps.part('who is on a break, and brings them back', async () => {
      await this.#click('nav-agents');
      await steps.click(page.getByText(/^小休 1$/));
      const row = page.locator('tr[data-state=break]');
      await row.getByTestId('on-break').filter({ hasText: '用餐' }).waitFor();
      await steps.click(row.getByTestId('decide-state'));
      await this.#click('decide-ready');
      await steps.fill(page.getByTestId('decide-reason'), '来电排队，请提前返岗');
      await this.#click('decide-ok');
      await row.waitFor({ state: 'detached' });
    });
    await steps.part('listens to a call, and stops', async () => {
      await steps.click(page.getByText(/^通话中 1$/));
      const row = page.locator('tr[data-state=on-call]');
      await steps.click(row.getByTestId('monitor'));
      const person = new WebPage(page, this.stack);
      await steps.click(page.getByLabel('选择原因'));
      await steps.click(page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first());
      await this.#click('monitor-begin');
      await person.untilHears(CALLER_HZ, 20_000);
      await this.#click('strip-stop-monitoring');
      await page.getByTestId('strip-call').waitFor({ state: 'detached' });
    });
    await steps.part('scores a call of the same caller', async () => {
      await this.#click('nav-calls');
      await steps.click(page.locator('[data-testid^=call-]').filter({ hasText: /:/ }).first());
      const review = page.getByTestId('new-review');
      await review.waitFor();
      const questions = review.locator('[data-testid^=answer-]');
      for (let at = 0; at < (await questions.count()); at += 1) await steps.click(questions.nth(at).locator('.ant-segmented-item').nth(1));
      await this.#click('give-review');
      await page.getByTestId('review').waitFor();
    });
    await steps.part('the report of today by agent, as a workbook', async () => {
      await this.#click('nav-reports');
      await this.#click('report-by');
      await steps.click(page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option[title="坐席"]'));
      await this.#click('report-export');
      const download = page.waitForEvent('download');
      await steps.click(page.getByText('Excel'));
      await download;
    });
  }

  async #click(testId: string): Promise<void> {
    await this.steps.click(this.page.getByTestId(testId).first());
  }
}
