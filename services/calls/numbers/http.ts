import type { Connection } from 'mongoose';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { ServiceNumber } from '../../shared/contracts/calls/flow.js';
import { Flow, Trunk } from '../../shared/contracts/calls/flow.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import { PROOF_NUMBER } from '../../shared/domain/proof.js';
import type { Config } from '../../shared/platform/settings/config.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { refuseUnmeant } from '../../shared/platform/stores/edits.js';
import type { PlaceReach } from '../../shared/platform/reach/place-reach.js';
import { ownsNumber, queuesNamedIn } from '../../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import { createNumberStore, type NumberStore } from '../adapters/mongo-numbers.js';
import { createPromptFiles, sitePrompts } from '../adapters/prompt-files.js';
import { checkDraft, numbersOutside, type FlowProblem } from '../stages/flow-check.js';
import { createTellTelephony } from './read-again.js';
import { createCallerListRoutes } from './caller-lists.js';
import type { CalendarYears } from './site-calendar.js';
import { createHoursRoutes } from './hours-routes.js';

export interface NumberRoutesDependencies {
  readonly config: Config;
  readonly mongo: Connection;
  readonly commands: CommandBus;
  readonly audit: Audit;
  readonly places: Pick<PlaceReach, 'numbers'>;
  readonly calendarYears: CalendarYears;
  /** Whether a number outside is in force on the register of destinations. */
  readonly isDestination: (number: string) => Promise<boolean>;
  readonly log: Logger;
}

interface Numbers {
  readonly store: NumberStore;
  readonly audit: Audit;
  /** Telephony reads its settings again. */
  readonly changed: () => Promise<void>;
}

/** The stored data of a number, and the problems of a flow. */
function createFlowChecks({
  store,
  prompts,
  commands,
  isDestination,
}: Pick<Numbers, 'store'> &
  Pick<NumberRoutesDependencies, 'commands' | 'isDestination'> & { readonly prompts: ReturnType<typeof createPromptFiles> }) {
  async function existing(digits: string): Promise<ServiceNumber> {
    const found = await store.number(digits);
    if (found === undefined) throw new CallCentreError('not-found', 'No such number');
    return found;
  }

  /** The versions of a removed number stay, and are not overwritten. */
  async function nextVersion(digits: string): Promise<number> {
    const [newest] = await store.flows(digits);
    return (newest?.version ?? 0) + 1;
  }

  async function problemsOf(flow: unknown): Promise<FlowProblem[]> {
    prompts.forget();
    const queues = await commands.send('queues.list', {}, { timeoutMs: 1_000 }).catch(() => undefined);
    const outside = await Promise.all(numbersOutside(flow).map(async (each) => ((await isDestination(each)) ? [] : [each])));
    return checkDraft(flow, {
      unregistered: outside.flat(),
      queueIds: queues?.map(({ queueId }) => queueId),
      unserved: (queues ?? []).filter(({ members }) => members === 0).map(({ queueId }) => queueId),
      hasPrompt: (promptId) => prompts.file(promptId, 'zh-CN') !== undefined,
    });
  }

  async function mustBeSound(flow: Flow): Promise<void> {
    const problems = await problemsOf(flow);
    if (problems.length > 0) throw new CallCentreError('invalid-request', 'The flow cannot go live', { details: problems });
  }

  return { existing, nextVersion, problemsOf, mustBeSound };
}

type FlowChecks = ReturnType<typeof createFlowChecks>;

function numberRoutes(
  { store, audit, changed }: Numbers,
  { existing, nextVersion, mustBeSound }: FlowChecks,
  places: NumberRoutesDependencies['places'],
): Route[] {
  return [
    route('GET /numbers', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => ({ numbers: (await store.numbers()).filter(await places.numbers(principal, 'read')) }),
    }),
    route('PUT /numbers/:number', {
      reach: { kind: 'object', of: 'number', param: 'number', also: ({ body }) => queuesNamedIn(body.flow) },
      handle: async ({ principal, params, body, from, request }) => {
        refuseReserved(params.number);
        if (!ownsNumber(principal, body)) throw new CallCentreError('not-allowed', 'The client unit or the site is not within your scope.');
        const before = await store.number(params.number);
        refuseUnmeant(request, body.revision, before);
        if (before !== undefined && body.flow !== undefined) throw new CallCentreError('already-exists', 'This number exists already');
        const flow = before?.flow ?? body.flow;
        if (flow === undefined) throw new CallCentreError('invalid-request', 'A new number needs a flow');
        if (takesCalls(body.status) && (before === undefined || !takesCalls(before.status))) await mustBeSound(flow);
        const { flow: _flow, revision: _revision, clientUnit, site, greeting, ...rest } = body;
        const after: ServiceNumber = {
          ...rest,
          number: params.number,
          flow,
          flowVersion: before?.flowVersion ?? (await nextVersion(params.number)),
          ...(before?.previousFlowVersion === undefined ? {} : { previousFlowVersion: before.previousFlowVersion }),
          ...(clientUnit === undefined ? {} : { clientUnit }),
          ...(site === undefined ? {} : { site }),
          ...(greeting === undefined || greeting === '' ? {} : { greeting }),
        };
        await audit({ who: principal.userId, what: 'number.saved', object: `number:${params.number}`, from, success: true, before, after });
        if (before === undefined) await store.addFlow(version(params.number, after.flowVersion, flow, principal.userId, ''));
        const stored = await store.saveNumber(after, before, principal.name);
        await changed();
        return stored;
      },
    }),
    route('DELETE /numbers/:number', {
      reach: { kind: 'object', of: 'number', param: 'number' },
      handle: async ({ principal, params, from }) => {
        refuseReserved(params.number);
        const before = await existing(params.number);
        await audit({ who: principal.userId, what: 'number.removed', object: `number:${params.number}`, from, success: true, before });
        await store.removeNumber(params.number);
        await changed();
      },
    }),
  ];
}

/** A version is never changed. Going live and rolling back name a version. */
function flowRoutes({ store, audit, changed }: Numbers, { existing, nextVersion, problemsOf, mustBeSound }: FlowChecks): Route[] {
  return [
    route('GET /numbers/:number/flows', {
      reach: { kind: 'object', of: 'number', param: 'number' },
      handle: async ({ params }) => {
        const { flowVersion, previousFlowVersion } = await existing(params.number);
        return { versions: await store.flows(params.number), live: flowVersion, previous: previousFlowVersion };
      },
    }),
    route('POST /numbers/:number/flows', {
      reach: { kind: 'object', of: 'number', param: 'number', also: ({ body }) => queuesNamedIn(body.flow) },
      handle: async ({ principal, params, body, from }) => {
        refuseReserved(params.number);
        const found = await existing(params.number);
        const next = Math.max(found.flowVersion + 1, await nextVersion(params.number));
        await audit({
          who: principal.userId,
          what: 'flow.saved',
          object: `number:${params.number}@${next}`,
          from,
          success: true,
          after: body.flow,
        });
        await store.addFlow(version(params.number, next, body.flow, principal.userId, body.note));
        return { version: next, problems: await problemsOf(body.flow) };
      },
    }),
    route('PUT /numbers/:number/flow', {
      reach: {
        kind: 'object',
        of: 'number',
        param: 'number',
        also: async ({ params, body }) => queuesNamedIn((await store.flow(params.number, body.version))?.flow),
      },
      handle: async ({ principal, params, body, from }) => {
        refuseReserved(params.number);
        const found = await existing(params.number);
        const chosen = await store.flow(params.number, body.version);
        if (chosen === undefined) throw new CallCentreError('not-found', 'No such version');
        // What was stored may have an older shape.
        const flow = Flow.parse(chosen.flow);
        await mustBeSound(flow);
        await audit({
          who: principal.userId,
          what: 'flow.live',
          object: `number:${params.number}@${body.version}`,
          from,
          success: true,
          before: { version: found.flowVersion },
          after: { version: body.version },
        });
        const previous = body.version === found.flowVersion ? found.previousFlowVersion : found.flowVersion;
        const kept = previous === undefined ? {} : { previousFlowVersion: previous };
        await store.saveNumber({ ...found, flow, flowVersion: body.version, ...kept }, found, principal.name);
        await changed();
        return { live: body.version };
      },
    }),
    route('POST /flows/check', {
      reach: { kind: 'objects', named: ({ body }) => queuesNamedIn(body.flow) },
      handle: async ({ body }) => ({ problems: await problemsOf(body.flow) }),
    }),
  ];
}

function trunkRoutes({ store, audit, changed }: Numbers, commands: CommandBus): Route[] {
  return [
    route('GET /trunks', {
      reach: { kind: 'site' },
      handle: async () => ({ trunks: (await store.trunks()).map(withoutPassword) }),
    }),
    route('GET /trunks/state', {
      reach: { kind: 'site' },
      handle: async () => ({ trunks: await commands.send('trunks.state', {}, { timeoutMs: 1_500 }) }),
    }),
    route('PUT /trunks/:id', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, body, from, request }) => {
        const before = (await store.trunks()).find(({ id }) => id === params.id);
        refuseUnmeant(request, body.revision, before);
        const { digest, revision: _revision, ...rest } = body;
        const password = digest?.password ?? before?.digest?.password;
        if (digest !== undefined && password === undefined) throw new CallCentreError('invalid-request', 'A digest needs a password');
        if (rest.identity?.user === 'account' && digest === undefined)
          throw new CallCentreError('invalid-request', 'The account stands in From: it needs the name of a digest');
        if (rest.mediaEncryption === 'required' && rest.transport !== 'tls')
          throw new CallCentreError(
            'invalid-request',
            'Encrypted media needs signalling over TLS: whoever reads the signalling reads the keys',
          );
        const trunk: Trunk = Trunk.parse({
          ...rest,
          id: params.id,
          ...(digest === undefined ? {} : { digest: { username: digest.username, password } }),
        });
        await audit({
          who: principal.userId,
          what: 'trunk.saved',
          object: `trunk:${params.id}`,
          from,
          success: true,
          before: before === undefined ? undefined : withoutPassword(before),
          after: withoutPassword(trunk),
        });
        const stored = await store.saveTrunk(trunk, before, principal.name);
        await changed();
        return withoutPassword(stored);
      },
    }),
    route('DELETE /trunks/:id', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, from }) => {
        await audit({ who: principal.userId, what: 'trunk.removed', object: `trunk:${params.id}`, from, success: true });
        await store.removeTrunk(params.id);
        await changed();
      },
    }),
  ];
}

/** Numbers with the versions of their flows, and trunks. */
export function createNumberRoutes(deps: NumberRoutesDependencies): Route[] {
  const { config, mongo, commands, audit, places, calendarYears, log } = deps;
  const store = createNumberStore({ mongo, config, log });
  const prompts = createPromptFiles({ siteFolder: sitePrompts(config.PROOFLINE_HOME) });
  const changed = createTellTelephony({ commands, log });
  const numbers: Numbers = { store, audit, changed };
  const checks = createFlowChecks({ store, prompts, commands, isDestination: deps.isDestination });
  return [
    ...numberRoutes(numbers, checks, places),
    ...flowRoutes(numbers, checks),
    ...trunkRoutes(numbers, commands),
    ...createHoursRoutes({ store, changed, audit, places, zone: config.SITE_TIME_ZONE, calendarYears }),
    ...createCallerListRoutes({ store, changed, audit }),
  ];
}

/** Calls to the number of test calls count in no figure and in no evidence: whoever changed where it leads could hide calls there. */
function refuseReserved(digits: string): void {
  if (digits === PROOF_NUMBER) throw new CallCentreError('not-allowed', 'This number is that of the test calls, and stays as it is.');
}

/** A number that is closed for an emergency reopens with one switch, so it counts as one that takes calls. */
const takesCalls = (status: ServiceNumber['status']): boolean => status === 'in-service' || status === 'closed';

const version = (digits: string, next: number, flow: Flow, savedBy: string, note: string) => ({
  _id: `${digits}@${next}`,
  number: digits,
  version: next,
  flow,
  savedAt: new Date(),
  savedBy,
  note,
});

function withoutPassword({ digest, ...trunk }: Trunk) {
  return { ...trunk, ...(digest === undefined ? {} : { digest: { username: digest.username } }) };
}
