import type { ToPage } from '../../../services/shared/contracts/seat-socket.js';
import type { ControlLink } from '../phone/ports.js';

export type BoardName = 'board:queues' | 'board:agents';
export interface Told<N extends BoardName> {
  readonly value: Parameters<ToPage[N]>[0] | null;
  /** Page clock; 0 before the first. */
  readonly atMs: number;
}

/** The boards as they were told last, so that a page that opens shows them at once and not a second later. */
export interface Boards {
  last<N extends BoardName>(name: N): Told<N>;
  subscribe(listener: () => void): () => void;
}

export function createBoards(link: ControlLink): Boards {
  let queues: Told<'board:queues'> = { value: null, atMs: 0 };
  let agents: Told<'board:agents'> = { value: null, atMs: 0 };
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  link.on('board:queues', (value) => {
    queues = { value, atMs: Date.now() };
    tell();
  });
  link.on('board:agents', (value) => {
    agents = { value, atMs: Date.now() };
    tell();
  });
  return {
    last: <N extends BoardName>(name: N): Told<N> => (name === 'board:queues' ? queues : agents),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
