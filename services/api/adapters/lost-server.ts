import { connect } from 'node:net';
import type { Clock } from '../../shared/domain/time/clock.js';

/** A server that is started again, or a telephony that takes over on another machine, is there before that. */
const HELD_MS = 10_000;
/** How long a page has to make another session at the new server, which asks it for one. */
const MOVED_MS = 20_000;
const LOOK_MS = 200;
const ANSWERS_WITHIN_MS = 1_000;

/**
 * The SIP server of a page's connection is gone, and the page's media continues at the relay. A page that loses its connection drops its
 * media, so it keeps the connection until it can create another session. Resolves when the page must leave it: at once while the server is
 * there, as soon as it is back, or some time after another server has taken its place, from which the page is asked for another session.
 */
export async function untilPageMustLeave({
  server,
  serverNow,
  hasLeft,
  clock,
  isThere = answers,
}: {
  readonly server: URL;
  readonly serverNow: () => Promise<URL>;
  /** The page has left by itself. */
  readonly hasLeft: () => boolean;
  readonly clock: Pick<Clock, 'nowMs' | 'after'>;
  readonly isThere?: (server: URL) => Promise<boolean>;
}): Promise<void> {
  const lostMs = clock.nowMs();
  let movedMs: number | undefined;
  while (!hasLeft()) {
    const nowMs = clock.nowMs();
    if (movedMs === undefined) {
      if (await isThere(server)) return;
      if ((await serverNow()).host !== server.host) movedMs = nowMs;
      else if (nowMs - lostMs >= HELD_MS) return;
    } else if (nowMs - movedMs >= MOVED_MS) return;
    await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve));
  }
}

/** Whether somebody takes connections there. */
const answers = ({ hostname, port, protocol }: URL): Promise<boolean> =>
  new Promise((resolve) => {
    const usual = protocol === 'wss:' ? 443 : 80;
    const socket = connect(port === '' ? usual : Number(port), hostname.replace(/^\[|\]$/g, ''));
    const done = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.setTimeout(ANSWERS_WITHIN_MS, () => done(false));
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
