import type { ProofEnd, TrunkTest, TrunkTestOrder } from '../shared/contracts/trunks/trunk-test.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { TrunkTestStore } from './adapters/mongo-trunk-tests.js';
import type { RealWay } from './dial-test.js';
import { makeTrunkTest, type TrunkTestDependencies } from './trunk-test.js';
import type { TrunkId } from '../shared/domain/ids.js';

/** Tests of trunks, one at a time; the running test is published line by line, and the newest stays with its trunk. */
export interface TrunkTests {
  /** Resolves when the test has begun. Refused with `wrong-state` while one runs, and with `no-echo-number` when there is nothing to call. */
  start(order: TrunkTestOrder): Promise<{ readonly testId: string }>;
  newest(): Promise<TrunkTest[]>;
  /**
   * Out by the trunk and in by another, as it was last tested; fails with `wrong-state` when it was not tested that way. Or out by it to the
   * echo number on its sheet; fails with `no-echo-number` when there is none. Without `end`: the first, else the second.
   */
  wayOf(trunkId: TrunkId, end?: ProofEnd): Promise<RealWay>;
}

export function createTrunkTests({
  needs,
  store,
  alone,
  log,
}: {
  readonly needs: TrunkTestDependencies;
  readonly store: TrunkTestStore;
  /** Runs while no proof call is running: both use the same seat. */
  readonly alone: <T>(run: () => Promise<T>) => Promise<T>;
  readonly log: Logger;
}): TrunkTests {
  let running: TrunkTest | undefined;
  const echoOf = async (trunkId: TrunkId): Promise<string | undefined> =>
    (await needs.commands.send('trunks.state', {})).find((trunk) => trunk.trunkId === trunkId)?.echoNumber;
  const noEcho = (): CallCentreError =>
    new CallCentreError('no-echo-number', 'This trunk has no echo number: enter the one of the carrier on its sheet.');

  return {
    async start(order) {
      const { trunkId, inBy, by, byName } = order;
      if (order.number === undefined && inBy !== undefined)
        throw new CallCentreError('invalid-request', 'A call that comes back in goes to a number of ours: name it.');
      const number = order.number ?? (await echoOf(trunkId));
      if (number === undefined) throw noEcho();
      if (running !== undefined) throw new CallCentreError('wrong-state', 'A trunk test is in progress.');
      const begun: TrunkTest = {
        testId: needs.newId(),
        trunkId,
        at: needs.now().toISOString(),
        by,
        byName,
        number,
        ...(inBy === undefined ? {} : { inBy }),
        state: 'running',
        ok: false,
        lines: [],
      };
      running = begun;
      try {
        await store.put(begun);
      } catch (error) {
        running = undefined;
        throw error;
      }
      alone(() => makeTrunkTest(needs, { ...order, number }, begun, (test) => (running = test)))
        .then((done) => store.put(done))
        .catch((error: unknown) => log.error({ err: error, trunkId }, 'the result of a trunk test could not be stored'))
        .finally(() => (running = undefined));
      return { testId: begun.testId };
    },
    async wayOf(trunkId, end) {
      const tested = end === 'echo' ? undefined : (await store.newest()).find((test) => test.trunkId === trunkId);
      if (tested?.inBy !== undefined) return { trunkId, number: tested.number, inBy: tested.inBy };
      const number = end === 'trunk' ? undefined : await echoOf(trunkId);
      if (number !== undefined) return { trunkId, number };
      if (end === 'echo') throw noEcho();
      throw new CallCentreError(
        'wrong-state',
        'Test this trunk first, out over it and back in over another one, or enter its echo number.',
      );
    },
    async newest() {
      const kept = await store.newest();
      return kept.map((test) => {
        if (test.testId === running?.testId) return running;
        return test.state === 'running' ? { ...test, state: 'broken-off' as const } : test;
      });
    },
  };
}
