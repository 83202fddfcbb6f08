import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import { BareSeat } from '../bare-seat.js';
import { newPerson } from './people.js';
import type { SipPhone } from '../phones/sip-phone.js';
import type { Stack } from '../stack.js';
import { until } from '../until.js';
import { within } from '../within.js';

/** How many calls of each kind are up at the same time. */
export interface HouseOfCalls {
  readonly waiting: number;
  readonly talking: number;
  readonly held: number;
  readonly parked: number;
  readonly transferred: number;
  readonly conferences: number;
}

export const CALLER_HZ = 440;
export const AGENT_HZ = 660;
const RING_WITHIN_MS = 20_000;

interface Talk {
  readonly seat: BareSeat;
  readonly caller: SipPhone;
  readonly callId: string;
}
interface Agent {
  readonly seat: BareSeat;
  readonly userId: string;
}

/** A centre in which calls of every kind are up, each with sound of both sides that goes on by itself. */
export class BusyHouse implements AsyncDisposable {
  readonly #agents: Agent[] = [];
  readonly #callers: SipPhone[] = [];
  readonly talks: Talk[] = [];

  private constructor(
    private readonly stack: Stack,
    private readonly dial: () => Promise<SipPhone>,
    private readonly seatsAt: string | undefined,
  ) {}

  /** `dial` opens the telephone of one more caller of a number whose queue all agents serve. `seatsAt`: the address of the seats' sound. */
  static async open(stack: Stack, dial: () => Promise<SipPhone>, calls: HouseOfCalls, seatsAt?: string): Promise<BusyHouse> {
    const house = new BusyHouse(stack, dial, seatsAt);
    try {
      await house.#fill(calls);
    } catch (error) {
      await house[Symbol.asyncDispose]();
      throw error;
    }
    return house;
  }

  get callers(): readonly SipPhone[] {
    return this.#callers;
  }

  /** In each conversation of two, the caller and the agent hear each other in what comes from now on. */
  async allHear(): Promise<void> {
    for (const { seat, caller } of this.talks)
      await Promise.all([caller.sound.untilHears(AGENT_HZ, 10_000), seat.phone.sound.untilHears(CALLER_HZ, 10_000)]);
  }

  /** Holds and resumes every conversation, or these: each time the relay is told anew where sound goes. */
  async holdAndResume(talks: readonly Talk[] = this.talks): Promise<void> {
    for (const { seat, callId } of talks) {
      await seat.ask('call:hold', { callId });
      await seat.ask('call:resume', { callId });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const caller of this.#callers) caller.close();
    for (const { seat } of this.#agents) await seat.leave();
  }

  async #fill(calls: HouseOfCalls): Promise<void> {
    const { talking, held, parked, transferred, conferences, waiting } = calls;
    const count = talking + held + parked + 2 * (transferred + conferences);
    const admin = await this.stack.signIn('admin');
    for (let i = 0; i < count; i += 1) {
      const { token, userId } = await newPerson(this.stack, admin, { name: `house-${i}`, roles: ['agent'] });
      this.#agents.push({ seat: await BareSeat.openAs(this.stack, token, this.seatsAt), userId });
    }
    const free = [...this.#agents];
    const next = (): Agent => {
      const agent = free.shift();
      if (agent === undefined) throw new Error('there are more calls than agents');
      return agent;
    };
    for (let i = 0; i < talking; i += 1) this.talks.push(await this.#talk(next()));
    for (let i = 0; i < held; i += 1) {
      const { seat, callId } = await this.#talk(next());
      await seat.ask('call:hold', { callId });
    }
    for (let i = 0; i < parked; i += 1) {
      const { seat, callId } = await this.#talk(next());
      await seat.ask('call:park', { callId });
      // An agent who has parked a call is free, and would be offered those who wait.
      await seat.ask('agent:set-state', { state: 'break', reason: 'lunch' });
    }
    for (let i = 0; i < transferred + conferences; i += 1) {
      const [first, second] = [next(), next()];
      const talk = await this.#talk(first);
      await second.seat.ready();
      const offered = second.seat.next<OfferedCall>('call:offered');
      const isConference = i >= transferred;
      const target = { to: 'seat', agentId: second.userId };
      await talk.seat.ask(isConference ? 'call:consult' : 'call:transfer', { callId: talk.callId, target });
      const { callId, offerId } = await offered;
      await second.seat.ask('call:answer', { callId, offerId });
      second.seat.phone.sound.play(AGENT_HZ);
      if (isConference) await untilJoined(talk);
      else await first.seat.ask('agent:set-state', { state: 'break', reason: 'lunch' });
    }
    for (let i = 0; i < waiting; i += 1) await this.#call();
  }

  /** A caller whom this agent answers. */
  async #talk({ seat }: Agent): Promise<Talk> {
    await seat.ready();
    const offered = seat.next<OfferedCall>('call:offered');
    const caller = await this.#call();
    const { callId, offerId } = await within(offered, RING_WITHIN_MS, () => 'the caller does not ring at the seat');
    await seat.ask('call:answer', { callId, offerId });
    seat.phone.sound.play(AGENT_HZ);
    await caller.sound.untilHears(AGENT_HZ, RING_WITHIN_MS);
    return { seat, caller, callId };
  }

  async #call(): Promise<SipPhone> {
    const caller = await this.dial();
    this.#callers.push(caller);
    const status = await caller.call();
    if (status !== 200) throw new Error(`a caller was answered ${status}`);
    caller.sound.play(CALLER_HZ);
    return caller;
  }
}

/** The colleague's answer reaches the call by itself: until it has, there is nobody to join. */
async function untilJoined({ seat, callId }: Talk): Promise<void> {
  const join = (): Promise<boolean> =>
    seat.ask('call:consult-end', { callId, how: 'join' }).then(
      () => true,
      () => false,
    );
  await until(join, Boolean, RING_WITHIN_MS);
}
