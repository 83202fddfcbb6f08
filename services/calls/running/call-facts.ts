import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import type { Live } from './controller.js';
import type { Effect } from '../machine/effects.js';
import type { CallFact, CallMedia, Directory } from '../ports.js';
import { within } from './within.js';

/** Which voice is the caller's can be asked later too; that the agent has the call cannot wait for it. */
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

/** Routing knows by the hash whose agent was the last, and to whom it owes a callback. */
const ALSO_OF_A_PERSON: readonly string[] = ['call.callback-asked'];

/** What a call tells everybody else; the facts leave with its state. */
export function createFacts({ media, directory, newEventId, hashNumber, later, at }: FactNeeds) {
  return { publish, keepRefusal };

  /** Of the person whom we called, or of a third party outside; for the client unit whose number the call is on. */
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
    // The page binds the caller's voice by its SSRC as soon as it is told of the join; a relay that is slow keeps the join from nobody.
    const ssrc =
      effect.name === 'call.connected' && media.has(call.id) ? await within(later, SSRC_WAIT_MS, media.ssrcOf(call.id)) : undefined;
    const callerHash = effect.name === 'call.queued' || ALSO_OF_A_PERSON.includes(effect.name) ? hashNumber(call.callerNumber) : undefined;
    const event = {
      ...effect.event,
      callId: call.id,
      at: at(),
      ...(ssrc === undefined ? {} : { callerSsrc: ssrc }),
      ...(callerHash === undefined ? {} : { callerHash }),
    };
    facts.push({ id: newEventId(), name: effect.name, event } as CallFact);
  }
}
