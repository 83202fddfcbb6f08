import { io, type Socket } from 'socket.io-client';
import type { Ack, FromPage, FromPagePayload, ToPage } from '../../../services/shared/contracts/calls/seat-socket.js';
import type { ControlLink } from '../phone/ports.js';

/** `ask` enforces the payload's type; Socket.IO's own types cannot follow a name that is a type parameter. */
type FromPageEvents = Record<FromPage, (payload: object, ack: (answer: Ack) => void) => void>;
type PageSocket = Socket<ToPage, FromPageEvents>;

const PING_EVERY_MS = 1_500;
/** A ping interval and the wait for its answer together stay under the 5 s after which a caller would notice. */
const SILENCE_MS = 2_500;
const SILENCE_AFTER_WAKE_MS = 1_200;
const ANSWER_WITHIN_MS = 8_000;
/** After a refusal, and after one that lasts until somebody closes another page. */
const AGAIN_MS = 1_000;
const TOO_MANY_AGAIN_MS = 5_000;
/** When a timer is late by this much, the machine was asleep. */
const ASLEEP_MS = 3_000;

const timedOut: Ack = { ok: false, code: 'timed-out', message: 'No answer in time.' };
const notThere: Ack = { ok: false, code: 'network', message: 'The server cannot be reached.' };

const openSocket = (token: () => Promise<string>): PageSocket =>
  io({
    path: '/socket.io',
    transports: ['websocket'],
    auth: (give) =>
      void token()
        .then((accessToken) => give({ token: accessToken }))
        .catch(() => give({ token: '' })),
    reconnectionDelay: 150,
    reconnectionDelayMax: 1_500,
    randomizationFactor: 0.3,
    timeout: 3_000,
  });

/** Listens for what wakes a page or takes its network away; returns what ends it. */
function watchPage(wokeUp: () => void, offline: () => void): () => void {
  const over = new AbortController();
  const { signal } = over;
  window.addEventListener('online', wokeUp, { signal });
  window.addEventListener('offline', offline, { signal });
  document.addEventListener('resume', wokeUp, { signal });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && wokeUp(), { signal });
  return () => over.abort();
}

/**
 * The control socket over Socket.IO, with a ping of its own: a WebSocket whose other end is gone still says OPEN, and Socket.IO's
 * heartbeat is the server's, which a page that slept does not notice.
 */
export function createControlLink(token: (fresh: boolean) => Promise<string>): ControlLink {
  let refused = false;
  const socket = openSocket(() => token(refused));
  const watchers = new Set<(up: boolean, tooMany: boolean) => void>();
  let up = false;
  let tooMany = false;
  let closed = false;
  let lastBeatMs = Date.now();
  let pinging = false;

  function tell(next: boolean, nextTooMany = false): void {
    if (next === up && nextTooMany === tooMany) return;
    [up, tooMany] = [next, nextTooMany];
    for (const watcher of watchers) watcher(up, tooMany);
  }

  function reconnect(): void {
    if (closed) return;
    // Not `engine.close()`: that would wait for the back-off of the last attempts.
    socket.disconnect().connect();
  }

  async function ping(silenceMs: number): Promise<void> {
    if (!socket.connected || pinging) return;
    pinging = true;
    try {
      await socket.timeout(silenceMs).emitWithAck('page:ping', { sentAtMs: Date.now() });
      tell(true);
    } catch {
      tell(false);
      reconnect();
    } finally {
      pinging = false;
    }
  }

  function checkNow(): void {
    if (closed) return;
    if (socket.connected) void ping(SILENCE_AFTER_WAKE_MS);
    else reconnect();
  }

  socket.on('connect', () => {
    refused = false;
    tell(true);
  });
  socket.on('disconnect', (reason) => {
    tell(false);
    // The server's own disconnect (a session that ended, a restart) is not retried by Socket.IO.
    if (reason === 'io server disconnect' && !closed) setTimeout(reconnect, 300);
  });
  socket.on('connect_error', ({ message }) => {
    const isTooMany = message === 'too-many-requests';
    tell(false, isTooMany);
    // Refused by the gateway: the token may be old, or its session over. `auth` asks for a new one, and a session that is over signs the page out there.
    refused = !socket.active && !isTooMany;
    if (!socket.active && !closed) setTimeout(reconnect, isTooMany ? TOO_MANY_AGAIN_MS : AGAIN_MS);
  });

  const beat = setInterval(() => {
    const late = Date.now() - lastBeatMs - PING_EVERY_MS;
    lastBeatMs = Date.now();
    if (late > ASLEEP_MS) checkNow();
    else void ping(SILENCE_MS);
  }, PING_EVERY_MS);
  const unwatch = watchPage(checkNow, () => tell(false));

  return {
    async ask<N extends FromPage>(name: N, payload: FromPagePayload<N>) {
      if (!socket.connected) return notThere;
      try {
        const [event, plain]: [FromPage, object] = [name, payload];
        return await (socket.timeout(ANSWER_WITHIN_MS).emitWithAck(event, plain) as Promise<Ack>);
      } catch {
        return socket.connected ? timedOut : notThere;
      }
    },
    on(name, handle) {
      // The types of `on` are those of ControlLink; Socket.IO's own cannot follow a name that is a type parameter.
      socket.on(name, handle as never);
      return () => socket.off(name, handle as never);
    },
    onUp(handle) {
      watchers.add(handle);
      if (up || tooMany) handle(up, tooMany);
      return () => watchers.delete(handle);
    },
    checkNow,
    close() {
      closed = true;
      clearInterval(beat);
      unwatch();
      socket.disconnect();
    },
  };
}
