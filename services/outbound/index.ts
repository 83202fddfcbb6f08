import { DateTime } from 'luxon';
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import { newId } from '../shared/platform/stores/new-id.js';
import { maskNumber } from '../shared/domain/numbers/phone-number.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { NumberHash } from '../shared/platform/reach/number-hash.js';
import type { ObjectClient } from '../shared/platform/stores/objects.js';
import { every } from '../shared/platform/processes/rounds.js';
import { unhurried, type EventBus } from '../shared/events/catalogue.js';
import type { ReachesObject } from '../shared/platform/reach/reach.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import type { Service } from '../shared/platform/processes/service.js';
import type { Reads } from '../shared/records/reads.js';
import { createMongoFraudAlarms, createMongoFraudFacts, createMongoFraudSettings } from './adapters/mongo-fraud.js';
import { createMongoDayCounts } from './adapters/mongo-day-counts.js';
import { createMongoAttempts, createMongoConsents, createMongoStops } from './adapters/mongo-outbound.js';
import { readConsentFile } from './adapters/consent-file.js';
import { createMongoGateRows } from './adapters/mongo-gate-rows.js';
import { createMongoRefusals } from './adapters/mongo-refusals.js';
import { createMongoRules } from './adapters/mongo-rules.js';
import { createOriginals } from './adapters/s3-originals.js';
import { createValkeyClaims } from './adapters/valkey-claims.js';
import { createGateFeed, createGateFeedReader } from './adapters/valkey-gate-feed.js';
import {
  announcedConsents,
  markingConsents,
  announcedFraudSettings,
  announcedRefusals,
  announcedRules,
  announcedStops,
  revokingRefusals,
} from './announcing.js';
import { createCampaignRules as rulesOf } from './campaign-rules.js';
import { createDecisions, type DecisionNeeds } from './gate/decision.js';
import { createFraudRounds } from './fraud/fraud-round.js';
import { createDestinationRoutes, type NamedDestination } from './leaving/destinations-http.js';
import { createElementJudge } from './elements/elements-judge.js';
import { createElementRoutes } from './elements/elements-http.js';
import { createGate as gateOf, type Gate } from './gate/gate.js';
import { createGateMemory as memoryOf, type GateMemory } from './gate/gate-memory.js';
import type { GateFeed, GateStores } from './gate/gate-ports.js';
import { createOutboundRoutes as routesOf } from './http.js';
import { createDamagedRows } from './damaged-rows.js';
import { createKeyRefusals } from './refusals/key-refusal.js';
import { createNumberRegister, spelt, type RegisterList, type RegisterRow } from './number-register.js';
import type { PermitBook } from './gate/permit-book.js';
import type { WaysOut } from './ports.js';
import { refusalReasons, type RefusalReason } from './refusals/refusal.js';
import type { CallId } from '../shared/domain/ids.js';

export type { Gate } from './gate/gate.js';
export type { GateFeed } from './gate/gate-ports.js';
export { createPermitBook, type PermitBook } from './gate/permit-book.js';
export { createGateFeed };

interface Dependencies {
  readonly mongo: Connection;
  readonly hashNumber: NumberHash;
}

/** Where the gates of all processes learn of changes. */
interface Announces {
  readonly feed: GateFeed;
}

/** The do-not-call list with its consequences: the gates learn of a change, and a refusal ends the person's consents. */
const refusalsOf = ({ mongo, feed, audit }: Announces & { readonly mongo: Connection; readonly audit: Audit }) =>
  revokingRefusals(announcedRefusals(createMongoRefusals(mongo), feed), consentsOf({ mongo, feed }), audit);

/** Consents with their consequences: the gates learn of a change, and live calls that rest on a withdrawn one are marked. */
const consentsOf = ({ mongo, feed }: Announces & { readonly mongo: Connection }) =>
  markingConsents(announcedConsents(createMongoConsents(mongo), feed), createMongoAttempts(mongo));

/** The do-not-call list for other parts; wired by the composition root. A withheld number is never on it. */
export interface DoNotCall {
  add(number: string, reason: string, source: string): Promise<void>;
  /** Whether the person refused to be called. */
  refused(number: string): Promise<boolean>;
}

export function createDoNotCall({ mongo, hashNumber, feed, audit }: Dependencies & Announces & { readonly audit: Audit }): DoNotCall {
  const refusals = refusalsOf({ mongo, feed, audit });
  const isReason = (text: string): text is RefusalReason => (refusalReasons as readonly string[]).includes(text);
  return {
    async add(number, reason, source) {
      const numberHash = hashNumber(number);
      if (numberHash === undefined) return;
      await refusals.put({
        numberHash,
        numberMasked: maskNumber(number),
        reason: isReason(reason) ? reason : 'other',
        source,
        at: new Date(),
        by: 'system',
      });
    },
    async refused(number) {
      const numberHash = hashNumber(number);
      return numberHash !== undefined && (await refusals.inForce(numberHash)) !== undefined;
    },
  };
}

/** Removes a row from the do-not-call list that matches no person. */
export const forgetRefusal = async ({ mongo, feed }: Pick<Dependencies, 'mongo'> & Announces, numberHash: string): Promise<void> =>
  announcedRefusals(createMongoRefusals(mongo), feed).forget(numberHash);

interface GateParts extends Dependencies {
  readonly valkey: Redis;
  readonly zone: string;
  readonly register: RegisterRow;
  readonly registerList: RegisterList;
  readonly log: Logger;
  readonly now?: () => Date;
}

const clockNow = (): Date => new Date();

/** The stores that the gate reads. */
function gateStores({ mongo, zone, register, registerList }: Pick<GateParts, 'mongo' | 'zone' | 'register' | 'registerList'>): GateStores {
  const [refusals, consents] = [createMongoRefusals(mongo), createMongoConsents(mongo)];
  const { triesOf, countOf, lastedTo } = createMongoAttempts(mongo);
  const [rules, stops] = [createMongoRules(mongo), createMongoStops(mongo)];
  const [watch, counts] = [createMongoFraudSettings(mongo), createMongoDayCounts(mongo)];
  return {
    refused: async (hash) => (await refusals.inForce(hash)) !== undefined,
    consent: (hash, purpose, clientUnit, at) => consents.inForce(hash, purpose, clientUnit, at),
    triesOf,
    countOf,
    lastedTo,
    rules: () => rules.inForce(),
    stops: () => stops.stops(),
    watchedPrefixes: async () => (await watch.read()).watchedPrefixes,
    dayCount: (day, trunkId) => counts.of(day, trunkId),
    register: createNumberRegister({ row: register, list: registerList, today: todayIn(zone) }),
  };
}

/** The memory of a process's gate; its service fills it and keeps it up to date. */
export const createGateMemory = (parts: Omit<GateParts, 'hashNumber'>): GateMemory =>
  memoryOf({
    stores: gateStores(parts),
    rows: createMongoGateRows(parts.mongo),
    counts: createValkeyClaims(parts.valkey),
    feed: createGateFeedReader(parts.valkey),
    now: parts.now ?? clockNow,
    today: todayIn(parts.zone),
    log: parts.log,
  });

/** Without a memory each decision reads the stores. */
function decisionNeeds(parts: GateParts & { readonly memory?: GateMemory | undefined }): DecisionNeeds {
  const { zone, memory, now = clockNow } = parts;
  return {
    stores: memory?.stores ?? gateStores(parts),
    memory: memory ?? { position: () => undefined, catchUp: async () => undefined },
    claims: createValkeyClaims(parts.valkey),
    localTime(at) {
      const local = DateTime.fromJSDate(at, { zone });
      return { date: local.toISODate() ?? '', minuteOfDay: local.hour * 60 + local.minute, midnight: local.startOf('day').toJSDate() };
    },
    now,
  };
}

/** Decides without writing anything: used to measure what a decision costs. */
export const createGateDecisions = (parts: Parameters<typeof decisionNeeds>[0]): Pick<ReturnType<typeof createDecisions>, 'decide'> =>
  createDecisions(decisionNeeds(parts));

/** The gate of the process that dials, asked at the moment of dialling. */
export function createGate({
  audit,
  permits,
  ...parts
}: GateParts & {
  readonly memory?: GateMemory | undefined;
  readonly audit: Audit;
  /** The book in which signalling redeems the permits given here. */
  readonly permits: PermitBook;
}): Gate {
  const { mongo, valkey, hashNumber, log } = parts;
  return gateOf({
    ...decisionNeeds(parts),
    attempts: createMongoAttempts(mongo),
    stops: createMongoStops(mongo),
    claims: createValkeyClaims(valkey),
    counts: createMongoDayCounts(mongo),
    permits,
    audit,
    hashNumber,
    newId,
    later(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    log,
  });
}

/** `YYYY-MM-DD` at the site. */
const todayIn = (zone: string) => (): string => DateTime.now().setZone(zone).toISODate() ?? '';

const dayIn =
  (zone: string) =>
  (date: string): { readonly from: Date; readonly until: Date } => {
    const from = DateTime.fromISO(date, { zone }).startOf('day');
    return { from: from.toJSDate(), until: from.plus({ days: 1 }).toJSDate() };
  };

/** Whether calls may be sent to a number outside today: queues and flows are checked against this when they are saved. */
export const createDestinationCheck =
  ({ register, zone }: { readonly register: RegisterRow; readonly zone: string }) =>
  async (number: string): Promise<boolean> => {
    const today = todayIn(zone);
    const found = await createNumberRegister({ row: register, list: async () => [], today }).destination(spelt(number));
    return found !== undefined && found.validUntil >= today();
  };

/** What campaigns ask of the outbound rules. */
export function createCampaignRules({
  mongo,
  feed,
  zone,
  register,
  registerList,
  waysOut,
}: Announces & Pick<GateParts, 'mongo' | 'zone' | 'register' | 'registerList'> & { readonly waysOut: WaysOut }): ReturnType<
  typeof rulesOf
> {
  const today = todayIn(zone);
  return rulesOf({
    attempts: createMongoAttempts(mongo),
    refusals: createMongoRefusals(mongo),
    consents: createMongoConsents(mongo),
    stops: announcedStops(createMongoStops(mongo), feed),
    register: createNumberRegister({ row: register, list: registerList, today }),
    waysOut,
    today,
    now: clockNow,
  });
}

/** How often the watch checks calls, and how often complaints, which it counts by the month. */
const WATCH_EVERY_MS = 30_000;
const COMPLAINTS_EVERY_MS = 600_000;

/**
 * What the outbound slice does by itself: records the refusals that people press during calls, and watches for what is out of the ordinary.
 */
export function createOutboundWorker({
  mongo,
  reads,
  bus,
  audit,
  zone,
  log,
  feed,
  watchEveryMs = WATCH_EVERY_MS,
}: Announces & {
  readonly mongo: Connection;
  readonly reads: Pick<Reads, 'calls' | 'complaints'>;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly zone: string;
  readonly log: Logger;
  readonly watchEveryMs?: number;
}): Service {
  const damaged = createDamagedRows({ bus, now: () => new Date(), log });
  const refusals = refusalsOf({ mongo, feed, audit });
  const refused = createKeyRefusals({ refusals, attempts: createMongoAttempts(mongo), audit });
  const watch = createFraudRounds({
    facts: createMongoFraudFacts(mongo, reads, damaged.found),
    alarms: createMongoFraudAlarms(mongo),
    fraudSettings: createMongoFraudSettings(mongo),
    stops: announcedStops(createMongoStops(mongo), feed),
    bus,
    audit,
    newId,
    now: () => new Date(),
    monthStart: (at) => DateTime.fromJSDate(at, { zone }).startOf('month').toJSDate(),
  });
  const rounds = [
    every(watchEveryMs, watch.calls, 'the fraud watch could not check the calls', log),
    every(COMPLAINTS_EVERY_MS, watch.complaints, 'the fraud watch could not check the complaints', log),
  ];
  let stop: () => Promise<void> = async () => undefined;
  return {
    name: 'outbound',
    async start() {
      stop = await bus.subscribe('outbound', { 'call.refused-by-key': refused }, unhurried);
      for (const round of rounds) round.start();
    },
    async stop() {
      for (const round of rounds) await round.stop();
      await stop();
    },
  };
}

export function createOutboundRoutes({
  mongo,
  audit,
  hashNumber,
  zone,
  register,
  waysOut,
  reaches,
  registerList,
  reads,
  objects,
  bucket,
  keepDays,
  bus,
  feed,
}: Dependencies &
  Announces & {
    readonly reads: Pick<Reads, 'recordings'>;
    readonly objects: ObjectClient;
    readonly bucket: string;
    /** How long the original of a consent is locked. */
    readonly keepDays: number;
    readonly bus: Pick<EventBus, 'publish'>;
    readonly audit: Audit;
    readonly zone: string;
    readonly register: RegisterRow;
    readonly registerList: RegisterList;
    readonly waysOut: WaysOut;
    readonly reaches: ReachesObject;
  }): Route[] {
  const today = todayIn(zone);
  const stores = { attempts: createMongoAttempts(mongo), consents: consentsOf({ mongo, feed }) };
  const isRecorded = async (callId: CallId): Promise<boolean> =>
    (await reads.recordings.count({ _id: callId, deletion: null, objectKey: { $ne: null } })) > 0;
  const originals = createOriginals({ objects, bucket, keepDays });
  const routes = routesOf({
    ...stores,
    isRecorded,
    refusals: refusalsOf({ mongo, feed, audit }),
    readConsentFile,
    clientUnits: () => namedClients(registerList),
    zone,
    rules: announcedRules(createMongoRules(mongo), feed),
    stops: announcedStops(createMongoStops(mongo), feed),
    fraudSettings: announcedFraudSettings(createMongoFraudSettings(mongo), feed),
    alarms: createMongoFraudAlarms(mongo),
    register: createNumberRegister({ row: register, list: registerList, today }),
    waysOut,
    reaches,
    today,
    bus,
    audit,
    hashNumber,
    newId,
  });
  const elements = createElementRoutes({ ...stores, originals, reads, audit, dayOf: dayIn(zone) });
  return [...routes, ...elements, ...createDestinationRoutes({ destinations: () => namedDestinations(registerList), today })];
}

/** The answered outbound calls of a period, each with whether all four elements can be shown. */
export function createElementRows({
  mongo,
  reads,
  objects,
  bucket,
  keepDays,
}: Pick<Dependencies, 'mongo'> & {
  readonly reads: Pick<Reads, 'recordings'>;
  readonly objects: ObjectClient;
  readonly bucket: string;
  readonly keepDays: number;
}) {
  const attempts = createMongoAttempts(mongo);
  const judge = createElementJudge({
    ...{ reads, consents: createMongoConsents(mongo), originals: createOriginals({ objects, bucket, keepDays }) },
  });
  return async (span: { readonly from: Date; readonly until: Date }) =>
    (await judge(await attempts.answeredOut(span))).map(({ attempt: { callId, at }, missing }) => ({
      ...{ callId, at, isWhole: missing.length === 0 },
    }));
}

async function namedClients(list: RegisterList): Promise<{ readonly id: string; readonly name: string }[]> {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return (await list('clients')).map(({ clientId, name }) => ({ id: text(clientId), name: text(name) }));
}

async function namedDestinations(list: RegisterList): Promise<NamedDestination[]> {
  return (await list('destinations')).map((row) => {
    const text = (key: string): string => (typeof row[key] === 'string' ? row[key] : '');
    return { number: spelt(text('number')), name: text('name'), clientId: text('clientId'), validUntil: text('validUntil') };
  });
}

/** The original of a consent by its hash, for adding to a pack. Fails with `file-damaged` when the store has other bytes. */
export const createOriginalBodies = (
  needs: Parameters<typeof createOriginals>[0],
): ((consentId: string, sha256: string) => Promise<Uint8Array>) => createOriginals(needs).read;
