import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

// SIP traces as an administrator asks for them, and the ladder of a call as a supervisor reads it.
let stack: Stack;
let browser: WebBrowser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start({}), WebBrowser.launch()]);
}, 120_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

const CALLER = '13800000002';

/** A caller who hangs up after the notice; the id of the record. */
async function called(token: string): Promise<string> {
  const newest = async (): Promise<string | undefined> =>
    ((await stack.http('GET', '/api/calls?limit=1', { token })).body as { calls: { callId: string }[] }).calls[0]?.callId;
  const before = await newest();
  const phone = await dial(stack, '4001000', CALLER);
  expect(await phone.call()).toBe(200);
  phone.hangUp();
  const callId = await until(newest, (id) => id !== undefined && id !== before);
  phone.close();
  return callId ?? '';
}

test('a trace is asked for with a reason, a call is read as a ladder with masked numbers, and taken for the carrier with whole ones', async () => {
  const tokens = {
    supervisor: await stack.signIn('supervisor'),
    agent: await stack.signIn('agent1'),
    admin: await stack.signIn('admin'),
  };
  const untraced = await called(tokens.supervisor);

  const admin = await WebPage.at(await browser.computer({ language: 'zh-CN' }), stack, 'admin', '/system');
  admin.page.setDefaultTimeout(30_000);
  await admin.page.getByTestId('sip-traces-ask').click();
  await admin.choose('跟踪范围', '全部通话');
  await admin.page.getByTestId('sip-traces-reason').fill('运营商反映单通');
  expect(await faultsOf(admin.page, 'sip-trace-form')).toEqual([]);
  await admin.page.getByTestId('sip-traces-begin').click();
  await admin.page.getByTestId('sip-trace-order').waitFor();
  // Telephony reads the trace orders once a second.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const callId = await called(tokens.supervisor);
  await admin.page.getByTestId('sip-leg-open').first().waitFor();
  await admin.page.getByTestId('sip-leg-open').first().click();
  await admin.page.getByTestId('sip-ladder').waitFor();
  expect(await faultsOf(admin.page, 'sip-trace-leg')).toEqual([]);
  await admin.page.keyboard.press('Escape');
  expect(await faultsOf(admin.page, 'sip-traces')).toEqual([]);

  const supervisor = await WebPage.at(await browser.computer(), stack, 'supervisor', `/calls/${untraced}`);
  const { page } = supervisor;
  page.setDefaultTimeout(30_000);
  await page.getByTestId('sip-trace-show').click();
  await page.getByText('No SIP messages of this call are stored').waitFor();
  await page.goto(`${stack.web}/calls/${callId}`);
  await page.getByTestId('sip-trace-show').click();
  const ladder = page.getByTestId('sip-ladder');
  await ladder.waitFor();
  await ladder.scrollIntoViewIfNeeded();
  const rows = await ladder.getByRole('button').allInnerTexts();
  expect(rows.map((text) => text.replace(/\s+/g, ' ').trim())).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/: INVITE \(SDP\)$/),
      expect.stringMatching(/: 200 OK \(SDP\)$/),
      expect.stringMatching(/: BYE$/),
    ]),
  );
  // By keyboard: the message opens, and has no whole number in it.
  await ladder.getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  const message = page.getByTestId('sip-message');
  await message.waitFor();
  const text = await message.innerText();
  expect(text).toContain('INVITE sip:');
  expect(text).toContain('138****0002');
  expect(text).not.toContain(CALLER);
  expect(await faultsOf(page, 'sip-message')).toEqual([]);
  await page.keyboard.press('Escape');
  await ladder.scrollIntoViewIfNeeded();
  expect(await faultsOf(page, 'sip-ladder')).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await ladder.scrollIntoViewIfNeeded();
  expect(await faultsOf(page, 'sip-ladder-390')).toEqual([]);
  expect([...supervisor.faults, ...admin.faults]).toEqual([]);

  const trace = `/api/calls/${callId}/sip-trace`;
  const ask = async (token: string, path: string): Promise<number> => (await stack.http('GET', path, { token })).status;
  expect(await ask(tokens.agent, trace)).toBe(403);
  expect(await ask(tokens.agent, '/api/sip-traces')).toBe(403);
  expect(await ask(tokens.agent, `${trace}.pcap?reason=curious`)).toBe(403);
  expect(await ask(tokens.admin, `${trace}.pcap?reason=curious`)).toBe(403);
  expect(await ask(tokens.supervisor, `${trace}.pcap`)).toBe(400);
  expect(
    (await stack.http('POST', '/api/sip-traces', { token: tokens.supervisor, body: { scope: { kind: 'all' }, minutes: 5, reason: 'why' } }))
      .status,
  ).toBe(403);
  const taken = await stack.http('GET', `${trace}.pcap?reason=${encodeURIComponent('for the carrier')}`, { token: tokens.supervisor });
  expect(taken.status).toBe(200);
  expect(taken.headers['content-type']).toContain('application/x-pcapng');
  expect(String(taken.body)).toContain(`sip:${CALLER}@`);

  const forEver = { scope: { kind: 'all' }, minutes: 1_441, reason: 'for ever' };
  expect((await stack.http('POST', '/api/sip-traces', { token: tokens.admin, body: forEver })).status).toBe(400);
  const { body } = await stack.http('GET', '/api/sip-traces', { token: tokens.admin });
  const [order] = (body as { orders: { id: string }[] }).orders;
  expect((await stack.http('DELETE', `/api/sip-traces/${order?.id ?? ''}`, { token: tokens.admin })).status).toBe(204);
  const auditor = await stack.signIn('auditor');
  const rowsOfAudit = (await stack.http('GET', '/api/audit?limit=100', { token: auditor })).body as { rows: { what: string }[] };
  const deeds = rowsOfAudit.rows.map(({ what }) => what);
  expect(deeds).toEqual(expect.arrayContaining(['sip-trace.asked', 'sip-trace.read', 'sip-trace.taken', 'sip-trace.ended']));
}, 240_000);
