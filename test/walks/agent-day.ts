import type { Page } from 'playwright-core';
import type { OfferedCall } from '../../services/shared/contracts/calls/seat-socket.js';
import { CALLER_HZ, dial, type WebBrowser } from '../end-to-end/web-browser.js';
import { BareSeat } from '../support/bare-seat.js';
import { letCallsOut, zoneOfAfternoon } from '../support/centre/calling-out.js';
import { shortNotice } from '../support/centre/short-notice.js';
import { FarPhone } from '../support/phones/far-phone.js';
import type { SipPhone } from '../support/phones/sip-phone.js';
import { Stack } from '../support/stack.js';
import { Steps } from './steps.js';

const ORDINARY_CALLS = 5;
const COLLEAGUE = '坐席二';

/**
 * What an agent does in a day, with callers from the carrier: calls with their results, a colleague asked, a complaint, a callback, lunch.
 */
export async function walkAgentDay(browser: WebBrowser): Promise<Steps> {
  await using stack = await Stack.start({ layout: 'one', env: { SITE_TIME_ZONE: zoneOfAfternoon() } });
  const far = await FarPhone.open('127.0.0.1');
  try {
    await shortNotice(stack);
    await letCallsOut(stack, far);
    const page = await (await browser.computer({ language: 'zh-CN' })).newPage();
    page.setDefaultTimeout(20_000);
    const day = new AgentDay(stack, far, page);
    await page.goto(stack.web);
    await day.walk();
    return day.steps;
  } finally {
    far.close();
  }
}

class AgentDay {
  readonly steps = new Steps();

  constructor(
    private readonly stack: Stack,
    private readonly far: FarPhone,
    private readonly page: Page,
  ) {}

  async walk(): Promise<void> {
    const { steps } = this;
    await steps.part('signs in and is ready', () => this.#signIn());
    await steps.part(`${String(ORDINARY_CALLS)} calls: a note and a result each`, async () => {
      for (let i = 0; i < ORDINARY_CALLS; i += 1) {
        await this.#inCall(`1380000010${String(i)}`, async () => this.#click('hang-up'));
        await this.#result('客户询问发票');
      }
    });
    const colleague = await BareSeat.open(this.stack, 'agent2');
    try {
      await steps.part('asks a colleague, who takes over', () => this.#askColleague(colleague));
    } finally {
      await colleague.leave();
    }
    await steps.part('writes a complaint in a call', () => this.#complaint());
    await steps.part('promises a callback, and keeps it', () => this.#callback());
    await steps.part('lunch, and back', async () => {
      await this.#click('set-break');
      await this.#click('break-lunch');
      await this.#state('break');
      await this.#click('set-ready');
      await this.#state('ready');
    });
    await steps.part('signs out', async () => {
      await this.#click('person');
      await this.#click('sign-out');
      await this.page.getByTestId('sign-in-form').waitFor();
    });
  }

  async #signIn(): Promise<void> {
    const { page, steps } = this;
    await steps.fill(page.getByTestId('sign-in-name'), 'agent1');
    await steps.fill(page.getByTestId('sign-in-password'), this.stack.password);
    await this.#click('sign-in-submit');
    await page.locator('[data-testid=phone-strip][data-line=up][data-link=up]').waitFor();
    await this.#click('set-ready');
    await this.#state('ready');
  }

  /** A caller rings, is answered and heard; the caller's telephone is gone when `talk` is over. */
  async #inCall(from: string, talk: (caller: SipPhone) => Promise<void>): Promise<void> {
    await this.#state('ready');
    const caller = await dial(this.stack, '4001000', from);
    try {
      const answered = await caller.call();
      if (answered !== 200) throw new Error(`a caller was answered ${String(answered)}`);
      await this.#click('answer');
      await this.page.getByTestId('call-card').waitFor();
      caller.sound.play(CALLER_HZ);
      await talk(caller);
    } finally {
      caller.hangUp();
      caller.close();
    }
  }

  /** Notes what was said and the result; then the next call may come. */
  async #result(note: string): Promise<void> {
    const { page, steps } = this;
    await this.#state('wrap-up');
    await steps.fill(page.getByTestId('notes'), note);
    await steps.click(page.getByTestId('result-choice'));
    await steps.click(page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first());
    await this.#click('end-wrap-up');
  }

  async #askColleague(colleague: BareSeat): Promise<void> {
    const { page, steps } = this;
    const asked = colleague.next<OfferedCall>('call:offered');
    await this.#inCall('13800000201', async () => {
      await colleague.ready();
      await this.#click('transfer');
      await steps.fill(page.getByTestId('transfer-search'), COLLEAGUE);
      await steps.click(page.locator('[data-testid^="target-seat:"]').first().getByTestId('consult'));
      const { callId, offerId } = await asked;
      await colleague.ask('call:answer', { callId, offerId });
      await page.locator('[data-testid=call-card][data-state=consulting]').waitFor();
      await this.#click('consult-complete');
      await page.getByTestId('call-card').waitFor({ state: 'detached' });
    });
    await this.#result('已转同事处理');
  }

  async #complaint(): Promise<void> {
    const { page, steps } = this;
    await this.#inCall('13800000301', async () => {
      await this.#click('seat-complaint');
      await steps.fill(page.getByTestId('complaint-text'), '等候时间过长');
      await this.#click('save-complaint');
      await page.getByTestId('made-complaint').waitFor();
      await this.#click('hang-up');
    });
    await this.#result('已登记投诉');
  }

  async #callback(): Promise<void> {
    const { page, steps } = this;
    await this.#inCall('13800000401', async () => {
      await this.#click('seat-callback');
      await this.#click('callback-in-15');
      await steps.fill(page.getByTestId('callback-note'), '查到后回复');
      await this.#click('save-callback');
      await page.getByTestId('made-callback').waitFor();
      await this.#click('hang-up');
    });
    await this.#result('约定回电');
    const rings = this.far.next();
    await this.#click('callback-dial');
    this.far.answer(await rings);
    await page.locator('[data-testid=call-card][data-state=connected]').waitFor();
    await this.#click('hang-up');
    await this.#result('已回复');
  }

  async #state(state: string): Promise<void> {
    await this.page.locator(`[data-testid=my-state][data-state=${state}]`).waitFor();
  }

  async #click(testId: string): Promise<void> {
    await this.steps.click(this.page.getByTestId(testId).first());
  }
}
