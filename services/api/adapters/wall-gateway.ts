import { WALL_NAMESPACE } from '../../shared/contracts/queues/wall.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { OpenWall, Walls } from '../ports.js';
import type { PageServer, PageSocket } from './page-server.js';
import { createWallShow, type WallPage, type WallShow } from './wall-show.js';

export interface WallGatewayDependencies<W extends OpenWall> {
  readonly io: PageServer;
  readonly walls: Walls<W>;
  readonly addressOf: (socket: PageSocket) => string;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Walls on the socket, in their own namespace. The token of a wall belongs to no session and opens nothing else, and messages from a wall
 * are ignored.
 */
export function createWallGateway<W extends OpenWall>({ io, walls, addressOf, clock, log }: WallGatewayDependencies<W>): WallShow {
  const show = createWallShow({ walls, clock, log });
  io.of(WALL_NAMESPACE).on('connection', (socket) => {
    const { token } = socket.handshake.auth as { token?: unknown };
    const page: WallPage = {
      from: addressOf(socket),
      picture: (picture) => void socket.emit('wall:picture', picture),
      change: (change) => void socket.emit('wall:change', change),
      over() {
        socket.emit('wall:over');
        socket.disconnect(true);
      },
    };
    socket.on('disconnect', () => show.leave(page));
    void show.enter(typeof token === 'string' ? token : '', page).then((refusal) => {
      if (refusal === 'wall-over') page.over();
      else if (refusal !== undefined) socket.disconnect(true);
      else if (!socket.connected) show.leave(page);
    });
  });
  return show;
}
