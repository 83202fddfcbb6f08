import type { CommandBus, CommandHandlers, CommandInput, CommandName } from '../shared/contracts/calls/commands.js';
import { failureOf } from '../shared/domain/failure.js';
import type { EventBus, Handlers } from '../shared/events/catalogue.js';
import type { Leadership } from '../shared/platform/processes/leadership.js';
import type { CallbackStore } from './ports.js';

/** What routing orders, or reads to decide by. Telephony refuses it from a leader that another has followed. */
const ORDERS: ReadonlySet<CommandName> = new Set(['call.offer', 'call.overflow', 'call.call-back', 'calls.live']);

/**
 * Routing under its lease. Whatever wakes it (an event, a command, its clock) and whatever goes out of it first has the lease confirmed when
 * the last confirmation is older than the lease: the process may have stood still, and another may decide by now. Then nothing goes on.
 */
export function underLease(lease: Leadership) {
  const whenSure = <T>(run: () => Promise<T>): Promise<T> => (lease.isSure() ? run() : lease.sure().then(run));
  const never = (): Promise<never> => new Promise(() => undefined);

  /** Handlers by name: none runs unless this process leads. */
  function guarded<H extends object>(handlers: H): H {
    return Object.fromEntries(
      Object.entries(handlers).map(([name, handle]: [string, (...given: unknown[]) => unknown]) => [
        name,
        (...given: unknown[]) => (lease.isSure() ? handle(...given) : lease.sure().then(() => handle(...given))),
      ]),
    ) as H;
  }

  function commandsOf(commands: CommandBus): CommandBus {
    async function ordered<N extends CommandName>(name: N, input: CommandInput<N>, options?: { readonly timeoutMs?: number }) {
      try {
        return await commands.send(name, { ...input, fencingToken: lease.token() }, options);
      } catch (error) {
        if (failureOf(error) !== 'superseded') throw error;
        // Nothing that follows from a refusal is done by a leader that is none.
        lease.superseded();
        return never();
      }
    }
    return {
      serve: (handlers: CommandHandlers) => commands.serve(guarded(handlers)),
      send: (name, input, options) =>
        whenSure(() => (ORDERS.has(name) ? ordered(name, input, options) : commands.send(name, input, options))),
    };
  }

  return {
    guarded: (handlers: Handlers): Handlers => guarded(handlers),
    /** Of the clock: what is not done now is done at the next turn. */
    timed: (run: () => void) => (): void => {
      if (lease.isSure()) run();
    },
    commandsOf,
    busOf: (bus: EventBus): EventBus => ({ ...bus, publish: (...published) => whenSure(() => bus.publish(...published)) }),
    callbacksOf: (store: CallbackStore): CallbackStore => ({ ...store, put: (callback) => whenSure(() => store.put(callback)) }),
  };
}
