import { io, type Socket } from 'socket.io-client';
import type { BoardName, BoardRows } from '../../../services/shared/contracts/queues/board.js';
import type { Ack } from '../../../services/shared/contracts/calls/seat-socket.js';
import { boardAfter, type BoardChange, type BoardPicture } from '../../../services/shared/domain/board.js';
import type { Stack } from '../../support/stack.js';

/** A page that follows the board of agents, with everything that the server sent to it. */
export class BoardPage implements Disposable {
  readonly received: string[] = [];
  #rows = new Map<string, BoardRows['board:agents']>();

  private constructor(private readonly socket: Socket) {}

  static async open(stack: Stack, token: string): Promise<BoardPage> {
    const name: BoardName = 'board:agents';
    const socket = io(stack.web, { auth: { token }, transports: ['websocket'], rejectUnauthorized: false, reconnection: false });
    const page = new BoardPage(socket);
    socket.onAny((event: string, ...sent: unknown[]) => {
      page.received.push(JSON.stringify(sent));
      if (event === name) page.#rows = boardAfter(page.#rows, sent[0] as BoardChange);
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    const answer = (await socket.timeout(10_000).emitWithAck(name, { on: true })) as Ack<BoardPicture<BoardRows['board:agents']>>;
    if (!answer.ok) throw new Error(answer.code);
    page.received.push(JSON.stringify(answer.data));
    page.#rows = new Map(answer.data.rows.map((row) => [row.agentId, row]));
    return page;
  }

  get rows(): readonly BoardRows['board:agents'][] {
    return [...this.#rows.values()];
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }
}
