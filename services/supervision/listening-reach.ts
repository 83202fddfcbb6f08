import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { mayUse, type Principal } from '../shared/domain/people/rights.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { isScoped, withinReach, type ReachedCall, type ReachOf } from '../shared/platform/reach/reach.js';
import type { Audit } from '../shared/platform/http/route.js';
import type { PersonNow } from './ports.js';
import type { CallId } from '../shared/domain/ids.js';

export interface ListeningReach {
  /** Somebody has begun to listen. */
  began(): void;
  /** Ends what was out of reach at this check and at the previous one. */
  look(): Promise<void>;
}

/**
 * A listening never goes beyond the scope of the listener, even when things change while it lasts: the call moves to another queue or to an
 * agent of another team, the agent changes teams, or the supervisor loses the right or the account. What cannot be read at this moment ends
 * nothing.
 */
export function createListeningReach({
  commands,
  personNow,
  reachOf,
  audit,
  bus,
  now,
  log,
}: {
  readonly commands: CommandBus;
  readonly personNow: PersonNow;
  readonly reachOf: ReachOf;
  readonly audit: Audit;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly now: () => Date;
  readonly log: Logger;
}): ListeningReach {
  // After a start it is unknown whether somebody is listening.
  let isAnybody = true;
  /** Between two agents a call belongs to nobody for a moment, so being out of reach once does not count. */
  let suspects: ReadonlySet<string> = new Set();

  async function mayGoOn(person: Principal | undefined, call: ReachedCall): Promise<boolean> {
    if (person === undefined || !mayUse(person, 'calls.listen')) return false;
    return !isScoped(person) || withinReach(await reachOf(person), call);
  }

  async function end(callId: CallId, listenerId: string): Promise<void> {
    await commands.send('call.monitor', { callId, agentId: listenerId, mode: 'stop' });
    const object = `call:${callId}`;
    await audit({
      who: 'system:listening',
      what: 'call.monitored',
      object,
      success: true,
      reason: 'stop · out-of-reach',
      after: { listenerId },
    });
    await bus.publish('listening.cut', { at: now().toISOString(), agentId: listenerId, callId });
  }

  return {
    began: () => void (isAnybody = true),
    async look() {
      if (!isAnybody) return;
      isAnybody = false;
      try {
        const listened = (await commands.send('calls.live', {})).flatMap(({ listeners = [], ...call }) =>
          listeners.map(({ agentId: listenerId }) => ({ call, listenerId })),
        );
        isAnybody ||= listened.length > 0;
        const out = new Set<string>();
        for (const { call, listenerId } of listened) {
          if (await mayGoOn(await personNow(listenerId), call)) continue;
          const key = `${call.callId} ${listenerId}`;
          if (suspects.has(key)) await end(call.callId, listenerId);
          else out.add(key);
        }
        suspects = out;
      } catch (error) {
        isAnybody = true;
        log.debug({ err: error }, 'the reach of listening sessions could not be checked');
      }
    },
  };
}
