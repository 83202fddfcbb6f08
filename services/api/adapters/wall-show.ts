import { WALL_OVER, type WallRow } from '../../shared/contracts/queues/wall.js';
import { boardDifference, type BoardChange, type BoardPicture } from '../../shared/domain/board.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { OpenWall, Walls } from '../ports.js';

/** How often figures are sent when they change. */
const SHOWN_EVERY_MS = 1_000;
/** An empty change says that the wall is alive; a page that hears nothing for ten seconds turns grey. */
const BEAT_MS = 2_000;
/** How often address, rights and scope are checked again. */
const LOOKED_AT_MS = 2_000;
/** How long the figures wait for a store that does not answer, and the time after which the store is asked again. */
const LOOK_WAIT_MS = 1_000;
const ASKED_ANEW_MS = 10_000;
/** The most walls behind one address, and the most pages that show one wall: no hall needs more. */
export const MOST_OF_ADDRESS = 40;
export const MOST_OF_WALL = 20;
/**
 * The most wrong tokens of one client address in a minute. After that, a token from there is looked up only if it belongs to the address of
 * a wall in use.
 */
export const MOST_WRONG = 30;
const MINUTE_MS = 60_000;

/** One page that shows a wall. */
export interface WallPage {
  /** The address of the client. */
  readonly from: string;
  picture(picture: BoardPicture<WallRow>): void;
  change(change: BoardChange): void;
  /** The wall is no longer shown: the page is disconnected. */
  over(): void;
}

export type WallRefusal = typeof WALL_OVER | 'too-many-requests' | 'service-unavailable';

interface Show<W> {
  wall: W;
  lookedAtMs: number;
  /** When the store was asked; unset once it has answered. */
  askedAtMs?: number | undefined;
  readonly pages: Set<WallPage>;
  version: number;
  rows: ReadonlyMap<string, WallRow>;
  sentAtMs: number;
}

export interface WallShow {
  /** Admits a page whose token is valid, or says why not. */
  enter(token: string, page: WallPage): Promise<WallRefusal | undefined>;
  leave(page: WallPage): void;
  /** The wall is checked in the next turn. */
  changed(wallId: string): void;
  stop(): void;
}

const keyed = (rows: readonly WallRow[]): ReadonlyMap<string, WallRow> => new Map(rows.map((row) => [row.id, row]));

/**
 * Wrong tokens by address, within one minute. Somebody who shares the address with a guesser (a hall behind one router) can still show a
 * wall in use.
 */
function createWrongTries(clock: Pick<Clock, 'nowMs'>, isInUse: (token: string) => Promise<boolean>) {
  const tries = new Map<string, number>();
  let sinceMs = clock.nowMs();
  function of(from: string): number {
    if (clock.nowMs() - sinceMs >= MINUTE_MS) {
      tries.clear();
      sinceMs = clock.nowMs();
    }
    return tries.get(from) ?? 0;
  }
  return {
    shutsOut: async (token: string, from: string): Promise<boolean> => of(from) >= MOST_WRONG && !(await isInUse(token)),
    add: (from: string): unknown => tries.set(from, of(from) + 1),
  };
}

/** Waits until `done` settles, at most `ms`. */
async function waitedFor(clock: Pick<Clock, 'after'>, ms: number, done: Promise<unknown>): Promise<void> {
  let callOff = (): void => undefined;
  const waited = new Promise<void>((resolve) => (callOff = clock.after(ms, resolve)));
  await Promise.race([done, waited]);
  callOff();
}

/** Shows walls: each page with the same token has the same picture and the same changes. */
export function createWallShow<W extends OpenWall>({
  walls,
  clock,
  log,
}: {
  readonly walls: Walls<W>;
  readonly clock: Clock;
  readonly log: Logger;
}): WallShow {
  const shows = new Map<string, Show<W>>();
  const wrong = createWrongTries(clock, async (token) => shows.has(token) || walls.isInUse(token));
  let turning = false;

  const pagesFrom = (from: string): number =>
    [...shows.values()].reduce((sum, { pages }) => sum + [...pages].filter((page) => page.from === from).length, 0);

  function end(token: string, { pages }: Show<W>): void {
    shows.delete(token);
    for (const page of pages) page.over();
  }

  /** While the store is away nobody can have withdrawn the wall: it continues as it was last found. */
  async function lookAgain(token: string, show: Show<W>): Promise<void> {
    const askedAtMs = clock.nowMs();
    if (askedAtMs - show.lookedAtMs < LOOKED_AT_MS || askedAtMs - (show.askedAtMs ?? 0) < ASKED_ANEW_MS) return;
    show.askedAtMs = askedAtMs;
    const found = await walls.find(token).catch((error: unknown) => {
      log.debug({ err: error }, 'the access to a wall could not be checked');
      return show.wall;
    });
    if (found === undefined) end(token, show);
    else [show.wall, show.lookedAtMs, show.askedAtMs] = [found, askedAtMs, undefined];
  }

  function publish(show: Show<W>, rows: ReadonlyMap<string, WallRow>): void {
    const { put, gone } = boardDifference(show.rows, rows);
    if (put.length + gone.length === 0 && clock.nowMs() - show.sentAtMs < BEAT_MS) return;
    show.rows = rows;
    show.version += 1;
    show.sentAtMs = clock.nowMs();
    for (const page of show.pages) page.change({ version: show.version, put, gone });
  }

  async function turn(): Promise<void> {
    for (const [token, { pages }] of shows) if (pages.size === 0) shows.delete(token);
    // A store that answers is heard before the figures are read; one that hangs does not hold them up.
    await waitedFor(clock, LOOK_WAIT_MS, Promise.all([...shows].map(([token, show]) => lookAgain(token, show))));
    const shown = [...shows.values()];
    if (shown.length === 0) return;
    const read = await walls.read(shown.map(({ wall }) => wall));
    for (const [i, show] of shown.entries()) publish(show, keyed(read[i] ?? []));
  }

  const stop = clock.every(SHOWN_EVERY_MS, () => {
    if (turning || shows.size === 0) return;
    turning = true;
    turn()
      .catch((error: unknown) => log.debug({ err: error }, 'walls could not be shown'))
      .finally(() => (turning = false));
  });

  async function begin(token: string, wall: W): Promise<Show<W>> {
    const lookedAtMs = clock.nowMs();
    const [rows = []] = await walls.read([wall]);
    const known = shows.get(token);
    if (known !== undefined) return known;
    const show = { wall, lookedAtMs, pages: new Set<WallPage>(), version: clock.nowMs(), rows: keyed(rows), sentAtMs: clock.nowMs() };
    shows.set(token, show);
    return show;
  }

  async function enter(token: string, page: WallPage): Promise<WallRefusal | undefined> {
    if (pagesFrom(page.from) >= MOST_OF_ADDRESS || (await wrong.shutsOut(token, page.from))) return 'too-many-requests';
    const found = await walls.find(token);
    if (found === undefined) {
      wrong.add(page.from);
      return WALL_OVER;
    }
    const show = shows.get(token) ?? (await begin(token, found));
    if (show.pages.size >= MOST_OF_WALL || pagesFrom(page.from) >= MOST_OF_ADDRESS) return 'too-many-requests';
    show.pages.add(page);
    page.picture({ version: show.version, rows: [...show.rows.values()] });
    return undefined;
  }

  return {
    enter: (token, page) =>
      enter(token, page).catch((error: unknown) => {
        log.debug({ err: error }, 'a wall could not be opened');
        return 'service-unavailable' as const;
      }),
    leave(page) {
      for (const { pages } of shows.values()) pages.delete(page);
    },
    changed(wallId) {
      for (const show of shows.values()) if (show.wall.wallId === wallId) show.lookedAtMs = 0;
    },
    stop,
  };
}
