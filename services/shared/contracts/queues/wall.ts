import { z } from 'zod';
import type { AgentState } from '../../domain/people/agent-state.js';
import { boardFigureKeys, trunkFigureKeys } from '../../domain/figures/keys.js';
import { wallRowScopes } from '../../domain/figures/scope-rows.js';
import { thresholdWindows } from '../../domain/figures/threshold.js';
import type { QueueSnapshot } from '../calls/commands.js';
import { edited } from '../edited.js';
import type { ScopeRow } from './scope-row.js';
import type { ThresholdMark } from './threshold.js';

export const MOST_SCREENS = 8;
export const MOST_TILES = 24;
/** The columns of a screen, which is also the largest width of a tile. */
export const WALL_COLUMNS = 4;
export const WALL_ROWS = 3;

const size = { wide: z.int().min(1).max(WALL_COLUMNS).default(1), high: z.int().min(1).max(WALL_ROWS).default(1) };
/** Empty: all queues that the author of the wall sees, together. */
const queueId = z.string().max(64).default('');
/** A trunk instead of queues: its calls in and its legs outside. */
const trunkId = z.string().max(64).default('');
const figure = {
  figure: z.enum([...boardFigureKeys, ...trunkFigureKeys]),
  window: z.enum(thresholdWindows).default('today'),
  queueId,
  trunkId,
};

const AnyTile = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('figure'), ...figure, ...size }),
  /** The same figure over the last hour, as the page has seen it. */
  z.object({ kind: z.literal('trend'), ...figure, ...size }),
  /** The number of waiting callers, and the longest wait. */
  z.object({ kind: z.literal('waiting'), queueId, ...size }),
  /** The channels of a trunk that are in use, and its limit; empty means all trunks that the author sees. */
  z.object({ kind: z.literal('channels'), trunkId, ...size }),
  /** The number of agents in each state. */
  z.object({ kind: z.literal('agents'), queueId, ...size }),
  /** A row for each queue. */
  z.object({ kind: z.literal('queues'), ...size }),
  /** A row for each service number, trunk, client unit or team. */
  z.object({ kind: z.literal('rows'), by: z.enum(wallRowScopes).default('team'), ...size }),
  /** Open alarms on the bell of the wall's author. */
  z.object({ kind: z.literal('alarms'), ...size }),
]);
/** The content of one tile of a screen. Queues have no legs outside: those figures are a trunk's. */
export const WallTile = AnyTile.refine(
  (tile) =>
    !('figure' in tile) || (tile.trunkId === '' ? !(trunkFigureKeys as readonly string[]).includes(tile.figure) : tile.queueId === ''),
  { path: ['trunkId'], message: 'a figure of legs needs a trunk, and a trunk has no queue' },
);
export type WallTile = z.infer<typeof AnyTile>;
export const wallTileKinds = [
  'figure',
  'trend',
  'waiting',
  'channels',
  'agents',
  'queues',
  'rows',
  'alarms',
] as const satisfies readonly WallTile['kind'][];

export const wallShades = ['dark', 'light'] as const;
export const WallLayout = z.object({
  shade: z.enum(wallShades).default('dark'),
  language: z.enum(['zh-CN', 'en']).default('zh-CN'),
  /** How long each of several screens is shown. */
  rotateSeconds: z.int().min(5).max(3_600).default(20),
  screens: z
    .array(z.object({ title: z.string().trim().max(60).default(''), tiles: z.array(WallTile).min(1).max(MOST_TILES) }))
    .min(1)
    .max(MOST_SCREENS),
});
export type WallLayout = z.infer<typeof WallLayout>;

const name = z.string().trim().min(1).max(60);
/** A wall as a page sends it. */
export const WallDraft = z.object({ name, layout: WallLayout, revision: z.int().optional() });

/** A wall as its authors see it, without its token. */
export const Wall = z.object({
  id: z.string(),
  name,
  layout: WallLayout,
  madeBy: z.string(),
  /** Whether the reader is the author. Others may only end the wall. */
  own: z.boolean(),
  /** Since when the current address exists; missing when there is none. */
  addressSince: z.iso.datetime().optional(),
  ...edited,
});
export type Wall = z.infer<typeof Wall>;

/** The content of a wall, as rows of a board. `zone`: the zone of the site, by its IANA name. */
export type WallRow =
  | { readonly id: 'layout'; readonly of: 'layout'; readonly name: string; readonly layout: WallLayout; readonly zone: string }
  | ({ readonly id: string; readonly of: 'queue' } & QueueSnapshot)
  | ({ readonly id: string; readonly of: 'row'; readonly scope: Pick<ScopeRow, 'of' | 'id'> } & Omit<ScopeRow, 'of' | 'id'>)
  | { readonly id: 'agents'; readonly of: 'agents'; readonly states: Readonly<Partial<Record<AgentState, number>>> }
  | { readonly id: 'alarms'; readonly of: 'alarms'; readonly open: number; readonly seen: number }
  | ({ readonly id: string; readonly of: 'mark' } & Omit<ThresholdMark, 'clientUnit'>);

/** The namespace of walls at the socket. Their tokens open no other namespace, and no other token opens this one. */
export const WALL_NAMESPACE = '/wall';
/** Why a wall was refused or closed. A retry is useless until somebody acts. */
export const WALL_OVER = 'wall-over';
