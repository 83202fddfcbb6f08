import type { CommandBus, CommandHandlers, CommandInput, CommandName } from '../shared/contracts/calls/commands.js';
import { failureOf } from '../shared/domain/failure.js';
import type { EventBus, Handlers } from '../shared/events/catalogue.js';
import type { Leadership } from '../shared/platform/processes/leadership.js';
import type { CallbackStore } from './ports.js';

/**
 * The orders that routing gives, and what it reads to decide. Telephony refuses an order from a leader that another leader has replaced.
 */
const ORDERS: ReadonlySet<CommandName> = new Set(['call.offer', 'call.overflow', 'call.call-back', 'calls.live']);

/**
 * Routing under its lease. Anything that wakes it (an event, a command, its clock) and anything that leaves it first checks the lease, and
 * confirms it when the last confirmation is older than the lease: the process may have stood still, and another one may have taken over. In
 * that case nothing continues.
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
        // A process that no longer leads must not act on the refusal.
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
    /** For the clock: what is not done now is done at the next tick. */
    timed: (run: () => void) => (): void => {
      if (lease.isSure()) run();
    },
    commandsOf,
    busOf: (bus: EventBus): EventBus => ({ ...bus, publish: (...published) => whenSure(() => bus.publish(...published)) }),
    callbacksOf: (store: CallbackStore): CallbackStore => ({ ...store, put: (callback) => whenSure(() => store.put(callback)) }),
  };
}
