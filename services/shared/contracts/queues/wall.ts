import { z } from 'zod';
import type { AgentState } from '../../domain/people/agent-state.js';
import { boardFigureKeys } from '../../domain/figures/keys.js';
import { thresholdWindows } from '../../domain/figures/threshold.js';
import type { QueueSnapshot } from '../calls/commands.js';
import { edited } from '../edited.js';
import type { ThresholdMark } from './threshold.js';

export const MOST_SCREENS = 8;
export const MOST_TILES = 24;
/** Columns of a screen; a tile is at most as wide. */
export const WALL_COLUMNS = 4;
export const WALL_ROWS = 3;

const size = { wide: z.int().min(1).max(WALL_COLUMNS).default(1), high: z.int().min(1).max(WALL_ROWS).default(1) };
/** Empty: all queues that the maker of the wall sees, together. */
const queueId = z.string().max(64).default('');
const figure = { figure: z.enum(boardFigureKeys), window: z.enum(thresholdWindows).default('today'), queueId };

/** What stands in one place of a screen. */
export const WallTile = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('figure'), ...figure, ...size }),
  /** The same figure as the page has seen it in the last hour. */
  z.object({ kind: z.literal('trend'), ...figure, ...size }),
  /** Who waits, and how long the longest has. */
  z.object({ kind: z.literal('waiting'), queueId, ...size }),
  /** How many agents are in which state. */
  z.object({ kind: z.literal('agents'), queueId, ...size }),
  /** A row for each queue. */
  z.object({ kind: z.literal('queues'), ...size }),
  /** Alarms that are open at the bell of the maker. */
  z.object({ kind: z.literal('alarms'), ...size }),
]);
export type WallTile = z.infer<typeof WallTile>;
export const wallTileKinds = ['figure', 'trend', 'waiting', 'agents', 'queues', 'alarms'] as const satisfies readonly WallTile['kind'][];

export const wallShades = ['dark', 'light'] as const;
export const WallLayout = z.object({
  shade: z.enum(wallShades).default('dark'),
  language: z.enum(['zh-CN', 'en']).default('zh-CN'),
  /** How long each screen is shown where there are several. */
  rotateSeconds: z.int().min(5).max(3_600).default(20),
  screens: z
    .array(z.object({ title: z.string().trim().max(60).default(''), tiles: z.array(WallTile).min(1).max(MOST_TILES) }))
    .min(1)
    .max(MOST_SCREENS),
});
export type WallLayout = z.infer<typeof WallLayout>;

const name = z.string().trim().min(1).max(60);
/** What a page sends. */
export const WallDraft = z.object({ name, layout: WallLayout, revision: z.int().optional() });

/** A wall as its makers see it; never with its token. */
export const Wall = z.object({
  id: z.string(),
  name,
  layout: WallLayout,
  madeBy: z.string(),
  /** Whether the reader made it: the others may only end it. */
  own: z.boolean(),
  /** Since when the address that is in use exists; missing when there is none. */
  addressSince: z.iso.datetime().optional(),
  ...edited,
});
export type Wall = z.infer<typeof Wall>;

/** What a wall shows, as rows of a board. `zone`: the site's, by its IANA name. */
export type WallRow =
  | { readonly id: 'layout'; readonly of: 'layout'; readonly name: string; readonly layout: WallLayout; readonly zone: string }
  | ({ readonly id: string; readonly of: 'queue' } & QueueSnapshot)
  | { readonly id: 'agents'; readonly of: 'agents'; readonly states: Readonly<Partial<Record<AgentState, number>>> }
  | { readonly id: 'alarms'; readonly of: 'alarms'; readonly open: number; readonly seen: number }
  | ({ readonly id: string; readonly of: 'mark' } & Omit<ThresholdMark, 'clientUnit'>);

/** The namespace of walls at the socket: no other is open to their tokens, and it is open to no other token. */
export const WALL_NAMESPACE = '/wall';
/** Why a wall was refused or cut: another try is of no use before somebody acts. */
export const WALL_OVER = 'wall-over';
