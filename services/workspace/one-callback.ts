import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { SeatCallback } from '../shared/contracts/workspace.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { CallbackStore, CallFacts, Promised } from './ports.js';

/**
 * One open callback for each person and client unit, whoever promised it: a person is called back once. A further promise joins the open one
 * and names the other calls that it answers. An agent who promises in person takes one that nobody has yet, with the time that was just
 * agreed; one that a colleague has stays the colleague's, and the answer says so.
 */
export function createOneCallback({
  callbacks,
  commands,
  now,
}: {
  readonly callbacks: Pick<CallbackStore, 'add' | 'join' | 'openOf' | 'openOfPerson' | 'take'>;
  readonly commands: Pick<CommandBus, 'send'>;
  readonly now: () => Date;
}) {
  /** Two people may ask at the same time, for two calls of one person: the second finds the callback that the first has made. */
  const turns = new Map<string, Promise<unknown>>();

  async function known(person: Promised, { callId, queueId }: CallFacts): Promise<SeatCallback | undefined> {
    const ofCall = await callbacks.openOf(callId);
    if (ofCall !== undefined) return ofCall;
    const ofPerson = await callbacks.openOfPerson(person);
    return ofPerson && callbacks.join(ofPerson.id, { callId, ...(queueId === undefined ? {} : { queueId }) });
  }

  /** A person who keeps a place in line is called by routing when the turn comes. While routing is away, nothing prevents a promise. */
  async function refuseKept({ callerHash, clientUnit }: Promised): Promise<void> {
    const asked = { callerHash, ...(clientUnit === undefined ? {} : { clientUnit }) };
    const kept = await commands.send('callback.of', asked).catch(() => null);
    if (kept !== null)
      throw new CallCentreError('already-exists', 'This person keeps a place in line for a callback, and is called when the turn comes.', {
        details: { limit: 'callbacks-of-person', most: 1 },
      });
  }

  async function joined(before: SeatCallback, made: SeatCallback): Promise<SeatCallback> {
    if (made.agentId === undefined || (before.agentId !== undefined && before.agentId !== made.agentId)) return before;
    const note = [...new Set([...before.note.split('\n'), made.note])].filter((text) => text !== '').join('\n');
    return (await callbacks.take(before.id, { agentId: made.agentId, dueAt: made.dueAt, note })) ?? before;
  }

  function promise(person: Promised, call: CallFacts, make: () => SeatCallback): Promise<SeatCallback> {
    const key = `${person.clientUnit ?? ''} ${person.callerHash}`;
    const made = (turns.get(key) ?? Promise.resolve())
      .catch(() => undefined)
      .then(async () => {
        const before = await known(person, call);
        if (before !== undefined) return joined(before, make());
        await refuseKept(person);
        const callback = make();
        await callbacks.add(callback, person, now());
        return callback;
      });
    turns.set(key, made);
    const over = (): void => {
      if (turns.get(key) === made) turns.delete(key);
    };
    made.then(over, over);
    return made;
  }

  return { promise, refuseKept };
}
