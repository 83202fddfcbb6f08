import type { Connection } from 'mongoose';
import { z } from 'zod';
import type { CommandBus } from '../../shared/contracts/commands.js';
import type { ServiceNumber } from '../../shared/contracts/flow.js';
import { Flow, numberStatuses, Trunk } from '../../shared/contracts/flow.js';
import { edited } from '../../shared/contracts/edited.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Config } from '../../shared/platform/config.js';
import type { Logger } from '../../shared/platform/logger.js';
import { refuseUnmeant } from '../../shared/platform/edits.js';
import type { PlaceReach } from '../../shared/platform/place-reach.js';
import { ownsNumber, queuesNamedIn } from '../../shared/platform/reach.js';
import { route, type Audit, type Route } from '../../shared/platform/route.js';
import { createNumberStore } from '../adapters/mongo-numbers.js';
import { createPromptFiles, sitePrompts } from '../adapters/prompt-files.js';
import { checkDraft, numbersOutside, type FlowProblem } from '../flow-check.js';
import { createTellTelephony } from '../read-again.js';
import { createCallerListRoutes } from './caller-lists.js';
import type { CalendarYears } from '../site-calendar.js';
import { createHoursRoutes } from './hours-routes.js';

const number = z.string().regex(/^\+?[0-9*#]{1,24}$/);
const language = z.enum(['zh-CN', 'en']);

export interface NumberRoutesDependencies {
  readonly config: Config;
  readonly mongo: Connection;
  readonly commands: CommandBus;
  readonly audit: Audit;
  readonly places: Pick<PlaceReach, 'numbers'>;
  readonly calendarYears: CalendarYears;
  /** Whether a number outside is on the register of destinations, in force. */
  readonly isDestination: (number: string) => Promise<boolean>;
  readonly log: Logger;
}

/** Numbers with the versions of their flows, and trunks. A version is never changed; going live and rolling back name one. */
export function createNumberRoutes({
  config,
  mongo,
  commands,
  audit,
  places,
  calendarYears,
  isDestination,
  log,
}: NumberRoutesDependencies): Route[] {
  const store = createNumberStore({ mongo, config, log });
  const prompts = createPromptFiles({ siteFolder: sitePrompts(config.PROOFLINE_HOME) });

  const changed = createTellTelephony({ commands, log });

  async function existing(digits: string): Promise<ServiceNumber> {
    const found = await store.number(digits);
    if (found === undefined) throw new CallCentreError('not-found', 'No such number');
    return found;
  }

  /** The versions of a number that was taken away stay, and are not written again. */
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

  return [
    route({
      method: 'get',
      path: '/numbers',
      right: 'flows.edit',
      reach: { kind: 'filtered' },
      summary: 'Service numbers with the flow that callers get.',
      handle: async ({ principal }) => ({ numbers: (await store.numbers()).filter(await places.numbers(principal, 'read')) }),
    }),
    route({
      method: 'put',
      path: '/numbers/:number',
      right: 'flows.edit',
      reach: { kind: 'object', of: 'number', param: 'number', also: ({ body }) => queuesNamedIn(body.flow) },
      summary:
        'Adds a number or changes its name, state, language and test callers; `closed` is the emergency switch. Refused with `If-None-Match: *` when there is one, with `revision` when that is not the last.',
      params: z.object({ number }),
      body: z.object({
        name: z.string().max(60),
        status: z.enum(numberStatuses),
        language,
        clientUnit: z.string().max(64).optional(),
        site: z.string().max(64).optional(),
        greeting: z.string().trim().max(200).optional(),
        testCallers: z.array(number).max(20).default([]),
        /** Of a new number, its first flow: refused for one that is there already. */
        flow: Flow.optional(),
        revision: edited.revision,
      }),
      handle: async ({ principal, params, body, from, request }) => {
        if (principal !== undefined && !ownsNumber(principal, body))
          throw new CallCentreError('not-allowed', 'The client unit or the site is not within your scope.');
        const before = await store.number(params.number);
        refuseUnmeant(request, body.revision, before);
        if (before !== undefined && body.flow !== undefined) throw new CallCentreError('already-exists', 'This number is there already');
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
        await audit({ who: who(principal), what: 'number.saved', object: `number:${params.number}`, from, success: true, before, after });
        if (before === undefined) await store.addFlow(version(params.number, after.flowVersion, flow, who(principal), ''));
        const stored = await store.saveNumber(after, before, principal?.name ?? '');
        await changed();
        return stored;
      },
    }),
    route({
      method: 'delete',
      path: '/numbers/:number',
      right: 'flows.edit',
      reach: { kind: 'object', of: 'number', param: 'number' },
      summary: 'Takes a number away; the versions of its flow stay.',
      params: z.object({ number }),
      handle: async ({ principal, params, from }) => {
        const before = await existing(params.number);
        await audit({ who: who(principal), what: 'number.removed', object: `number:${params.number}`, from, success: true, before });
        await store.removeNumber(params.number);
        await changed();
      },
    }),
    route({
      method: 'get',
      path: '/numbers/:number/flows',
      right: 'flows.edit',
      reach: { kind: 'object', of: 'number', param: 'number' },
      summary: 'All versions of the flow of a number, newest first.',
      params: z.object({ number }),
      handle: async ({ params }) => {
        const { flowVersion, previousFlowVersion } = await existing(params.number);
        return { versions: await store.flows(params.number), live: flowVersion, previous: previousFlowVersion };
      },
    }),
    route({
      method: 'post',
      path: '/numbers/:number/flows',
      right: 'flows.edit',
      reach: { kind: 'object', of: 'number', param: 'number', also: ({ body }) => queuesNamedIn(body.flow) },
      summary: 'Keeps a new version of the flow, with what is wrong with it; it does not go live by this.',
      params: z.object({ number }),
      body: z.object({ flow: Flow, note: z.string().max(200).default('') }),
      handle: async ({ principal, params, body, from }) => {
        const found = await existing(params.number);
        const next = Math.max(found.flowVersion + 1, await nextVersion(params.number));
        await audit({
          who: who(principal),
          what: 'flow.saved',
          object: `number:${params.number}@${next}`,
          from,
          success: true,
          after: body.flow,
        });
        await store.addFlow(version(params.number, next, body.flow, who(principal), body.note));
        return { version: next, problems: await problemsOf(body.flow) };
      },
    }),
    route({
      method: 'put',
      path: '/numbers/:number/flow',
      right: 'flows.edit',
      reach: {
        kind: 'object',
        of: 'number',
        param: 'number',
        also: async ({ params, body }) => queuesNamedIn((await store.flow(params.number, body.version))?.flow),
      },
      summary: 'Puts a version live, also an earlier one; refused with the list of problems when it is not sound.',
      params: z.object({ number }),
      body: z.object({ version: z.int().positive() }),
      handle: async ({ principal, params, body, from }) => {
        const found = await existing(params.number);
        const chosen = await store.flow(params.number, body.version);
        if (chosen === undefined) throw new CallCentreError('not-found', 'No such version');
        // What was kept may be older than the shape of today.
        const flow = Flow.parse(chosen.flow);
        await mustBeSound(flow);
        await audit({
          who: who(principal),
          what: 'flow.live',
          object: `number:${params.number}@${body.version}`,
          from,
          success: true,
          before: { version: found.flowVersion },
          after: { version: body.version },
        });
        const previous = body.version === found.flowVersion ? found.previousFlowVersion : found.flowVersion;
        const kept = previous === undefined ? {} : { previousFlowVersion: previous };
        await store.saveNumber({ ...found, flow, flowVersion: body.version, ...kept }, found, principal?.name ?? '');
        await changed();
        return { live: body.version };
      },
    }),
    route({
      method: 'post',
      path: '/flows/check',
      right: 'flows.edit',
      reach: { kind: 'objects', named: ({ body }) => queuesNamedIn(body.flow) },
      summary: 'What is wrong with a flow, without keeping it; also of a draft that has not all its fields yet.',
      body: z.object({ flow: z.unknown() }),
      handle: async ({ body }) => ({ problems: await problemsOf(body.flow) }),
    }),
    route({
      method: 'get',
      path: '/trunks',
      right: 'flows.edit',
      reach: { kind: 'site' },
      summary: 'Trunks; passwords are not told.',
      handle: async () => ({ trunks: (await store.trunks()).map(withoutPassword) }),
    }),
    route({
      method: 'put',
      path: '/trunks/:id',
      right: 'system.edit',
      reach: { kind: 'site' },
      summary: 'Adds or changes a trunk; a digest without a password keeps the one that is kept.',
      params: z.object({ id: z.string().regex(/^[a-z0-9-]{1,40}$/) }),
      body: Trunk.omit({ id: true, digest: true }).extend({
        digest: z.object({ username: z.string().max(64), password: z.string().max(128).optional() }).optional(),
      }),
      handle: async ({ principal, params, body, from }) => {
        const before = (await store.trunks()).find(({ id }) => id === params.id);
        const { digest, ...rest } = body;
        const password = digest?.password ?? before?.digest?.password;
        if (digest !== undefined && password === undefined) throw new CallCentreError('invalid-request', 'A digest needs a password');
        const trunk: Trunk = Trunk.parse({
          ...rest,
          id: params.id,
          ...(digest === undefined ? {} : { digest: { username: digest.username, password } }),
        });
        await audit({
          who: who(principal),
          what: 'trunk.saved',
          object: `trunk:${params.id}`,
          from,
          success: true,
          before: before === undefined ? undefined : withoutPassword(before),
          after: withoutPassword(trunk),
        });
        await store.saveTrunk(trunk);
        await changed();
        return withoutPassword(trunk);
      },
    }),
    route({
      method: 'delete',
      path: '/trunks/:id',
      right: 'system.edit',
      reach: { kind: 'site' },
      summary: 'Takes a trunk away: calls from its addresses are refused from then on.',
      params: z.object({ id: z.string().regex(/^[a-z0-9-]{1,40}$/) }),
      handle: async ({ principal, params, from }) => {
        await audit({ who: who(principal), what: 'trunk.removed', object: `trunk:${params.id}`, from, success: true });
        await store.removeTrunk(params.id);
        await changed();
      },
    }),
    ...createHoursRoutes({ store, changed, audit, places, zone: config.SITE_TIME_ZONE, calendarYears }),
    ...createCallerListRoutes({ store, changed, audit }),
  ];
}

/** A number that is closed for an emergency opens again at one switch: it counts as one that takes calls. */
const takesCalls = (status: ServiceNumber['status']): boolean => status === 'in-service' || status === 'closed';

const who = (principal: { readonly userId: string } | undefined): string => principal?.userId ?? '';

const version = (digits: string, next: number, flow: Flow, savedBy: string, note: string) => ({
  _id: `${digits}@${next}`,
  number: digits,
  version: next,
  flow,
  savedAt: new Date(),
  savedBy,
  note,
});

function withoutPassword({ digest, ...trunk }: Trunk): object {
  return { ...trunk, ...(digest === undefined ? {} : { digest: { username: digest.username } }) };
}
