import { randomFillSync } from 'node:crypto';
import { DateTime } from 'luxon';
import type { Connection } from 'mongoose';
import { orderedId } from '../shared/domain/ids.js';
import { maskNumber, normaliseNumber } from '../shared/domain/phone-number.js';
import type { Logger } from '../shared/platform/logger.js';
import type { NumberHash } from '../shared/platform/number-hash.js';
import { every } from '../shared/platform/rounds.js';
import { unhurried, type EventBus } from '../shared/events/catalogue.js';
import type { ReachesObject } from '../shared/platform/reach.js';
import type { Audit, Route } from '../shared/platform/route.js';
import type { Service } from '../shared/platform/service.js';
import type { Reads } from '../shared/records/reads.js';
import { createMongoFraudAlarms, createMongoFraudFacts, createMongoFraudSettings } from './adapters/mongo-fraud.js';
import { createMongoDayCounts } from './adapters/mongo-day-counts.js';
import { createMongoAttempts, createMongoConsents, createMongoSettings } from './adapters/mongo-outbound.js';
import { createMongoRefusals } from './adapters/mongo-refusals.js';
import { createFraudRounds } from './fraud-round.js';
import { createDestinationRoutes, type NamedDestination } from './destinations-http.js';
import { createGate as gateOf, type Gate } from './gate.js';
import { createOutboundRoutes as routesOf } from './http.js';
import { createDamagedRows } from './damaged-rows.js';
import { createKeyRefusals } from './key-refusal.js';
import type { PermitBook } from './permit-book.js';
import type { NumberRegister, WaysOut } from './ports.js';
import { refusalReasons, type RefusalReason } from './refusal.js';

export type { Gate } from './gate.js';
export { createPermitBook, type PermitBook } from './permit-book.js';

/** A row of the licence file that is in force: of a register with approval, an approved one. */
type RegisterList = (register: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
type RegisterRow = (register: string, key: string) => Promise<Readonly<Record<string, unknown>> | undefined>;

interface Dependencies {
  readonly mongo: Connection;
  readonly hashNumber: NumberHash;
}

/** What other parts ask of the do-not-call list; wired by the composition root. A withheld number is never on it. */
export interface DoNotCall {
  add(number: string, reason: string, source: string): Promise<void>;
  /** Whether the person refused to be called. */
  refused(number: string): Promise<boolean>;
}

export function createDoNotCall({ mongo, hashNumber }: Dependencies): DoNotCall {
  const refusals = createMongoRefusals(mongo);
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

/** Takes a row off the do-not-call list that stands for nobody. */
export const forgetRefusal = async (mongo: Connection, numberHash: string): Promise<void> => createMongoRefusals(mongo).forget(numberHash);

/** Asked by the process that dials, at the moment of dialling. */
export function createGate({
  mongo,
  zone,
  hashNumber,
  register,
  audit,
  permits,
  now = () => new Date(),
}: Dependencies & {
  readonly zone: string;
  readonly register: RegisterRow;
  readonly audit: Audit;
  /** Where signalling redeems what is permitted here. */
  readonly permits: PermitBook;
  readonly now?: () => Date;
}): Gate {
  return gateOf({
    refusals: createMongoRefusals(mongo),
    consents: createMongoConsents(mongo),
    attempts: createMongoAttempts(mongo),
    settings: createMongoSettings(mongo),
    fraudSettings: createMongoFraudSettings(mongo),
    counts: createMongoDayCounts(mongo),
    register: numberRegister(register),
    permits,
    audit,
    hashNumber,
    newId,
    localTime(at) {
      const local = DateTime.fromJSDate(at, { zone });
      return { date: local.toISODate() ?? '', minuteOfDay: local.hour * 60 + local.minute, midnight: local.startOf('day').toJSDate() };
    },
    now,
  });
}

/** Whether calls may be sent to a number outside today: what queues and flows are checked against when they are saved. */
export const createDestinationCheck =
  ({ register, zone }: { readonly register: RegisterRow; readonly zone: string }) =>
  async (number: string): Promise<boolean> => {
    const found = await numberRegister(register).destination(spelt(number));
    return found !== undefined && found.validUntil >= (DateTime.now().setZone(zone).toISODate() ?? '');
  };

/** How often calls are looked at, and complaints, which are counted by the month. */
const WATCH_EVERY_MS = 30_000;
const COMPLAINTS_EVERY_MS = 600_000;

const newId = (): string => orderedId(Date.now(), (bytes) => randomFillSync(bytes));

/** What calling out does by itself: keeps the refusals that people press during calls, and watches for what is out of the ordinary. */
export function createOutboundWorker({
  mongo,
  reads,
  bus,
  audit,
  zone,
  log,
  watchEveryMs = WATCH_EVERY_MS,
}: {
  readonly mongo: Connection;
  readonly reads: Pick<Reads, 'calls' | 'complaints'>;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly zone: string;
  readonly log: Logger;
  readonly watchEveryMs?: number;
}): Service {
  const damaged = createDamagedRows({ bus, now: () => new Date(), log });
  const refused = createKeyRefusals({ refusals: createMongoRefusals(mongo), attempts: createMongoAttempts(mongo), audit });
  const watch = createFraudRounds({
    facts: createMongoFraudFacts(mongo, reads, damaged.found),
    alarms: createMongoFraudAlarms(mongo),
    fraudSettings: createMongoFraudSettings(mongo),
    settings: createMongoSettings(mongo),
    bus,
    audit,
    newId,
    now: () => new Date(),
    monthStart: (at) => DateTime.fromJSDate(at, { zone }).startOf('month').toJSDate(),
  });
  const rounds = [
    every(watchEveryMs, watch.calls, 'calls could not be watched', log),
    every(COMPLAINTS_EVERY_MS, watch.complaints, 'complaints of calls could not be watched', log),
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

const spelt = (number: string): string => normaliseNumber(number) ?? number;

function numberRegister(row: RegisterRow): NumberRegister {
  return {
    async number(number) {
      const found = await row('numbers', number);
      if (found === undefined) return undefined;
      const text = (key: string): string => (typeof found[key] === 'string' ? found[key] : '');
      return {
        kind: text('kind'),
        state: text('state'),
        direction: text('direction'),
        validUntil: text('validUntil'),
        commitmentLetter: found['commitmentLetter'] === true,
        outboundReason: text('outboundReason'),
        clientId: text('clientId'),
      };
    },
    async trunkFault(trunkId, from) {
      const trunk = await row('trunks', trunkId);
      if (trunk === undefined) return undefined;
      if (trunk['direction'] === 'inbound-only') return 'trunk-inbound-only';
      if (trunk['state'] !== 'in-use') return 'trunk-not-in-use';
      const permitted = trunk['permittedCallers'];
      const listed = Array.isArray(permitted) ? permitted.map(String) : [];
      return listed.length === 0 || listed.some((each) => spelt(each) === spelt(from)) ? undefined : 'trunk-not-permitted';
    },
    async destination(number) {
      const found = await row('destinations', number);
      if (found === undefined) return undefined;
      const text = (key: string): string => (typeof found[key] === 'string' ? found[key] : '');
      const shown = text('shown');
      return { clientId: text('clientId'), validUntil: text('validUntil'), shown: shown === '' ? undefined : shown };
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
  bus,
}: Dependencies & {
  readonly bus: Pick<EventBus, 'publish'>;
  readonly audit: Audit;
  readonly zone: string;
  readonly register: RegisterRow;
  readonly registerList: RegisterList;
  readonly waysOut: WaysOut;
  readonly reaches: ReachesObject;
}): Route[] {
  const today = (): string => DateTime.now().setZone(zone).toISODate() ?? '';
  const routes = routesOf({
    refusals: createMongoRefusals(mongo),
    consents: createMongoConsents(mongo),
    attempts: createMongoAttempts(mongo),
    settings: createMongoSettings(mongo),
    fraudSettings: createMongoFraudSettings(mongo),
    alarms: createMongoFraudAlarms(mongo),
    register: numberRegister(register),
    waysOut,
    reaches,
    today,
    bus,
    audit,
    hashNumber,
    newId,
  });
  return [...routes, ...createDestinationRoutes({ destinations: () => namedDestinations(registerList), today })];
}

async function namedDestinations(list: RegisterList): Promise<NamedDestination[]> {
  return (await list('destinations')).map((row) => {
    const text = (key: string): string => (typeof row[key] === 'string' ? row[key] : '');
    return { number: spelt(text('number')), name: text('name'), clientId: text('clientId'), validUntil: text('validUntil') };
  });
}
