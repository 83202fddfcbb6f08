import type { Effect, MachineContext, Step, TimerName } from './machine.js';

/** A pure machine: the effects of an event in a state. */
export type Machine<State, Event> = (state: State, event: Event, context: MachineContext) => Step<State>;

export interface TimerEvent {
  readonly type: 'timer';
  readonly timer: TimerName;
}

/** Carries out the effects that are not timers. */
export interface Executor<Message> {
  /** `message` is missing when the transaction owns the only message it can send. */
  send(message: Message | undefined): void;
  resend(): void;
  ack(message: Message): void;
  deliver(message: Message): void;
  timedOut(): void;
  failed(): void;
  /** The outcome is settled. For this time repeated messages must still be recognised (0: not at all). */
  settled(forMs: number): void;
  terminated(): void;
}

// These timers only wait until no message of the transaction can be on its way any more. They need no timer, but a record on the wheel.
const LINGERING: ReadonlySet<TimerName> = new Set<TimerName>(['D', 'I', 'J', 'K', 'L', 'M']);

/**
 * Runs one pure machine: keeps its state and its timers, and carries out its effects. Effects may feed the next event at once (a user that
 * answers inside `deliver`), so the state is set before they run. Once the outcome is settled, the owner keeps a record instead.
 */
export class Driver<State extends { readonly name: string }, Event, Message> {
  private timers: Partial<Record<TimerName, NodeJS.Timeout>> | undefined;

  constructor(
    private current: State,
    private readonly machine: Machine<State, Event | TimerEvent>,
    private readonly context: MachineContext,
    private readonly executor: Executor<Message>,
  ) {}

  get state(): State['name'] {
    return this.current.name;
  }

  /** The effects of this event, without carrying them out. */
  wouldDo(event: Event): readonly Effect['do'][] {
    return this.machine(this.current, event, this.context).effects.map((effect) => effect.do);
  }

  /** Feeds an event; `message` is what came with it. */
  feed(event: Event | TimerEvent, message?: Message): void {
    const before = this.current;
    const { state, effects } = this.machine(before, event, this.context);
    this.current = state;
    for (const effect of effects) this.run(effect, message);
    if (this.current.name === 'terminated' && before.name !== 'terminated') {
      this.stopAll();
      this.executor.terminated();
    }
  }

  /** Ends silently, at shutdown. */
  stopAll(): void {
    for (const timer of Object.values(this.timers ?? {})) clearTimeout(timer);
    this.timers = undefined;
  }

  private run(effect: Effect, message: Message | undefined): void {
    switch (effect.do) {
      case 'send':
        this.executor.send(message);
        return;
      case 'resend':
        this.executor.resend();
        return;
      case 'ack':
        if (message !== undefined) this.executor.ack(message);
        return;
      case 'deliver':
        if (message !== undefined) this.executor.deliver(message);
        return;
      case 'start':
        if (LINGERING.has(effect.timer)) this.executor.settled(effect.ms);
        else this.start(effect.timer, effect.ms);
        return;
      case 'stop':
        clearTimeout(this.timers?.[effect.timer]);
        return;
      case 'timed-out':
        this.executor.timedOut();
        return;
      case 'failed':
        this.executor.failed();
        return;
    }
  }

  private start(timer: TimerName, ms: number): void {
    clearTimeout(this.timers?.[timer]);
    const handle = setTimeout(expire, ms, this, timer);
    handle.unref();
    (this.timers ??= {})[timer] = handle;
  }
}

function expire(driver: { feed(event: TimerEvent): void }, timer: TimerName): void {
  driver.feed({ type: 'timer', timer });
}
