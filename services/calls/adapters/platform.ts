import { randomFillSync, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import { orderedId } from '../../shared/domain/ids.js';
import type { LiveWriter } from '../../shared/platform/stores/live-writer.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';
import type { CallsPlatform } from '../ports.js';
import { callModel, oneCall, writeCall } from './mongo-calls.js';
import { createPromptFiles, sitePrompts } from './prompt-files.js';
import { createRecordSpool } from './record-spool.js';
import { createValkeyExpectedTests } from './valkey-expected-tests.js';
import { createValkeyLiveState } from './valkey-live-calls.js';

/** The machine's clock and random source, prompts and spool below `home`, records in the document store, live calls in Valkey. */
export function createCallsPlatform({
  home,
  mongo,
  valkey,
  live,
  settingsCopiedAt,
  log,
}: {
  readonly home: string;
  readonly mongo: Connection;
  readonly valkey: Redis;
  readonly live: LiveWriter;
  readonly settingsCopiedAt?: () => string | undefined;
  readonly log: Logger;
}): CallsPlatform {
  const model = callModel(mongo);
  return {
    clock: systemClock,
    ...(settingsCopiedAt === undefined ? {} : { settingsCopiedAt }),
    newId: () => orderedId(systemClock.nowMs(), (bytes) => randomFillSync(bytes)),
    newEventId: randomUUID,
    prompts: createPromptFiles({ siteFolder: sitePrompts(home) }),
    records: createRecordSpool({ folder: join(home, 'spool', 'calls'), write: (record) => writeCall(model, record), log }),
    async recordOf(callId) {
      const found = await oneCall(model, callId);
      if (found === undefined) return undefined;
      const { trunkId, callerNumber, called, language, queueId, choices } = found;
      // The store holds null when a call came to no queue. A call that began with null would have events of the wrong shape.
      return { trunkId, callerNumber, called, language, queueId: queueId ?? undefined, choices };
    },
    liveState: createValkeyLiveState({ valkey, live }),
    expectedTests: createValkeyExpectedTests(valkey),
    onLiveStateBack(handle) {
      valkey.on('ready', handle);
      return () => valkey.off('ready', handle);
    },
  };
}
