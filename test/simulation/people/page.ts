import type { PageSocket } from '../../../services/api/adapters/page-server.js';
import type { Ack, FromPage, FromPagePayload, ToPage } from '../../../services/shared/contracts/calls/seat-socket.js';
import type { ControlLink, OpenSeatLine, SeatLine } from '../../../web-agent/src/phone/ports.js';
import { createSeat, type Seat } from '../../../web-agent/src/phone/seat.js';
import type { ApiRole } from '../roles/api.js';
import { Process, channel } from '../scheduler.js';
import type { World } from '../world.js';

const RECONNECT_MS = 500;
const CONNECT_MS = 40;
const MEDIA_UP_MS = 150;
const LINK_NOTICED_MS = 300;
const OPEN_WITHIN_MS = 8_000;
const ASK_TIMEOUT_MS = 10_000;

const microphone = { getAudioTracks: () => [] } as unknown as MediaStream;

/** A browser page with the product's own seat in it: a control link, a line over SIP, and a person before it. */
export class Page {
  readonly seat: Seat;
  readonly process: Process;
  readonly #listeners = new Map<string, Set<(payload: never) => void>>();
  readonly #upListeners = new Set<(up: boolean) => void>();
  #socket: { readonly gateway: ApiRole; readonly id: string; readonly face: PageSocket } | undefined;
  #lines = 0;
  /** Since when the link has been up without a break; undefined while it is down. */
  linkedSinceMs: number | undefined;
  readonly #openLines = new Map<SeatLine, () => void>();
  /** The network of the computer; without it neither the link nor a new line comes up. */
  online = true;
  #closed = false;

  constructor(
    private readonly world: World,
    readonly agentId: string,
    readonly sessionId: string,
    readonly pageId: string,
  ) {
    this.process = new Process(pageId, world.scheduler);
    this.seat = createSeat({
      link: this.#link(),
      openLine: this.#openLine,
      microphone: { open: async () => microphone },
      earpiece: { play: () => undefined, ringing: () => undefined },
      ringer: { ring: () => undefined, stop: () => undefined },
      clock: this.process.clock,
      credential: async () => ({
        username: sessionId,
        password: '',
        realm: '',
        webSocketUrl: '',
        target: '',
        codec: 'pcma',
      }),
    });
    this.#connect();
  }

  get closed(): boolean {
    return this.#closed;
  }

  #connect(): void {
    this.process.clock.after(CONNECT_MS, () => {
      const gateway = this.world.gateway.gateway;
      if (this.#socket !== undefined || this.#closed) return;
      if (!this.online || gateway === undefined) {
        this.process.clock.after(RECONNECT_MS, () => this.#connect());
        return;
      }
      const id = `${this.pageId}/${this.world.scheduler.steps}`;
      const face = gateway.connect({
        id,
        data: { principal: this.world.staff.principalOf(this.agentId, this.sessionId), from: '' },
        receive: (name, payload) => this.#receive(id, name, payload),
        dropped: () => this.process.clock.after(LINK_NOTICED_MS, () => this.#linkDown(id)),
      });
      this.#socket = { gateway, id, face };
      this.linkedSinceMs = this.world.scheduler.nowMs;
      for (const tell of this.#upListeners) tell(true);
    });
  }

  #linkDown(id: string): void {
    if (this.#socket?.id !== id) return;
    this.#socket = undefined;
    this.linkedSinceMs = undefined;
    for (const tell of this.#upListeners) tell(false);
    this.#connect();
  }

  #receive(id: string, name: string, payload: unknown): void {
    if (this.#closed || this.#socket?.id !== id || !this.online) return;
    if (name === 'fact') this.world.notes.isTold({ userId: this.agentId, as: 'seat' }, payload);
    for (const handle of this.#listeners.get(name) ?? []) handle(payload as never);
  }

  #link(): ControlLink {
    const send = channel(this.world.scheduler);
    const back = channel(this.world.scheduler);
    return {
      ask: <N extends FromPage>(name: N, payload: FromPagePayload<N>) =>
        new Promise<Ack>((resolve) => {
          let answered = false;
          const give = (ack: Ack): void => {
            if (answered || !this.process.alive) return;
            answered = true;
            resolve(ack);
          };
          const fail = (code: string): void => give({ ok: false, code, message: code });
          this.process.clock.after(ASK_TIMEOUT_MS, () => fail('timed-out'));
          const socket = this.#socket;
          if (socket === undefined || !this.online) {
            this.process.clock.after(1, () => fail('network'));
            return;
          }
          send(this.world.latency(), () => {
            if (!socket.gateway.process.alive) return;
            void socket.gateway
              .ask(socket.face, name, JSON.parse(JSON.stringify(payload)))
              .then((ack) => back(this.world.latency(), () => this.online && socket.id === this.#socket?.id && give(ack)));
          });
        }),
      on: <N extends keyof ToPage>(name: N, handle: ToPage[N]) => {
        const handlers = this.#listeners.get(name) ?? new Set();
        this.#listeners.set(name, handlers);
        handlers.add(handle);
        return () => handlers.delete(handle);
      },
      onUp: (handle) => {
        this.#upListeners.add(handle);
        return () => this.#upListeners.delete(handle);
      },
      checkNow: () => undefined,
      close: () => undefined,
    };
  }

  readonly #openLine: OpenSeatLine = ({ onLost }) =>
    new Promise((resolve, reject) => {
      if (!this.online) {
        this.process.clock.after(1_000, () => reject(new Error('no network')));
        return;
      }
      this.#lines += 1;
      let isOver = false;
      const sipCallId = `${this.pageId}-line${this.#lines}`;
      const hangUp = this.world.sip.seat(
        { agentId: this.agentId, sessionId: this.sessionId, sipCallId },
        {
          party: `seat:${this.agentId}:${sipCallId}`,
          onAnswered: () =>
            this.process.clock.after(MEDIA_UP_MS, () => {
              if (isOver) return;
              const line: SeatLine = {
                callId: sipCallId,
                remote: null,
                setMute: () => undefined,
                useMicrophone: async () => undefined,
                bindCaller: async () => undefined,
                quality: async () => null,
                close: () => {
                  this.#openLines.delete(line);
                  hangUp();
                },
              };
              this.#openLines.set(line, () => onLost('signalling'));
              if (this.#closed) line.close();
              else resolve(line);
            }),
          onRefused: () => {
            if (this.process.alive) reject(new Error('refused'));
          },
          onBye: () => {
            if (!this.process.alive) return;
            const up = [...this.#openLines.keys()].find(({ callId }) => callId === sipCallId);
            // The line ended before its media came up: the page waits for that media until its time is over.
            if (up === undefined) {
              isOver = true;
              this.process.clock.after(OPEN_WITHIN_MS, () => reject(new Error('no media')));
              return;
            }
            this.#openLines.delete(up);
            onLost('ended');
          },
        },
      );
    });

  /** The network goes and comes; the server notices by its pings. */
  setOnline(online: boolean): void {
    this.online = online;
    if (online) return;
    this.linkedSinceMs = undefined;
    const socket = this.#socket;
    if (socket === undefined) return;
    this.process.clock.after(LINK_NOTICED_MS, () => this.#linkDown(socket.id));
    this.world.scheduler.after(5_000, () => socket.gateway.disconnect(socket.id, socket.face));
  }

  /** The sound breaks: the media session is lost while the link stays. */
  loseLine(): void {
    for (const [line, lost] of [...this.#openLines]) {
      lost();
      line.close();
    }
  }

  /** Reload, close, or the end of the computer: nothing of this page runs any more. `cleanly`: sockets are closed by the browser. */
  close(cleanly: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    const lines = [...this.#openLines.keys()];
    const socket = this.#socket;
    this.#socket = undefined;
    this.linkedSinceMs = undefined;
    this.process.kill();
    const noticed = cleanly ? 20 : 6_000;
    this.world.scheduler.after(noticed, () => {
      for (const line of lines) line.close();
      if (socket !== undefined) socket.gateway.disconnect(socket.id, socket.face);
    });
  }
}
