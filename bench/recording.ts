// npm run bench -- --only recording: the recorder, the archive and the ledger, on the embedded stores of this machine.
import { fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'minio';
import mongoose from 'mongoose';
import { startDocumentStore } from '../infra/embedded/documents/index.js';
import { startObjectStore } from '../infra/embedded/objects/index.js';
import { createAesSealer, createMasterKeyWrapper } from '../services/recording/archive/adapters/aes-sealer.js';
import { createPieceShelf, createSealedShelf } from '../services/recording/archive/adapters/call-folder.js';
import { createOpusEncoder } from '../services/recording/archive/adapters/opus-encoder.js';
import { createCallReads } from '../services/calls/reads.js';
import { createCallIndex } from '../services/recording/archive/adapters/call-index.js';
import { createMongoRecordings } from '../services/recording/archive/adapters/mongo-recordings.js';
import { createPcapFolder } from '../services/recording/archive/adapters/pcap-folder.js';
import { createS3Archive } from '../services/recording/archive/adapters/s3-archive.js';
import { Archiver } from '../services/recording/archive/archiver.js';
import { CallFinaliser } from '../services/recording/archive/finaliser.js';
import { PieceEncoder } from '../services/recording/archive/opus-pieces.js';
import { defaultRetention } from '../services/recording/archive/retention.js';
import { createFileSpool } from '../services/recording/capture/adapters/file-spool.js';
import { createUdpTaps } from '../services/recording/capture/adapters/udp-taps.js';
import { LiveCall } from '../services/recording/capture/live-call.js';
import type { RelayCopies, SpoolFile } from '../services/recording/capture/ports.js';
import { markRecord, packetRecord } from '../services/recording/capture/records.js';
import { createMongoLedger } from '../services/recording/ledger/adapters/mongo-ledger.js';
import { createMongoSheets } from '../services/recording/ledger/adapters/mongo-sheets.js';
import { createS3SheetAnchors } from '../services/recording/ledger/adapters/s3-sheet-anchors.js';
import { closeDays } from '../services/recording/ledger/day-closing.js';
import { encodeAlaw } from '../services/shared/domain/sound/g711.js';
import type { EventBus } from '../services/shared/events/catalogue.js';
import { silentLogger } from '../services/shared/platform/processes/logger.js';
import { createSrtpReceiver, sessionKeys } from '../services/shared/platform/network/srtp.js';
import { createSrtpSender } from '../test/support/phones/srtp-sender.js';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { percentile, report } from './support/report.js';

const PACKET_MS = 20;
const LIVE_CALLS = 300;
const LIVE_FOR_MS = 15_000;
const SENDER_PORT = 32_999;
const SRTP_SUITE = 'AES_256_CM_HMAC_SHA1_80';
const LEDGER_ROWS = 100_000;

if (process.argv[2] === 'send') await sendForEver();
else await measure();

async function measure(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'recording-bench-'));
  const documents = await startDocumentStore({ folder: join(folder, 'documents') });
  const store = await startObjectStore({
    dataFolder: join(folder, 'objects'),
    host: '127.0.0.1',
    port: 0,
    credentials: [{ accessKey: 'bench', secretKey: 'bench-secret', policy: 'admin' }],
    log: () => undefined,
  });
  const { hostname, port } = new URL(store.endpoint);
  const objects = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey: 'bench',
    secretKey: 'bench-secret',
    region: 'us-east-1',
  });
  const mongo = await mongoose.createConnection(`${documents.uri}bench`).asPromise();
  try {
    await liveCalls(folder, undefined);
    await liveCalls(folder, randomBytes(46));
    await hangUpToPlayable(folder, mongo, objects);
    await ledgerClose(mongo, objects);
  } finally {
    await mongo.close();
    await store.stop();
    await documents.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * From the end of the call until its object is stored, read back and entered in the document store. Long calls are processed while they
 * last.
 */
async function hangUpToPlayable(folder: string, mongo: mongoose.Connection, objects: Client): Promise<void> {
  const spool = createFileSpool({ folder: join(folder, 'spool'), log: silentLogger });
  await spool.start();
  const encoder = createOpusEncoder();
  const archiver = new Archiver({
    archive: createS3Archive(objects, 'recordings', 'us-east-1'),
    recordings: createMongoRecordings(mongo),
    calls: createCallIndex(createCallReads(mongo).calls),
    ledger: createMongoLedger(mongo),
    sealer: createAesSealer(createMasterKeyWrapper([Buffer.alloc(32, 3).toString('base64')])),
    bus: { publish: async () => undefined } as unknown as EventBus,
    retention: async () => defaultRetention,
    log: silentLogger,
    now: () => new Date(),
  });
  let number = 0;
  for (const { name, minutes, rounds, target } of [
    { name: 'five minutes', minutes: 5, rounds: 5, target: '<= 2,000 ms' },
    { name: 'an hour', minutes: 60, rounds: 2, target: '<= 5,000 ms' },
  ]) {
    const took: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      number += 1;
      const callId = `bench-${number}`;
      const file = await spool.create({
        callId,
        ledgerNumber: number,
        relay: '',
        mediaCallId: callId,
        callerTag: '',
        farTag: '',
        originWallMs: Date.now() - minutes * 60_000,
      });
      await fill(file, minutes * 60_000);
      const shelfOfPieces = createPieceShelf(spool.folderOf(callId));
      const finaliser = new CallFinaliser(
        file,
        (assembly) => new PieceEncoder(assembly, encoder, shelfOfPieces),
        createPcapFolder(undefined),
      );
      await finaliser.advance(minutes * 60_000);
      const startedAt = performance.now();
      const shelf = createSealedShelf(spool, callId);
      await archiver.deliver(await archiver.seal(callId, number, await finaliser.finish({}), shelf), { again: false });
      took.push(performance.now() - startedAt);
      await spool.remove(callId);
    }
    report({ what: `hang-up to playable, p95, a call of ${name}`, value: percentile(took, 0.95), unit: 'ms', target });
  }
  await spool.stop();
}

async function fill(file: SpoolFile, lengthMs: number): Promise<void> {
  const start = new Date(file.header.originWallMs).toISOString();
  file.append(markRecord(0, { kind: 'listening', wallMs: file.header.originWallMs }));
  file.append(markRecord(0, { kind: 'answered', at: start }));
  for (let i = 0; i * PACKET_MS < lengthMs; i += 1) {
    file.append(packetRecord('caller', i * PACKET_MS, rtp(i, 1, 440)));
    file.append(packetRecord('agent', i * PACKET_MS, rtp(i, 2, 300)));
    if (i % 5_000 === 4_999) await file.settle();
  }
  file.append(markRecord(lengthMs, { kind: 'ended', at: new Date(file.header.originWallMs + lengthMs).toISOString() }));
  await file.settle();
}

function rtp(index: number, ssrc: number, hertz: number): Uint8Array {
  const packet = Buffer.alloc(172);
  packet[0] = 0x80;
  packet[1] = 8;
  packet.writeUInt16BE(index & 0xffff, 2);
  packet.writeUInt32BE(index * 160, 4);
  packet.writeUInt32BE(ssrc, 8);
  for (let i = 0; i < 160; i += 1)
    packet[12 + i] = encodeAlaw(
      Math.round(6_000 * Math.sin((2 * Math.PI * hertz * (index * 160 + i)) / 8_000) + 500 * (Math.random() - 0.5)),
    );
  return packet;
}

/** 300 calls at 50 packets a second each way into one recorder: the cost, and the longest time without a packet of a stream. */
/** `srtpKey`: set when the copies come encrypted, as from a relay on another machine. */
async function liveCalls(folder: string, srtpKey: Buffer | undefined): Promise<void> {
  const kind = srtpKey === undefined ? '' : ', copies encrypted';
  const spool = createFileSpool({ folder: join(folder, `live${srtpKey === undefined ? '' : '-srtp'}`), log: silentLogger });
  await spool.start();
  const taps = createUdpTaps({ address: '127.0.0.1', portMin: 33_000, portMax: 35_999 });
  const ports: number[] = [];
  const copies = {
    subscribe: async (_media: unknown, sides: readonly { readonly tap: { readonly port: number } }[]) =>
      sides.map(({ tap }) => {
        ports.push(tap.port);
        const receive = srtpKey && createSrtpReceiver(sessionKeys(SRTP_SUITE, srtpKey));
        return {
          tag: 'copy',
          source: { address: '127.0.0.1', port: SENDER_PORT },
          open: receive && ((packet: Uint8Array) => receive(Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength))),
        };
      }),
    unsubscribe: async () => undefined,
    look: async () => undefined,
  } as unknown as RelayCopies;
  const clock = { steadyMs: () => performance.now(), wallMs: () => Date.now() };
  const live: LiveCall[] = [];
  for (let i = 0; i < LIVE_CALLS; i += 1) {
    const header = {
      callId: `live-${i}`,
      ledgerNumber: i + 1,
      relay: '',
      mediaCallId: '',
      callerTag: '',
      farTag: '',
      originWallMs: Date.now(),
    };
    const call = new LiveCall(
      await spool.create(header),
      { taps, copies, clock, strange: { seen: () => undefined }, log: silentLogger },
      { paused: false, resumeFromMs: 0 },
    );
    await call.listen();
    live.push(call);
  }
  const sender = fork(import.meta.filename, ['send', ports.join(','), ...(srtpKey === undefined ? [] : [srtpKey.toString('base64')])]);
  await once(sender, 'message');
  await pause(1_000);
  const from = live.map((call) => call.nowMs());
  const before = process.cpuUsage();
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  sender.send('measure');
  await pause(LIVE_FOR_MS);
  loop.disable();
  const { user, system } = process.cpuUsage(before);
  const to = live.map((call) => call.nowMs());
  const memoryMb = process.memoryUsage().rss / 1_048_576;
  const ended = once(sender, 'exit');
  const told = once(sender, 'message');
  sender.send('stop');
  const [senderPauseMs] = (await told) as [number];
  sender.kill();
  await ended;
  const { largest, hole, missing, packets } = await arrivals(live, from, to);
  await spool.stop();
  report({
    what: `longest hole in the recorded sound, ${LIVE_CALLS} calls on one recorder${kind}`,
    value: hole,
    unit: 'ms',
    target: '<= 60 ms',
  });
  report({
    what: `largest gap between the arrivals of two packets${kind}`,
    value: largest,
    unit: 'ms',
    baseline: { what: '20 ms as sent', value: 20 },
  });
  // The cause of a gap: a packet is late when the process that sends or reads it does not get the processor.
  report({ what: 'of these, longest pause of the sending process', value: senderPauseMs, unit: 'ms' });
  report({ what: 'of these, longest pause of the recording process', value: loop.max / 1e6, unit: 'ms' });
  report({ what: 'pause of the recording process, p99.9', value: loop.percentile(99.9) / 1e6, unit: 'ms' });
  report({ what: `packets that did not come, of ${packets}${kind}`, value: missing, unit: 'packets', target: '0' });
  report({
    what: `CPU of the recorder per call, receiving and spooling${kind}`,
    value: ((user + system) / 1_000 / LIVE_FOR_MS / LIVE_CALLS) * 100,
    unit: '% of a core',
  });
  report({ what: `memory of this process with ${LIVE_CALLS} calls${kind}`, value: memoryMb, unit: 'MB' });
}

/** What was heard of the calls between two moments: the largest gap between packets, the longest hole in the sound, the packets lost. */
async function arrivals(live: readonly LiveCall[], from: readonly number[], to: readonly number[]) {
  const { readRecords } = await import('../services/recording/capture/records.js');
  const { ChannelTimeline } = await import('../services/recording/media/timeline.js');
  let [largest, hole, missing, packets] = [0, 0, 0, 0];
  for (const [i, call] of live.entries()) {
    call.close();
    const timelines = { caller: new ChannelTimeline(0), agent: new ChannelTimeline(0) };
    for (const record of readRecords(await call.file.read(0)).records)
      if (record.kind === 'packet' && record.atMs >= (from[i] ?? 0) && record.atMs <= (to[i] ?? 0))
        timelines[record.channel].push(record.packet, record.atMs);
    for (const timeline of Object.values(timelines)) {
      timeline.take(to[i] ?? 0);
      const counts = timeline.counts();
      largest = Math.max(largest, counts.largestGapMs);
      hole = Math.max(hole, longestHoleMs(timeline.coverage()));
      missing += counts.missing;
      packets += counts.packets;
    }
  }
  return { largest, hole, missing, packets };
}

/** The longest gap between two pieces of sound of one channel; RTP timestamps place each packet, so a late one leaves no hole. */
function longestHoleMs(covered: readonly { readonly from: number; readonly to: number }[]): number {
  return covered.slice(1).reduce((longest, { from }, i) => Math.max(longest, from - (covered[i]?.to ?? from)), 0);
}

/** The other side of `liveCalls`, in a process of its own: 50 packets a second to each port until it is ended. */
async function sendForEver(): Promise<void> {
  const ports = (process.argv[3] ?? '').split(',').map(Number);
  const socket = createSocket({ type: 'udp4', sendBufferSize: 4 << 20 });
  socket.bind(SENDER_PORT, '127.0.0.1');
  await once(socket, 'listening');
  const loop = monitorEventLoopDelay({ resolution: 1 });
  process.on('message', (order) => {
    if (order === 'measure') loop.enable();
    else process.send?.(loop.max / 1e6);
  });
  process.send?.('ready');
  const key = process.argv[4];
  const seals = key === undefined ? undefined : ports.map(() => createSrtpSender(sessionKeys(SRTP_SUITE, Buffer.from(key, 'base64'))));
  const startedAt = performance.now();
  let sent = 0;
  setInterval(() => {
    // A fifth of the ports every 4 ms, as if the calls had begun at different times.
    const due = Math.floor(((performance.now() - startedAt) / PACKET_MS) * 5);
    for (; sent < due; sent += 1) {
      const index = Math.floor(sent / 5);
      for (let i = sent % 5; i < ports.length; i += 5) {
        const packet = header(index, i);
        socket.send(seals?.[i]?.(packet) ?? packet, ports[i] ?? 0, '127.0.0.1');
      }
    }
  }, 2);
}

function header(index: number, stream: number): Buffer {
  const packet = Buffer.alloc(172, 0xd5);
  packet[0] = 0x80;
  packet[1] = 8;
  packet.writeUInt16BE(index & 0xffff, 2);
  packet.writeUInt32BE(index * 160, 4);
  packet.writeUInt32BE(stream + 1, 8);
  return packet;
}

async function ledgerClose(mongo: mongoose.Connection, objects: Client): Promise<void> {
  const rows = mongo.collection('ledger');
  await rows.deleteMany({});
  for (let from = 1; from <= LEDGER_ROWS; from += 2_000) {
    await rows.insertMany(
      Array.from({ length: 2_000 }, (_, i) => ({
        _id: (from + i) as never,
        callId: `c${from + i}`,
        state: 'accounted',
        intendedAt: new Date(Date.UTC(2026, 0, 5) + (from + i) * 500).toISOString(),
        account: {
          stretches: [{ kind: 'recorded', fromMs: 0, toMs: 60_000 }],
          ms: { recorded: 60_000, paused: 0, 'no-media': 0, lost: 0 },
          answeredMs: 60_000,
        },
      })),
    );
  }
  const startedAt = performance.now();
  const made = await closeDays(
    {
      ledger: createMongoLedger(mongo),
      sheets: createMongoSheets(mongo),
      anchors: createS3SheetAnchors({ objects, bucket: 'recordings', keepDays: 184 }),
      auditHead: async () => undefined,
      facts: { of: async () => ({}), contradictions: async () => [] },
      audit: async () => undefined,
      recordOf: async () => undefined,
      clock: async () => ({ source: 'none', jumps: [], moreJumps: 0 }),
      clockCarried: async () => undefined,
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
      timeZone: 'UTC',
      log: silentLogger,
    },
    new Date(Date.UTC(2026, 0, 6, 1)),
  );
  const legs = made.reduce((sum, sheet) => sum + sheet.legs, 0);
  report({ what: `closing a day of ${legs} legs`, value: (performance.now() - startedAt) / 1_000, unit: 's', target: '<= 60 s' });
}
