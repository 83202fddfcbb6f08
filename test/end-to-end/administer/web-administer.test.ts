import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import { ringSound } from '../../../web-agent/src/devices/ring-sound.js';
import { BareSeat } from '../../support/bare-seat.js';
import { Stack } from '../../support/stack.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';
import { until } from '../../support/until.js';

let stack: Stack;
let browser: WebBrowser;
let page: Page;
let admin: WebPage;
let supervisor: string;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
  supervisor = await stack.signIn('supervisor');
  // For twenty hours of the site's day, this reader's own date is a different one.
  admin = await WebPage.open(await browser.computer({ timezoneId: 'Etc/GMT+12' }), stack, 'admin');
  ({ page } = admin);
  page.setDefaultTimeout(20_000);
}, 120_000);
afterAll(async () => {
  expect(admin.faults).toEqual([]);
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

interface Numbers {
  readonly numbers: readonly {
    readonly number: string;
    readonly status: string;
    readonly flowVersion: number;
    readonly flow: { start: string };
  }[];
}
async function demoNumber(): Promise<Numbers['numbers'][number] | undefined> {
  const { body } = await stack.http('GET', '/api/numbers', { token: supervisor });
  return (body as Numbers).numbers.find(({ number }) => number === '4001000');
}

test('a menu is built without writing JSON, cannot go live while it is unsound, goes live, and is rolled back in one step', async () => {
  await page.goto(`${stack.web}/flows?number=4001000`);
  await page.getByTestId('flow-sound').waitFor();
  await page.getByTestId('add-step').click();
  await page.getByRole('menuitem', { name: 'Menu', exact: true }).click();

  // Nothing leads to the step and it has no keys: both problems are listed, and nothing can go live.
  const problems = page.getByTestId('flow-problems');
  await problems.waitFor();
  const both = ['is a menu without keys', 'is never reached: let "General" or another step lead here'];
  await until(
    () => problems.locator('li').allTextContents(),
    (lines) => JSON.stringify(lines) === JSON.stringify(both),
  );
  await page.getByTestId('flow-node-menu').getByText('Problems: 2').waitFor();
  expect(await page.getByTestId('flow-live').isDisabled()).toBe(true);

  await page.getByTestId('add-key').click();
  await page.getByTestId('menu-key-1').getByLabel('Name (the seat shows it)').fill('Service');
  await page.getByTestId('flow-place-flow').click();
  await admin.choose('Calls begin at', 'menu');
  await page.getByTestId('flow-sound').waitFor();

  // A silent caller would hear this menu for ever.
  await page.getByTestId('flow-node-menu').click();
  await admin.choose('When nothing is pressed', 'menu');
  await problems.getByText('loops without waiting').waitFor();
  await admin.choose('When nothing is pressed', 'service');
  await page.getByTestId('flow-sound').waitFor();
  await page.getByTestId('flow-live').click();
  await page.getByText('Version 2 is live from the next call on.').waitFor();
  expect(await demoNumber()).toMatchObject({
    flowVersion: 2,
    flow: { start: 'menu', steps: { menu: { keys: { '1': { goTo: 'service', label: 'Service' } } } } },
  });

  // The drawing names what a step is about, not its id; arrow keys walk along it, Enter opens a step.
  await page.getByTestId('flow-drawing').getByText('1 Service · nothing pressed').waitFor();
  await page.getByTestId('flow-node-service').getByText('Customer service', { exact: true }).waitFor();
  await page.getByTestId('flow-node-menu').focus();
  await page.keyboard.press('ArrowDown');
  await page.locator('[data-testid=flow-node-service]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.getByTestId('step-form-service').waitFor();
  // Who prefers the list keeps it; a telephone has the list alone.
  await page.getByTestId('flow-view').getByText('List').click();
  await page.getByTestId('flow-outline').waitFor();
  await page.reload();
  await page.getByTestId('flow-outline').waitFor();
  await page.getByTestId('flow-view').getByText('Drawing').click();
  await page.getByTestId('flow-drawing').waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByTestId('flow-outline').waitFor();
  expect(await page.getByTestId('flow-drawing').count()).toBe(0);
  await page.setViewportSize({ width: 1366, height: 768 });

  await page.getByTestId('roll-back').click();
  await page.getByTestId('live-2').waitFor();
  expect(await demoNumber()).toMatchObject({ flowVersion: 1, flow: { start: 'service' } });
}, 120_000);

test('hours show what they come to day by day; hours that contradict themselves do not go live', async () => {
  await page.goto(`${stack.web}/flows?number=4001000`);
  await page.getByTestId('flow-place-hours').click();
  await page.getByTestId('hours-mode').getByText('By hours').click();
  await page.getByTestId('hours-preview').locator('.day').nth(34).waitFor();
  await page.getByTestId('flow-sound').waitFor();
  const week = page.getByTestId('week-row-0');
  await week.getByLabel('Closes').fill('08:00');
  await page.getByTestId('flow-problems').getByText('closes before it opens').first().waitFor();
  expect(await page.getByTestId('flow-live').isDisabled()).toBe(true);

  const { body } = await stack.http('POST', '/api/hours/preview', {
    token: supervisor,
    body: { from: '2026-10-01', hours: { weekly: [{ days: [1], opens: '09:00', closes: '18:00' }], chineseHolidays: true } },
  });
  const { days } = body as { days: { date: string; by: string; spans: unknown[] }[] };
  expect(days.find(({ date }) => date === '2026-10-01')).toMatchObject({ by: 'holiday', spans: [] });
  expect(days.find(({ date }) => date === '2026-10-10')).toMatchObject({ by: 'workday', spans: [{ opens: '09:00', closes: '18:00' }] });
}, 60_000);

test('the emergency switch closes every number at once, callers are told so, and it opens them again', async () => {
  await page.goto(`${stack.web}/numbers`);
  await page.getByTestId('emergency-close').click();
  await page.getByTestId('emergency-reason').fill('The roof leaks');
  await page.getByTestId('emergency-confirm').click();
  await page.getByTestId('open-again').waitFor();
  expect(await demoNumber()).toMatchObject({ status: 'closed' });

  const caller = await dial(stack);
  try {
    // Telephony learns of the switch from the event stream.
    expect(await caller.call()).toBe(200);
    await caller.ended;
  } finally {
    caller.close();
  }
  await expect(endedAs('closed')).resolves.toBe('closed');

  await page.getByTestId('open-again').click();
  await page.getByTestId('emergency-reason').fill('The roof is mended');
  await page.getByTestId('emergency-confirm').click();
  await page.getByTestId('emergency-close').waitFor();
  expect(await demoNumber()).toMatchObject({ status: 'in-service' });
}, 60_000);

const read = async (path: string): Promise<unknown> => (await stack.http('GET', path, { token: supervisor })).body;

test('what is typed is not lost by Escape: the page asks, and Escape once more stays', async () => {
  await page.goto(`${stack.web}/numbers`);
  await page.getByTestId('nav-queues').click();
  await page.getByTestId('add-queue').click();
  // An untouched form closes at once.
  await page.keyboard.press('Escape');
  await page.getByTestId('queue-form').waitFor({ state: 'hidden' });
  await page.getByTestId('add-queue').click();
  const name = page.getByTestId('queue-name-zh');
  await name.fill('不能丢失');
  const asks = page.getByRole('dialog').filter({ hasText: 'Not saved yet' });
  await page.keyboard.press('Escape');
  await asks.waitFor();
  await page.keyboard.press('Escape');
  await asks.waitFor({ state: 'hidden' });
  expect(await name.inputValue()).toBe('不能丢失');
}, 60_000);

test('an account is limited to queues that are chosen by name; a reason for a break needs no English, and says what it lacks', async () => {
  await page.goto(`${stack.web}/users`);
  await page.getByTestId('add-user').click();
  await admin.choose('Only these queues', 'Customer service');
  await page.locator('.ant-select-selection-item', { hasText: 'Customer service' }).waitFor();
  await page.goto(`${stack.web}/agent-settings`);
  await page.getByRole('tab', { name: 'Reasons for breaks' }).click();
  await page.getByTestId('add-break').click();
  await page.getByTestId('save-breaks').click();
  await page.getByTestId('break-faults').filter({ hasText: 'Enter the Chinese name.' }).waitFor();
  await page.getByTestId('break-name-zh-CN').last().fill('消防演练');
  await page.getByTestId('save-breaks').click();
  await page.getByTestId('break-faults').waitFor({ state: 'detached' });
  await until(
    () => read('/api/routing/breaks'),
    (answer) => JSON.stringify(answer).includes('{"zh-CN":"消防演练","en":"消防演练"}'),
  );
}, 60_000);

test('a queue is made with all its settings, and saving it again loses none of them', async () => {
  await page.goto(`${stack.web}/queues`);
  await page.getByTestId('add-queue').click();
  await page.getByTestId('save-queue').click();
  await page.getByTestId('queue-id').fill('sales');
  await page.getByTestId('queue-name-zh').fill('销售');
  await page.getByTestId('queue-name-en').fill('Sales');
  const form = page.getByTestId('queue-form');
  await form.getByTestId('skill-name').fill('english');
  await form.getByTestId('add-skill').click();
  await form.getByTestId('add-ring').click();
  await form.getByTestId('add-ring').click();
  await form.getByLabel('Waits for the last agent (s, 0 = not)').fill('15');
  await admin.choose('After the longest wait, or when full', 'Send to another queue');
  await form.getByText('Lasts until the call has its result').click();
  await admin.choose('Formula', 'Service level 2 (of answered)');
  await page.getByTestId('save-queue').click();
  await page.getByTestId('edit-sales').waitFor();
  const made = {
    id: 'sales',
    skills: { english: 5 },
    rings: [
      { afterMs: 30_000, lowerBy: 1 },
      { afterMs: 60_000, lowerBy: 2 },
    ],
    stickyForMs: 15_000,
    overflow: { to: 'queue', queueId: 'service' },
    wrapUp: { mode: 'fixed', untilDisposed: true },
    serviceLevel: { formula: 'sl.answered' },
  };
  const sales = async (): Promise<unknown> =>
    ((await read('/api/queues')) as { queues: { id: string }[] }).queues.find(({ id }) => id === 'sales');
  expect(await sales()).toMatchObject(made);

  await page.getByTestId('edit-sales').click();
  await page.getByTestId('queue-name-en').fill('Sales desk');
  await page.getByTestId('save-queue').click();
  await page.getByText('Sales desk').waitFor();
  expect(await sales()).toMatchObject(made);
}, 60_000);

test('agents are given skills and reasons for breaks', async () => {
  await page.goto(`${stack.web}/agent-settings`);
  const { users } = (await read('/api/users')) as { users: { id: string; name: string }[] };
  const agent = users.find(({ name }) => name === 'agent1')?.id ?? '';
  await page.getByTestId(`skills-of-${agent}`).click();
  await page.getByTestId('skill-name').fill('english');
  await page.getByTestId('add-skill').click();
  await page.getByTestId('skill-english').getByRole('spinbutton').fill('8');
  await page.getByTestId('save-skills').click();
  await page.getByText('english 8').waitFor();
  expect(await read('/api/agents/skills')).toMatchObject({ skills: { [agent]: { english: 8 } } });

  await page.getByRole('tab', { name: 'Reasons for breaks' }).click();
  await page.getByTestId('break-rest').getByLabel('At once (agents)').fill('2');
  await page.getByTestId('save-breaks').click();
  await until(async () => JSON.stringify(await read('/api/routing/breaks')).includes('"atOnce":2'), Boolean);
}, 60_000);

test('a listed caller is refused, and let in again when taken off the list', async () => {
  await page.goto(`${stack.web}/caller-lists`);
  await page.getByTestId('listed-number').fill('13800000002');
  await page.getByTestId('add-listed').click();
  await page.getByText('138****0002').waitFor();
  expect(await statusOfCall()).toBe(403);
  await page.getByTestId('remove-listed').click();
  await page.getByText('138****0002').waitFor({ state: 'detached' });
  expect(await statusOfCall()).toBe(200);
}, 60_000);

const tone = (hz: number, ms: number): Uint8Array => ringSound([{ hz, ms }]);

test('what is no sound, or too large, is no prompt; what is sound is heard by callers and has versions', async () => {
  await page.goto(`${stack.web}/prompts`);
  await page.getByTestId('add-prompt').click();
  await page.getByTestId('prompt-name').fill('our-comfort');
  const file = page.getByRole('dialog').locator('input[type=file]');
  await file.setInputFiles({ name: 'letter.wav', mimeType: 'audio/wav', buffer: Buffer.from('Dear Sir or Madam, this is no sound.') });
  await page.getByTestId('send-prompt').click();
  await page.getByTestId('prompt-refused').getByText('This file contains no readable audio').waitFor();
  await file.setInputFiles({ name: 'comfort.wav', mimeType: 'audio/wav', buffer: Buffer.from(tone(1_100, 1_500)) });
  await page.getByTestId('send-prompt').click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  const large = await stack.http('PUT', '/api/prompts/en/our-comfort', { token: supervisor, body: new Uint8Array(25_000_000) });
  expect(large.status).toBe(413);
  const again = await stack.http('PUT', '/api/prompts/en/our-comfort', { token: supervisor, body: tone(1_100, 1_200) });
  expect(again.status).toBe(204);
  const { prompts } = (await read('/api/prompts')) as { prompts: { promptId: string; versions: number[]; origin: string }[] };
  expect(prompts.filter(({ promptId }) => promptId === 'our-comfort')).toMatchObject([{ origin: 'site', versions: [1] }]);
}, 60_000);

test('a waiting caller hears the place in the queue, the expected wait once it is known, and the comfort message', async () => {
  const put = async (path: string, body: unknown): Promise<void> => {
    const { status } = await stack.http('PUT', path, { token: supervisor, body });
    expect([path, status < 300]).toEqual([path, true]);
  };
  for (const [promptId, hz] of [
    ['notice', 300],
    ['position-before', 500],
    ['wait-about', 800],
  ] as const)
    await put(`/api/prompts/zh-CN/${promptId}`, tone(hz, 400));
  const service = ((await read('/api/queues')) as { queues: { id: string }[] }).queues.find(({ id }) => id === 'service');
  await put('/api/queues/service', { ...service, wrapUp: { mode: 'none', ms: 0, extendable: false } });
  const flow = {
    start: 'service',
    steps: {
      service: {
        kind: 'queue',
        queueId: 'service',
        announce: { everyMs: 5_000, position: true, wait: true, promptId: 'our-comfort' },
      },
    },
  };
  const { body } = await stack.http('POST', '/api/numbers/4001000/flows', { token: supervisor, body: { flow } });
  await put('/api/numbers/4001000/flow', { version: (body as { version: number }).version });

  const seat = await BareSeat.open(stack, 'agent1');
  const busy = await BareSeat.open(stack, 'agent2');
  try {
    await seat.ready();
    // Enough handled calls for an honest estimate of how long the next one takes.
    for (let handled = 0; handled < 5; handled += 1) {
      const caller = await dial(stack);
      const offered = seat.next<OfferedCall>('call:offered');
      expect(await caller.call()).toBe(200);
      const { callId, offerId } = await offered;
      await seat.ask('call:answer', { callId, offerId });
      caller.sound.play(440);
      await seat.phone.sound.untilHears(440, 10_000);
      const over = seat.next('call:ended');
      caller.hangUp();
      await over;
      caller.close();
    }
    // Both agents talk; the third caller waits.
    await busy.ready();
    const talking = [await dial(stack), await dial(stack)];
    for (const caller of talking) {
      const offered = Promise.race([seat, busy].map(async (each) => ({ each, offer: await each.next<OfferedCall>('call:offered') })));
      await caller.call();
      const { each, offer } = await offered;
      await each.ask('call:answer', { callId: offer.callId, offerId: offer.offerId });
    }
    const waiting = await dial(stack);
    expect(await waiting.call()).toBe(200);
    await waiting.sound.untilHears(500, 20_000);
    await waiting.sound.untilHears(800, 20_000);
    await waiting.sound.untilHears(1_100, 20_000);
    for (const caller of [...talking, waiting]) {
      caller.hangUp();
      caller.close();
    }
  } finally {
    await seat.leave();
    await busy.leave();
  }
}, 120_000);

test('the day so far is replayed: as it was, under the rules of now, and under rules that nobody is served by', async () => {
  // Call records are written with a short delay.
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date());
  type Answer = Record<'really' | 'asIs' | 'changed', { queueId: string; answered: number; overflowed: number }[]>;
  const replayed = async (queues: readonly object[]): Promise<Answer> => {
    const { status, body } = await stack.http('POST', '/api/routing/replay', { token: supervisor, body: { day: today, queues } });
    expect(status).toBe(200);
    return body as Answer;
  };
  await until(async () => (await replayed([])).really.some(({ queueId, answered }) => queueId === 'service' && answered === 7), Boolean);
  const service = ((await read('/api/queues')) as { queues: { id: string }[] }).queues.find(({ id }) => id === 'service');
  const { asIs, changed } = await replayed([{ ...service, members: ['nobody'], maxWaitMs: 5_000 }]);
  expect(asIs.find(({ queueId }) => queueId === 'service')?.answered).toBeGreaterThanOrEqual(7);
  expect(changed.find(({ queueId }) => queueId === 'service')).toMatchObject({ answered: 0 });

  await page.goto(`${stack.web}/replay`);
  await page.getByTestId('site-zone').filter({ hasText: 'Site time: Asia/Shanghai, UTC+8' }).waitFor();
  expect(await page.getByTestId('replay-day').inputValue()).toBe(today);
  await page.getByTestId('run-replay').click();
  const rows = page.getByTestId('replay-figures').locator('tbody tr');
  await rows.filter({ hasText: 'Really' }).first().waitFor();
  await until(
    () => rows.filter({ hasText: 'Customer service' }).count(),
    (count) => count === 1,
  );
}, 60_000);

async function statusOfCall(): Promise<number> {
  const caller = await dial(stack);
  try {
    const status = await caller.call();
    if (status === 200) caller.hangUp();
    return status;
  } finally {
    caller.close();
  }
}

/** The cause of the newest call record, once it is written. */
async function endedAs(wanted: string): Promise<string | undefined> {
  return until(
    async () => {
      const { body } = await stack.http('GET', '/api/calls?limit=1', { token: supervisor });
      return (body as { calls: { cause?: string }[] }).calls[0]?.cause;
    },
    (cause) => cause === wanted,
  );
}

test('a trunk is set to TLS with the certificate of its carrier, and back to signalling in clear', async () => {
  interface Trunks {
    readonly trunks: readonly { readonly id: string; readonly transport?: string; readonly certificate?: string }[];
  }
  const token = await stack.signIn('admin');
  const stored = async () => ((await stack.http('GET', '/api/trunks', { token })).body as Trunks).trunks.find(({ id }) => id === 'secure');
  await page.goto(`${stack.web}/numbers`);
  await page.getByTestId('add-trunk').click();
  await page.getByLabel('Id', { exact: true }).fill('secure');
  await page.getByLabel('Name', { exact: true }).last().fill('Secure');
  await page.getByLabel('Source addresses', { exact: true }).fill('192.0.2.7');
  await admin.choose('Signalling', 'Encrypted (TLS)');
  await page.getByTestId('trunk-certificate').fill('*.carrier.test');
  await page.getByTestId('save-trunk').click();
  await page.getByText('A host name, or a fingerprint of 32 pairs of hexadecimal digits with colons').waitFor();
  await page.getByTestId('trunk-certificate').fill('sbc.carrier.test');
  await page.getByTestId('save-trunk').click();
  await page.getByRole('row', { name: /secure.*Encrypted \(TLS\)/ }).waitFor();
  expect(await stored()).toMatchObject({ transport: 'tls', certificate: 'sbc.carrier.test' });

  await page
    .getByRole('row', { name: /secure/ })
    .getByRole('button', { name: 'Edit' })
    .click();
  await admin.choose('Signalling', 'In clear (UDP, TCP)');
  await page.getByTestId('save-trunk').click();
  await page.getByRole('row', { name: /secure.*In clear \(UDP, TCP\)/ }).waitFor();
  expect(await stored()).not.toHaveProperty('certificate');
});
