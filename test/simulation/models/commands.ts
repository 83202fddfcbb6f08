import {
  commands,
  type CommandBus,
  type CommandHandlers,
  type CommandInput,
  type CommandName,
  type CommandOutput,
} from '../../../services/shared/contracts/calls/commands.js';
import { CallCentreError, failureOf } from '../../../services/shared/domain/failure.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

const TIMEOUT_MS = 5_000;
const NOTICED_MS = 250;

interface Server {
  readonly process: Process;
  readonly handler: (input: unknown) => Promise<unknown>;
}

/** Commands between roles: answered, late, timed out, or answered by nobody. */
export class Commands {
  readonly #servers = new Map<CommandName, Server>();
  away = false;
  /** Judges see each command when it reaches its role, and then its answer; none when it was refused. */
  readonly witnesses: ((
    name: CommandName,
    input: Readonly<Record<string, unknown>>,
  ) => (answer: Readonly<Record<string, unknown>> | undefined) => void)[] = [];

  constructor(private readonly world: World) {}

  of(process: Process): CommandBus {
    return {
      send: <N extends CommandName>(name: N, input: CommandInput<N>, options: { readonly timeoutMs?: number } = {}) =>
        this.#send(process, name, input, options.timeoutMs ?? TIMEOUT_MS),
      serve: async (handlers: CommandHandlers) => {
        const names = Object.keys(handlers) as CommandName[];
        for (const name of names) this.#servers.set(name, { process, handler: handlers[name] as (input: unknown) => Promise<unknown> });
        return async () => {
          for (const name of names) if (this.#servers.get(name)?.process === process) this.#servers.delete(name);
        };
      },
    };
  }

  #send<N extends CommandName>(process: Process, name: N, input: CommandInput<N>, timeoutMs: number): Promise<CommandOutput<N>> {
    return new Promise((resolve, reject) => {
      if (!process.alive) return;
      const { scheduler } = this.world;
      const settle = (act: () => void): void => {
        cancel();
        if (process.alive) act();
      };
      const fail = (code: 'service-unavailable' | 'timed-out'): void =>
        settle(() => reject(new CallCentreError(code, `${name} was not answered`)));
      const cancel = scheduler.after(timeoutMs, () => fail('timed-out'));
      const text = JSON.stringify(input);
      scheduler.after(this.world.latency(), () => {
        const server = this.#servers.get(name);
        if (this.away || server === undefined || !server.process.alive) {
          scheduler.after(this.away ? 1 : NOTICED_MS, () => fail('service-unavailable'));
          return;
        }
        const given = commands[name].input.parse(JSON.parse(text));
        const seen = this.witnesses.map((witness) => witness(name, given));
        server
          .handler(given)
          .then(
            (output) => ({ output: JSON.stringify(output ?? {}) }),
            (error: unknown) => ({ error: error instanceof CallCentreError ? error : this.#unexpected(name, error) }),
          )
          .then((answer) => {
            const heard = 'error' in answer ? undefined : (JSON.parse(answer.output) as Readonly<Record<string, unknown>>);
            for (const judge of seen) judge(heard);
            scheduler.after(this.world.latency(), () => {
              if (!server.process.alive) scheduler.after(NOTICED_MS, () => fail('service-unavailable'));
              else
                settle(() => {
                  if ('error' in answer) reject(answer.error);
                  else resolve(commands[name].output.parse(JSON.parse(answer.output)) as CommandOutput<N>);
                });
            });
          })
          .catch((error: unknown) => this.world.fail('crash', `command ${name}: ${String(error)}`));
      });
    });
  }

  /** Anything but a refusal with a code is a fault of the code. */
  #unexpected(name: CommandName, error: unknown): CallCentreError {
    this.world.fail('crash', `${name} failed with ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return new CallCentreError(failureOf(error), 'internal');
  }
}
