import type { WallRow } from '../../../../services/shared/contracts/queues/wall.js';
import type { BoardChange, BoardPicture } from '../../../../services/shared/domain/board.js';
import { afterChange, afterEnd, afterPicture, newWall, type WallState } from './wall-state.js';

/** The socket of a wall, as Socket.IO gives it. */
export interface WallSocket {
  on(name: 'wall:picture', handle: (picture: BoardPicture<WallRow>) => void): unknown;
  on(name: 'wall:change', handle: (change: BoardChange) => void): unknown;
  on(name: 'wall:over' | 'connect', handle: () => void): unknown;
  on(name: 'disconnect', handle: (reason: string) => void): unknown;
  connect(): unknown;
  disconnect(): unknown;
}

export interface WallClock {
  nowMs(): number;
  after(ms: number, run: () => void): () => void;
  every(ms: number, run: () => void): () => void;
}

/** The server closed the connection and may accept it again soon: it restarted, or had no room. */
const AGAIN_MS = 3_000;
/** Slower after the address was withdrawn: only a person can bring it back. */
const OVER_AGAIN_MS = 60_000;
/** The server sends something every two seconds; after this much silence the connection is taken for lost: its other end may have died without a FIN. */
const SILENCE_MS = 5_000;
const LOOK_EVERY_MS = 1_000;
/** Another machine may answer at once. */
const AFTER_SILENCE_MS = 500;

export interface WallLink {
  getSnapshot(): WallState;
  subscribe(listener: () => void): () => void;
  close(): void;
}

/** Follows a wall for as long as the screen is on: after a silence, a restart of the server and a withdrawal it tries again by itself. */
export function followWall({
  socket,
  clock,
  cameBack,
}: {
  readonly socket: WallSocket;
  readonly clock: WallClock;
  /** The server is there again after it was away: the page may be of an older version. */
  readonly cameBack: () => void;
}): WallLink {
  let state = newWall;
  let heardMs = clock.nowMs();
  let connectedBefore = false;
  let callOff = (): void => undefined;
  const listeners = new Set<() => void>();

  function become(next: WallState): void {
    state = next;
    heardMs = clock.nowMs();
    for (const listener of listeners) listener();
  }
  function again(ms: number): void {
    callOff();
    callOff = clock.after(ms, () => socket.connect());
  }
  function reconnect(afterMs = AGAIN_MS): void {
    heardMs = clock.nowMs();
    socket.disconnect();
    again(afterMs);
  }

  socket.on('connect', () => {
    heardMs = clock.nowMs();
    if (connectedBefore) cameBack();
    connectedBefore = true;
  });
  socket.on('wall:picture', (picture) => become(afterPicture(state, picture, clock.nowMs())));
  socket.on('wall:change', (change) => {
    const next = afterChange(state, change, clock.nowMs());
    if (next === undefined) reconnect();
    else become(next);
  });
  socket.on('wall:over', () => become(afterEnd(state)));
  // After any other end Socket.IO connects again by itself.
  socket.on('disconnect', (reason) => reason === 'io server disconnect' && again(state.over ? OVER_AGAIN_MS : AGAIN_MS));
  const stopLooking = clock.every(LOOK_EVERY_MS, () => {
    if (!state.over && clock.nowMs() - heardMs > SILENCE_MS) reconnect(AFTER_SILENCE_MS);
  });

  return {
    getSnapshot: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      callOff();
      stopLooking();
      socket.disconnect();
    },
  };
}
