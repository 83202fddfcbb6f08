// npm run bench -- --only boards: from an event on the bus to the page that follows the boards, with 300 agents, 50 queues and 20 events a second.
// The bus, commands, boards and Socket.IO are the product's, over Valkey; answers of routing and telephony come from memory.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Server } from 'socket.io';
import { io as connect, type Socket } from 'socket.io-client';
import { createBoards } from '../services/api/adapters/boards.js';
import type { PageServer } from '../services/api/adapters/page-server.js';
import { tellPages } from '../services/api/adapters/tell-pages.js';
import type { BoardName } from '../services/shared/contracts/queues/board.js';
import { AgentSnapshot, QueueSnapshot } from '../services/shared/contracts/calls/commands.js';
import type { BoardChange } from '../services/shared/domain/board.js';
import { boardFiguresOf } from '../services/shared/domain/figures/board.js';
import { zeroFacts } from '../services/shared/domain/figures/count.js';
import type { Principal } from '../services/shared/domain/people/rights.js';
import { silentLogger } from '../services/shared/platform/processes/logger.js';
import { createPlaceReach } from '../services/shared/platform/reach/place-reach.js';
import { createReach } from '../services/shared/platform/reach/reach.js';
import { systemClock } from '../services/shared/platform/processes/system-clock.js';
import { createValkeyBus } from '../services/shared/platform/events/valkey-bus.js';
import { createValkeyCommands } from '../services/shared/platform/events/valkey-commands.js';
import { startValkey, stopProcess } from '../test/integration/recording/recording-support.js';
import { percentile, report } from './support/report.js';

const AGENTS = 300;
const QUEUES = 50;
const EVENT_EVERY_MS = 50;
const EVENTS = 600;
/** Time for the last events to arrive. */
const LAST_MS = 3_000;
const IDLE_MS = 15_000;

const at = new Date().toISOString();
const supervisor: Principal = {
  ...{ userId: 'boss', name: 'boss', sessionId: 's' },
  roles: ['supervisor'],
  scope: { queues: [], sites: [], clientUnits: [] },
};
const figures = boardFiguresOf(zeroFacts());
const queues = Array.from({ length: QUEUES }, (_, i) =>
  QueueSnapshot.parse({
    ...{ queueId: `q${i}`, name: { 'zh-CN': `队列${i}`, en: `Queue ${i}` }, waiting: 0, longestWaitMs: 0, states: {} },
    ...{ today: figures, lately: figures, serviceLevel: { targetPercent: 80, thresholdMs: 20_000, formula: 'sl.strict' } },
  }),
);
const agents = Array.from({ length: AGENTS }, (_, i) =>
  AgentSnapshot.parse({ agentId: `a${i}`, name: `Agent ${i}`, state: 'ready', since: at, queues: [`q${i % QUEUES}`] }),
);

const valkey = await startValkey();
const owner = createValkeyCommands({ url: valkey.url, log: silentLogger });
const commands = createValkeyCommands({ url: valkey.url, log: silentLogger });
const publisher = createValkeyBus({ url: valkey.url, log: silentLogger });
const bus = createValkeyBus({ url: valkey.url, log: silentLogger });
await owner.serve({
  'queues.list': async () => queues,
  'agents.list': async () => agents,
  'calls.live': async () => [],
  'thresholds.list': async () => [],
});

const web = createServer();
const io: PageServer = new Server(web, { transports: ['websocket'] });
const numbersOf = async (): Promise<[]> => [];
const boards = createBoards({
  ...{ io, commands, reachOf: createReach(numbersOf), openHelp: () => new Map(), clock: systemClock, log: silentLogger },
  places: createPlaceReach({ numbersOf, queuesOf: numbersOf }),
});
io.on('connection', (socket) => {
  socket.data.principal = supervisor;
  for (const name of ['board:queues', 'board:agents'] as const)
    socket.on(name, (_payload, ack) => void boards.follow(socket, name).then((data) => ack?.({ ok: true, data })));
});
const stopTelling = await tellPages({ io, bus, commands, boards, log: silentLogger });
web.listen(0, '127.0.0.1');
await once(web, 'listening');

const page: Socket = connect(`http://127.0.0.1:${(web.address() as AddressInfo).port}`, { transports: ['websocket'] });
const heardAt = new Map<string, number>();
let bytes = 0;
for (const name of ['board:queues', 'board:agents'] satisfies BoardName[]) {
  page.on(name, (change: BoardChange) => {
    bytes += JSON.stringify(change).length;
    const now = performance.now();
    for (const [id, fields] of change.put) heardAt.set(`${id} ${JSON.stringify(fields['waiting'] ?? fields['reason'])}`, now);
  });
  await page.emitWithAck(name, { on: true });
}

await setTimeout(IDLE_MS / 5);
bytes = 0;
await setTimeout(IDLE_MS);
report({
  what: 'bytes to a page that follows both boards, all idle',
  value: (bytes / IDLE_MS) * 1_000,
  unit: 'B/s',
  target: '<= 1,000 B/s',
});

/** Each event gives one row a unique value; it has arrived when the page has that value, or a later one of the same row. */
const sent: { readonly row: string; readonly key: string; readonly atMs: number }[] = [];
for (let i = 1; i <= EVENTS; i += 1) {
  const due = performance.now() + EVENT_EVERY_MS;
  const ofAgent = i % 2 === 0;
  const place = ofAgent ? i % AGENTS : i % QUEUES;
  if (ofAgent) agents[place] = { ...agents[place], reason: String(i) } as AgentSnapshot;
  else queues[place] = { ...queues[place], waiting: i } as QueueSnapshot;
  const row = ofAgent ? `a${place}` : `q${place}`;
  sent.push({ row, key: `${row} ${ofAgent ? JSON.stringify(String(i)) : String(i)}`, atMs: performance.now() });
  await publisher.publish('agent.state-changed', { agentId: `a${i % AGENTS}`, at: new Date().toISOString(), from: 'ready', to: 'ready' });
  await setTimeout(Math.max(0, due - performance.now()));
}
await setTimeout(LAST_MS);

const ways = sent.flatMap(({ key, atMs }) => {
  const heard = heardAt.get(key);
  return heard === undefined ? [] : [heard - atMs];
});
// An event is lost when the page heard neither of it nor of a later one of the same row.
const lost = sent.filter(
  ({ row, key }, i) => !heardAt.has(key) && !sent.slice(i + 1).some((later) => later.row === row && heardAt.has(later.key)),
);
report({ what: `event to page, p50 of ${ways.length}`, value: percentile(ways, 0.5), unit: 'ms' });
report({ what: 'event to page, p95', value: percentile(ways, 0.95), unit: 'ms', target: '<= 1,000 ms' });
report({ what: 'event to page, p99', value: percentile(ways, 0.99), unit: 'ms', target: '<= 2,000 ms' });
report({ what: 'events that no page heard of', value: lost.length, unit: 'events', target: '0' });

page.close();
await stopTelling();
await io.close();
await Promise.all([bus.close(), publisher.close(), commands.close(), owner.close()]);
await stopProcess(valkey.child);
