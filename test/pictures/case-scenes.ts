import { CALLER_HZ } from '../end-to-end/web-browser.js';
import { FarPhone } from '../support/phones/far-phone.js';
import { BareSeat } from '../support/bare-seat.js';
import { consentOf, letCallsOut } from '../support/centre/calling-out.js';
import type { MessageServers } from '../support/servers/message-servers.js';
import { until } from '../support/until.js';
import type { Studio } from './studio.js';

const DAY_MS = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

/** The board of complaints, and one case with its letter and its evidence. */
export async function complaints(studio: Studio): Promise<void> {
  const open = (body: object) => studio.ask<{ id: string }>('supervisor', 'POST', '/api/complaints', { clientUnit: 'C001', ...body });
  if (studio.language === 'zh-CN')
    for (const [kind, text, number, source, days] of [
      ['waiting', '等待时间过长。', '13800001001', 'web', 40],
      ['charging', '重复扣费，要求退款。', '13800001002', 'letter', 12],
      ['attitude', '坐席中途挂断电话。', '13800001003', 'mail', 14.8],
      ['other', '网站无法登录。', '13800001004', 'web', 0.2],
    ] as const)
      await open({ kind, text, number, source, receivedAt: ago(days), province: '北京' });
  const { id } = await open({
    kind: 'harassment',
    name: studio.say('王女士', 'Ms Wang'),
    // A second complaint from the same number would be joined into the first.
    number: studio.say('13800000001', '13800000011'),
    province: studio.say('上海', 'Shanghai'),
    text: studio.say('昨晚九点接到推销电话，我从未同意。', 'I was called by a salesman at nine last night and never agreed.'),
  });
  await studio.ask('supervisor', 'POST', `/api/complaints/${id}/act`, { act: { type: 'take' } });
  const { page } = await studio.person('supervisor');
  await studio.visit(page, '/complaints', 'complaints-page');
  await page.waitForLoadState('networkidle');
  await studio.shot(page, 'complaints-board');
  await studio.visit(page, `/complaints/${id}`, 'case-page');
  await page.getByTestId('case-letter').click();
  await page
    .getByTestId('letter-found')
    .fill(
      studio.say(
        '经核对通话记录与录音，您的号码于昨日 21:03 被拨打，未查到您同意来电的记录。',
        'Our records show that your number was called at 21:03 yesterday; no consent of yours is on record.',
      ),
    );
  await page
    .getByTestId('letter-answer')
    .fill(
      studio.say(
        '我们向您致歉。您的号码已列入谢绝来电名单，今后不会再拨打；负责人已培训。',
        'We apologise. Your number is on the do-not-call list and will not be called again; those in charge were trained.',
      ),
    );
  await studio.shot(page, 'complaint-letter');
  await page.locator('.ant-modal-footer .ant-btn-primary').click();
  await page.getByTestId('letters').waitFor();
  await studio.shot(page, 'complaint-case');
  await page.getByTestId('case-attach-evidence').click();
  await page.getByTestId('case-words').fill(studio.say('客户线上订单的勾选页', "The page of the customer's order with the box ticked"));
  await page
    .locator('.ant-upload input[type=file]')
    .setInputFiles({ name: 'proof.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') });
  await page.getByText('proof.pdf').waitFor();
  await studio.shot(page, 'complaint-evidence');
  await page.context().close();
}

/** What became of attempts to call out, and the page that a caller gets by text message: both are allowed only at certain hours. */
export async function inHours(studios: readonly Studio[], messages: MessageServers): Promise<void> {
  const [first] = studios;
  if (first === undefined) return;
  const far = await FarPhone.open('127.0.0.1');
  const seat = await BareSeat.open(first.stack, 'agent2');
  await seat.ready();
  await callsOut(first, seat, far);
  const link = await surveyLink(first, seat, messages);
  for (const studio of studios) {
    const { page } = await studio.person('supervisor');
    await studio.visit(page, '/calling-out', 'calling-out-page');
    await page.getByTestId('attempts').locator('tbody tr.ant-table-row').first().waitFor();
    await studio.shot(page, 'calling-out');
    await page.context().close();
    const context = await studio.computer();
    const phone = await context.newPage();
    await phone.setViewportSize({ width: 390, height: 844 });
    await phone.goto(`${studio.stack.web}${link}`);
    await phone.locator('[data-testid=survey-page][data-view=open]').waitFor();
    // The page opens in the language of the call.
    if ((await phone.locator('html').getAttribute('lang')) !== studio.language) await phone.getByTestId('language').click();
    await studio.shot(phone, 'survey-link', 844);
    await context.close();
  }
  await seat.leave();
  far.close();
}

/** One call that is refused, one that is made, and a stop. */
async function callsOut(studio: Studio, seat: BareSeat, far: FarPhone): Promise<void> {
  await letCallsOut(studio.stack, far);
  await consentOf(studio.stack, '02160000001');
  const dials = (number: string): Promise<string> =>
    seat.ask('call:dial', { number, purpose: 'enquiry' }).then(
      () => 'dialled',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  await dials('02160000003');
  const over = seat.next('call:ended');
  const coming = far.next();
  await until(
    () => dials('02160000001'),
    (answer) => answer === 'dialled',
  );
  const call = await coming;
  call.sound.play(CALLER_HZ);
  // The two are joined after the notice; before that nobody would hear the end.
  await seat.phone.sound.untilHears(CALLER_HZ, 30_000);
  call.hangUp();
  await over;
  await studio.ask('supervisor', 'POST', '/api/outbound/stops', { scope: 'client', value: 'C001', reason: '投诉调查 / complaint' });
}

/** The survey link for a caller who hung up before the question. */
async function surveyLink(studio: Studio, seat: BareSeat, messages: MessageServers): Promise<string> {
  await seat.ready();
  const offered = seat.next<{ callId: string; offerId: string }>('call:offered');
  const caller = await studio.call();
  const { callId, offerId } = await offered;
  await seat.ask('call:answer', { callId, offerId });
  caller.hangUp();
  caller.close();
  const { text } = await messages.texts.find(({ id }) => id === `survey-${callId}`);
  return /https:\/\/centre\.test(\/survey\/\S+)/.exec(text)?.[1] ?? '';
}
