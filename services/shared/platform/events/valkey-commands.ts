import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import {
  commands,
  type CommandBus,
  type CommandHandlers,
  type CommandInput,
  type CommandName,
  type CommandOutput,
} from '../../contracts/calls/commands.js';
import { CallCentreError, failureOf, failures, type FailureCode } from '../../domain/failure.js';
import { describeError, type Logger } from '../processes/logger.js';
import { orStoreAway } from '../stores/mongo.js';
import { openValkey } from './valkey-client.js';

const TIMEOUT_MS = 5_000;
/** How often it is checked whether the process that heard a command is still there to answer it. */
const LOOK_AGAIN_MS = 250;
/**
 * The client can miss the answer while it subscribes again on a restored connection. Nothing is served any more by then, so stopping does
 * not wait longer for it.
 */
const UNSUBSCRIBED_WITHIN_MS = 500;

interface Reply {
  readonly id: string;
  readonly ok: boolean;
  readonly output?: unknown;
  readonly code?: string;
  readonly message?: string;
}

interface Request {
  readonly id: string;
  readonly name: CommandName;
  readonly input: unknown;
  readonly replyTo: string;
}

/**
 * Commands between roles over Valkey's publish/subscribe: a request goes to the owner's channel, the reply to the sender's. Nothing is
 * stored. A command that nobody hears fails at once with `service-unavailable`. If the process that heard it dies, it fails within a
 * quarter of a second (whether it was carried out is then unknown). A late reply is dropped.
 */
export function createValkeyCommands({
  url,
  log,
  shared,
}: {
  readonly url: string;
  readonly log: Logger;
  /** A connection of this process for writes: those of one turn of the event loop go out as one. Without it, the bus opens its own. */
  readonly shared?: Redis;
}): CommandBus & { close(): Promise<void> } {
  const writer = shared ?? openValkey(url, { maxRetriesPerRequest: 1, enableAutoPipelining: true });
  const reader = openValkey(url, { maxRetriesPerRequest: null });
  const inbox = `proofline:reply:${randomUUID()}`;
  const waiting = new Map<string, (reply: Reply) => void>();
  const served = new Map<string, (input: unknown) => Promise<unknown>>();
  const listening = reader.subscribe(inbox);

  reader.on('message', (channel: string, text: string) => {
    if (channel === inbox) {
      const reply = JSON.parse(text) as Reply;
      waiting.get(reply.id)?.(reply);
      return;
    }
    void answer(JSON.parse(text) as Request);
  });

  async function answer({ replyTo, ...request }: Request): Promise<void> {
    const handler = served.get(request.name);
    if (handler === undefined) return;
    const reply = await replyOf(request, handler, log);
    await writer
      .publish(replyTo, JSON.stringify(reply))
      .catch((error: unknown) => log.warn({ err: describeError(error) }, 'reply could not be sent'));
  }

  /** Resolves with the reply, or with a failure as soon as nobody is left to give one. */
  function replyTo(id: string, name: CommandName, input: unknown, timeoutMs: number): Promise<Reply> {
    const channel = `proofline:command:${name}`;
    const nobody = (): void => waiting.get(id)?.({ id, ok: false, code: 'service-unavailable', message: `nobody serves ${name} now` });
    return new Promise<Reply>((resolve, reject) => {
      const timer = setTimeout(() => {
        clearInterval(look);
        waiting.delete(id);
        reject(new CallCentreError('timed-out', `${name} was not answered in time`));
      }, timeoutMs);
      const look = setInterval(() => {
        writer.pubsub('NUMSUB', channel).then(
          ([, hearers]) => {
            if (hearers === 0) nobody();
          },
          () => undefined, // Live state is away for a moment: the time limit says so if it stays.
        );
      }, LOOK_AGAIN_MS);
      waiting.set(id, (answered) => {
        clearInterval(look);
        clearTimeout(timer);
        waiting.delete(id);
        resolve(answered);
      });
      writer.publish(channel, JSON.stringify({ id, name, input, replyTo: inbox })).then(
        (heard) => {
          if (heard === 0) nobody();
        },
        () => waiting.get(id)?.({ id, ok: false, code: 'service-unavailable', message: 'live state is not reachable' }),
      );
    });
  }

  return {
    async send<N extends CommandName>(
      name: N,
      input: CommandInput<N>,
      options: { readonly timeoutMs?: number } = {},
    ): Promise<CommandOutput<N>> {
      await listening;
      const reply = await replyTo(randomUUID(), name, input, options.timeoutMs ?? TIMEOUT_MS);
      if (reply.ok) return commands[name].output.parse(reply.output) as CommandOutput<N>;
      const code: FailureCode = reply.code !== undefined && reply.code in failures ? (reply.code as FailureCode) : 'internal';
      throw new CallCentreError(code, reply.message ?? name);
    },

    async serve(handlers: CommandHandlers) {
      const names = Object.keys(handlers) as CommandName[];
      for (const name of names) served.set(name, handlers[name] as (input: unknown) => Promise<unknown>);
      await reader.subscribe(...names.map((name) => `proofline:command:${name}`));
      return async () => {
        for (const name of names) served.delete(name);
        const unsubscribed = reader
          .unsubscribe(...names.map((name) => `proofline:command:${name}`))
          .catch((error: unknown) => log.debug({ err: error }, 'the connection ended before its commands were unsubscribed'));
        await Promise.race([unsubscribed, pause(UNSUBSCRIBED_WITHIN_MS)]);
      };
    },

    async close() {
      if (writer !== shared) writer.disconnect();
      reader.disconnect();
    },
  };
}

/** The answer of a command's owner to one request. A failure is reduced to its code, and its text stays in the log. */
async function replyOf(
  { id, name, input }: Omit<Request, 'replyTo'>,
  handler: (input: unknown) => Promise<unknown>,
  log: Logger,
): Promise<Reply> {
  try {
    return { id, ok: true, output: await handler(commands[name].input.parse(input)) };
  } catch (error) {
    const failure = orStoreAway(error);
    const code = failureOf(failure);
    if (code === 'internal') log.error({ err: failure, command: name }, 'command failed');
    return {
      id,
      ok: false,
      code,
      message: failure instanceof CallCentreError ? failure.message : 'The service failed; the error is in its log.',
    };
  }
}
