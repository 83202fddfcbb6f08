import type { Connection } from 'mongoose';
import type { CommandBus, LiveCall } from '../shared/contracts/calls/commands.js';
import { CallCentreError, failureOf } from '../shared/domain/failure.js';
import { mayUse, type Principal } from '../shared/domain/people/rights.js';
import { normaliseNumber } from '../shared/domain/numbers/phone-number.js';
import type { NumberHash } from '../shared/platform/reach/number-hash.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { NumberLookUps } from '../shared/platform/reach/number-look-ups.js';
import type { PlaceReach } from '../shared/platform/reach/place-reach.js';
import { withinReach, type ReachesObject, type ReachOf } from '../shared/platform/reach/reach.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import { route, type Audit, type Route } from '../shared/platform/http/route.js';
import { callModel, countCalls, findCalls, oneCall, type CallFilter, type StoredCall } from './adapters/mongo-calls.js';
import { createMongoNotes } from './adapters/mongo-notes.js';
import { createCallReach, maySee } from './records/call-reach.js';
import { withoutOwnListeners } from './running/live-call.js';
import { createEndCallRoute } from './end-call.js';
import { createListExportRoutes, searched } from './records/list-export.js';
import { createOwnCallsRoute, masked, shownTo } from './records/own-calls.js';
import { createUnmaskRoutes } from './records/unmask.js';
import { historyForAgents } from './records/shown-history.js';
import { createPromptRoutes } from './library/http.js';
import type { CalendarYears } from './numbers/site-calendar.js';
import { createNumberRoutes } from './numbers/http.js';
import { createNoteRoutes } from './notes/http.js';
import type { CallId } from '../shared/domain/ids.js';

const HISTORY_CALLS = 20;
const noSuchCall = (): CallCentreError => new CallCentreError('not-found', 'No such call');

export interface CallRoutesDependencies {
  readonly config: Config;
  readonly mongo: Connection;
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly audit: Audit;
  /** Whether a number outside is in force on the register of destinations. */
  readonly isDestination: (number: string) => Promise<boolean>;
  readonly hashNumber: NumberHash;
  readonly lookUps: NumberLookUps;
  readonly reachOf: ReachOf;
  readonly places: Pick<PlaceReach, 'numbers'>;
  readonly calendarYears: CalendarYears;
  readonly log: Logger;
}

/** What a person may see of calls: by the right that was already checked, and by the person's reach. */
function createCallReads({
  model,
  commands,
  reachOf,
  reachesCall,
}: Pick<CallRoutesDependencies, 'commands' | 'reachOf'> & {
  readonly model: ReturnType<typeof callModel>;
  readonly reachesCall: ReachesObject['call'];
}) {
  async function visible(principal: Principal | undefined, id: string): Promise<StoredCall> {
    const call = await oneCall(model, id);
    if (call === undefined || principal === undefined || !maySee(principal, call, await reachOf(principal))) throw noSuchCall();
    return call;
  }

  async function liveWithinReach(principal: Principal | undefined): Promise<LiveCall[]> {
    const reach = await reachOf(principal);
    const live = (await commands.send('calls.live', {})).filter((call) => withinReach(reach, call));
    // In a person's own calls, the card shows only those listeners that the listening rule lets it show.
    return live.map((call) => (principal === undefined ? call : withoutOwnListeners(call, principal.userId)));
  }

  async function filterOf(principal: Principal | undefined): Promise<Pick<CallFilter, 'reach'>> {
    return { reach: await reachOf(principal) };
  }

  /** Earlier calls of the caller, for the agents of the call and for those who may see its record. */
  async function earlierCalls(principal: Principal, callId: CallId) {
    const live = await commands.send('call.caller-hash', { callId }).catch(() => undefined);
    const inIt =
      live !== undefined &&
      (live.agentIds.includes(principal.userId) ||
        (mayUse(principal, 'calls.read') && (await liveWithinReach(principal)).some((call) => call.callId === callId)));
    const callerHash = inIt ? live.callerHash : (await visible(principal, callId)).callerHash;
    if (callerHash === undefined || callerHash === null) return [];
    const calls = await findCalls(model, { ...(await filterOf(principal)), callerHash, skip: 0, limit: HISTORY_CALLS });
    return calls
      .filter(({ _id }) => _id !== callId)
      .map(({ _id, invitedAt, cause, queueId, agentId, answeredAt }) => ({
        callId: _id,
        arrivedAt: invitedAt,
        cause,
        queueId,
        agentId,
        answeredAt,
      }));
  }

  /** A live call. As with an ended one, whoever is or was one of its agents is not shown who listens. */
  async function liveFor(principal: Principal, callId: CallId) {
    const call = await commands.send('call.so-far', { callId });
    const isIn = [...call.agentIds, ...call.offers.map(({ agentId }) => agentId)].includes(principal.userId);
    return isIn ? { ...call, listeners: [], history: historyForAgents(call.history) } : call;
  }

  /** The record of a call that has ended, otherwise the live call. */
  async function nowFor(principal: Principal, callId: CallId) {
    const endedFor = async () => ({ ended: (await shownTo(reachOf)(principal))(await visible(principal, callId)) });
    if ((await oneCall(model, callId)) !== undefined) return endedFor();
    if (!mayUse(principal, 'calls.read') || !(await reachesCall(principal, callId, 'read'))) throw noSuchCall();
    return liveFor(principal, callId).then(
      (live) => ({ live }),
      (error: unknown) => {
        // The call has ended in the meantime.
        if (failureOf(error) === 'no-such-call') return endedFor();
        throw error;
      },
    );
  }

  return { visible, liveFor, nowFor, liveWithinReach, filterOf, earlierCalls };
}

/** Live and ended calls, and what callers meet: numbers, flows, trunks, prompts. */
export function createCallRoutes(deps: CallRoutesDependencies): Route[] {
  const { mongo, commands, audit, hashNumber, lookUps, reachOf } = deps;
  const model = callModel(mongo);
  const notes = createMongoNotes(mongo);
  const reachesCall = createCallReach(deps);
  const { visible, liveFor, nowFor, liveWithinReach, filterOf, earlierCalls } = createCallReads({ ...deps, model, reachesCall });

  return [
    route('GET /calls', {
      reach: { kind: 'filtered' },
      looksUp: ({ query: { search } }) => (search === undefined ? undefined : normaliseNumber(search)),
      handle: async ({ principal, query }) => {
        const { search, ...filter } = query;
        const scoped: CallFilter = { ...filter, ...searched(hashNumber, search), ...(await filterOf(principal)) };
        const [calls, total] = await Promise.all([findCalls(model, scoped), countCalls(model, scoped)]);
        return { calls: calls.map(masked), total };
      },
    }),
    ...createListExportRoutes({ model, notes, audit, hashNumber, reachOf }),
    createOwnCallsRoute({ find: (filter) => findCalls(model, filter), reachOf }),
    route('GET /calls/live', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => ({ calls: await liveWithinReach(principal) }),
    }),
    route('GET /calls/parked', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => ({ calls: (await liveWithinReach(principal)).filter(({ state }) => state === 'parked') }),
    }),
    route('GET /calls/:callId', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params }) => (await shownTo(reachOf)(principal))(await visible(principal, params.callId)),
    }),
    route('GET /calls/:callId/live', {
      reach: { kind: 'object', of: 'live-call', param: 'callId' },
      handle: async ({ principal, params }) => liveFor(principal, params.callId),
    }),
    route('GET /calls/:callId/now', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params }) => nowFor(principal, params.callId),
    }),
    route('GET /calls/:callId/history', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params }) => ({ calls: await earlierCalls(principal, params.callId) }),
    }),
    ...createUnmaskRoutes({ visible, lookUps, audit }),
    createEndCallRoute({ commands, audit }),
    ...createNoteRoutes({ ...deps, notes, reachesCall, now: () => new Date(systemClock.nowMs()) }),
    ...createNumberRoutes(deps),
    ...createPromptRoutes(deps),
  ];
}
