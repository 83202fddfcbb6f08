import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import type { Live } from './controller.js';
import type { Effect } from '../machine/effects.js';
import type { CallFact, CallMedia, Directory } from '../ports.js';
import { within } from './within.js';

/** The SSRC of the caller's voice can also be asked for later; the event that the agent has the call cannot wait for it. */
const SSRC_WAIT_MS = 300;

export interface FactNeeds {
  readonly media: Pick<CallMedia, 'has' | 'ssrcOf'>;
  readonly directory: Directory;
  readonly newEventId: () => string;
  readonly hashNumber: NumberHash;
  readonly later: (ms: number, run: () => void) => () => void;
  /** Now, as ISO 8601 in UTC. */
  readonly at: () => string;
}

/** The events that carry the hash, by which routing knows the caller's last agent and to whom it owes a callback. */
const ALSO_OF_A_PERSON: readonly string[] = ['call.callback-asked'];

/** The facts that a call publishes; they are sent once its state is stored. */
export function createFacts({ media, directory, newEventId, hashNumber, later, at }: FactNeeds) {
  return { publish, keepRefusal };

  /** Publishes a refusal by the person whom we called, or by a third party outside; for the client unit whose number the call is on. */
  function keepRefusal({ call, facts }: Live, legId: string | undefined): void {
    const { id: callId, lastAgentId: agentId } = call;
    const leg = call.dialled?.find((each) => each.legId === legId);
    const [callerHash, callerMasked] =
      leg === undefined ? [hashNumber(call.callerNumber), call.callerMasked] : [leg.numberHash, leg.numberMasked];
    if (callerHash === undefined) return;
    const clientUnit = directory.number(call.called)?.clientUnit;
    facts.push({
      id: newEventId(),
      name: 'call.refused-by-key',
      event: {
        callId,
        at: at(),
        callerHash,
        callerMasked,
        ...(agentId === undefined ? {} : { agentId }),
        ...(leg === undefined ? {} : { attemptId: leg.attemptId, way: leg.way }),
        ...(clientUnit === undefined ? {} : { clientUnit }),
      },
    });
  }

  async function publish({ call, facts }: Live, effect: Extract<Effect, { do: 'publish' }>): Promise<void> {
    // The page binds the caller's voice by its SSRC as soon as it learns of the join; a slow relay must not hold the event back.
    const ssrc =
      effect.name === 'call.connected' && media.has(call.id) ? await within(later, SSRC_WAIT_MS, media.ssrcOf(call.id)) : undefined;
    const callerHash = effect.name === 'call.queued' || ALSO_OF_A_PERSON.includes(effect.name) ? hashNumber(call.callerNumber) : undefined;
    const clientUnit = ALSO_OF_A_PERSON.includes(effect.name) ? directory.number(call.called)?.clientUnit : undefined;
    const event = {
      ...effect.event,
      callId: call.id,
      at: at(),
      ...(clientUnit === undefined ? {} : { clientUnit }),
      ...(ssrc === undefined ? {} : { callerSsrc: ssrc }),
      ...(callerHash === undefined ? {} : { callerHash }),
    };
    facts.push({ id: newEventId(), name: effect.name, event } as CallFact);
  }
}
