import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asked } from '../../support/asked.js';
import { BareSeat } from '../../support/bare-seat.js';
import { consentOf, letCallsOut, zoneOfAfternoon } from '../../support/centre/calling-out.js';
import { FarPhone, type FarCall } from '../../support/phones/far-phone.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { within } from '../../support/within.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

// A consent withdrawn while a call rests on it: from the button to the store, the attempts, the call's page and the day's page.

const FAR_HZ = 440;
const BASIS = 'Personal Information Protection Law, Art. 15';
/** The promise is one second; a loaded machine gets longer. */
const CALLED_OFF_WITHIN_MS = 5_000;

interface Attempt {
  readonly callId: string;
  readonly allowed: boolean;
  readonly answeredAt?: string;
  readonly endedAt?: string;
  readonly consentTakenBackAt?: string;
}

let stack: Stack;
let browser: WebBrowser;
let boss: WebPage;
let seat: BareSeat;
let far: FarPhone;
let supervisor: string;

beforeAll(async () => {
  [stack, browser, far] = await Promise.all([
    Stack.start({ env: { SITE_TIME_ZONE: zoneOfAfternoon() } }),
    WebBrowser.launch(),
    FarPhone.open('127.0.0.1'),
  ]);
  supervisor = await stack.signIn('supervisor');
  await letCallsOut(stack, far);
  boss = await WebPage.open(await browser.computer(), stack, 'supervisor');
  boss.page.setDefaultTimeout(20_000);
  seat = await BareSeat.open(stack, 'agent2');
  await seat.ready();
}, 120_000);
afterAll(async () => {
  expect(boss.faults).toEqual([]);
  await seat.leave();
  far.close();
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

const dials = (number: string): Promise<string> =>
  seat.ask('call:dial', { number, purpose: 'enquiry' }).then(
    () => 'dialled',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

/** Attempts to call this number, newest first. */
async function attemptsOf(number: string): Promise<readonly Attempt[]> {
  const path = `/api/outbound/attempts?limit=200&number=${number}`;
  return (await asked<{ attempts: Attempt[] }>(stack, supervisor, 'GET', path)).attempts;
}

/** Calls the number on a consent of its own; the telephony process reads its trunks again when it is told that they changed. */
async function calledOut(number: string): Promise<FarCall> {
  await consentOf(stack, number);
  await seat.ready();
  const coming = far.next();
  await until(
    () => dials(number),
    (answer) => answer === 'dialled',
  );
  return within(coming, 20_000, () => 'nobody was dialled');
}

/** As a compliance officer does: finds the number and withdraws its consent. */
async function takesBack(number: string): Promise<void> {
  const { page } = boss;
  await page.goto(`${stack.web}/calling-out?tab=consents`);
  await page.getByLabel('Find by the full number').fill(number);
  await page.keyboard.press('Enter');
  await page
    .getByTestId('consents')
    .getByText(`${number.slice(0, 3)}****${number.slice(-4)}`)
    .waitFor();
  await page.getByTestId('consents').getByRole('button', { name: 'Withdraw' }).click();
  await page.getByRole('dialog').getByText(BASIS).waitFor();
  await page.getByTestId('withdraw-reason').fill('said so by telephone');
  await page.getByTestId('confirm-withdraw').click();
  await page.getByTestId('consents').getByText('Withdrawn').waitFor();
}

/** Waits for the far tone in sound from now on: the previous call's tone would still count otherwise. */
async function hearsAnew(): Promise<void> {
  const { sound } = seat.phone;
  const before = sound.packetsReceived;
  await until(
    () => sound.packetsReceived,
    (received) => received > before + 60,
    30_000,
  );
  await sound.untilHears(FAR_HZ, 30_000);
}

const takenBackOf = (path: string): Promise<{ readonly consentTakenBackAt?: string; readonly takenBack?: readonly Attempt[] }> =>
  asked(stack, supervisor, 'GET', path);

const today = async (): Promise<string> => {
  const { page } = boss;
  await page.goto(`${stack.web}/calling-out?tab=elements`);
  return page.getByTestId('elements').getByLabel('Day').inputValue();
};

test('what rings on a consent is called off when it is taken back, and is nobody’s conversation', async () => {
  const number = '02160000011';
  far.behaviour = 'ring';
  const call = await calledOut(number);
  const over = seat.next('call:ended');
  await takesBack(number);
  await within(call.ended, CALLED_OFF_WITHIN_MS, () => 'it rings on');
  await over;
  expect(call.requests).toContain('CANCEL');
  const [attempt] = await until(
    () => attemptsOf(number),
    ([newest]) => newest?.endedAt !== undefined,
  );
  expect(attempt?.answeredAt).toBeUndefined();
  expect(await dials(number)).toBe('outbound-consent');
  // Nobody talked, so the four elements do not apply to the call.
  expect((await stack.http('GET', `/api/calls/${attempt?.callId}/elements`, { token: supervisor })).status).toBe(404);
  expect((await takenBackOf(`/api/outbound/elements?date=${await today()}`)).takenBack).toEqual([]);
}, 90_000);

test('a conversation goes on to its end, and the attempts, the page of the call and that of the day say when it was taken back', async () => {
  const [number, other] = ['02160000012', '02160000013'];
  far.behaviour = 'answer';
  await consentOf(stack, other);
  const call = await calledOut(number);
  call.sound.play(FAR_HZ);
  await hearsAnew();
  await takesBack(number);
  const marked = await until(
    () => attemptsOf(number),
    ([newest]) => newest?.consentTakenBackAt !== undefined,
  );
  expect(marked).toHaveLength(1);
  // Longer than one round of the task that calls off ringing legs.
  await hearsAnew();
  expect(call.requests).not.toContain('BYE');
  const over = seat.next('call:ended');
  call.hangUp();
  await over;

  const at = marked[0]?.consentTakenBackAt ?? '';
  const callId = marked[0]?.callId ?? '';
  await until(
    () => attemptsOf(number),
    ([newest]) => newest?.endedAt !== undefined,
  );
  expect(await takenBackOf(`/api/calls/${callId}/elements`)).toMatchObject({ consentTakenBackAt: at });
  const date = await today();
  expect((await takenBackOf(`/api/outbound/elements?date=${date}`)).takenBack).toMatchObject([{ callId, consentTakenBackAt: at }]);
  const { page } = boss;
  await page.getByTestId('taken-back').getByText(BASIS).waitFor();
  expect(await faultsOf(page, 'elements-taken-back')).toEqual([]);
  await page.getByTestId('taken-back').getByRole('link').click();
  await page.getByTestId('four-elements').getByTestId('taken-back').getByText('Consent withdrawn during the call').waitFor();
  expect(page.url()).toContain(callId);
  expect(await faultsOf(page, 'call-taken-back')).toEqual([]);
  await page.goto(`${stack.web}/calling-out?tab=attempts`);
  const rows = page.getByTestId('attempts').locator('tbody tr.ant-table-row');
  await rows.filter({ hasText: '021****0012' }).getByText('Consent withdrawn during the call').waitFor();
  await rows.filter({ hasText: '021****0012' }).getByText(BASIS).waitFor();
  expect(await faultsOf(page, 'attempts-taken-back')).toEqual([]);

  // That consent carries no further call; a call that ended before is not marked afterwards.
  await seat.ready();
  expect(await dials(number)).toBe('outbound-consent');
  const next = far.next();
  expect(await dials(other)).toBe('dialled');
  const second = await within(next, 20_000, () => 'nobody was dialled');
  second.sound.play(FAR_HZ);
  await hearsAnew();
  const ended = seat.next('call:ended');
  second.hangUp();
  await within(ended, 20_000, () => 'a call that was hung up goes on');
  await until(
    () => attemptsOf(other),
    ([newest]) => newest?.endedAt !== undefined,
  );
  await takesBack(other);
  expect((await attemptsOf(other)).map(({ consentTakenBackAt }) => consentTakenBackAt)).toEqual([undefined]);
}, 150_000);
