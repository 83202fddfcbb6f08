import { z } from 'zod';
import type { NumberStore } from '../calls/index.js';
import { ListedCaller } from '../shared/contracts/calls/caller-list.js';
import { ServiceNumber, Trunk } from '../shared/contracts/calls/flow.js';
import type { LastKnown } from '../shared/platform/settings/last-known.js';

type Directory = Pick<NumberStore, 'numbers' | 'trunks' | 'listedCallers'>;

/** Numbers with their flows, trunks and caller lists. While the document store is down, the last ones that this machine read. */
export const lastKnownDirectory = (store: Directory, lastKnown: Pick<LastKnown, 'of'>): Directory => ({
  numbers: lastKnownNumbers(store, lastKnown),
  trunks: lastKnown.of('trunks', z.array(Trunk), () => store.trunks()),
  listedCallers: lastKnown.of('listed-callers', z.array(ListedCaller), () => store.listedCallers()),
});

export const lastKnownNumbers = (store: Pick<NumberStore, 'numbers'>, lastKnown: Pick<LastKnown, 'of'>): NumberStore['numbers'] =>
  lastKnown.of('service-numbers', z.array(ServiceNumber), () => store.numbers());

const Year = z.object({ daysOff: z.array(z.string()), workedWeekends: z.array(z.string()) });
interface EnteredYear {
  readonly daysOff: readonly string[];
  readonly workedWeekends: readonly string[];
}

/** The years that compliance has entered. While the document store is down, the last ones that this machine read. */
export function lastKnownCalendar(
  read: () => Promise<ReadonlyMap<number, EnteredYear>>,
  lastKnown: Pick<LastKnown, 'of'>,
): () => Promise<ReadonlyMap<number, EnteredYear>> {
  const years = lastKnown.of('calendar', z.array(z.tuple([z.int(), Year])), async () =>
    [...(await read())].map(([year, entered]): [number, z.infer<typeof Year>] => [
      year,
      { daysOff: [...entered.daysOff], workedWeekends: [...entered.workedWeekends] },
    ]),
  );
  return async () => new Map(await years());
}
