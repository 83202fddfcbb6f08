// What a look at a conversation costs the relay and whoever asks: one question in bencode for both sides, as the product asks, beside two in
// JSON, as it did. A relay without the product; the two take turns.
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createAnchors } from '../services/media/anchors.js';
import { silentLogger } from '../services/shared/platform/processes/logger.js';
import { createNgClient } from '../services/shared/platform/network/rtpengine-ng.js';
import { relayRange } from '../test/support/servers/relay-range.js';
import { report } from './support/report.js';
import { freeUdpPort } from '../test/support/free-ports.js';

const CONVERSATIONS = 20;
const LOOKS = 100;
const TURNS = 6;
const HOST = '127.0.0.1';

const folder = mkdtempSync(join(tmpdir(), 'line-looks-'));
const port = await freeUdpPort(HOST);
const { min, max } = relayRange(CONVERSATIONS * 16);
const relay = spawn(
  'rtpengine',
  [
    ...['--config-file=none', '--table=-1', '--foreground', '--log-stderr', '--log-level=3', '--num-threads=2', '--timeout=3600'],
    ...[
      `--interface=outer/${HOST}`,
      '--interface=inner/127.0.0.2',
      `--listen-ng=${HOST}:${port}`,
      `--port-min=${min}`,
      `--port-max=${max}`,
    ],
    ...['--measure-rtp', '--mos=CQ', `--recording-dir=${folder}`, '--recording-method=pcap'],
  ],
  { stdio: 'ignore', env: { ...process.env, LD_PRELOAD: 'libjemalloc.so.2' } },
);
const ng = createNgClient(`udp://${HOST}:${port}`);

/** Of all threads. The clock of ticks is too coarse for a look. */
function relayMs(): number {
  const tasks = `/proc/${relay.pid}/task`;
  return readdirSync(tasks).reduce((sum, task) => sum + Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0);
}

/** A question in JSON, as the client asked before it asked in bencode. */
function askerInJson() {
  const socket = createSocket('udp4');
  const waiting = new Map<string, (reply: unknown) => void>();
  let asked = 0;
  socket.on('message', (datagram) => {
    const text = datagram.toString('utf8');
    const space = text.indexOf(' ');
    waiting.get(text.slice(0, space))?.(JSON.parse(text.slice(space + 1)));
    waiting.delete(text.slice(0, space));
  });
  return {
    ask: (callId: string) =>
      new Promise<unknown>((resolve) => {
        const cookie = `json_${(asked += 1)}`;
        waiting.set(cookie, resolve);
        socket.send(`${cookie} ${JSON.stringify({ command: 'query', 'call-id': callId })}`, port, HOST);
      }),
    close: () => void socket.close(),
  };
}

const sdp = (at: number, direction = 'sendrecv'): string =>
  [
    ...['v=0', `o=- 1 1 IN IP4 ${HOST}`, 's=-', `c=IN IP4 ${HOST}`, 't=0 0', `m=audio ${at} RTP/AVP 8 101`],
    ...['a=rtpmap:8 PCMA/8000', 'a=rtpmap:101 telephone-event/8000', `a=${direction}`, ''],
  ].join('\r\n');

const anchors = createAnchors({
  relays: new Map([['r1', ng]]),
  choose: () => 'r1',
  peers: { allows: () => true, checked: (audio) => audio },
  seatCodec: 'pcma',
  tlsId: () => 'x',
  onLost: () => undefined,
  onStrangers: () => undefined,
  nowMs: Date.now,
  log: silentLogger,
});

/** A caller and a seat that are joined, copied for the recorder, with some sound from both. */
async function conversation(nth: number): Promise<void> {
  const [call, seat] = [`c${nth}`, `s${nth}`];
  for (const [id, kind] of [
    [call, 'caller'],
    [seat, 'seat'],
  ] as const) {
    const party = createSocket('udp4');
    await new Promise<void>((resolve) => party.bind(0, HOST, resolve));
    const { sdp: answer } = await anchors.accept({ id, kind, sdp: sdp(party.address().port) });
    const to = Number(/m=audio (\d+)/.exec(answer)?.[1]);
    for (let sent = 0; sent < 20; sent += 1) {
      const packet = Buffer.alloc(172, 0xd5);
      packet.writeUInt16BE(0x8008, 0);
      packet.writeUInt16BE(sent + 1, 2);
      packet.writeUInt32BE(nth + 1, 8);
      party.send(packet, to, HOST);
    }
    parties.push(party);
  }
  await anchors.pair(call, seat);
  for (const tag of ['A', 'far']) {
    const ids = { 'call-id': call, 'to-tag': `rec-${tag}` } as const;
    await ng.send({ command: 'subscribe request', ...ids, 'from-tag': tag, 'transport-protocol': 'RTP/AVP', interface: 'inner' });
    await ng.send({ command: 'subscribe answer', ...ids, sdp: sdp(9, 'recvonly'), flags: ['allow transcoding'] });
  }
}

const parties: ReturnType<typeof createSocket>[] = [];
const json = askerInJson();
try {
  await ng.send({ command: 'ping' }, { timeoutMs: 8_000 });
  for (let nth = 0; nth < CONVERSATIONS; nth += 1) await conversation(nth);
  await pause(500);

  const ways = {
    one: (nth: number): Promise<unknown> => anchors.countsOf(`c${nth}`, `s${nth}`),
    two: async (nth: number): Promise<unknown> => [await json.ask(`c${nth}`), await json.ask(`s${nth}`)],
  };
  const spent = { one: { relay: 0, asker: 0 }, two: { relay: 0, asker: 0 } };
  // The first turn compiles the code of both.
  for (let turn = 0; turn <= TURNS; turn += 1)
    for (const way of turn % 2 === 0 ? (['one', 'two'] as const) : (['two', 'one'] as const)) {
      const [relayBefore, askerBefore] = [relayMs(), process.cpuUsage()];
      for (let look = 0; look < LOOKS; look += 1) for (let nth = 0; nth < CONVERSATIONS; nth += 1) await ways[way](nth);
      const { user, system } = process.cpuUsage(askerBefore);
      if (turn === 0) continue;
      spent[way].relay += relayMs() - relayBefore;
      spent[way].asker += (user + system) / 1_000;
    }
  const all = TURNS * LOOKS * CONVERSATIONS;
  for (const who of ['relay', 'asker'] as const)
    report({
      what: `a look at a conversation: CPU of the ${who}`,
      value: spent.one[who] / all,
      unit: 'ms',
      baseline: { what: 'two questions in JSON', value: spent.two[who] / all },
    });
} finally {
  for (const party of parties) party.close();
  json.close();
  ng.close();
  relay.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
