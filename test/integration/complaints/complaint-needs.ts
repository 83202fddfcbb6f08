import { createAllReads } from '../../../services/main/reads.js';
import type { Connection } from 'mongoose';
import { createDoNotCall } from '../../../services/outbound/index.js';
import type { CommandBus } from '../../../services/shared/contracts/calls/commands.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import type { EventBus } from '../../../services/shared/events/catalogue.js';
import { readConfig } from '../../../services/shared/platform/settings/config.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { numberHasher } from '../../../services/shared/platform/reach/number-hash.js';
import type { AuditEntry } from '../../../services/shared/platform/http/route.js';
import type { ObjectClient } from '../../../services/shared/platform/stores/objects.js';

export interface ComplaintStores {
  readonly env: Readonly<Record<string, string>>;
  readonly mongo: Connection;
  readonly objects: ObjectClient;
}

/** Records what the slice says and does to others. */
export interface ComplaintWitness {
  readonly audited: AuditEntry[];
  readonly held: string[];
  readonly told: (name: string, event: object) => void;
  readonly serviceNumbers: () => readonly { readonly number: string; readonly clientUnit: string }[];
}

/** What complaints and satisfaction need from outside, on the stores of a test; the parts around them are recorded, not run. */
export function complaintNeeds({ env, mongo, objects }: ComplaintStores, { audited, held, told, serviceNumbers }: ComplaintWitness) {
  const config = readConfig(env);
  const hashNumber = numberHasher(config.MASTER_KEY);
  return {
    config,
    mongo,
    reads: createAllReads(mongo),
    objects,
    hashNumber,
    lookUps: { take: async () => true },
    log: silentLogger,
    serviceNumbers: async () => serviceNumbers(),
    bus: {
      publish: async (name: string, event: object) => told(name, event),
      subscribe: async () => async () => undefined,
    } as unknown as EventBus,
    // There is no live call: telephony would answer like this.
    commands: { send: () => Promise.reject(new CallCentreError('no-such-call', 'There is no such call.')) } as unknown as CommandBus,
    audit: async (entry: AuditEntry): Promise<void> => void audited.push(entry),
    doNotCall: createDoNotCall({ mongo, hashNumber, feed: { publish: async () => undefined }, audit: async () => undefined }),
    holds: { hold: async (calls: readonly string[]) => void held.push(...calls), release: async () => undefined },
    messages: { canSend: () => false, queue: async () => undefined, states: async () => [] },
    licenceHolder: async () => ({
      company: '示例呼叫中心有限公司',
      licence: '沪B2-20260001',
      clientNames: new Map([
        ['north', '北方客户有限公司'],
        ['south', 'south and sons'],
      ]),
    }),
    people: async () => [
      { userId: 'boss', name: 'The boss', works: true },
      { userId: 'agent', name: 'An agent', works: false },
    ],
  };
}
