// What a stranger on the network gets while fifty calls of all kinds are up: music, conversations, holds, parked and transferred calls,
// conferences, and a browser's seat with ICE. Sweeps cover every open UDP port for sound while calls are held and resumed.
import { setTimeout as pause } from 'node:timers/promises';
import { openUdp, placesOf, RawRtp } from '../test/attacks/support/raw-rtp.js';
import { dial, WebBrowser, WebPage, CALLER_HZ, AGENT_HZ } from '../test/end-to-end/web-browser.js';
import { BusyHouse } from '../test/support/centre/busy-house.js';
import { shortNotice } from '../test/support/centre/short-notice.js';
import { Stack } from '../test/support/stack.js';
import { until } from '../test/support/until.js';
import { report } from './support/report.js';

const CALLS = { waiting: 22, talking: 12, held: 4, parked: 4, transferred: 4, conferences: 3 };
const SWEEPS = 20;
const BETWEEN_SWEEPS_MS = 500;
const STRANGER = '127.0.0.66';

interface Account {
  readonly answeredMs: number;
  readonly ms: Readonly<Record<'recorded' | 'paused' | 'no-media' | 'lost', number>>;
}
interface LedgerRow {
  readonly account?: Account;
  readonly witnesses?: { readonly capture?: { readonly filledMs: number } };
}

// A test gets few ports; this takes as many as a site has, below those that the system gives to telephones on this machine.
const ports = { RTPENGINE_PORT_MIN: '20000', RTPENGINE_PORT_MAX: '23999', RECORDER_PORT_MIN: '24000', RECORDER_PORT_MAX: '26999' };
await using stack = await Stack.start({ env: ports });
await shortNotice(stack);
await using browser = await WebBrowser.launch();
const supervisor = await stack.signIn('supervisor');

/** Ids of the calls that are up. */
async function live(): Promise<string[]> {
  const { body } = await stack.http('GET', '/api/calls/live', { token: supervisor });
  return (body as { calls: { callId: string }[] }).calls.map(({ callId }) => callId);
}

// The browser's seat first: it alone is ready, so the first caller rings there.
const page = await WebPage.open(await browser.computer(), stack, 'agent1');
await page.ready();
const first = await dial(stack);
const answered = first.call();
await page.page.getByTestId('ringing-card').waitFor();
await page.answer();
await answered;
first.sound.play(CALLER_HZ);
await Promise.all([page.untilHears(CALLER_HZ), first.sound.untilHears(AGENT_HZ, 10_000)]);

const callIds = new Set<string>();
let sent = 0;
let received: number;
{
  await using house = await BusyHouse.open(stack, () => dial(stack), CALLS);
  for (const callId of await live()) callIds.add(callId);
  using stranger = await RawRtp.open(STRANGER);
  const range = placesOf('127.0.0.1', Number(ports.RTPENGINE_PORT_MIN), Number(ports.RTPENGINE_PORT_MAX));
  const { mixerMax = 0 } = stack.ready.ports;
  const moving = house.holdAndResume();
  for (let i = 0; i < SWEEPS; i += 1) {
    // The first sweep covers the whole range, later ones only what is open.
    const open = [
      ...openUdp(Number(ports.RTPENGINE_PORT_MIN), Number(ports.RECORDER_PORT_MAX)),
      ...openUdp(stack.ready.ports['mixerMin'] ?? 0, mixerMax),
    ];
    const places = i === 0 ? [...range, ...open] : open;
    sent += places.length;
    await stranger.sweep(places);
    await pause(BETWEEN_SWEEPS_MS);
  }
  await moving;
  await house.allHear();
  await Promise.all([page.untilHears(CALLER_HZ), first.sound.untilHears(AGENT_HZ, 10_000)]);
  ({ received } = stranger);
}
first.close();
await page.close();
await until(live, (calls) => calls.length === 0);

let [lostMs, filledMs, answeredMs, accounts] = [0, 0, 0, 0];
for (const callId of callIds) {
  const { account, witnesses } = await until(
    async () => (await stack.http('GET', `/api/ledger/calls/${callId}`, { token: supervisor })).body as LedgerRow,
    (row) => row.account !== undefined,
  );
  accounts += 1;
  lostMs += account?.ms.lost ?? 0;
  answeredMs += account?.answeredMs ?? 0;
  filledMs += witnesses?.capture?.filledMs ?? 0;
}
report({ what: 'calls that were up at the same time', value: callIds.size, unit: '', target: '50' });
report({ what: 'packets of a stranger, to every open port of sound', value: sent, unit: '' });
report({ what: 'packets that the stranger received', value: received, unit: '', target: '0' });
report({ what: `lost of ${Math.round(answeredMs / 1_000)} s in ${accounts} recordings`, value: lostMs, unit: 'ms', target: '0 ms' });
report({ what: "of them taken from the relay's own file", value: filledMs, unit: 'ms' });
process.exit(received === 0 && lostMs === 0 && callIds.size >= 50 ? 0 : 1);
