import type { QueueSnapshot } from '../../../../services/shared/contracts/calls/commands.js';
import type { ThresholdMark } from '../../../../services/shared/contracts/queues/threshold.js';
import type { WallLayout, WallRow, WallTile } from '../../../../services/shared/contracts/queues/wall.js';
import { boardAfter, type BoardChange, type BoardPicture } from '../../../../services/shared/domain/board.js';
import type { RowScope } from '../../../../services/shared/domain/figures/scope-rows.js';
import { factorOf } from '../../../../services/shared/domain/figures/define.js';
import { trunkFigureKeys, type WallFigureKey } from '../../../../services/shared/domain/figures/keys.js';
import { figureRegistry } from '../../../../services/shared/domain/figures/registry.js';
import type { ThresholdLevel, ThresholdWindow } from '../../../../services/shared/domain/figures/threshold.js';
import { alarmOf } from '../supervise/queue-figures.js';

/** A trend covers the last hour: a point every half minute, the last one as it is now. */
const POINT_EVERY_MS = 30_000;
export const MOST_POINTS = 120;

export interface TrendPoint {
  readonly atMs: number;
  readonly value: number | null;
}

type Rows = ReadonlyMap<string, WallRow>;

/** What the page of a wall knows. A screen that runs for weeks holds no more of it than one that runs for an hour. */
export interface WallState {
  readonly rows: Rows;
  readonly version: number;
  /** When the server was last heard of; 0 before the first time. */
  readonly atMs: number;
  readonly trends: ReadonlyMap<string, readonly TrendPoint[]>;
  /** The server says that the address is not in use. */
  readonly over: boolean;
}

export const newWall: WallState = { rows: new Map(), version: 0, atMs: 0, trends: new Map(), over: false };

export const afterPicture = (state: WallState, { version, rows }: BoardPicture<WallRow>, nowMs: number): WallState =>
  withTrends({ ...state, over: false, version, rows: new Map(rows.map((row) => [row.id, row])), atMs: nowMs });

/** Undefined when a change is missing before this one: the whole picture must be requested again. */
export function afterChange(state: WallState, change: BoardChange, nowMs: number): WallState | undefined {
  if (change.version !== state.version + 1) return undefined;
  return withTrends({ ...state, version: change.version, rows: boardAfter(state.rows, change), atMs: nowMs });
}

export const afterEnd = (state: WallState): WallState => ({ ...newWall, trends: state.trends, over: true });

export interface FigureTile {
  readonly figure: WallFigureKey;
  readonly window: ThresholdWindow;
  readonly queueId: string;
  /** Empty: the tile shows queues. */
  readonly trunkId: string;
}

export const trendKey = ({ figure, window, queueId, trunkId }: FigureTile): string => `${figure} ${window} ${queueId} ${trunkId}`;

function withTrends(state: WallState): WallState {
  const tiles = layoutOf(state.rows)?.layout.screens.flatMap((screen) => screen.tiles) ?? [];
  const wanted = tiles.filter((tile) => tile.kind === 'trend');
  const trends = new Map(
    wanted.map(
      (tile) => [trendKey(tile), pointAdded(state.trends.get(trendKey(tile)) ?? [], figureNow(state.rows, tile), state.atMs)] as const,
    ),
  );
  return { ...state, trends };
}

/** The last point is the present value; it becomes fixed once half a minute has passed since the one before it. */
function pointAdded(points: readonly TrendPoint[], value: number | null, atMs: number): readonly TrendPoint[] {
  const before = points.at(-2);
  const kept = before !== undefined && atMs - before.atMs < POINT_EVERY_MS ? points.slice(0, -1) : points;
  return [...kept, { atMs, value }].slice(-MOST_POINTS);
}

export const layoutOf = (rows: Rows): { readonly name: string; readonly layout: WallLayout; readonly zone: string } | undefined => {
  const row = rows.get('layout');
  return row?.of === 'layout' ? row : undefined;
};

/** The queues of a tile: the named one, or all that were sent. */
export const queuesOf = (rows: Rows, queueId: string): readonly QueueSnapshot[] =>
  [...rows.values()].flatMap((row) => (row.of === 'queue' && (queueId === '' || row.queueId === queueId) ? [row] : []));

export type ShownRow = Extract<WallRow, { readonly of: 'row' }>;

/** The rows of one kind: the busiest ones first, and then by id, so that they keep their places. */
export const scopeRowsOf = (rows: Rows, by: RowScope): readonly ShownRow[] =>
  [...rows.values()]
    .flatMap((row) => (row.of === 'row' && row.scope.of === by ? [row] : []))
    .sort((a, b) => (b.today.answered?.numerator ?? 0) - (a.today.answered?.numerator ?? 0) || (a.scope.id < b.scope.id ? -1 : 1));

/** The row of one trunk; undefined while it has carried nothing, or when it is out of reach. */
export const trunkOf = (rows: Rows, trunkId: string): ShownRow | undefined =>
  scopeRowsOf(rows, 'trunk').find(({ scope }) => scope.id === trunkId);
const isOfLegs = (figure: WallFigureKey): figure is (typeof trunkFigureKeys)[number] =>
  (trunkFigureKeys as readonly WallFigureKey[]).includes(figure);

/** The channels that are in use on a trunk, or on all that were sent; undefined when nobody knows. `most`: only when each has a limit. */
export function channelsOf(rows: Rows, trunkId: string): { readonly busy: number; readonly most: number | undefined } | undefined {
  const known = scopeRowsOf(rows, 'trunk').flatMap(({ scope, channels }) =>
    channels === undefined || (trunkId !== '' && scope.id !== trunkId) ? [] : [channels],
  );
  if (known.length === 0) return undefined;
  const isLimited = known.every(({ most }) => most !== undefined);
  return {
    busy: known.reduce((sum, { busy }) => sum + busy, 0),
    most: isLimited ? known.reduce((sum, { most = 0 }) => sum + most, 0) : undefined,
  };
}
export const channelsText = (channels: { readonly busy: number; readonly most?: number | undefined } | undefined): string =>
  channels === undefined ? '—' : channels.most === undefined ? String(channels.busy) : `${channels.busy} / ${channels.most}`;

/** The figure of one queue, or of several from the sums of their parts; null when nothing could be counted. */
export function figureNow(rows: Rows, { figure, window, queueId, trunkId }: FigureTile): number | null {
  if (trunkId !== '') return trunkOf(rows, trunkId)?.[window][figure]?.value ?? null;
  if (isOfLegs(figure)) return null;
  const parts = queuesOf(rows, queueId).map((queue) => queue[window][figure]);
  const { unit } = figureRegistry[figure];
  if (parts.length === 0) return null;
  const numerator = parts.reduce((sum, part) => sum + part.numerator, 0);
  if (unit === 'count') return numerator;
  const denominator = parts.reduce((sum, part) => sum + part.denominator, 0);
  return denominator === 0 ? null : (numerator / denominator) * factorOf[unit];
}

/** More rows than this cannot be read across a room. */
export const MOST_ROWS = 10;
export const levelMarks = { ok: '', warn: '▲ ', alarm: '● ' } as const;

const ranks: readonly ThresholdLevel[] = ['ok', 'warn', 'alarm'];
const worst = (levels: readonly ThresholdLevel[]): ThresholdLevel =>
  levels.reduce<ThresholdLevel>((most, level) => (ranks.indexOf(level) > ranks.indexOf(most) ? level : most), 'ok');

const marksOf = (rows: Rows, matches: (mark: Pick<ThresholdMark, 'scope' | 'figure' | 'window'>) => boolean): ThresholdLevel =>
  worst([...rows.values()].flatMap((row) => (row.of === 'mark' && matches(row) ? [row.level] : [])));

const isScope = ({ of, id }: ThresholdMark['scope'], queueId: string): boolean =>
  queueId === '' ? of === 'site' : of === 'queue' && id === queueId;

/** The level of the thresholds that are set for what a tile shows. */
export function levelOf(rows: Rows, tile: WallTile): ThresholdLevel {
  switch (tile.kind) {
    case 'figure':
    case 'trend':
      if (tile.trunkId !== '') return 'ok';
      return marksOf(rows, ({ scope, figure, window }) => isScope(scope, tile.queueId) && figure === tile.figure && window === tile.window);
    case 'waiting':
      return marksOf(rows, ({ scope, figure }) => isScope(scope, tile.queueId) && figure === 'waiting');
    case 'alarms': {
      const row = rows.get('alarms');
      return row?.of === 'alarms' && row.open > 0 ? 'alarm' : 'ok';
    }
    case 'agents':
    case 'channels':
    case 'queues':
    case 'rows':
      return 'ok';
  }
}

/** The level of a queue's row: alarm where somebody must act, else the worst of its thresholds. */
export const levelOfRow = (rows: Rows, queue: QueueSnapshot): ThresholdLevel =>
  alarmOf(queue) === null ? marksOf(rows, ({ scope }) => isScope(scope, queue.queueId)) : 'alarm';

/** The level of a row of a number, trunk, client unit or team: the worst of its thresholds. */
export const levelOfScope = (rows: Rows, { of, id }: ShownRow['scope']): ThresholdLevel =>
  marksOf(rows, ({ scope }) => scope.of === of && scope.id === id);

/** Agents by state: for one queue as routing counts them, for all queues each agent once. */
export function statesOf(rows: Rows, queueId: string): QueueSnapshot['states'] {
  if (queueId !== '') return queuesOf(rows, queueId)[0]?.states ?? {};
  const row = rows.get('agents');
  return row?.of === 'agents' ? row.states : {};
}
