import { DateTime } from 'luxon';
import { createApi } from '../api/index.js';
import { createAudit } from '../audit/index.js';
import { createCallExport, createCallNotesErasure, createCallRoutes, createNumberStore, waysOutOf } from '../calls/index.js';
import { createCampaignOf, createCampaignRoutes } from '../campaigns/index.js';
import { createCalendarReader, createComplaintExport, createComplaintRoutes, createWorkdayReader } from '../complaints/index.js';
import { createCustomerErasure, createCustomerReach, createCustomerRoutes, createHashesOfCaller } from '../customers/index.js';
import { createDrillRoutes, createNamedSeed } from '../drill/index.js';
import { createEquipmentNow, createEvidenceRoutes, createDayFacts } from '../evidence/index.js';
import { createNewestWitnessed, createWitnessRoutes } from '../witness/index.js';
import { createInventory, createInventoryRoutes } from '../inventory/index.js';
import { createProofRoutes } from '../proof-call/index.js';
import { createAgentFigures, createFigureRoutes } from '../figures/index.js';
import { createIdentity, createMembersOf, createTeamReader } from '../identity/index.js';
import { createMessages } from '../messages/index.js';
import { createAlarmCounts, createMailAddresses, createNoticeRoutes, createStandingAlarms } from '../notices/index.js';
import {
  createCampaignRules,
  createDestinationCheck,
  createDoNotCall,
  createElementRows,
  createGateFeed,
  createOutboundRoutes,
} from '../outbound/index.js';
import { createRecordingExport, createRecordingHolds, createRecordingRoutes, sealedAuditHeads } from '../recording/index.js';
import { createLicenceFile, createRegisterList, createRegisterRows, createRegistryRoutes } from '../registry/index.js';
import { createBreakReader, createQueueReader, createRoutingRoutes } from '../routing/index.js';
import { createSatisfactionRoutes } from '../satisfaction/index.js';
import { rights, type Principal, type Role } from '../shared/domain/people/rights.js';
import { numberHasher } from '../shared/platform/reach/number-hash.js';
import { createNumberLookUps, createValkeyLookUpCounter } from '../shared/platform/reach/number-look-ups.js';
import { createObjectClient } from '../shared/platform/stores/objects.js';
import { createPlaceReach } from '../shared/platform/reach/place-reach.js';
import { createReach, narrowedBySites } from '../shared/platform/reach/reach.js';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { Route } from '../shared/platform/http/route.js';
import type { Service } from '../shared/platform/processes/service.js';
import { createSipTraces } from '../signalling/index.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import { createMetricsServer, createSupervision } from '../supervision/index.js';
import { createResultNames, createWorkspaceRoutes, forgetStickyNote } from '../workspace/index.js';
import type { ComposeRole } from './context.js';
import { lastKnownNumbers } from './last-known-settings.js';
import { createLicenceHolder } from './licence-holder.js';
import { createProofPlay } from './proof-play.js';
import { createReaches } from './reaches.js';
import { createSystemRoutes } from './system-routes.js';
import type { UserId } from '../shared/domain/ids.js';

export const compose: ComposeRole = async (connections) => {
  const context = { ...connections, objects: createObjectClient(connections.config) };
  const { config, mongo, documents, log, commands } = context;
  const trail = createAudit({
    ...context,
    bucket: config.S3_BUCKET,
    keepDays: config.AUDIT_KEEP_DAYS,
    sealedHeads: () => sealedAuditHeads(context.objects, config.S3_BUCKET),
  });
  const { audit } = trail;
  const numbers = createNumberStore(context);
  // Called for every request of a person with a scope: seats go on while the document store is away.
  const numbersOf = lastKnownNumbers(numbers, context.lastKnown);
  const membersOf = createMembersOf(mongo);
  const places = createPlaceReach({ numbersOf, queuesOf: createQueueReader(context), membersOf });
  const hashNumber = numberHasher(config.MASTER_KEY);
  const lookUps = createNumberLookUps({ counter: createValkeyLookUpCounter(context.valkey), hashNumber, bus: context.bus });
  const reachOf = createReach(numbersOf, membersOf);
  const own = { ...context, audit, places, lookUps, reachOf, membersOf, hashNumber, queuesOf: createQueueReader(context) };
  const feed = createGateFeed(context.valkey, log);
  const licenceFile = createLicenceFile(own);
  const exports = [createCallExport(own), createComplaintExport(own), createRecordingExport(own)];
  const hears = { sessionEnded, renamed: announceName(context) };
  const identity = createIdentity({ ...own, ...hears, leavers: () => leaversIn(licenceFile, config.SITE_TIME_ZONE), exports });
  await documents.onceThere(identity.seed);
  const narrowed = narrowedIn(numbersOf);
  const supervision = createSupervision({
    ...own,
    personNow: async (userId) => narrowed(await identity.personNow(userId)),
    alarmsOf: createAlarmCounts(own),
    wallChanged: (wallId) => api.wallChanged(wallId),
  });
  const reaches = createReaches({ ...own, numbers, identity, customer: createCustomerReach({ ...own, numbersOf }) });
  const zone = config.SITE_TIME_ZONE;
  const licenceHolder = createLicenceHolder(own);
  const isDestination = createDestinationCheck({ register: createRegisterRows(own), zone });
  const ofOutbound = {
    ...own,
    ...{ feed, hashNumber, reaches, zone },
    register: createRegisterRows(own),
    registerList: createRegisterList(own),
    waysOut: async () => waysOutOf(await numbers.trunks()),
  };
  const routes: Route[] = [
    ...identity.routes,
    ...trail.routes,
    ...createRoutingRoutes({ ...own, isDestination }),
    ...createWorkspaceRoutes({
      ...own,
      ...{ hashesOf: createHashesOfCaller(own), campaignOf: createCampaignOf(own) },
      figuresOf: createAgentFigures({ reads: own.reads, zone: config.SITE_TIME_ZONE }),
    }),
    ...createCustomerRoutes({ ...own, numbersOf }),
    ...createFigureRoutes({
      ...own,
      ...{ teamsOf: createTeamReader(mongo), resultNames: createResultNames(mongo) },
      breakReasons: createBreakReader(mongo),
      headingOf: licenceHolder,
      addressesOf: createMailAddresses(own),
      messages: createMessages(own),
      elementsOf: createElementRows({ ...own, bucket: config.S3_BUCKET, keepDays: config.CONSENT_KEEP_DAYS }),
    }),
    ...createComplaintRoutes({
      ...own,
      reachesCall: reaches.call,
      doNotCall: createDoNotCall({ mongo, hashNumber, feed, audit }),
      holds: createRecordingHolds(own),
      messages: createMessages(own),
      licenceHolder,
      people: workersIn(identity),
      serviceNumbers: () => numbers.numbers(),
    }),
    ...createSatisfactionRoutes(own),
    ...createCampaignRoutes({ ...ofOutbound, callingOut: createCampaignRules(ofOutbound) }),
    ...createOutboundRoutes({ ...ofOutbound, bucket: config.S3_BUCKET, keepDays: config.CONSENT_KEEP_DAYS }),
    ...createCallRoutes({ ...own, hashNumber, isDestination, calendarYears: createCalendarReader(mongo) }),
    ...createSipTraces(own).routes({ ...own, trunkIds: async () => (await numbers.trunks()).map(({ id }) => id) }),
    ...supervision.routes,
    ...createNoticeRoutes({ ...own, messages: createMessages(own) }),
    ...createRecordingRoutes({ ...own, numberHash: hashNumber, facts: createDayFacts(own), customers: erasureOf(own) }),
    ...createRegistryRoutes({ ...own, registerChanged: () => feed.publish({ topic: 'register', hashes: [] }) }),
    ...licenceRoutes({ ...own, licenceFile }),
    ...createSystemRoutes(own, () => routes),
  ];
  const proofPlay = createProofPlay({ config, commands, openSession: identity.openSession });
  const whoIs = async (token: string): Promise<Principal | undefined> => narrowed(await identity.whoIs(token));
  const api = createApi({ ...own, ...supervision, routes, reaches, whoIs });
  return [trail.service, serveAudit(trail, commands), supervision.service, identity.service, proofPlay, api, createMetrics(context)];

  /** A person who signs out leaves the seat, even when routing or telephony do not answer. No page of the session stays open. */
  async function sessionEnded(userId: UserId, sessionId: string): Promise<void> {
    api.endSession(sessionId);
    const left = [
      commands.send('agent.sign-out', { agentId: userId, sessionId }),
      commands.send('seat.end', { agentId: userId, sessionId, reason: 'signed-out' }),
    ];
    for (const answer of await Promise.allSettled(left))
      if (answer.status === 'rejected') log.debug({ err: answer.reason as unknown }, 'no seat to leave');
  }
};

/** Boards and lists show a new name within seconds; without the bus, from the next change or sign-in on. */
const announceName =
  ({ bus, log }: Pick<Parameters<ComposeRole>[0], 'bus' | 'log'>) =>
  (): Promise<void> =>
    bus
      .publish('config.changed', { at: new Date().toISOString(), what: 'agents' })
      .catch((error: unknown) => log.debug({ err: error }, 'a new display name could not be announced'));

type OfLicence = Parameters<typeof createInventoryRoutes>[0] &
  Parameters<typeof createWitnessRoutes>[0] &
  Parameters<typeof createProofRoutes>[0] &
  Omit<Parameters<typeof createEvidenceRoutes>[0], 'inventory' | 'namedSeed' | 'newestWitnessed' | 'workdays'> &
  Omit<Parameters<typeof createDrillRoutes>[0], 'equipmentNow' | 'newestWitnessed'> &
  Parameters<typeof createMessages>[0];

/** What the review of the licence inspects: equipment, evidence, mock inspection, witnesses, test calls. */
function licenceRoutes(own: OfLicence): Route[] {
  const newestWitnessed = createNewestWitnessed({ mongo: own.mongo, messages: createMessages(own) });
  return [
    ...createInventoryRoutes(own),
    ...createEvidenceRoutes({
      ...own,
      inventory: createInventory(own),
      namedSeed: createNamedSeed(own),
      newestWitnessed,
      workdays: createWorkdayReader(own.mongo),
    }),
    ...createDrillRoutes({ ...own, equipmentNow: createEquipmentNow(own), newestWitnessed }),
    ...createWitnessRoutes(own),
    ...createProofRoutes(own),
  ];
}

/** The people within a scope, and who of them works on complaints. */
const workersIn =
  ({ people }: Pick<ReturnType<typeof createIdentity>, 'people'>) =>
  async (within: Parameters<typeof people>[0]) =>
    (await people(within)).map(({ userId, displayName, roles, disabled }) => ({
      userId,
      name: displayName,
      works: !disabled && roles.some((role) => (rights['complaints.work'] as readonly Role[]).includes(role)),
    }));

/** The person, if there is one, with the scope narrowed by sites. */
const narrowedIn =
  (numbersOf: Parameters<typeof narrowedBySites>[0]) =>
  async (principal: Principal | undefined): Promise<Principal | undefined> =>
    principal === undefined ? undefined : narrowedBySites(numbersOf)(principal);

/** Erases the record of a customer together with the notes that agents see at a call and those made during calls. */
const erasureOf = (needs: Omit<Parameters<typeof createCustomerErasure>[0], 'forgetNote' | 'forgetCallNotes'>) =>
  createCustomerErasure({
    ...needs,
    forgetNote: (hash) => forgetStickyNote(needs.mongo, hash),
    forgetCallNotes: createCallNotesErasure(needs.mongo),
  });

/** The accounts of people whose last day at the site has come, according to the staff register. */
async function leaversIn(licenceFile: ReturnType<typeof createLicenceFile>, zone: string): Promise<string[]> {
  const today = DateTime.now().setZone(zone).toISODate() ?? '';
  const { staff } = await licenceFile.read('zh-CN');
  return (staff?.rows ?? []).flatMap(({ values: { account, leftOn } }) =>
    typeof account === 'string' && typeof leftOn === 'string' && leftOn <= today ? [account] : [],
  );
}

/** The figures and alarms for a metrics scraper, if the site has set a port for it. */
function createMetrics({ config, mongo, commands, log }: Parameters<ComposeRole>[0]): Service {
  const nowMs = (): number => systemClock.nowMs();
  return createMetricsServer({ config, commands, standingAlarms: createStandingAlarms(mongo), nowMs, log });
}

/** Lets the other roles append to the chain through this one. */
function serveAudit(trail: Pick<ReturnType<typeof createAudit>, 'head' | 'audit'>, commands: CommandBus): Service {
  let stop: () => Promise<void> = async () => undefined;
  return {
    name: 'audit-commands',
    async start() {
      stop = await commands.serve({
        'audit.head': async () => {
          const { number, hash } = (await trail.head()) ?? {};
          return { number, hash };
        },
        'audit.append': async (entry) => {
          await trail.audit({
            who: entry.who,
            what: entry.what,
            success: entry.success,
            ...(entry.object === undefined ? {} : { object: entry.object }),
            ...(entry.from === undefined ? {} : { from: entry.from }),
            ...(entry.reason === undefined ? {} : { reason: entry.reason }),
            ...(entry.before === undefined ? {} : { before: entry.before }),
            ...(entry.after === undefined ? {} : { after: entry.after }),
            ...(entry.once === undefined ? {} : { once: entry.once }),
          });
          return {};
        },
      });
    },
    stop: () => stop(),
  };
}
