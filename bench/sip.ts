import { once } from 'node:events';
import { WebSocket } from 'ws';
import { openSecondNetwork, type SecondNetwork } from '../test/support/phones/second-network.js';
import { report } from './support/report.js';
import { processorSeconds, residentMegabytes, sippCallee, sippCalls, startBench, type Bench } from './support/sip-support.js';

// Call set-up through the embedded SIP server, driven by sipp: calls of 500 ms, 10 s a step, from the loopback, and with `--second-address`
// as a trunk from a network of its own. SIP_BENCH_LONG=1 measures memory instead: 60,000 calls to a UAS and 30,000 through a B2BUA. The
// baselines are drachtio-server 0.9 with an equally trivial application, measured the same way.

const STEP_S = 10;
const network: SecondNetwork | undefined = process.argv.includes('--second-address') ? openSecondNetwork() : undefined;

async function step(
  bench: Bench,
  what: string,
  ratePerS: number,
  target: number,
  baseline: { what: string; value: number },
): Promise<void> {
  const before = processorSeconds(bench.serverPid);
  const startedMs = performance.now();
  const { calls, failed, retransmissions } = await sippCalls(bench.udpPort, ratePerS, ratePerS * STEP_S, network);
  const share = (100 * (processorSeconds(bench.serverPid) - before)) / ((performance.now() - startedMs) / 1_000);
  const goal = ratePerS <= target ? { target: '0' } : {};
  report({ what: `${what} at ${String(ratePerS)} calls/s: failed calls`, value: failed, unit: 'calls', ...goal });
  report({
    what: `${what} at ${String(ratePerS)} calls/s: retransmissions per call`,
    value: (100 * retransmissions) / calls,
    unit: '%',
    ...(ratePerS <= target ? { target: '< 1 %' } : {}),
  });
  report({ what: `${what} at ${String(ratePerS)} calls/s: one core of the server`, value: share, unit: '%', baseline });
}

async function asUas(): Promise<void> {
  const bench = await startBench('uas', '', network);
  try {
    await sippCalls(bench.udpPort, 200, 600, network);
    for (const rate of [300, 600, 1_000, 2_000])
      await step(bench, 'UAS', rate, 600, { what: 'drachtio-server at 1,000 calls/s', value: 52 });
    report({ what: 'UAS: resident memory after the steps', value: residentMegabytes(bench.serverPid), unit: 'MB', target: '<= 120 MB' });
  } finally {
    await bench.stop();
  }
}

async function asB2bua(): Promise<void> {
  const callee = await sippCallee(network);
  const bench = await startBench('b2bua', callee.uri, network);
  try {
    await sippCalls(bench.udpPort, 100, 300, network);
    for (const rate of [125, 250, 800]) await step(bench, 'B2BUA', rate, 250, { what: 'drachtio-server at 400 calls/s', value: 54 });
  } finally {
    await bench.stop();
    callee.stop();
  }
}

async function memoryGrowth(): Promise<void> {
  const bench = await startBench('uas');
  try {
    // At 300 a second the number of transactions, which live for 32 s, has levelled off by call 10,000.
    await sippCalls(bench.udpPort, 300, 10_000);
    const early = residentMegabytes(bench.serverPid);
    const { failed } = await sippCalls(bench.udpPort, 300, 50_000);
    const grown = residentMegabytes(bench.serverPid) - early;
    report({
      what: 'resident memory at call 10,000',
      value: early,
      unit: 'MB',
      baseline: { what: 'drachtio-server after 30,000 calls', value: 360 },
    });
    report({ what: 'growth from call 10,000 to call 60,000', value: grown, unit: 'MB', target: '<= 60 MB' });
    report({ what: 'failed among them', value: failed, unit: 'calls', target: '0' });
  } finally {
    await bench.stop();
  }
}

/** Three times 10,000 calls at 400 a second: transactions live for 32 s, so their number levels off early in the second. */
async function memoryOfB2bua(): Promise<void> {
  const callee = await sippCallee();
  const bench = await startBench('b2bua', callee.uri);
  try {
    for (const thousands of [10, 20, 30]) {
      const { failed } = await sippCalls(bench.udpPort, 400, 10_000);
      const what = `B2BUA at 400 calls/s, call ${String(thousands)},000`;
      report({ what: `${what}: resident memory`, value: residentMegabytes(bench.serverPid), unit: 'MB', target: '<= 120 MB' });
      report({ what: `${what}: failed of the last 10,000`, value: failed, unit: 'calls', target: '0' });
    }
  } finally {
    await bench.stop();
    callee.stop();
  }
}

async function openSeat(port: number, index: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${String(port)}`, 'sip', { perMessageDeflate: false });
  await once(socket, 'open');
  const id = `seat${String(index)}`;
  socket.send(
    [
      'OPTIONS sip:127.0.0.1 SIP/2.0',
      `Via: SIP/2.0/WS ${id}.invalid;branch=z9hG4bK${id}`,
      'Max-Forwards: 70',
      `From: <sip:${id}@127.0.0.1>;tag=${id}`,
      `To: <sip:${id}@127.0.0.1>`,
      `Call-ID: ${id}`,
      'CSeq: 1 OPTIONS',
      `Contact: <sip:${id}@${id}.invalid;transport=ws>`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
  await once(socket, 'message');
  return socket;
}

async function seats(): Promise<void> {
  const bench = await startBench('uas');
  const open: WebSocket[] = [];
  try {
    for (let index = 0; index < 5_000; index += 100) {
      open.push(...(await Promise.all(Array.from({ length: 100 }, (_unused, offset) => openSeat(bench.wsPort, index + offset)))));
    }
    report({
      what: '5,000 WebSocket seats: resident memory',
      value: residentMegabytes(bench.serverPid),
      unit: 'MB',
      target: '< 400 MB',
    });
    const before = processorSeconds(bench.serverPid);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const share = (100 * (processorSeconds(bench.serverPid) - before)) / 5;
    report({ what: '5,000 idle seats, each asked every 2.5 s if it lives: core', value: share, unit: '%' });
  } finally {
    for (const socket of open) socket.terminate();
    await bench.stop();
  }
}

try {
  if (process.env['SIP_BENCH_LONG'] === '1') {
    await memoryGrowth();
    await memoryOfB2bua();
  } else {
    await asUas();
    await asB2bua();
    if (network === undefined) await seats();
  }
} finally {
  network?.close();
}
