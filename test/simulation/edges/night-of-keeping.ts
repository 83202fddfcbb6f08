import pino from 'pino';
import { deleteDue, scrub } from '../../../services/recording/archive/keeper.js';
import type { Recording } from '../../../services/recording/archive/ports.js';
import type { Random } from '../random.js';
import type { Edge } from './edge.js';

const DAY_MS = 86_400_000;
const NOW = new Date(Date.UTC(2026, 10, 28, 18));
/** How many of each of the two ages one night opens (docs/recording-ledger.md). */
const OPENED = 500;
const log = pino({ level: 'silent' });

interface Stored {
  readonly recording: Recording;
  readonly ageMs: number;
  readonly due: boolean;
  readonly held: boolean;
  /** A longer lock: the store keeps the recording whatever is asked of it. */
  readonly locked: boolean;
}

function drawn(random: Random): Stored[] {
  // Most nights are small; some have more of everything than a round takes at a time.
  const many = random.chance(0.2) ? random.int(600, 900) : random.int(0, 40);
  const lockedShare = random.pick([0, 0.05, 0.4]);
  const dueShare = random.pick([0, 0.5, 0.9]);
  const youngShare = random.pick([0, 0.5, 1]);
  return Array.from({ length: many }, (_, index) => ({
    recording: { callId: `c${String(index).padStart(4, '0')}`, objectKey: `c${index}`, retentionClass: 'service' } as unknown as Recording,
    ageMs: random.chance(youngShare) ? random.int(1, DAY_MS) : random.int(DAY_MS + 1, 400 * DAY_MS),
    due: random.chance(dueShare),
    held: random.chance(0.1),
    locked: random.chance(lockedShare),
  }));
}

/** Stores of the keeper: what was acknowledged stays. */
class Archive {
  readonly objects: Map<string, Stored>;
  readonly deleted = new Set<string>();
  readonly opened: string[] = [];
  /** What was done in the wrong order. */
  wrong: string | undefined;

  readonly #all: readonly Stored[];

  constructor(all: readonly Stored[]) {
    this.objects = new Map(all.map((each) => [each.recording.objectKey, each]));
    this.#all = all;
  }

  readonly recordings = {
    due: async (_now: Date, limit: number, except: readonly string[]) => {
      const out = new Set(except);
      return this.#all
        .filter(({ recording: { callId }, due, held }) => due && !held && !this.deleted.has(callId) && !out.has(callId))
        .slice(0, limit)
        .map(({ recording }) => recording);
    },
    markDeleted: async (callId: string) => void this.deleted.add(callId),
    find: async (callId: string) => this.#all.find(({ recording }) => recording.callId === callId)?.recording,
    stored: (from: Date | undefined, to: Date) => this.#between(from, to),
  };
  readonly archive = {
    remove: async (key: string) => {
      if (this.objects.get(key)?.locked === true) throw new Error('locked');
      this.objects.delete(key);
    },
  };
  readonly audit = async ({ object = '' }: { readonly object?: string }): Promise<void> => {
    const isThere = [...this.objects.values()].some(({ recording }) => recording.callId === object);
    if (isThere) this.wrong = `the audit log says of ${object} that it is deleted, and its object is there`;
  };

  async *#between(from: Date | undefined, to: Date): AsyncGenerator<string> {
    for (const { recording, ageMs } of this.#all) {
      const atMs = NOW.getTime() - ageMs;
      if (!this.deleted.has(recording.callId) && atMs < to.getTime() && (from === undefined || atMs >= from.getTime()))
        yield recording.callId;
    }
  }
}

const beyondFirst = (all: readonly Stored[]): readonly string[] => all.slice(OPENED).map(({ recording }) => recording.callId);

/** What the night should have opened and did not. */
function unopened(all: readonly Stored[], opened: readonly string[], age: string): string | undefined {
  const seen = new Set(opened);
  const many = all.filter(({ recording }) => seen.has(recording.callId)).length;
  if (many !== Math.min(all.length, OPENED)) return `of ${all.length} recordings ${age}, ${many} were opened`;
  // With hundreds of seeds, it is practically impossible that all of them miss the rows beyond the first.
  const beyond = beyondFirst(all);
  if (beyond.length >= 50 && !beyond.some((callId) => seen.has(callId)))
    return `of ${all.length} recordings ${age}, only the first are ever opened`;
  return undefined;
}

export const nightOfKeeping: Edge = {
  name: 'keeping',
  sentence:
    'Each night all that is over its time and held by nothing is deleted, and what is opened is a sample of all (docs/recording-ledger.md).',
  async run(random) {
    const all = drawn(random);
    const archive = new Archive(all);
    const { recordings, audit } = archive;
    await deleteDue({ recordings, audit, log, archive: archive.archive, deletions: { add: async () => undefined } }, NOW);
    if (archive.wrong !== undefined) return archive.wrong;
    for (const { recording, due, held, locked } of all) {
      const isThere = archive.objects.has(recording.objectKey);
      if (due && !held && !locked && isThere) return `${recording.callId} is over its time and still there after the night`;
      if ((!due || held) && !isThere) return `${recording.callId} was deleted and was not due`;
    }
    const playback = {
      async whole({ callId }: Recording) {
        archive.opened.push(callId);
        return new Uint8Array();
      },
    };
    const noted = { ...recordings, noteOpened: async () => undefined };
    const opening = { recordings: noted, playback, log, random: () => random.unit(), bus: { publish: async () => undefined } };
    await scrub(opening, NOW);
    const kept = all.filter(({ recording }) => !archive.deleted.has(recording.callId));
    return (
      unopened(
        kept.filter(({ ageMs }) => ageMs <= DAY_MS),
        archive.opened,
        'of the day',
      ) ??
      unopened(
        kept.filter(({ ageMs }) => ageMs > DAY_MS),
        archive.opened,
        'that are older',
      )
    );
  },
};
