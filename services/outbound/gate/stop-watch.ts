import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Stop } from '../ports.js';
import type { AgentId } from '../../shared/domain/ids.js';

/** How often the rules are checked while legs are being dialled: a stop takes effect within a second. */
const LOOK_EVERY_MS = 400;

/** What a stop can match in a leg. */
export interface Stoppable {
  readonly from: string | undefined;
  /** The client units of the number shown and of the number that the caller had called. */
  readonly clientIds: readonly string[];
  readonly agentId: AgentId | undefined;
  readonly campaignId: string | undefined;
}

export const isStopped = (stops: readonly Pick<Stop, 'scope' | 'value'>[], { from, clientIds, agentId, campaignId }: Stoppable): boolean =>
  stops.some(
    ({ scope, value }) =>
      scope === 'platform' ||
      (scope === 'number' && value === from) ||
      (scope === 'client' && clientIds.includes(value)) ||
      (scope === 'agent' && value === agentId) ||
      (scope === 'campaign' && value === campaignId),
  );

/** Why a permitted leg that has not been answered yet is cancelled. */
export type CallOff = 'outbound-stopped' | 'outbound-do-not-call' | 'outbound-consent';

/** A leg that is being dialled, and what it rests on. */
export interface DialledLeg {
  readonly stoppable: Stoppable;
  readonly numberHash: string;
  /** Only for an outbound call that rests on a stored consent. */
  readonly consent: { readonly purpose: string; readonly clientId: string } | undefined;
}

interface StopWatchNeeds {
  readonly stops: () => Promise<readonly Stop[]>;
  /** Brings the memory up to date; called before the first question of each check. */
  readonly catchUp: () => Promise<void>;
  readonly refused: (numberHash: string) => Promise<boolean>;
  readonly consented: (numberHash: string, of: NonNullable<DialledLeg['consent']>) => Promise<boolean>;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly log: Logger;
}

/** Keeps checking stops, refusals and consents while a leg is being dialled. */
export interface StopWatch {
  /**
   * Resolves after the first check: what happened between the permit and the dialling counts. `calledOff` is called once, when the leg may
   * no longer be dialled; the returned function ends the watch.
   */
  over(leg: DialledLeg, calledOff: (why: CallOff) => void): Promise<() => void>;
}

export function createStopWatch({ stops, catchUp, refused, consented, later, log }: StopWatchNeeds): StopWatch {
  const watched = new Map<symbol, { readonly leg: DialledLeg; readonly calledOff: (why: CallOff) => void }>();
  let looking = false;

  async function why({ stoppable, numberHash, consent }: DialledLeg, now: readonly Stop[]): Promise<CallOff | undefined> {
    if (isStopped(now, stoppable)) return 'outbound-stopped';
    if (await refused(numberHash)) return 'outbound-do-not-call';
    return consent === undefined || (await consented(numberHash, consent)) ? undefined : 'outbound-consent';
  }

  /** Legs that were added meanwhile are checked by whoever added them. */
  async function lookAt(keys: readonly symbol[]): Promise<void> {
    try {
      const [now] = await Promise.all([stops(), catchUp()]);
      await Promise.all(
        keys.map(async (key) => {
          const entry = watched.get(key);
          const reason = entry === undefined ? undefined : await why(entry.leg, now);
          // The leg may have been answered during the check.
          if (reason !== undefined && watched.delete(key)) entry?.calledOff(reason);
        }),
      );
    } catch (error) {
      // A ringing leg was permitted: it keeps ringing, and the next check tries again.
      log.error({ err: error }, 'the rules could not be read while a number is being dialled');
    }
  }

  async function round(): Promise<void> {
    await lookAt([...watched.keys()]);
    if (watched.size > 0) later(LOOK_EVERY_MS, () => void round());
    else looking = false;
  }

  return {
    async over(leg, calledOff) {
      const key = Symbol('leg');
      watched.set(key, { leg, calledOff });
      await lookAt([key]);
      if (!looking && watched.size > 0) {
        looking = true;
        later(LOOK_EVERY_MS, () => void round());
      }
      return () => void watched.delete(key);
    },
  };
}
