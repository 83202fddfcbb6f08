import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { WallRow } from '../../shared/contracts/queues/wall.js';
import { mayUse } from '../../shared/domain/people/rights.js';
import { withChannels } from '../../shared/platform/events/trunk-channels.js';
import { createRowReach } from '../../shared/platform/reach/row-reach.js';
import type { PlaceReach } from '../../shared/platform/reach/place-reach.js';
import { isScoped, type ReachOf } from '../../shared/platform/reach/reach.js';
import type { AlarmCounts, PersonNow, WallStore, WallTokens } from '../ports.js';
import { mayShow, rowScopesOf, rowsOfWall, tilesOf, type ShownWall } from './wall.js';

/** A longer text is no token of ours, and is not looked up. */
const LONGEST_TOKEN = 100;
const ADDRESSES_READ_MS = 2_000;

export interface WallSource {
  /** The wall behind a token, with the rights and the scope that its maker has now; undefined when it may not be shown now. */
  find(token: string): Promise<ShownWall | undefined>;
  /**
   * Whether a token belongs to the address of a wall. All addresses are read at most every two seconds, however many tokens are asked
   * about.
   */
  isInUse(token: string): Promise<boolean>;
  /** The rows that the walls show now, in the order of the walls; the centre is asked once for all of them. */
  read(walls: readonly ShownWall[]): Promise<readonly (readonly WallRow[])[]>;
}

export interface WallSourceDependencies {
  readonly walls: Pick<WallStore, 'byHash' | 'hashes'>;
  readonly personNow: PersonNow;
  readonly places: Pick<PlaceReach, 'queues'>;
  readonly reachOf: ReachOf;
  readonly alarmsOf: AlarmCounts;
  readonly commands: Pick<CommandBus, 'send'>;
  readonly tokens: Pick<WallTokens, 'hashOf'>;
  readonly zone: string;
  readonly nowMs: () => number;
}

export function createWallSource({
  walls,
  personNow,
  places,
  reachOf,
  alarmsOf,
  commands,
  tokens,
  zone,
  nowMs,
}: WallSourceDependencies): WallSource {
  const rowReach = createRowReach(reachOf, nowMs);
  let known: { readonly readAtMs: number; readonly hashes: Promise<ReadonlySet<string>> } | undefined;

  return {
    async find(token) {
      if (token === '' || token.length > LONGEST_TOKEN) return undefined;
      const found = await walls.byHash(tokens.hashOf(token));
      if (found === undefined) return undefined;
      const { id, name, layout, madeBy } = found;
      const maker = await personNow(madeBy.userId);
      if (maker === undefined || !mayShow(maker)) return undefined;
      const showsAlarms = tilesOf(layout).some(({ kind }) => kind === 'alarms') && mayUse(maker, 'alarms.use');
      const [isOwn, isOwnRow, alarms] = await Promise.all([
        places.queues(maker, 'read'),
        rowReach(maker),
        showsAlarms ? alarmsOf(maker) : undefined,
      ]);
      return { wallId: id, name, layout, zone, isOwn, isOwnRow, wholeSite: !isScoped(maker), alarms };
    },
    async isInUse(token) {
      if (token === '' || token.length > LONGEST_TOKEN) return false;
      if (known === undefined || nowMs() - known.readAtMs >= ADDRESSES_READ_MS) known = { readAtMs: nowMs(), hashes: walls.hashes() };
      return (await known.hashes).has(tokens.hashOf(token));
    },
    async read(shown) {
      const kinds = [...new Set(shown.flatMap(({ layout }) => rowScopesOf(layout)))];
      const [queues, agents, marks, ...rows] = await Promise.all([
        commands.send('queues.list', {}),
        commands.send('agents.list', {}),
        commands.send('thresholds.list', {}),
        ...kinds.map((of) => commands.send('figures.list', { of })),
      ]);
      const withLines = await withChannels(commands, rows.flat());
      return shown.map((wall) => rowsOfWall(wall, { queues, agents, marks, rows: withLines }));
    },
  };
}
