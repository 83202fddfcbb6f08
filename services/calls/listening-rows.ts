import { unhurried, type EventBus } from '../shared/events/catalogue.js';
import type { Audit } from '../shared/platform/route.js';
import type { Service } from '../shared/platform/service.js';

/** Writes into the audit log how long and in which mode a call was listened to, and which mode followed: in the api role, by one process. */
export function createListeningRows({ bus, audit }: { readonly bus: EventBus; readonly audit: Audit }): Service {
  let stop: () => Promise<void> = async () => undefined;
  return {
    name: 'listening-rows',
    async start() {
      stop = await bus.subscribe(
        'listening-rows',
        {
          'call.listened': async ({ callId, agentId, listenedAgentId, mode, beganAt, seconds, next }) =>
            audit({
              who: agentId,
              what: 'call.listened',
              object: `call:${callId}`,
              success: true,
              reason: [mode, `${seconds} s`, listenedAgentId, ...(next === undefined ? [] : [`→ ${next}`])].join(' · '),
              after: { listenedAgentId, mode, beganAt, seconds, next },
              once: true,
            }),
        },
        unhurried,
      );
    },
    stop: () => stop(),
    health: async () => ({ ok: true }),
  };
}
