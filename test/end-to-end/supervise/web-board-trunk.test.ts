import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { trunkFigureKeys } from '../../../services/shared/domain/figures/keys.js';
import { figureWithUnit } from '../../../services/shared/domain/figures/registry.js';
import type { FigureReport } from '../../../services/shared/contracts/api/figures/figures.js';
import { asked } from '../../support/asked.js';
import { BareSeat } from '../../support/bare-seat.js';
import { consentOf, letCallsOut, zoneOfAfternoon } from '../../support/centre/calling-out.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { FarPhone } from '../../support/phones/far-phone.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

// Calls out show on the row of their trunk, on the board, and equal the line of the report.

const NUMBER = '13800000009';
const zone = zoneOfAfternoon();
let stack: Stack;
let browser: WebBrowser;
let far: FarPhone;
let seat: BareSeat;

beforeAll(async () => {
  [stack, browser, far] = await Promise.all([
    Stack.start({ env: { SITE_TIME_ZONE: zone } }),
    WebBrowser.launch(),
    FarPhone.open('127.0.0.1'),
  ]);
  await shortNotice(stack);
  await letCallsOut(stack, far);
  await consentOf(stack, NUMBER);
  seat = await BareSeat.open(stack, 'agent2');
  await seat.ready();
}, 120_000);
afterAll(async () => {
  await seat.leave();
  far.close();
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

const dials = (): Promise<string> =>
  seat.ask('call:dial', { number: NUMBER, purpose: 'enquiry' }).then(
    () => 'dialled',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
async function lineOfReport(): Promise<FigureReport['rows'][number] | undefined> {
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date());
  const path = `/api/figures/report?from=${day}&to=${day}&interval=whole&by=trunk`;
  const { rows } = await asked<FigureReport>(stack, await stack.signIn('supervisor'), 'GET', path);
  return rows.find(({ scope }) => scope === 'local');
}

test('an answered call out and a busy one are ASR, NER and post-dial delay of their trunk: board and report say the same', async () => {
  const coming = far.next();
  // The telephony process reads its trunks again when it is told that they changed.
  await until(dials, (answer) => answer === 'dialled');
  const call = await coming;
  call.sound.play(440);
  await seat.phone.sound.untilHears(440, 30_000);
  const over = seat.next('call:ended');
  call.hangUp();
  await over;
  far.behaviour = 486;
  await until(dials, (answer) => answer === 'dialled');
  const line = await until(lineOfReport, (found) => found?.figures.legs?.value === 2, 60_000);
  expect([line?.figures.asr?.value, line?.figures.ner?.value]).toEqual([50, 100]);
  expect(line?.figures['pdd.p95']?.value).not.toBeNull();

  const web = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'supervisor');
  web.page.setDefaultTimeout(30_000);
  await web.page.goto(`${stack.web}/wallboard?by=trunk`);
  const row = web.page.getByTestId('row-trunk-local');
  for (const key of trunkFigureKeys) {
    const shown = figureWithUnit(key, line?.figures[key] ?? { value: null }, 'zh');
    await row.getByTestId(key).filter({ hasText: shown }).waitFor();
    expect(await row.getByTestId(key).innerText()).toBe(shown);
  }
  expect(await row.getByTestId('channels').innerText()).toBe('0');
  expect(await row.getByTestId('pdd.p95').innerText()).toMatch(/^\d+\.\d\d 秒$/);
  expect(await faultsOf(web.page, 'board-trunk-out')).toEqual([]);

  expect(web.faults).toEqual([]);
}, 240_000);
