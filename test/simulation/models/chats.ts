import type { ChatMessage, SeenPlace } from '../../../services/supervision/chat.js';
import type { ChatStore, WallStore } from '../../../services/supervision/ports.js';
import type { StoredWall } from '../../../services/supervision/walls/wall.js';
import { WallLayout } from '../../../services/shared/contracts/queues/wall.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';
import { WALL_MAKER } from './staff.js';

const unused = (): never => {
  throw new Error('not asked in a simulation');
};

const isMarked = (mark: readonly [string, Date | undefined]): mark is readonly [string, Date] => mark[1] !== undefined;

const isDuring = ({ during }: SeenPlace, at: Date): boolean =>
  during?.some(({ fromMs, untilMs = Infinity }) => at.getTime() >= fromMs && at.getTime() < untilMs) ?? true;

/** Messages between supervisors and agents, and how far each has read. */
export class Chats {
  readonly messages: ChatMessage[] = [];
  readonly #readAt = new Map<string, Date>();

  constructor(private readonly world: World) {}

  of(process: Process): ChatStore {
    const store = <T>(work: () => T): Promise<T> => this.world.stores.document(process, work);
    return {
      put: (message) => store(() => void this.messages.push(message)),
      remove: (id) =>
        store(() => {
          const place = this.messages.findIndex((message) => message.id === id);
          if (place >= 0) this.messages.splice(place, 1);
        }),
      byId: (id) => store(() => this.messages.find((message) => message.id === id)),
      newest: (places, limit) =>
        store(() =>
          this.messages
            .filter(
              ({ place, at }) => places?.some((seen) => seen.kind === place.kind && seen.id === place.id && isDuring(seen, at)) ?? true,
            )
            .slice(-limit),
        ),
      countSince: (userId, since) => store(() => this.messages.filter(({ from, at }) => from.userId === userId && at > since).length),
      readAts: (userIds, as) =>
        store(() => new Map(userIds.flatMap((userId) => [[userId, this.#readAt.get(`${as}/${userId}`)] as const]).filter(isMarked))),
      between: unused,
      readAt: (userId, as) => store(() => this.#readAt.get(`${as}/${userId}`)),
      setReadAt: (userId, as, at) =>
        store(() => {
          const key = `${as}/${userId}`;
          const known = this.#readAt.get(key);
          if (known === undefined || at > known) this.#readAt.set(key, at);
        }),
      forgetBefore: unused,
    };
  }

  readUntil(userId: string, as: 'agent' | 'supervisor'): Date | undefined {
    return this.#readAt.get(`${as}/${userId}`);
  }
}

export const WALL_TOKEN = 'a wall';

/** One wall, whose maker sees more or less as time goes by. */
export class Wall {
  /** When its address, or what its maker sees, last changed. */
  changedMs = 0;
  row: StoredWall = {
    id: 'wall',
    name: 'hall',
    layout: WallLayout.parse({ screens: [{ tiles: [{ kind: 'queues' }, { kind: 'agents' }, { kind: 'waiting' }] }] }),
    madeBy: { userId: WALL_MAKER, name: WALL_MAKER },
  };

  constructor(private readonly world: World) {
    this.open();
  }

  get isOpen(): boolean {
    return this.row.address !== undefined;
  }
  open(): void {
    this.row = { ...this.row, address: { hash: WALL_TOKEN, since: new Date(this.world.scheduler.nowMs) } };
  }
  withdraw(): void {
    const { address: _address, ...row } = this.row;
    this.row = row;
  }

  of(process: Process): Pick<WallStore, 'byHash' | 'hashes'> {
    const hash = (): string | undefined => this.row.address?.hash;
    return {
      byHash: (wanted) => this.world.stores.document(process, () => (hash() === wanted ? this.row : undefined)),
      hashes: () => this.world.stores.document(process, () => new Set([hash() ?? []].flat())),
    };
  }
}
