import type { TrunkTest, TrunkTestOrder } from '../shared/contracts/trunks/trunk-test.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { TrunkTestStore } from './adapters/mongo-trunk-tests.js';
import type { RealWay } from './dial-test.js';
import { makeTrunkTest, type TrunkTestDependencies } from './trunk-test.js';
import type { TrunkId } from '../shared/domain/ids.js';

/** Tests of trunks, one at a time; the running test is published line by line, and the newest stays with its trunk. */
export interface TrunkTests {
  /** Resolves when the test has begun. Refused with `wrong-state` while one runs. */
  start(order: TrunkTestOrder): Promise<{ readonly testId: string }>;
  newest(): Promise<TrunkTest[]>;
  /** The way on which a trunk was last tested, out by it and in by another. Fails with `wrong-state` when it was not tested that way. */
  wayOf(trunkId: TrunkId): Promise<RealWay & { readonly inBy: string }>;
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

  return {
    async start(order) {
      if (running !== undefined) throw new CallCentreError('wrong-state', 'A trunk test is in progress.');
      const { trunkId, number, inBy, by, byName } = order;
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
      alone(() => makeTrunkTest(needs, order, begun, (test) => (running = test)))
        .then((done) => store.put(done))
        .catch((error: unknown) => log.error({ err: error, trunkId }, 'the result of a trunk test could not be stored'))
        .finally(() => (running = undefined));
      return { testId: begun.testId };
    },
    async wayOf(trunkId) {
      const tested = (await store.newest()).find((test) => test.trunkId === trunkId);
      if (tested?.inBy === undefined)
        throw new CallCentreError('wrong-state', 'Test this trunk first: out over it and back in over another one.');
      return { trunkId, number: tested.number, inBy: tested.inBy };
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
