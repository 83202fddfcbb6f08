import { trunkFigureKeys } from '../../../../../services/shared/domain/figures/keys.js';
import { WALL_COLUMNS, WALL_ROWS, type WallLayout, type WallTile } from '../../../../../services/shared/contracts/queues/wall.js';

/** The layout that a new wall begins with: the state of the centre at a glance. */
export const newLayout = (language: 'zh-CN' | 'en'): WallLayout => ({
  shade: 'dark',
  language,
  rotateSeconds: 20,
  screens: [
    {
      title: '',
      tiles: [
        { kind: 'waiting', queueId: '', wide: 1, high: 1 },
        { kind: 'figure', figure: 'sl.strict', window: 'today', queueId: '', trunkId: '', wide: 1, high: 1 },
        { kind: 'trend', figure: 'waiting', window: 'today', queueId: '', trunkId: '', wide: 1, high: 1 },
        { kind: 'alarms', wide: 1, high: 1 },
        { kind: 'queues', wide: 3, high: 2 },
        { kind: 'agents', queueId: '', wide: 1, high: 2 },
      ],
    },
  ],
});

/**
 * The most rows of a screen whose tiles can still be read across a room: with five the name of a tile is a seventieth of the screen's
 * height, and less with each more.
 */
export const READABLE_ROWS = 4;

/**
 * How many rows the tiles of a screen take, laid out as its grid lays them out: each in the first place that is free for it, even before
 * others.
 */
export function rowsOfScreen(tiles: readonly Pick<WallTile, 'wide' | 'high'>[]): number {
  const taken: boolean[][] = [];
  const isFree = (row: number, column: number, { wide, high }: Pick<WallTile, 'wide' | 'high'>): boolean =>
    column + wide <= WALL_COLUMNS &&
    Array.from({ length: high }, (_r, r) => Array.from({ length: wide }, (_c, c) => taken[row + r]?.[column + c] !== true))
      .flat()
      .every(Boolean);
  for (const tile of tiles) {
    let place = 0;
    while (!isFree(Math.floor(place / WALL_COLUMNS), place % WALL_COLUMNS, tile)) place += 1;
    const [row, column] = [Math.floor(place / WALL_COLUMNS), place % WALL_COLUMNS];
    for (let r = row; r < row + tile.high; r += 1) {
      taken[r] ??= [];
      for (let c = column; c < column + tile.wide; c += 1) (taken[r] ?? [])[c] = true;
    }
  }
  return taken.length;
}

/** What is missing before a wall can be saved: its name, or a tile on one of its screens, by place from 0. */
export function missingIn(name: string, { screens }: Pick<WallLayout, 'screens'>): readonly ('name' | number)[] {
  return [...(name.trim() === '' ? ['name' as const] : []), ...screens.flatMap(({ tiles }, place) => (tiles.length === 0 ? [place] : []))];
}

/** A tile of another kind keeps what the two have in common. */
export function tileOfKind(kind: WallTile['kind'], before: Partial<Extract<WallTile, { readonly kind: 'figure' }>> | WallTile): WallTile {
  const { wide = 1, high = 1 } = before;
  const trunkId = 'trunkId' in before ? (before.trunkId ?? '') : '';
  const queueId = 'queueId' in before ? (before.queueId ?? '') : '';
  const figure = 'figure' in before ? (before.figure ?? 'waiting') : 'waiting';
  const window = 'window' in before ? (before.window ?? 'today') : 'today';
  switch (kind) {
    case 'figure':
    case 'trend':
      return { kind, figure, window, queueId, trunkId, wide, high };
    case 'channels':
      return { kind, trunkId, wide, high };
    case 'waiting':
    case 'agents':
      return { kind, queueId, wide, high };
    case 'rows':
      return { kind, by: 'team', wide, high };
    case 'queues':
    case 'alarms':
      return { kind, wide, high };
  }
}

type FigureTile = Extract<WallTile, { readonly kind: 'figure' | 'trend' }>;

/** The tile with another source: queues, or a trunk. A figure that only trunks have does not stay with queues. */
export function tileOfTrunk(tile: FigureTile, trunkId: string): FigureTile {
  const isOfLegs = (trunkFigureKeys as readonly string[]).includes(tile.figure);
  return { ...tile, trunkId, queueId: trunkId === '' ? tile.queueId : '', figure: trunkId === '' && isOfLegs ? 'waiting' : tile.figure };
}

/** The list with one entry moved; unchanged when there is no such place. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const entry = list[from];
  if (entry === undefined || to < 0 || to >= list.length || to === from) return list;
  const rest = list.filter((_, i) => i !== from);
  return [...rest.slice(0, to), entry, ...rest.slice(to)];
}

const within = (value: number, most: number): number => Math.min(most, Math.max(1, value));

export const resized = (tile: WallTile, by: { readonly wide?: number; readonly high?: number }): WallTile => ({
  ...tile,
  wide: within(tile.wide + (by.wide ?? 0), WALL_COLUMNS),
  high: within(tile.high + (by.high ?? 0), WALL_ROWS),
});

/** What a key does to a tile; undefined when it is none of the tile's keys. */
export type TileStep =
  | { readonly do: 'move'; readonly by: number }
  | { readonly do: 'resize'; readonly wide?: number; readonly high?: number }
  | { readonly do: 'remove' };

export function stepOfKey(key: string, shift: boolean): TileStep | undefined {
  switch (key) {
    case 'ArrowLeft':
      return shift ? { do: 'resize', wide: -1 } : { do: 'move', by: -1 };
    case 'ArrowRight':
      return shift ? { do: 'resize', wide: 1 } : { do: 'move', by: 1 };
    case 'ArrowUp':
      return shift ? { do: 'resize', high: -1 } : undefined;
    case 'ArrowDown':
      return shift ? { do: 'resize', high: 1 } : undefined;
    case 'Delete':
      return { do: 'remove' };
    default:
      return undefined;
  }
}
