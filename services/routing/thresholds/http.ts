import type { Threshold } from '../../shared/contracts/queues/threshold.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { NamedObject } from '../../shared/domain/people/named-object.js';
import { isInUse } from '../../shared/domain/people/in-use.js';
import { mayUse, roles as allRoles, type Principal, type Role, type Scope } from '../../shared/domain/people/rights.js';
import { meets } from '../../shared/domain/people/scopes.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import type { ThresholdScope } from '../../shared/domain/figures/threshold.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import { refuseUnmeant } from '../../shared/platform/stores/edits.js';
import type { PlaceReach } from '../../shared/platform/reach/place-reach.js';
import { isScoped, teamsOf, type ReachOf } from '../../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { Reads } from '../../shared/records/reads.js';
import type { ThresholdStore } from '../ports.js';
import { figureAlarms } from './threshold-watch.js';
import type { UserId } from '../../shared/domain/ids.js';

/** More thresholds than this would be more than people can set and the watch should check. */
const MOST_THRESHOLDS = 500;

export interface ThresholdHttp {
  readonly thresholds: ThresholdStore;
  readonly accounts: Reads['accounts'];
  readonly places: Pick<PlaceReach, 'queues'>;
  readonly reachOf: ReachOf;
  readonly audit: Audit;
  readonly changed: () => Promise<void>;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

interface Receiver {
  readonly userId: UserId;
  readonly name: string;
  readonly scope: Scope;
}

/**
 * The object behind a scope, which a person reaches or not. An agent serves queues of several clients, so judging one needs the reach of
 * the whole site.
 */
const objectOf = ({ of, id }: ThresholdScope): NamedObject => (of === 'agent' ? { of: 'site', id } : { of, id });

export function createThresholdRoutes({ thresholds, accounts, places, reachOf, audit, changed, bus, clock }: ThresholdHttp): Route[] {
  const namedIn = async (id: string, also: readonly ThresholdScope[]): Promise<NamedObject[]> => {
    const known = await thresholds.byId(id);
    return [...(known === undefined ? [] : [known.scope]), ...also].map(objectOf);
  };

  /** The people whose role has the bell. */
  async function receivers(): Promise<readonly Receiver[]> {
    const people = await accounts.find({ disabled: false }, { fields: ['displayName', 'roles', 'scope', 'disabled', 'expiresAt'] });
    const isRole = (text: string): text is Role => (allRoles as readonly string[]).includes(text);
    return people
      .filter((account) => isInUse(account, new Date(clock.nowMs())))
      .filter(({ roles }) => mayUse({ ...NOBODY, roles: roles.filter(isRole) }, 'alarms.use'))
      .map(({ _id, displayName, scope }) => ({ userId: _id, name: displayName, scope }));
  }

  /** Those whom the person may see or finds named already: somebody of one client learns no name of another client's people. */
  const receiversFor = async (principal: Principal, named: readonly Threshold[]): Promise<readonly Receiver[]> =>
    (await receivers()).filter(
      ({ userId, scope }) => !isScoped(principal) || meets(scope, principal.scope) || named.some(({ people }) => people.includes(userId)),
    );

  /** A routing process that starts after this knows neither the threshold nor the alarms that the previous process raised for it. */
  async function takeBack(thresholdId: string): Promise<void> {
    const at = new Date(clock.nowMs()).toISOString();
    for (const code of figureAlarms) await bus.publish('notice.cleared', { at, code, subject: thresholdId });
  }

  async function inReachOf(principal: Principal): Promise<(threshold: Threshold) => boolean> {
    if (!isScoped(principal)) return () => true;
    const [isOwn, { numbers }] = await Promise.all([places.queues(principal, 'read'), reachOf(principal)]);
    const { clientUnits } = principal.scope;
    return ({ scope: { of, id } }) =>
      (of === 'queue' && isOwn(id)) ||
      (of === 'team' && teamsOf(principal).includes(id)) ||
      (of === 'client-unit' && clientUnits.includes(id)) ||
      (of === 'number' && numbers?.includes(id) === true);
  }

  return [
    route('GET /thresholds', {
      reach: { kind: 'filtered' },
      async handle({ principal }) {
        const [all, reaches] = await Promise.all([thresholds.all(), inReachOf(principal)]);
        const own = all.filter(reaches);
        const people = await receiversFor(principal, own);
        return { thresholds: own.map(sent), people: people.map(({ userId, name }) => ({ userId, name })) };
      },
    }),
    route('PUT /thresholds/:thresholdId', {
      reach: { kind: 'objects', named: ({ params: { thresholdId }, body: { scope } }) => namedIn(thresholdId, [scope]) },
      async handle({ principal, params: { thresholdId }, body: { revision, ...draft }, from, request }) {
        const all = await thresholds.all();
        const before = all.find(({ id }) => id === thresholdId);
        refuseUnmeant(request, revision, before);
        if (before === undefined && all.length >= MOST_THRESHOLDS)
          throw new CallCentreError('too-large', `There are ${MOST_THRESHOLDS} thresholds; remove one before another is added.`);
        const people = await receiversFor(principal, before === undefined ? [] : [before]);
        const known = new Set(people.map(({ userId }) => userId));
        const unknown = draft.people.flatMap((userId, i) => (known.has(userId) ? [] : [{ at: `people.${i}`, message: 'no receiver' }]));
        if (unknown.length > 0)
          throw new CallCentreError('invalid-request', 'A person named here cannot open the alarms page.', { details: unknown });
        const after = { id: thresholdId, ...draft };
        await audit({
          who: principal.userId,
          what: 'threshold.changed',
          object: `threshold:${thresholdId}`,
          from,
          success: true,
          before,
          after,
        });
        const stored = await thresholds.put(after, before, principal.name);
        await changed();
        if (!stored.active) await takeBack(thresholdId);
        return sent(stored);
      },
    }),
    route('DELETE /thresholds/:thresholdId', {
      reach: { kind: 'objects', named: ({ params: { thresholdId } }) => namedIn(thresholdId, []) },
      async handle({ principal, params: { thresholdId }, from }) {
        const before = await thresholds.byId(thresholdId);
        if (before === undefined) {
          // An earlier request removed it, but its answer was lost: what that request still had to do is done now.
          await changed();
          await takeBack(thresholdId);
          throw new CallCentreError('not-found', 'There is no such threshold.');
        }
        await audit({ who: principal.userId, what: 'threshold.removed', object: `threshold:${thresholdId}`, from, success: true, before });
        await thresholds.remove(thresholdId);
        await changed();
        await takeBack(thresholdId);
      },
    }),
  ];
}

const NOBODY = { userId: '', name: '', sessionId: '', scope: { queues: [], sites: [], clientUnits: [] } };

const sent = (threshold: Threshold) => ({ ...threshold, people: [...threshold.people] });
