import type { ListedCaller } from '../../shared/contracts/calls/caller-list.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import { maskNumber, normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { NumberStore } from '../adapters/mongo-numbers.js';
import type { TellTelephony } from './read-again.js';

/** The black list and the VIP list. Numbers are shown masked. An entry is found and removed by its full number. */
export function createCallerListRoutes({
  store,
  changed,
  audit,
}: {
  readonly store: NumberStore;
  readonly changed: TellTelephony;
  readonly audit: Audit;
}): Route[] {
  function known(text: string): string {
    const found = normaliseNumber(text);
    if (found === undefined)
      throw new CallCentreError('invalid-request', 'This is not a telephone number.', {
        details: [{ at: 'number', message: 'not a number' }],
      });
    return found;
  }

  return [
    route('GET /caller-lists', {
      reach: { kind: 'site' },
      looksUp: ({ query }) => query.number,
      handle: async ({ query }) => {
        const wanted = query.number === undefined || query.number === '' ? undefined : known(query.number);
        const entries = (await store.listedCallers()).filter((entry) => wanted === undefined || entry.number === wanted);
        return { entries: entries.map(({ number: whole, ...rest }) => ({ ...rest, numberMasked: maskNumber(whole) })) };
      },
    }),
    route('POST /caller-lists', {
      reach: { kind: 'site' },
      handle: async ({ principal, body, from }) => {
        const entry: ListedCaller = { ...body, number: known(body.number) };
        const object = `caller:${maskNumber(entry.number)}`;
        await audit({ who: principal.userId, what: `list.${entry.list}-added`, object, from, success: true, reason: entry.note });
        await store.saveListed(entry);
        await changed();
      },
    }),
    route('POST /caller-lists/remove', {
      reach: { kind: 'site' },
      handle: async ({ principal, body, from }) => {
        const whole = known(body.number);
        await audit({ who: principal.userId, what: 'list.removed', object: `caller:${maskNumber(whole)}`, from, success: true });
        await store.removeListed(whole);
        await changed();
      },
    }),
  ];
}
