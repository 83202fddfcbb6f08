import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { SeatCallback } from '../shared/contracts/workspace.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { CallbackStore, CallFacts } from './ports.js';

/**
 * One callback of a queue for each person: somebody who gave up twice, in one queue or in two, is called back once. The queue that promised
 * first calls back, also while it is already doing so, and the callback names the other calls that it answers. A promise that an agent made
 * in person stays separate.
 */
export function createOneCallback({
  callbacks,
  commands,
}: {
  readonly callbacks: Pick<CallbackStore, 'add' | 'join' | 'openOf' | 'openOfPerson'>;
  readonly commands: Pick<CommandBus, 'send'>;
}) {
  /** Two supervisors may ask at the same time, for two calls of one person: the second finds the callback that the first has made. */
  const turns = new Map<string, Promise<unknown>>();

  async function known(callerHash: string, { callId, queueId }: CallFacts): Promise<SeatCallback | undefined> {
    const ofCall = await callbacks.openOf(callId);
    if (ofCall !== undefined) return ofCall;
    const ofPerson = await callbacks.openOfPerson(callerHash);
    return ofPerson && callbacks.join(ofPerson.id, { callId, ...(queueId === undefined ? {} : { queueId }) });
  }

  /** A person who keeps a place in line is called by routing when the turn comes. While routing is away, nothing prevents a promise. */
  async function refuseKept(callerHash: string): Promise<void> {
    const kept = await commands.send('callback.of', { callerHash }).catch(() => null);
    if (kept !== null)
      throw new CallCentreError('already-exists', 'This person keeps a place in line for a callback, and is called when the turn comes.', {
        details: { limit: 'callbacks-of-person', most: 1 },
      });
  }

  return function promise(callerHash: string, call: CallFacts, make: () => SeatCallback): Promise<SeatCallback> {
    const made = (turns.get(callerHash) ?? Promise.resolve())
      .catch(() => undefined)
      .then(async () => {
        const before = await known(callerHash, call);
        if (before !== undefined) return before;
        await refuseKept(callerHash);
        const callback = make();
        await callbacks.add(callback, callerHash);
        return callback;
      });
    turns.set(callerHash, made);
    const over = (): void => {
      if (turns.get(callerHash) === made) turns.delete(callerHash);
    };
    made.then(over, over);
    return made;
  };
}
