import { setTimeout as pause } from 'node:timers/promises';
import { CALLER_HZ } from '../end-to-end/web-browser.js';
import { BareSeat } from '../support/bare-seat.js';
import type { Studio } from './studio.js';

/** A workplace before its first call: sign-in and the check of the devices. */
export async function firstSteps(studio: Studio): Promise<void> {
  const context = await studio.computer(false);
  const page = await context.newPage();
  await page.goto(studio.stack.web);
  await page.getByTestId('licence-number').waitFor();
  await studio.shot(page, 'sign-in', 540);
  await page.getByTestId('sign-in-name').fill('agent1');
  await page.getByTestId('sign-in-password').fill(studio.stack.password);
  await page.getByTestId('sign-in-submit').click();
  await page.locator('[data-testid=phone-strip][data-line=up][data-link=up]').waitFor();
  await page.getByTestId('set-ready').click();
  await page.getByTestId('voice-heard').waitFor();
  await page.getByTestId('try-ring').click();
  await page.getByTestId('echo').click();
  await page.getByTestId('echo-heard').waitFor();
  await studio.shot(page, 'device-check');
  await context.close();
}

/** One call from its ring to its result, with all that an agent does in between; resolves with the id of the call. */
export async function oneCall(studio: Studio): Promise<string> {
  const agent = await studio.person('agent1');
  const { page } = agent;
  await agent.ready();
  await studio.shot(page, 'ready');
  const caller = await studio.call();
  await page.getByTestId('ringing-card').waitFor();
  await studio.shot(page, 'ringing');
  await agent.answer();
  caller.sound.play(CALLER_HZ);
  const callId = (await page.getByTestId('call-card').getAttribute('data-call')) ?? '';
  await page.getByTestId('field-order-number').fill('A-17');
  await page.getByTestId('notes').fill(studio.say('客户询问订单 A-17 的发票。', 'Asks for the invoice of order A-17.'));
  await pause(4_000);
  await studio.shot(page, 'call');
  await page.getByTestId('transfer').click();
  await page.getByTestId('transfer-sheet').locator('[data-testid^=target-]').first().waitFor();
  await studio.shot(page, 'transfer');
  await page.keyboard.press('Escape');
  await page.getByTestId('transfer-sheet').waitFor({ state: 'detached' });
  await page.getByTestId('field-identity-number').focus();
  await page.locator('[data-testid=guard-identity-number][data-state=paused]').waitFor();
  await pause(2_000);
  await studio.shot(page, 'sensitive');
  await page.getByTestId('notes').focus();
  await page.locator('[data-testid=recording][data-recording=on]').waitFor();
  await page.getByTestId('seat-callback').click();
  await page.getByTestId('callback-note').fill(studio.say('重新发送发票', 'Send the invoice again'));
  await studio.shot(page, 'callback');
  await page.getByTestId('save-callback').click();
  await page.getByTestId('save-callback').waitFor({ state: 'detached' });
  await page.getByTestId('hold').click();
  await page.getByTestId('held').waitFor();
  await page.getByTestId('hold').click();
  await page.getByTestId('held').waitFor({ state: 'detached' });
  await page.getByTestId('park').click();
  await page.getByTestId('parked-calls').waitFor();
  await studio.shot(page, 'parked');
  await page.getByTestId('fetch').click();
  await page.getByTestId('call-card').waitFor();
  await page.getByTestId('hang-up').click();
  await agent.state('wrap-up');
  await page.getByTestId('result-choice').click();
  await page.keyboard.type(studio.say('发票', 'Invoice'));
  await page.locator('.ant-select-item-option').first().waitFor();
  await studio.shot(page, 'wrap-up');
  await page.keyboard.press('Enter');
  await page.getByTestId('give-result').click();
  await page.getByTestId('end-wrap-up').click();
  await page.getByTestId('idle-card').waitFor();
  await studio.shot(page, 'after');
  // The survey after the call: a score, and whether it was solved.
  await pause(1_000);
  caller.sound.press('4');
  await pause(3_000);
  caller.sound.press('1');
  await Promise.race([caller.ended, pause(15_000)]);
  caller.hangUp();
  caller.close();
  const elsewhere = await studio.person('agent1');
  await page.getByTestId('superseded').waitFor();
  await studio.shot(page, 'superseded', 540);
  await elsewhere.page.context().close();
  await page.context().close();
  return callId;
}

/** A few more calls at a bare seat, so that lists and figures show more than one. */
export async function moreCalls(studio: Studio): Promise<void> {
  const seat = await BareSeat.open(studio.stack, 'agent2');
  await seat.ready();
  for (const [score, solved] of [
    ['5', '1'],
    ['2', '2'],
    ['4', '1'],
  ] as const) {
    const offered = seat.next<{ callId: string; offerId: string }>('call:offered');
    const caller = await studio.call();
    const { callId, offerId } = await offered;
    await seat.ask('call:answer', { callId, offerId });
    caller.sound.play(CALLER_HZ);
    seat.phone.sound.play(660);
    await pause(5_000);
    await seat.ask('call:hang-up', { callId });
    await pause(2_500);
    caller.sound.press(score);
    await pause(2_000);
    caller.sound.press(solved);
    await Promise.race([caller.ended, pause(15_000)]);
    caller.hangUp();
    caller.close();
    await seat.ready();
  }
  await seat.leave();
}
