import type { ListedCaller } from '../../shared/contracts/calls/caller-list.js';
import type { ServiceNumber, Trunk } from '../../shared/contracts/calls/flow.js';
import { identityOf } from '../../shared/domain/calls/caller.js';
import { normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Directory } from '../ports.js';
import type { TrunkId } from '../../shared/domain/ids.js';

export interface DirectorySource {
  numbers(): Promise<readonly ServiceNumber[]>;
  trunks(): Promise<readonly Trunk[]>;
  listedCallers(): Promise<readonly ListedCaller[]>;
}

/** Each number that a trunk may show, for the trunks that are enabled and have a destination, in order of preference. */
export const waysOutOf = (trunks: readonly Trunk[]): { readonly trunkId: TrunkId; readonly from: string }[] =>
  trunks.flatMap(({ id, enabled, outboundUri, permittedCallerNumbers }) =>
    enabled && outboundUri !== undefined ? permittedCallerNumbers.map((from) => ({ trunkId: id, from })) : [],
  );

/** Numbers and trunks in memory: an INVITE never waits for the document store. The last reading stays valid while the store is down. */
export function createDirectory({ source, log }: { readonly source: DirectorySource; readonly log: Logger }): Directory & {
  read(): Promise<void>;
  trunks(): readonly Trunk[];
} {
  let numbers = new Map<string, ServiceNumber>();
  let trunks = new Map<string, Trunk>();
  let listed = new Map<string, ListedCaller>();
  let reading: Promise<void> = Promise.resolve();

  async function readAll(): Promise<void> {
    try {
      const [allNumbers, allTrunks, allListed] = await Promise.all([source.numbers(), source.trunks(), source.listedCallers()]);
      numbers = new Map(allNumbers.map((entry) => [normaliseNumber(entry.number) ?? entry.number, entry]));
      trunks = new Map(allTrunks.map((entry) => [entry.id, entry]));
      listed = new Map(allListed.map((entry) => [normaliseNumber(entry.number) ?? entry.number, entry]));
    } catch (error) {
      log.warn({ err: error }, 'numbers and trunks could not be read; the last ones read stay in force');
    }
  }

  return {
    // One read after the other: one that began earlier must not overwrite the result of a later one.
    read: () => (reading = reading.then(readAll)),
    // A carrier may put the country code or a plus before the agreed number.
    number: (called) => numbers.get(normaliseNumber(called) ?? called) ?? numbers.get(called.replace(/^\+?86/, '')),
    trunk: (trunkId) => trunks.get(trunkId),
    trunks: () => [...trunks.values()],
    waysOut: () => waysOutOf([...trunks.values()]),
    listed(callerNumber) {
      const identity = identityOf(callerNumber);
      return identity === undefined ? undefined : listed.get(identity);
    },
  };
}
