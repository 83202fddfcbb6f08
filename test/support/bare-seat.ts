import { io, type Socket } from 'socket.io-client';
import { SipPhone } from '../../services/proof-call/adapters/sip-phone.js';
import type { Ack } from '../../services/shared/contracts/calls/seat-socket.js';
import type { AgentSnapshot } from '../../services/shared/contracts/calls/commands.js';
import type { SeatCredential } from '../../services/shared/contracts/session.js';
import { openSeatLink } from './seat-link.js';
import type { Stack } from './stack.js';
import { until } from './until.js';

const CONNECT_WITHIN_MS = 3_000;

/** A telephone at the door of seats, for the person of this session. */
async function openLine(stack: Stack, token: string, local: string): Promise<SipPhone> {
  const { body } = await stack.http('POST', '/api/seat/credential', { token });
  const { username, password, webSocketUrl, target } = body as SeatCredential;
  return SipPhone.open(
    {
      server: await openSeatLink(webSocketUrl),
      local,
      from: `sip:${username}@proofline.invalid`,
      credential: { username, password },
    },
    target,
  );
}

/** The control socket of a page. One that hears nothing tries again soon. */
async function connected(stack: Stack, token: string): Promise<Socket> {
  const socket = io(stack.web, {
    ...{
      auth: { token },
      transports: ['websocket'],
      rejectUnauthorized: false,
      reconnection: false,
      timeout: CONNECT_WITHIN_MS,
      forceNew: true,
    },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  }).catch((error: unknown) => {
    socket.close();
    throw error;
  });
  return socket;
}

/** A seat without a browser: the page's control socket, and a telephone for its sound. */
export class BareSeat {
  private constructor(
    private readonly stack: Stack,
    private readonly token: string,
    private control: Socket,
    private line: SipPhone,
    private readonly local: string,
  ) {}

  /** Its newest. */
  get socket(): Socket {
    return this.control;
  }

  /** Of its newest session. */
  get phone(): SipPhone {
    return this.line;
  }

  static async open(stack: Stack, name: string): Promise<BareSeat> {
    return BareSeat.openAs(stack, await stack.signIn(name));
  }

  /** The seat of a session that is open already. `local`: the address of its sound. */
  static async openAs(stack: Stack, token: string, local = '127.0.0.1'): Promise<BareSeat> {
    const socket = await connected(stack, token);
    const seat = new BareSeat(stack, token, socket, await openLine(stack, token, local), local);
    await seat.ask('seat:sync', {});
    const status = await seat.phone.call();
    if (status !== 200) throw new Error(`the seat was answered ${status}`);
    return seat;
  }

  /** From now on it makes another session when it is asked to, as a page does. `begun`: told of each, before the one before is left. */
  renewWhenAsked(begun: (phone: SipPhone) => void): void {
    this.socket.on('seat:renew', () => {
      void (async () => {
        const phone = await openLine(this.stack, this.token, this.local);
        if ((await phone.call()) !== 200) return;
        const before = this.line;
        this.line = phone;
        begun(phone);
        before.close();
      })();
    });
  }

  /** Once its connection is gone: it comes back as a page does, as soon as the web origin answers, and makes another session. */
  async comesBack(): Promise<void> {
    if (this.socket.connected) await new Promise<void>((resolve) => this.socket.once('disconnect', () => resolve()));
    this.control = await until(
      () => connected(this.stack, this.token).catch(() => undefined),
      (socket) => socket !== undefined,
      60_000,
    ).then((socket) => socket ?? this.control);
    await this.ask('seat:sync', {});
    const before = this.line;
    // Telephony may be about to come back too.
    await until(
      async () => {
        const phone = await openLine(this.stack, this.token, this.local);
        const status = await phone.call();
        if (status === 200) this.line = phone;
        else phone.close();
        return status;
      },
      (status) => status === 200,
      30_000,
    );
    before.close();
  }

  async ask(name: string, payload: unknown): Promise<unknown> {
    const answer = (await this.socket.timeout(10_000).emitWithAck(name, payload)) as Ack;
    if (!answer.ok) throw new Error(answer.code);
    return answer.data;
  }

  /**
   * Telephony's report that sound is up reaches routing through the event stream: then the seat becomes ready, and rings at once where a
   * caller waits already, or calls out where somebody is to be called back.
   */
  async ready(): Promise<void> {
    await until(
      () => this.ask('agent:set-state', { state: 'ready' }),
      (agent) => ['ready', 'offered', 'on-call'].includes((agent as AgentSnapshot).state),
    );
  }

  next<T>(name: string): Promise<T> {
    return new Promise((resolve) => this.socket.once(name, resolve));
  }

  /** Signs out, as a person does at the end of the day. */
  async leave(): Promise<void> {
    await this.stack.http('DELETE', '/api/session', { token: this.token });
    this.socket.close();
    this.phone.close();
  }
}
