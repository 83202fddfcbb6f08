import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createRecorder } from '../../services/recording/index.js';
import { createMongoLedger } from '../../services/recording/ledger/adapters/mongo-ledger.js';
import { silentLogger } from '../../services/shared/platform/logger.js';
import { createNgClient, type NgRequest } from '../../services/shared/platform/rtpengine-ng.js';
import type { Service } from '../../services/shared/platform/service.js';
import { createValkeyBus } from '../../services/shared/platform/valkey-bus.js';
import { createValkeyCommands } from '../../services/shared/platform/valkey-commands.js';
import { until } from '../support/until.js';
import { recordingConfig, startRecordingStores, type RecordingStores } from './recording-stores.js';
import { placeCall, startRtpengine, startValkey, stopProcess, type PlainCall } from './recording-support.js';

/** Shorter than the silence after which the recorder looks after a copy, long enough for sound of both sides. */
const TALK_MS = 1_500;
const COPIES: readonly NgRequest['command'][] = ['subscribe answer', 'subscribe answer', 'subscribe request', 'subscribe request'];

let stores: RecordingStores;
let valkey: { url: string; child: ChildProcess };
let relay: Awaited<ReturnType<typeof startRtpengine>>;
let bus: ReturnType<typeof createValkeyBus>;
let commands: ReturnType<typeof createValkeyCommands>;
let recorder: Service;
let pcaps: string;
let nextNumber = 1;
/** What the recorder ordered of the relay. */
const ordered: NgRequest['command'][] = [];
const archived = new Map<string, () => void>();

beforeAll(async () => {
  stores = await startRecordingStores();
  pcaps = join(stores.folder, 'pcap');
  await mkdir(pcaps);
  [relay, valkey] = await Promise.all([startRtpengine(pcaps), startValkey()]);
  bus = createValkeyBus({ url: valkey.url, log: silentLogger });
  commands = createValkeyCommands({ url: valkey.url, log: silentLogger });
  await createMongoLedger(stores.mongo).lease('test', 1_000, []);
  recorder = createRecorder({
    config: {
      ...recordingConfig,
      PROOFLINE_HOME: stores.folder,
      RTPENGINE_PCAP_DIR: pcaps,
      RECORDER_ADDRESS: '127.0.0.1',
      RECORDER_PORT_MIN: 35_000,
      RECORDER_PORT_MAX: 35_999,
      SPOOL_ALARM_FREE_BYTES: 0,
      SPOOL_REFUSE_FREE_BYTES: 0,
    },
    commands,
    bus,
    mongo: stores.mongo,
    objects: stores.objects,
    log: silentLogger,
    ng(url) {
      const client = createNgClient(url);
      return {
        send(request, options) {
          ordered.push(request.command);
          return client.send(request, options);
        },
        close: () => client.close(),
      };
    },
  });
  await recorder.start();
  await bus.follow(({ name, event }) => {
    if (name === 'recording.archived') archived.get(event.callId)?.();
  });
});

beforeEach(() => {
  ordered.length = 0;
});

afterAll(async () => {
  await recorder.stop();
  await commands.close();
  await bus.close();
  relay.ng.close();
  await Promise.all([stopProcess(relay.child), stopProcess(valkey.child)]);
  await stores.stop();
});

type Ports = PlainCall['ports'] | undefined;

/** A whole call, with the ports told before the answer and with it, where they are. */
async function call(callId: string, ports: { readonly before: (call: PlainCall) => Ports; readonly after: (call: PlainCall) => Ports }) {
  const placed = await placeCall(relay.ng, callId, { caller: 440, agent: 1_000 });
  const ledgerNumber = nextNumber++;
  await createMongoLedger(stores.mongo).intend({ number: ledgerNumber, callId, intendedAt: new Date().toISOString() });
  const place = { relay: relay.url, mediaCallId: callId, callerTag: 'A', farTag: 'far' };
  await commands.send('recorder.start', { callId, ledgerNumber, ...place, ports: ports.before(placed) });
  await bus.publish('call.answered', { callId, at: new Date().toISOString(), ledgerNumber, media: { ...place, ports: ports.after(placed) } });
  const stored = new Promise<void>((resolve) => archived.set(callId, resolve));
  await pause(TALK_MS);
  await placed.hangUp();
  await bus.publish('call.ended', { callId, at: new Date().toISOString(), cause: 'completed', by: 'caller', answered: true });
  await stored;
  const row = (await createMongoLedger(stores.mongo).ofCall(callId))!;
  return row.witnesses as { readonly capture: { readonly callerPackets: number; readonly agentPackets: number } };
}

const told = ({ ports }: PlainCall): Ports => ports;
const notTold = (): Ports => undefined;

test.each([
  ['before the answer and with it', told, told],
  ['with the answer alone, of a party that we called', notTold, told],
])('the relay is asked for no ports that telephony told %s, and its capture is read by them', async (name, before, after) => {
  const { capture } = await call(`told-${String(name.length)}`, { before, after });
  expect(ordered.toSorted()).toEqual(COPIES);
  expect(capture.callerPackets).toBeGreaterThan(TALK_MS / 40);
  expect(capture.agentPackets).toBeGreaterThan(TALK_MS / 40);
});

test('a telephony that does not tell them has the relay asked once', async () => {
  const { capture } = await call('not-told', { before: notTold, after: notTold });
  expect(ordered.toSorted()).toEqual(['query', ...COPIES]);
  expect(capture.callerPackets).toBeGreaterThan(TALK_MS / 40);
  expect(capture.agentPackets).toBeGreaterThan(TALK_MS / 40);
});

test('of a call that was not answered nothing stays in the relay’s folders', async () => {
  const callId = 'not-answered';
  const placed = await placeCall(relay.ng, callId, { caller: 440, agent: 1_000 });
  const place = { relay: relay.url, mediaCallId: callId, callerTag: 'A', farTag: 'far' };
  await commands.send('recorder.start', { callId, ledgerNumber: nextNumber++, ...place });
  await placed.hangUp();
  const left = async (): Promise<string[]> =>
    (await Promise.all(['pcaps', 'tmp', 'metadata'].map((where) => readdir(join(pcaps, where))))).flat().filter((file) => file.includes(callId));
  expect(await left()).toHaveLength(2);
  await bus.publish('call.ended', { callId, at: new Date().toISOString(), cause: 'far-no-answer', by: 'caller', answered: false });
  expect(await until(left, (files) => files.length === 0, 5_000)).toEqual([]);
});
