import type { Effect, Step, TimerName } from './machine.js';

/** What carries out the effects that are not timers. */
export interface Executor<Message> {
  /** `message` is missing when the transaction owns the only message it can send. */
  send(message: Message | undefined): void;
  resend(): void;
  ack(message: Message): void;
  deliver(message: Message): void;
  timedOut(): void;
  failed(): void;
  terminated(): void;
}

/**
 * Runs one pure machine: keeps its state, its timers, and does what it asks. Effects may feed the next event at once (a user that
 * answers inside `deliver`), so the state is set before they run.
 */
export class Driver<State extends { readonly name: string }, Event, Message> {
  private readonly timers = new Map<TimerName, NodeJS.Timeout>();
  private current: State;

  constructor(
    initial: State,
    private readonly machine: (state: State, event: Event) => Step<State>,
    private readonly timerEvent: (timer: TimerName) => Event,
    private readonly executor: Executor<Message>,
  ) {
    this.current = initial;
  }

  get state(): State['name'] {
    return this.current.name;
  }

  /** Feeds an event; `message` is what came with it. Returns whether anything was to be done. */
  feed(event: Event, message?: Message): boolean {
    const before = this.current;
    const { state, effects } = this.machine(before, event);
    this.current = state;
    for (const effect of effects) this.run(effect, message);
    if (this.current.name === 'terminated' && before.name !== 'terminated') {
      this.stopAll();
      this.executor.terminated();
    }
    return effects.length > 0 || state !== before;
  }

  /** Ends without a word to anybody: at shutdown, and when the user has no more use for it. */
  stopAll(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
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
        this.start(effect.timer, effect.ms);
        return;
      case 'stop':
        clearTimeout(this.timers.get(effect.timer));
        this.timers.delete(effect.timer);
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
    clearTimeout(this.timers.get(timer));
    const handle = setTimeout(() => {
      this.timers.delete(timer);
      this.feed(this.timerEvent(timer));
    }, ms);
    handle.unref();
    this.timers.set(timer, handle);
  }
}
