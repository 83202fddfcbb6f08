import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/people/rights.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { LookUpCounter } from '../shared/platform/reach/number-look-ups.js';

/**
 * The number of customers and searches that one person may open within an hour. Work on calls or cases needs fewer; copying the list needs
 * more.
 */
export const CUSTOMERS_AN_HOUR = 120;

/** Checked before a record is shown and before a search. Fails with `too-many-requests` above the limit, and raises one alarm an hour. */
export type CustomerLookUps = (principal: Principal, what: string) => Promise<void>;

export function createCustomerLookUps({
  counter,
  bus,
  now,
}: {
  readonly counter: LookUpCounter;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly now: () => Date;
}): CustomerLookUps {
  return async ({ userId, name }, what) => {
    const outcome = await counter.count(`customers:${userId}`, what, now().getTime());
    if (outcome === 'known' || outcome === 'new') return;
    if (outcome === 'over-first')
      await bus.publish('notice.raised', {
        at: now().toISOString(),
        code: 'many-look-ups',
        subject: userId,
        text: {
          en: `${name} asked for more than ${CUSTOMERS_AN_HOUR} customers within an hour.`,
          'zh-CN': `${name} 一小时内查看或查询客户资料超过 ${CUSTOMERS_AN_HOUR} 次。`,
        },
      });
    throw new CallCentreError(
      'too-many-requests',
      `One person may open or search for at most ${CUSTOMERS_AN_HOUR} customers within an hour.`,
      {
        details: { limit: 'customers', most: CUSTOMERS_AN_HOUR },
      },
    );
  };
}
