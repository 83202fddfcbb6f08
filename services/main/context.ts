import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { createLastKnown, type LastKnown } from '../shared/platform/settings/last-known.js';
import { openDocumentStore, type DocumentStore } from '../shared/platform/stores/mongo.js';
import type { Audit } from '../shared/platform/http/route.js';
import type { Service } from '../shared/platform/processes/service.js';
import type { Reads } from '../shared/records/reads.js';
import { createTenure, type Tenure } from '../shared/platform/processes/tenure.js';
import { QUICK_TERMS } from '../shared/platform/processes/role-lease.js';
import { LiveWriter } from '../shared/platform/stores/live-writer.js';
import { createValkeyBus } from '../shared/platform/events/valkey-bus.js';
import { openValkey } from '../shared/platform/events/valkey-client.js';
import { createValkeyCommands } from '../shared/platform/events/valkey-commands.js';
import { createAllReads } from './reads.js';

/** The parts from which every role is composed: the connections of this process. */
export interface Context {
  readonly config: Config;
  readonly log: Logger;
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly valkey: Redis;
  /** The state that this process keeps in addition to its events; both are sent together. */
  readonly live: LiveWriter;
  readonly mongo: Connection;
  readonly documents: Pick<DocumentStore, 'isThere' | 'onceThere'>;
  /** The settings of roles that start while the document store is down. */
  readonly lastKnown: LastKnown;
  /** The reads that slices offer to each other. */
  readonly reads: Reads;
  /** Appends through the api role, which owns the chain. */
  readonly audit: Audit;
  /** Whether this process may still act for its role; asked before whatever leaves it. */
  readonly tenure: Tenure;
  /** Ends this process so that the supervisor restarts it. */
  readonly restart: (reason: string) => void;
}

/** The services of one role, in the order in which they start. */
export type ComposeRole = (context: Context) => Promise<Service[]>;

export async function openContext(
  config: Config,
  log: Logger,
  restart: (reason: string) => void,
): Promise<Context & { close(): Promise<void> }> {
  const valkey = openValkey(config.VALKEY_URL, { maxRetriesPerRequest: 3, enableAutoPipelining: true });
  const tenure = createTenure({
    leaseMs: QUICK_TERMS.leaseMs,
    end() {
      log.error({}, 'this process could not confirm its role while another one waits for it: it ends at once');
      process.exit(1);
    },
  });
  const live = new LiveWriter({ url: config.VALKEY_URL, mayWrite: tenure.check, log });
  const bus = createValkeyBus({ url: config.VALKEY_URL, log, live });
  const commands = createValkeyCommands({ url: config.VALKEY_URL, log, shared: valkey });
  const lastKnown = createLastKnown({ config, isThere: () => documents.isThere(), log });
  const documents = await openDocumentStore({
    config,
    // A first start, or a store name that never existed, has no last known settings and is reported.
    mayStartWithout: lastKnown.hasAny,
    failed(error) {
      log.error({ err: error }, 'what waited for the document store failed');
      restart('what waited for the document store failed');
    },
    log,
  });
  const { mongo } = documents;
  return {
    config,
    log,
    bus,
    commands,
    valkey,
    live,
    mongo,
    documents,
    lastKnown,
    tenure,
    reads: createAllReads(mongo),
    audit: async (entry) => {
      await commands.send('audit.append', entry);
    },
    restart,
    async close() {
      await bus.close();
      await commands.close();
      await documents.close();
      valkey.disconnect();
    },
  };
}
