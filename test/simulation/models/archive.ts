import { createHash } from 'node:crypto';
import type { CallAssembly } from '../../../services/recording/archive/assembly.js';
import type { ArchiverDependencies } from '../../../services/recording/archive/archiver.js';
import type { CallEncoding } from '../../../services/recording/archive/opus-pieces.js';
import type { EndedSpool, Recording, Sealer } from '../../../services/recording/archive/ports.js';
import { defaultRetention } from '../../../services/recording/archive/retention.js';
import type { Spool, SpoolFile, SpoolHeader } from '../../../services/recording/capture/ports.js';
import { isMark, readRecords } from '../../../services/recording/capture/records.js';
import type { IntendedLeg, LedgerRow, LedgerStore } from '../../../services/recording/ledger/ports.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

/** As in the product's spool: what was appended is on the disk after this time. */
const FLUSHED_AFTER_MS = 200;
const FREE_BYTES = 1e12;

interface Kept {
  readonly header: SpoolHeader;
  parts: { readonly bytes: Uint8Array; readonly atMs: number; settled: boolean }[];
  sealed: Uint8Array | undefined;
  paused: boolean;
}

/** What the parts hold together from a byte on. Whatever lies before it is not touched: a call is read piece by piece. */
function bytesFrom(parts: Kept['parts'], from: number): Uint8Array {
  let [first, before] = [0, 0];
  for (let bytes = parts[0]?.bytes.length; bytes !== undefined && before + bytes <= from; bytes = parts[first]?.bytes.length) {
    before += bytes;
    first += 1;
  }
  return Buffer.concat(parts.slice(first).map(({ bytes }) => bytes)).subarray(from - before);
}

const unused = (): never => {
  throw new Error('not asked by the recorder');
};

/** The disks of the recorder's two machines, which outlive it, the rows of the recording ledger, and the store of recordings. */
export class Archive {
  readonly rows = new Map<number, LedgerRow>();
  readonly recordings = new Map<string, Recording>();
  #disk = new Map<string, Kept>();
  /** Of the machine on which the recorder does not run. */
  #otherDisk = new Map<string, Kept>();
  readonly #objects = new Map<string, Uint8Array>();
  /** Called with each account as it is settled. */
  readonly onSettled: ((row: LedgerRow) => void)[] = [];

  constructor(private readonly world: World) {}

  /** Telephony's row, before the answer. */
  intend({ callId, at, media }: IntendedLeg): { readonly ledgerNumber: number } {
    const number = (this.world.stores.ledger += 1);
    this.rows.set(number, { number, callId, state: 'intended', intendedAt: at, ...(media === undefined ? {} : { media }) });
    return { ledgerNumber: number };
  }

  /** Whether a call is paused, by what this recorder or the one before it wrote down. */
  isPaused(callId: string): boolean {
    return this.#disk.get(callId)?.paused === true;
  }
  inSpool(): readonly string[] {
    return [...this.#disk.keys()];
  }

  recorderDied(): void {
    const { nowMs } = this.world.scheduler;
    for (const kept of this.#disk.values())
      kept.parts = kept.parts.filter(({ settled, atMs }) => settled || nowMs - atMs >= FLUSHED_AFTER_MS);
  }

  /** The machine is gone with its disk; the next recorder runs on the other one, which has what was left there. */
  machineDied(): void {
    [this.#disk, this.#otherDisk] = [this.#otherDisk, this.#disk];
  }

  #fileOf(kept: Kept, process: Process): SpoolFile {
    return {
      header: kept.header,
      append: (record) => {
        if (!process.alive) return;
        kept.parts.push({ bytes: record, atMs: this.world.scheduler.nowMs, settled: false });
        if (!isMark(record)) return;
        for (const each of readRecords(record).records)
          if (each.kind === 'mark' && (each.mark.kind === 'paused' || each.mark.kind === 'resumed'))
            kept.paused = each.mark.kind === 'paused';
      },
      settle: () => process.later(this.world.latency(), () => kept.parts.forEach((part) => (part.settled = true))),
      read: async (from) => bytesFrom(kept.parts, from),
      inMemory: () => undefined,
    };
  }

  spool(process: Process): Spool & EndedSpool {
    const onDisk = <T>(work: () => T): Promise<T> => process.later(1, work);
    const open = (callId: string): Promise<SpoolFile | undefined> =>
      onDisk(() => {
        const kept = this.#disk.get(callId);
        return kept === undefined ? undefined : this.#fileOf(kept, process);
      });
    return {
      start: async () => undefined,
      stop: async () => undefined,
      create: (header) =>
        onDisk(() => {
          const kept: Kept = { header, parts: [], sealed: undefined, paused: false };
          this.#disk.set(header.callId, kept);
          return this.#fileOf(kept, process);
        }),
      open,
      take: async (callId) => {
        const file = await open(callId);
        return file === undefined ? undefined : { ...file, sealed: this.#disk.get(callId)?.sealed };
      },
      keepSealed: (callId, bytes) =>
        onDisk(() => {
          const kept = this.#disk.get(callId);
          if (kept !== undefined) kept.sealed = bytes;
        }),
      sealed: async (callId) => this.#disk.get(callId)?.sealed,
      list: () => [...this.#disk.keys()],
      folderOf: (callId) => callId,
      remove: (callId) => onDisk(() => void this.#disk.delete(callId)),
      freeBytes: async () => FREE_BYTES,
      state: () => ({ lastFlushMs: 0, failure: undefined, unflushedBytes: 0 }),
    };
  }

  ledger(process: Process): LedgerStore {
    const { stores } = this.world;
    const isSettled = ({ state }: LedgerRow): boolean => state !== 'intended' && state !== 'answered';
    const put = (number: number, callId: string, more: Partial<LedgerRow>): LedgerRow => {
      const known = this.rows.get(number) ?? { number, callId, state: 'intended', intendedAt: '' };
      const row = { ...known, ...more };
      this.rows.set(number, row);
      return row;
    };
    return {
      answered: ({ number, callId, ...more }) =>
        stores.document(process, () => {
          const known = this.rows.get(number);
          if (known === undefined || !isSettled(known)) put(number, callId, { ...more, state: 'answered' });
        }),
      paused: ({ number, pause }) =>
        stores.document(process, () => {
          const known = this.rows.get(number);
          if (known !== undefined && !isSettled(known)) put(number, known.callId, { pauses: [...(known.pauses ?? []), pause] });
        }),
      settle: ({ number, callId, ...more }) =>
        stores.document(process, () => {
          const row = put(number, callId, more);
          for (const settled of this.onSettled) settled(row);
        }),
      ofCall: (callId) => stores.document(process, () => [...this.rows.values()].find((row) => row.callId === callId)),
      open: () => stores.document(process, () => [...this.rows.values()].filter((row) => !isSettled(row))),
      head: unused,
      lease: unused,
      intend: unused,
      used: unused,
      first: unused,
      between: unused,
      inOrder: unused,
    };
  }

  /** What the archiver needs, but for its bus and its log. */
  stores(process: Process): Omit<ArchiverDependencies, 'bus' | 'log'> {
    const { stores } = this.world;
    return {
      sealer,
      ledger: this.ledger(process),
      retention: async () => defaultRetention,
      now: () => new Date(process.clock.nowMs()),
      calls: {
        find: (callId) =>
          stores.document(process, () => {
            const record = stores.records.get(callId);
            if (record === undefined) return undefined;
            const { direction, callerMasked, called, agentIds, cause, answeredAt, endedAt } = record;
            return {
              ...{ direction, callerMasked, callerHash: '', called, agentIds, cause },
              ...(answeredAt === undefined ? {} : { answeredAt: answeredAt.toISOString() }),
              endedAt: endedAt.toISOString(),
            };
          }),
      },
      recordings: {
        ...recordingsUnused,
        save: (recording) => stores.document(process, () => void this.recordings.set(recording.callId, recording)),
      },
      archive: {
        ...objectsUnused,
        prepare: () => stores.document(process, () => ({ lock: false })),
        put: (key, bytes) =>
          stores.document(process, () => {
            const isNew = !this.#objects.has(key);
            this.#objects.set(key, bytes);
            return { version: '1', isNew };
          }),
        get: (key) => stores.document(process, () => this.#objects.get(key)),
        lock: async () => undefined,
        lockOf: async () => undefined,
      },
    };
  }
}

const recordingsUnused: Omit<ArchiverDependencies['recordings'], 'save'> = {
  find: unused,
  peaks: unused,
  search: unused,
  setFacets: unused,
  learn: unused,
  addComplaint: unused,
  addNote: unused,
  addHold: unused,
  removeHold: unused,
  setKey: unused,
  underOtherKey: unused,
  due: unused,
  noteOpened: unused,
  markDeleted: unused,
  numbers: unused,
  sample: unused,
  stored: unused,
};

const objectsUnused: Omit<ArchiverDependencies['archive'], 'prepare' | 'put' | 'get' | 'lock' | 'lockOf'> = {
  overwrite: unused,
  setLegalHold: unused,
  remove: unused,
  tryToBreak: unused,
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const sealer: Sealer = {
  seal: async (plain) => ({
    bytes: plain,
    format: { noncePrefix: '', segmentBytes: plain.length, plainBytes: plain.length },
    key: { masterKeyId: '', wrapped: '' },
    sha256: sha256(plain),
  }),
  open: async (segments) => segments,
  sha256,
};

/** No sound is encoded here: the file has only its length, which is the account's. */
export const silentEncoding = ({ startMs }: CallAssembly): CallEncoding => ({
  advance: async () => undefined,
  finish: async (endMs, comments) => {
    const durationMs = Math.max(1, Math.round(endMs - startMs));
    return {
      ogg: new TextEncoder().encode(JSON.stringify({ durationMs, ...comments })),
      durationMs,
      peaks: { bucketMs: 100, caller: new Uint8Array(0), agent: new Uint8Array(0) },
    };
  },
});
