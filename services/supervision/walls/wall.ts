import type { AgentSnapshot, QueueSnapshot } from '../../shared/contracts/calls/commands.js';
import type { ScopeRow } from '../../shared/contracts/queues/scope-row.js';
import type { RowScope } from '../../shared/domain/figures/scope-rows.js';
import type { ThresholdMark } from '../../shared/contracts/queues/threshold.js';
import type { WallLayout, WallRow, WallTile } from '../../shared/contracts/queues/wall.js';
import { isPerson } from '../../shared/domain/proof.js';
import { mayUse, type Principal } from '../../shared/domain/people/rights.js';
import type { QueueId, UserId } from '../../shared/domain/ids.js';

/** A wall as it is stored. Of its address, only the hash of the token is stored. */
export interface StoredWall {
  readonly id: string;
  readonly name: string;
  readonly layout: WallLayout;
  readonly madeBy: { readonly userId: UserId; readonly name: string };
  readonly address?: { readonly hash: string; readonly since: Date } | undefined;
  readonly revision?: number | undefined;
  readonly changedBy?: string | undefined;
}

/** A wall that is being shown, with what its maker's account may see now. */
export interface ShownWall {
  readonly wallId: string;
  readonly name: string;
  readonly layout: WallLayout;
  readonly zone: string;
  /** Whether the wall's maker sees a queue, and the whole site. */
  readonly isOwn: (queueId: QueueId) => boolean;
  readonly wholeSite: boolean;
  /** Whether the wall's maker sees a row of a number, trunk, client unit or team. */
  readonly isOwnRow: (row: Pick<ScopeRow, 'of' | 'id'>) => boolean;
  /** The alarms at the bell of the wall's maker; undefined when no tile shows them or the maker has no bell. */
  readonly alarms: { readonly open: number; readonly seen: number } | undefined;
}

/** Whether the maker may still see the contents of walls. */
export const mayShow = (maker: Principal): boolean =>
  mayUse(maker, 'walls.edit') && mayUse(maker, 'queues.watch') && mayUse(maker, 'agents.watch');

export const tilesOf = ({ screens }: WallLayout): readonly WallTile[] => screens.flatMap(({ tiles }) => tiles);

/** The queue of a tile; empty for all of them. */
const queueOf = (tile: WallTile): string | undefined =>
  'queueId' in tile && !('trunkId' in tile && tile.trunkId !== '') ? tile.queueId : undefined;

/** The queues that the layout names. */
export const queuesOfLayout = (layout: WallLayout): readonly string[] => [
  ...new Set(tilesOf(layout).flatMap((tile) => ('queueId' in tile && tile.queueId !== '' ? [tile.queueId] : []))),
];

/** Whether a tile is about a trunk; channels without a trunk are those of all. */
const showsTrunks = (tile: WallTile): tile is Extract<WallTile, { readonly trunkId: string }> =>
  'trunkId' in tile && (tile.kind === 'channels' || tile.trunkId !== '');

/** The scopes for which a layout has rows, besides queues. */
export const rowScopesOf = (layout: WallLayout): readonly RowScope[] => [
  ...new Set(tilesOf(layout).flatMap((tile) => (tile.kind === 'rows' ? [tile.by] : showsTrunks(tile) ? ['trunk' as const] : []))),
];

/** Whether a layout shows a row: with all rows of its kind, or a trunk in a tile of its own. */
const showsRow = (tiles: readonly WallTile[], { of, id }: Pick<ScopeRow, 'of' | 'id'>): boolean =>
  tiles.some((tile) =>
    tile.kind === 'rows' ? tile.by === of : of === 'trunk' && showsTrunks(tile) && (tile.trunkId === '' || tile.trunkId === id),
  );

export interface WallFacts {
  readonly queues: readonly QueueSnapshot[];
  readonly agents: readonly AgentSnapshot[];
  readonly marks: readonly ThresholdMark[];
  /** The rows of the kinds that any wall shows. */
  readonly rows: readonly ScopeRow[];
}

/**
 * The content of a wall: the figures and queue rows that its layout shows, of the queues that its maker sees. It names no call, no caller
 * and no agent; agents are only counted.
 */
export function rowsOfWall(
  { name, layout, zone, isOwn, isOwnRow, wholeSite, alarms }: ShownWall,
  { queues, agents, marks, rows }: WallFacts,
): readonly WallRow[] {
  const tiles = tilesOf(layout);
  const named = new Set(queuesOfLayout(layout));
  const showsAll = tiles.some((tile) => tile.kind === 'queues' || queueOf(tile) === '');
  const shown = queues.filter(({ queueId, internal }) => !internal && isOwn(queueId) && (showsAll || named.has(queueId)));
  const ids = new Set(shown.map(({ queueId }) => queueId));
  const shownRows = rows.filter((row) => showsRow(tiles, row) && isOwnRow(row));
  const isRow = (scope: { readonly of: string; readonly id: string }): boolean =>
    shownRows.some(({ of, id }) => of === scope.of && id === scope.id);
  const isShown = ({ scope }: ThresholdMark): boolean =>
    (scope.of === 'queue' && ids.has(scope.id)) || (scope.of === 'site' && wholeSite) || isRow(scope);
  return [
    { id: 'layout', of: 'layout', name, layout, zone },
    ...shown.map((queue): WallRow => ({ id: `queue:${queue.queueId}`, of: 'queue', ...queue })),
    ...shownRows.map(({ of, id, ...row }): WallRow => ({ id: `${of}:${id}`, of: 'row', scope: { of, id }, ...row })),
    ...(tiles.some((tile) => tile.kind === 'agents' && tile.queueId === '') ? [agentsRow(agents, isOwn, wholeSite)] : []),
    ...(alarms === undefined ? [] : [{ id: 'alarms', of: 'alarms', ...alarms } as const]),
    ...marks.filter(isShown).map(({ clientUnit: _unit, ...mark }): WallRow => ({ id: `mark:${mark.thresholdId}`, of: 'mark', ...mark })),
  ];
}

/** Counts each agent once, however many queues they serve. */
function agentsRow(agents: readonly AgentSnapshot[], isOwn: (queueId: QueueId) => boolean, wholeSite: boolean): WallRow {
  const states: Partial<Record<AgentSnapshot['state'], number>> = {};
  for (const { agentId, state, queues } of agents)
    if (isPerson(agentId) && (wholeSite || queues.some(isOwn))) states[state] = (states[state] ?? 0) + 1;
  return { id: 'agents', of: 'agents', states };
}
