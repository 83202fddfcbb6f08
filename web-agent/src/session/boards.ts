import type { BoardName, BoardRows } from '../../../services/shared/contracts/queues/board.js';
import { boardAfter, type BoardPicture } from '../../../services/shared/domain/board.js';
import type { ControlLink } from '../phone/ports.js';

export interface Board<Row> {
  readonly value: readonly Row[] | null;
  /** When the server last reported the board, by the page's clock; 0 before the first. */
  readonly atMs: number;
}

/** The boards that somebody on this page looks at: followed during that time, and kept so that a page that opens shows them at once. */
export type Boards = { readonly [N in BoardName]: BoardStore<BoardRows[N]> };

interface BoardStore<Row> {
  readonly last: () => Board<Row>;
  readonly subscribe: (listener: () => void) => () => void;
}

/** The server reports more often than this, even when nothing changes: else the board is requested again. */
const SILENCE_MS = 8_000;
const LOOK_EVERY_MS = 2_000;

const idOfRow = ({ id }: { readonly id: string }): string => id;

export const createBoards = (link: ControlLink): Boards => ({
  'board:queues': follow(link, 'board:queues', ({ queueId }) => queueId),
  'board:agents': follow(link, 'board:agents', ({ agentId }) => agentId),
  'board:thresholds': follow(link, 'board:thresholds', ({ thresholdId }) => thresholdId),
  'board:numbers': follow(link, 'board:numbers', idOfRow),
  'board:trunks': follow(link, 'board:trunks', idOfRow),
  'board:client-units': follow(link, 'board:client-units', idOfRow),
  'board:teams': follow(link, 'board:teams', idOfRow),
  'board:answering': follow(link, 'board:answering', idOfRow),
});

function follow<N extends BoardName>(link: ControlLink, name: N, idOf: (row: BoardRows[N]) => string): BoardStore<BoardRows[N]> {
  type Row = BoardRows[N];
  let board: Board<Row> = { value: null, atMs: 0 };
  let rows = new Map<string, Row>();
  let version = 0;
  let asking = false;
  const listeners = new Set<() => void>();
  const ask = (on: boolean) => link.ask<BoardName>(name, { on });

  function become(next: Map<string, Row>, nextVersion: number): void {
    [rows, version] = [next, nextVersion];
    board = { value: [...rows.values()], atMs: Date.now() };
    for (const listener of listeners) listener();
  }

  /** The whole board: at first, after a break, and when a change was missed. */
  async function read(): Promise<void> {
    if (asking || listeners.size === 0) return;
    asking = true;
    const ack = await ask(true);
    asking = false;
    if (ack.ok) {
      const picture = ack.data as BoardPicture<Row>;
      become(new Map(picture.rows.map((row) => [idOf(row), row])), picture.version);
    }
  }

  link.on(name, (change) => {
    if (change.version === version + 1) become(boardAfter(rows, change), change.version);
    else if (change.version !== version) void read();
  });
  link.onUp((up) => up && void read());
  setInterval(() => Date.now() - board.atMs > SILENCE_MS && void read(), LOOK_EVERY_MS);
  return {
    last: () => board,
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) void read();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) void ask(false);
      };
    },
  };
}
