import type { Note, NoteStore } from '../../../services/calls/adapters/mongo-notes.js';
import type { CallFilter, StoredCall } from '../../../services/calls/adapters/mongo-calls.js';
import type { FavouriteStore } from '../../../services/workspace/ports.js';
import { MOST_FAVOURITES } from '../../../services/shared/contracts/api/customers/workspace.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

type RouteNotes = Pick<NoteStore, 'of' | 'isThere' | 'count' | 'put'>;
type StoreOf = <T>(work: () => T) => Promise<T>;
const byTime = (a: Note, b: Note): number => a.at.getTime() - b.at.getTime() || (a.noteId < b.noteId ? -1 : 1);

/** Notes on calls as their document store keeps them: the first of an id within a call stays. */
export class NoteRows {
  readonly rows = new Map<string, Note>();
  readonly onPut: ((note: Note) => void)[] = [];

  of(callId: string): Note[] {
    return [...this.rows.values()].filter((note) => note.callId === callId).sort(byTime);
  }
  one(callId: string, noteId: string): Note | undefined {
    return this.rows.get(`${callId}/${noteId}`);
  }
  store(ask: StoreOf): RouteNotes {
    return {
      of: (callId) => ask(() => this.of(callId)),
      isThere: ({ callId, noteId }) => ask(() => this.one(callId, noteId) !== undefined),
      count: (callId) => ask(() => this.of(callId).length),
      put: (note) =>
        ask(() => {
          const key = `${note.callId}/${note.noteId}`;
          if (this.rows.has(key)) return;
          this.rows.set(key, note);
          for (const tell of this.onPut) tell(note);
        }),
    };
  }
  remove(callIds: readonly string[]): void {
    for (const [key, { callId }] of this.rows) if (callIds.includes(callId)) this.rows.delete(key);
  }
}

/** Who is told of a new note: at the seat, or by the page of the call. */
export interface Reader {
  readonly userId: string;
  readonly as: 'seat' | 'page';
}
const keyOf = ({ userId, as }: Reader, callId: string): string => `${as}/${userId}/${callId}`;

/** What people keep beside the calls: notes on them, and the targets to whom they often hand calls. */
export class Notes {
  readonly kept = new NoteRows();
  /** Everybody starts with nearly as many favourites as are allowed. */
  readonly favourites = new Map<string, readonly string[]>();

  /** When a page was last told of a new note on a call, by reader and call. */
  readonly #toldMs = new Map<string, number>();

  constructor(private readonly world: World) {
    for (const userId of [...world.site.agents, ...world.site.supervisors])
      this.favourites.set(
        userId,
        Array.from({ length: MOST_FAVOURITES - 2 }, (_each, index) => `outside:${userId} ${String(index + 1)}`),
      );
  }

  isTold(reader: Reader, fact: unknown): void {
    const { name, event } = fact as { readonly name: string; readonly event: { readonly callId?: string } };
    if (name === 'call.noted') this.#toldMs.set(keyOf(reader, event.callId ?? ''), this.world.scheduler.nowMs);
  }
  toldMs(reader: Reader, callId: string): number {
    return this.#toldMs.get(keyOf(reader, callId)) ?? 0;
  }

  /** Seats, and pages that have this call open, whose link has been up since then. */
  readersOf(callId: string, sinceMs: number): readonly Reader[] {
    const { agents, boards } = this.world;
    const seats = [...agents].flatMap(([userId, { page }]): Reader[] => {
      const { linkedSinceMs = Number.POSITIVE_INFINITY } = page ?? {};
      return linkedSinceMs < sinceMs && page?.seat.getSnapshot().link === 'up' ? [{ userId, as: 'seat' }] : [];
    });
    const pages = [...boards.values()].flatMap(({ userId, followed }): Reader[] =>
      followed?.callId === callId && followed.sinceMs < sinceMs ? [{ userId, as: 'page' }] : [],
    );
    return [...seats, ...pages];
  }

  of(process: Process): RouteNotes {
    return this.kept.store((work) => this.world.stores.document(process, work));
  }

  /** As in services/calls/adapters/mongo-calls.ts, for one agent. */
  ownCalls(process: Process, { agentId = '', limit }: CallFilter): Promise<StoredCall[]> {
    const { stores } = this.world;
    return stores.document(process, () =>
      [...stores.records.values()]
        .filter(({ agentIds }) => agentIds.includes(agentId))
        .map(({ callId, ...record }) => ({ _id: callId, ...record }))
        .sort((a, b) => (a._id < b._id ? 1 : -1))
        .slice(0, limit),
    );
  }

  /** As in services/workspace/adapters/mongo-workspace.ts: the condition and the change are one write. */
  favouritesOf(process: Process): FavouriteStore {
    const store: StoreOf = (work) => this.world.stores.document(process, work);
    const of = (userId: string): readonly string[] => this.favourites.get(userId) ?? [];
    const set = (userId: string, marked: readonly string[]): readonly string[] => {
      this.favourites.set(userId, marked);
      return marked;
    };
    return {
      of: (userId) => store(() => of(userId)),
      mark: (userId, favourite, most) =>
        store(() => {
          const known = of(userId);
          if (known.includes(favourite)) return known;
          return known.length < most ? set(userId, [...known, favourite]) : undefined;
        }),
      unmark: (userId, favourite) =>
        store(() =>
          set(
            userId,
            of(userId).filter((each) => each !== favourite),
          ),
        ),
    };
  }
}
