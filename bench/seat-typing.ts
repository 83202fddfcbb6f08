// npm run bench -- --only seat-typing: the seat page of a centre of 50 agents and 20 queues while five calls change: from a key to the screen
// that shows its letter, and the frames that the page draws.
import type { OfferedCall } from '../services/shared/contracts/calls/seat-socket.js';
import { dial, WebBrowser, WebPage } from '../test/end-to-end/web-browser.js';
import { BareSeat } from '../test/support/bare-seat.js';
import { newPerson } from '../test/support/centre/people.js';
import type { SipPhone } from '../test/support/phones/sip-phone.js';
import { Stack } from '../test/support/stack.js';
import { percentile, report } from './support/report.js';

const AGENTS = 50;
const QUEUES = 20;
const CHANGING = 5;
const KEYS = 300;
/** A fast typist's pause between two keys. */
const KEY_EVERY_MS = 80;
const CHANGE_EVERY_MS = 200;
const FRAME_MS = 1_000 / 60;

interface Measured {
  readonly latencies: readonly number[];
  readonly frames: readonly number[];
}

await using stack = await Stack.start({ layout: 'roles' });
await using browser = await WebBrowser.launch();
const admin = await stack.signIn('admin');
for (let i = 1; i < QUEUES; i += 1) {
  const name = { 'zh-CN': `队列 ${String(i)}`, en: `Queue ${String(i)}` };
  const { status } = await stack.http('PUT', `/api/queues/bench-${String(i)}`, { token: admin, body: { name } });
  if (status !== 200) throw new Error(`the queue was answered ${String(status)}`);
}
const seats: BareSeat[] = [];
for (let i = 1; i < AGENTS; i += 1)
  seats.push(await BareSeat.openAs(stack, (await newPerson(stack, admin, { name: `seat-${String(i)}`, roles: ['agent'] })).token));

async function callAt(seat: BareSeat): Promise<{ readonly seat: BareSeat; readonly callId: string; readonly caller: SipPhone }> {
  await seat.ready();
  const offered = seat.next<OfferedCall>('call:offered');
  const caller = await dial(stack);
  await caller.call();
  const { callId, offerId } = await offered;
  await seat.ask('call:answer', { callId, offerId });
  return { seat, callId, caller };
}
const calls = [];
for (const seat of seats.slice(0, CHANGING)) calls.push(await callAt(seat));

const { page, ...agent } = await (async () => {
  const web = await WebPage.open(await browser.computer(), stack, 'agent1');
  await web.ready();
  const caller = await dial(stack);
  await caller.call();
  await web.page.getByTestId('answer').waitFor();
  await web.answer();
  return { page: web.page, caller };
})();
for (const seat of seats.slice(CHANGING)) await seat.ready();

// Each call in turn is held and retrieved, so that a board changes all the time.
let isOver = false;
let refused = 0;
const changing = (async () => {
  for (let turn = 0; !isOver; turn += 1) {
    const one = calls[turn % CHANGING];
    const isHeld = turn % (2 * CHANGING) >= CHANGING;
    // On a busy machine a step may be refused; the next one is asked all the same.
    await one?.seat.ask(isHeld ? 'call:resume' : 'call:hold', { callId: one.callId }).catch(() => (refused += 1));
    await new Promise((resolve) => setTimeout(resolve, CHANGE_EVERY_MS));
  }
})();

await page.getByTestId('notes').click();
await page.evaluate(() => {
  const kept = { latencies: [] as number[], frames: [] as number[] };
  (globalThis as unknown as { measured: typeof kept }).measured = kept;
  document.addEventListener(
    'keydown',
    ({ timeStamp }) => {
      // The task after a frame's callbacks runs once the frame is drawn.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => kept.latencies.push(performance.now() - timeStamp);
        port2.postMessage(null);
      });
    },
    { capture: true },
  );
  // A function with a name would be wrapped by what runs this file, in a way that the page does not know.
  const clock = {
    before: 0,
    next(at: number): void {
      if (clock.before > 0) kept.frames.push(at - clock.before);
      clock.before = at;
      requestAnimationFrame(clock.next);
    },
  };
  requestAnimationFrame(clock.next);
});
for (let i = 0; i < KEYS; i += 1) {
  await page.keyboard.press('abcdefghij '.charAt(i % 11) === ' ' ? 'Space' : 'abcdefghij'.charAt(i % 10));
  await new Promise((resolve) => setTimeout(resolve, KEY_EVERY_MS));
}
const { latencies, frames } = await page.evaluate(() => (globalThis as unknown as { measured: Measured }).measured);
isOver = true;
await changing;

const drawnMs = frames.reduce((sum, each) => sum + each, 0);
/** A frame that took as long as two or more has left one out. */
const missed = frames.reduce((sum, each) => sum + Math.max(0, Math.round(each / FRAME_MS) - 1), 0);
report({ what: 'key to the screen, p50', value: percentile(latencies, 0.5), unit: 'ms' });
report({ what: 'key to the screen, p95', value: percentile(latencies, 0.95), unit: 'ms', target: '<= 50 ms' });
report({ what: 'frames a second', value: (frames.length * 1_000) / drawnMs, unit: '', target: '60' });
report({ what: 'frames left out', value: (100 * missed) / (frames.length + missed), unit: '%' });
report({ what: 'steps of calls that were refused', value: refused, unit: '' });
report({ what: 'longest frame', value: Math.max(...frames), unit: 'ms' });
for (const { caller } of calls) caller.close();
agent.caller.close();
for (const seat of seats) await seat.leave();
