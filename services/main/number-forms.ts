import type { Connection } from 'mongoose';
import { rehashedCalls, respellListedCallers } from '../calls/index.js';
import { rehashComplainants } from '../complaints/index.js';
import { forgetRefusal, type GateFeed } from '../outbound/index.js';
import { setRecordedCaller } from '../recording/index.js';
import { setSurveyedCaller } from '../satisfaction/index.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { numberHasher, withheldHash } from '../shared/platform/reach/number-hash.js';
import type { Service } from '../shared/platform/processes/service.js';
import { forgetStickyNote, setContactedCaller } from '../workspace/index.js';

/** Changes when the normal form of numbers changes. */
const FORM = 'canonical-1';

/**
 * Converts stored numbers of earlier versions to their normal form, once: numbers in another spelling, and withheld ones that were treated
 * as a person. It runs in the background; unconverted numbers are found by their old spelling.
 */
export function createNumberForms({
  config,
  mongo,
  feed,
  log,
}: {
  readonly config: Pick<Config, 'MASTER_KEY' | 'MASTER_KEY_PREVIOUS'>;
  readonly mongo: Connection;
  readonly feed: GateFeed;
  readonly log: Logger;
}): Service {
  const marks = mongo.collection<{ _id: string; at: Date }>('number_forms');
  const hashNumber = numberHasher(config.MASTER_KEY);
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    if ((await marks.findOne({ _id: FORM })) !== null) return;
    await respellListedCallers(mongo);
    await rehashComplainants(mongo, config, hashNumber);
    await forgetRefusal({ mongo, feed }, withheldHash(config.MASTER_KEY));
    await forgetStickyNote(mongo, withheldHash(config.MASTER_KEY));
    let calls = 0;
    for await (const { callId, callerHash } of rehashedCalls(mongo, hashNumber)) {
      calls += 1;
      await Promise.all([
        setRecordedCaller(mongo, callId, callerHash),
        setContactedCaller(mongo, callId, callerHash),
        setSurveyedCaller(mongo, callId, callerHash),
      ]);
    }
    await marks.updateOne({ _id: FORM }, { $set: { at: new Date() } }, { upsert: true });
    log.info({ calls }, 'all numbers are stored in the canonical form');
  }

  return {
    name: 'number-forms',
    async start() {
      running = run().catch((error: unknown) => log.error({ err: error }, 'stored numbers could not be converted to the canonical form'));
    },
    stop: () => running,
  };
}
