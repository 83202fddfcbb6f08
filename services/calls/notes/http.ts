import { MOST_CALL_NOTES } from '../../shared/contracts/api/calls/call-notes.js';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { CallCentreError, failureOf } from '../../shared/domain/failure.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import type { ReachesObject } from '../../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { CallId } from '../../shared/domain/ids.js';
import type { NoteStore } from '../adapters/mongo-notes.js';

export interface NoteRoutesDependencies {
  readonly notes: Pick<NoteStore, 'of' | 'isThere' | 'count' | 'put'>;
  readonly commands: Pick<CommandBus, 'send'>;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly audit: Audit;
  readonly reachesCall: ReachesObject['call'];
  readonly now: () => Date;
}

/** Notes on a live call, by its agents and by supervisors within whose reach it is; they stay with its record. */
export function createNoteRoutes({ notes, commands, bus, audit, reachesCall, now }: NoteRoutesDependencies): Route[] {
  /** The authorisation point checks people who have a scope; an agent has none and sees only their own calls. */
  async function mustReach(principal: Principal, callId: CallId): Promise<void> {
    if (!(await reachesCall(principal, callId, 'read'))) throw new CallCentreError('not-found', 'No such call');
  }

  /** The agents in a live call. */
  async function agentsIn(callId: CallId): Promise<readonly string[]> {
    try {
      return (await commands.send('call.caller-hash', { callId })).agentIds;
    } catch (error) {
      if (failureOf(error) === 'no-such-call')
        throw new CallCentreError('wrong-state', 'The call is over: notes can no longer be added.', { details: { refused: 'call-over' } });
      throw error;
    }
  }

  return [
    route('GET /calls/:callId/notes', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      async handle({ principal, params: { callId } }) {
        await mustReach(principal, callId);
        return { notes: (await notes.of(callId)).map(({ noteId, at, by, text }) => ({ noteId, at: at.toISOString(), by: by.name, text })) };
      },
    }),
    route('POST /calls/:callId/notes', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      async handle({ principal, params: { callId }, body: { noteId, text }, from }) {
        await mustReach(principal, callId);
        const { userId, name } = principal;
        const isThere = await notes.isThere({ callId, noteId });
        const agentIds = await agentsIn(callId).catch((error: unknown) => {
          if (isThere) return undefined;
          throw error;
        });
        if (agentIds === undefined) return;
        // The note was sent again because no answer came: perhaps its event was never published either.
        if (isThere) return bus.publish('call.noted', { callId, at: now().toISOString(), agentIds: [...agentIds] });
        if ((await notes.count(callId)) >= MOST_CALL_NOTES)
          throw new CallCentreError('too-large', `A call has at most ${String(MOST_CALL_NOTES)} notes.`, {
            details: { refused: 'notes-full' },
          });
        await audit({ who: userId, what: 'call.noted', object: `call:${callId}`, from, success: true });
        await notes.put({ callId, noteId, at: now(), by: { userId, name }, text });
        await bus.publish('call.noted', { callId, at: now().toISOString(), agentIds: [...agentIds] });
      },
    }),
  ];
}
