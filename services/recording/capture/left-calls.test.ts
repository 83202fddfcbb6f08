import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { FactsReader, type CallFacts } from '../archive/assembly.js';
import { CallFinaliser } from '../archive/finaliser.js';
import type { LedgerRow, RowPause } from '../ledger/ports.js';
import { takeUpLeft, type LeftCallsDependencies } from './left-calls.js';
import { aliveRecord, markRecord, packetRecord, readRecords, type Mark } from './records.js';

const BEGUN = '2026-12-01T00:00:00.000Z';
const recording = { objectKey: 'k', sha256: 's', durationMs: 1 };

/** What becomes of an ended call in the spool whose ledger row says this. */
async function after(row: object | undefined): Promise<string[]> {
  const did: string[] = [];
  const ended = markRecord(1_000, { kind: 'ended', at: '2026-12-01T00:00:01.000Z' });
  const file = { header: { callId: 'c', originWallMs: 0 }, read: async () => ended };
  await takeUpLeft({
    spool: { list: () => ['c'], open: async () => file, remove: async () => void did.push('removed') },
    ledger: {
      open: async () => [],
      ofCall: async () => {
        if (row === undefined) throw new Error('away');
        return row as LedgerRow;
      },
    },
    finish: () => void did.push('finished'),
    log: silentLogger,
  } as unknown as LeftCallsDependencies);
  return did;
}

test('an ended call whose recording another recorder has made is not made a second time', async () => {
  expect(await after({ state: 'accounted', recording })).toEqual(['removed']);
});

test('it is finished while nobody has made it, where nothing could be made elsewhere, and where the ledger is away', async () => {
  for (const row of [{ state: 'answered' }, { state: 'accounted' }, undefined]) expect(await after(row)).toEqual(['finished']);
});

/** The pauses that the spool of a live call has once it was taken up again, by a recorder that was away from 1 s on. */
async function pausesOf(pauses: readonly RowPause[], ...known: readonly Mark[]): Promise<CallFacts['paused']> {
  const parts = [...known.map((mark, at) => markRecord(500 * at, mark)), aliveRecord(1_000)];
  const file = {
    header: { callId: 'c', originWallMs: Date.parse(BEGUN) },
    read: async () => Buffer.concat(parts),
    append: (record: Uint8Array) => void parts.push(record),
    settle: async () => undefined,
  };
  let listens = 0;
  await takeUpLeft({
    spool: { list: () => ['c'], open: async () => file },
    ledger: { open: async () => [], ofCall: async () => ({ state: 'answered', pauses }) },
    copies: { look: async () => ({}) },
    listenAgain: async () => void (listens += 1),
    toldOf: async () => new Map(),
    log: silentLogger,
  } as unknown as LeftCallsDependencies);
  expect(listens).toBe(1);
  const facts = new FactsReader(Date.parse(BEGUN));
  for (const record of readRecords(await file.read()).records) facts.push(record);
  return facts.facts().paused;
}

test('a spool that comes back with its machine learns of the pauses that another recorder was told of', async () => {
  const paused = { at: '2026-12-01T00:00:05.000Z', reason: 'card' };
  const resumed = { at: '2026-12-01T00:00:08.000Z' };
  expect(await pausesOf([paused])).toEqual([{ from: 5_000, to: Infinity, reason: 'card' }]);
  expect(await pausesOf([resumed, paused])).toEqual([{ from: 5_000, to: 8_000, reason: 'card' }]);
});

test('a pause that the spool has is not told twice, and its end elsewhere is known', async () => {
  const own = { at: '2026-12-01T00:00:00.000Z', reason: 'card' };
  const resumed = { at: '2026-12-01T00:00:08.000Z' };
  expect(await pausesOf([own], { kind: 'paused', reason: 'card' }, { kind: 'resumed' })).toEqual([{ from: 0, to: 500, reason: 'card' }]);
  expect(await pausesOf([own, resumed], { kind: 'paused', reason: 'card' })).toEqual([{ from: 0, to: 8_000, reason: 'card' }]);
});

const MEDIA = { relay: 'r', mediaCallId: 'm', callerTag: 'A', farTag: 'B', ports: { caller: 1, far: 2 } };

/** What a recorder without the disk of the one before makes of a row, ten seconds after the call began. */
async function takenUp(
  row: Partial<LedgerRow>,
  { isAtRelay = true, told = {}, isKnown = false }: { isAtRelay?: boolean; told?: object; isKnown?: boolean } = {},
) {
  const parts: Uint8Array[] = [];
  const did: string[] = [];
  const file = {
    header: { callId: 'c', originWallMs: Date.parse(BEGUN) },
    read: async () => Buffer.concat(parts),
    append: (record: Uint8Array) => void parts.push(record),
    settle: async () => undefined,
  };
  await takeUpLeft({
    spool: { list: () => [], create: async () => file, remove: async () => void did.push('removed') },
    ledger: { open: async () => [{ callId: 'c', number: 1, intendedAt: BEGUN, state: 'intended', ...row }], ofCall: async () => undefined },
    copies: {
      look: async () => (isAtRelay ? {} : undefined),
      stopCapture: async () => void did.push('capture stopped'),
      startCapture: async () => void did.push('capture started'),
    },
    calls: { find: async () => undefined },
    listenAgain: async () => void did.push('listens'),
    unlessKnown: async (_callId: string, work: () => Promise<void>) => (isKnown ? undefined : work()),
    toldOf: async () => new Map([['c', told]]),
    notePause: (_file: unknown, { at: when, reason }: RowPause) => void did.push(`row: ${reason ?? 'on'} ${when.slice(17, 19)}`),
    wallMs: () => Date.parse(BEGUN) + 10_000,
    log: silentLogger,
  } as unknown as LeftCallsDependencies);
  const facts = new FactsReader(Date.parse(BEGUN));
  for (const record of readRecords(await file.read()).records) facts.push(record);
  return { did, facts: facts.facts(), file };
}

test('a call whose answer the ledger was never told of goes on at another recorder, as long as the relay has it', async () => {
  const { did, facts } = await takenUp({ media: MEDIA });
  expect(did).toEqual(['listens']);
  expect(facts).toMatchObject({ answeredAt: undefined, ports: { caller: [1], agent: [2] } });
  expect((await takenUp({ media: MEDIA }, { isAtRelay: false })).did).toEqual([]);
  expect((await takenUp({})).did).toEqual([]);
});

test('a call that this recorder has by an order of its own is not taken up a second time', async () => {
  expect((await takenUp({ media: MEDIA }, { isKnown: true })).did).toEqual([]);
});

test('a pause that died with its machine is carried out as telephony tells it', async () => {
  const pause = { by: 'agent', reason: 'card', since: '2026-12-01T00:00:05.000Z' };
  const { did, facts } = await takenUp({ media: MEDIA, state: 'answered', answeredAt: BEGUN }, { told: { recording: 'paused', pause } });
  expect(did).toEqual(['row: card 05', 'capture stopped', 'listens']);
  expect(facts.paused).toEqual([{ from: 5_000, to: Infinity, reason: 'card' }]);
});

test('a pause whose end died with its machine is over, as telephony tells it', async () => {
  const pauses = [{ at: '2026-12-01T00:00:05.000Z', reason: 'card' }];
  const row = { media: MEDIA, state: 'answered', answeredAt: BEGUN, pauses } as const;
  const { did, facts } = await takenUp(row, { told: { recording: 'on' } });
  expect(did).toEqual(['row: on 10', 'capture started', 'listens']);
  expect(facts.paused).toEqual([{ from: 5_000, to: 10_000, reason: 'card' }]);
  expect((await takenUp(row, { told: { recording: 'paused', pause: {} } })).facts.paused).toEqual([
    { from: 5_000, to: Infinity, reason: 'card' },
  ]);
});

/** A packet of 20 ms of the caller's speech, by its place in the call. */
function speech(place: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(172));
  bytes.setUint8(0, 0x80);
  bytes.setUint8(1, 8);
  bytes.setUint16(2, place);
  bytes.setUint32(4, place * 160);
  return new Uint8Array(bytes.buffer);
}
const speechOf = (fromMs: number, toMs: number): { readonly atMs: number; readonly packet: Uint8Array }[] =>
  Array.from({ length: (toMs - fromMs) / 20 }, (_, index) => ({ atMs: fromMs + index * 20, packet: speech(fromMs / 20 + index) }));

/** The account of a call of twelve seconds, from whose tenth another recorder has it. The capture stood still from the third to the sixth. */
async function accountOf(pauses: readonly RowPause[]) {
  const row = { media: MEDIA, state: 'answered', answeredAt: BEGUN, pauses } as const;
  const { did, facts, file } = await takenUp(row, { told: { recording: 'on' } });
  const begunMs = Date.parse(BEGUN);
  file.append(markRecord(10_000, { kind: 'listening', wallMs: begunMs + 10_000 }));
  for (const { atMs, packet } of speechOf(10_000, 12_000)) file.append(packetRecord('caller', atMs, packet));
  file.append(markRecord(12_000, { kind: 'ended', at: '2026-12-01T00:00:12.000Z' }));
  const captured = [...speechOf(0, 3_000), ...speechOf(6_000, 12_000)].map(({ atMs, packet }) => ({
    ...{ atMs: begunMs + atMs, payload: packet },
    ...{ sourcePort: 9, destinationPort: MEDIA.ports.caller, destinationAddress: '' },
  }));
  const encoding = { advance: async () => undefined, finish: async () => ({}) };
  const finaliser = new CallFinaliser(file as never, () => encoding as never, { read: async () => captured });
  const { account } = await finaliser.finish({});
  return { did, facts, stretches: account.stretches };
}

test('a pause that ended before the takeover and that no row has is unknown: its time is filled from the capture, which stood still', async () => {
  const { did, facts, stretches } = await accountOf([]);
  expect(did).toEqual(['listens']);
  expect(facts.paused).toEqual([]);
  // What was said before and after it is recorded; of the pause itself nothing is, and nothing says that it was one.
  expect(stretches).toEqual([
    { kind: 'recorded', fromMs: 0, toMs: 3_000 },
    { kind: 'lost', fromMs: 3_000, toMs: 6_000, reason: 'no-witness' },
    { kind: 'recorded', fromMs: 6_000, toMs: 12_000 },
  ]);
  const known = [{ at: '2026-12-01T00:00:03.000Z', reason: 'card' }, { at: '2026-12-01T00:00:06.000Z' }];
  expect((await accountOf(known)).stretches[1]).toEqual({ kind: 'paused', fromMs: 3_000, toMs: 6_000, reason: 'card' });
});
