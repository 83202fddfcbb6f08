import { createHmac, timingSafeEqual } from 'node:crypto';
import { DateTime } from 'luxon';
import type { Connection } from 'mongoose';
import { unhurried, type EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import { createFigureBook, figureBookRoutes, type FigureBook } from '../shared/platform/stores/figure-book.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { NumberHash } from '../shared/platform/reach/number-hash.js';
import { WHOLE_CENTRE, type ReachOf } from '../shared/platform/reach/reach.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import { every } from '../shared/platform/processes/rounds.js';
import type { Service } from '../shared/platform/processes/service.js';
import type { Reads } from '../shared/records/reads.js';
import { createMongoPendingSurveys, createMongoSurveys, createMongoTasks, createUnaskedCalls } from './adapters/mongo-surveys.js';
import { createSatisfactionRoutes as routesOf } from './http.js';
import { createLinkRoutes } from './links/http.js';
import { createLinkInviter } from './links/link-inviter.js';
import { createSurveyCollector } from './survey-collector.js';
import { asOfMoment, satisfactionFigures, type SatisfactionFigures } from './survey.js';
import type { CallId } from '../shared/domain/ids.js';

const LOOK_EVERY_MS = 2_000;
const FIGURES_EVERY_MS = 600_000;
/** Changes when the counting changes. */
const FIGURES_VERSION = 1;

/** The port for invitations by link; wired by the composition root. */
export interface SurveyMessages {
  canSend(way: 'sms'): boolean;
  queue(message: {
    readonly messageId: string;
    readonly way: 'sms';
    readonly to: string;
    readonly subject: string;
    readonly text: string;
    readonly topic: { readonly kind: 'survey'; readonly id: string };
    readonly notBefore: Date;
  }): Promise<void>;
}

/** The signature of a survey's link. */
const signLink = (key: string, surveyId: string): string =>
  createHmac('sha256', key).update(`survey:${surveyId}`).digest('base64url').slice(0, 22);

const bookOf = (config: Config, mongo: Connection): FigureBook<SatisfactionFigures> =>
  createFigureBook<SatisfactionFigures>({
    mongo,
    collection: 'satisfaction_figures',
    formulaVersion: FIGURES_VERSION,
    zone: config.SITE_TIME_ZONE,
    now: () => new Date(),
    async count(from, to, asOf) {
      const { invitations, answers } = await createMongoSurveys(mongo).between({ from, to, reach: WHOLE_CENTRE });
      return satisfactionFigures(asOfMoment(invitations, asOf), asOfMoment(answers, asOf));
    },
  });

/** The stored figures of months and years, for the evidence. */
export const createSatisfactionFigures = ({
  config,
  mongo,
}: {
  readonly config: Config;
  readonly mongo: Connection;
}): Pick<FigureBook<SatisfactionFigures>, 'newest'> => bookOf(config, mongo);

/** Records scores, and sends a link to callers who hung up; in the cases role. */
export function createSatisfaction({
  config,
  mongo,
  reads,
  bus,
  log,
  messages,
  refused,
  hashNumber,
}: {
  readonly config: Config;
  readonly mongo: Connection;
  readonly reads: Pick<Reads, 'calls'>;
  readonly bus: EventBus;
  readonly log: Logger;
  readonly messages: SurveyMessages;
  /** Whether a number is on the do-not-call list. */
  readonly refused: (number: string) => Promise<boolean>;
  readonly hashNumber: NumberHash;
}): Service {
  const surveys = createMongoSurveys(mongo);
  const pending = createMongoPendingSurveys(mongo);
  const origin = config.WEB_ORIGIN?.replace(/\/$/, '');
  const look = createLinkInviter({
    surveys,
    pending,
    calls: createUnaskedCalls(reads.calls),
    refused,
    canSend: origin !== undefined && messages.canSend('sms'),
    queue: ({ surveyId, to, text, sendAt }) =>
      messages.queue({
        messageId: `survey-${surveyId}`,
        way: 'sms',
        to,
        subject: '',
        text,
        topic: { kind: 'survey', id: surveyId },
        notBefore: sendAt,
      }),
    linkOf: (surveyId) => `${origin ?? ''}/survey/${surveyId}/${signLink(config.SEAT_KEY, surveyId)}`,
    hashNumber,
    minuteOfDay(at) {
      const local = DateTime.fromJSDate(at, { zone: config.SITE_TIME_ZONE });
      return local.hour * 60 + local.minute;
    },
    now: () => new Date(),
  });
  const rounds = [
    every(LOOK_EVERY_MS, look, 'calls without a survey could not be read', log),
    every(FIGURES_EVERY_MS, () => bookOf(config, mongo).fill(), 'figures of satisfaction could not be stored', log),
  ];
  let stop: () => Promise<void> = async () => undefined;
  return {
    name: 'satisfaction',
    async start() {
      stop = await bus.subscribe(
        'satisfaction',
        createSurveyCollector({ surveys, pending, tasks: createMongoTasks(mongo), bus }),
        unhurried,
      );
      for (const round of rounds) round.start();
    },
    async stop() {
      await stop();
      await Promise.all(rounds.map((round) => round.stop()));
    },
  };
}

export function createSatisfactionRoutes({
  config,
  mongo,
  bus,
  audit,
  reachOf,
}: {
  readonly config: Config;
  readonly mongo: Connection;
  readonly reads: Pick<Reads, 'calls'>;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly reachOf: ReachOf;
}): Route[] {
  const surveys = createMongoSurveys(mongo);
  const tasks = createMongoTasks(mongo);
  return [
    ...routesOf({
      surveys,
      tasks,
      audit,
      reachOf,
      zone: config.SITE_TIME_ZONE,
      changed: () => bus.publish('survey.task-changed', { at: new Date().toISOString() }),
    }),
    ...createLinkRoutes({
      surveys,
      tasks,
      bus,
      signed(surveyId, signature) {
        const expected = Buffer.from(signLink(config.SEAT_KEY, surveyId));
        const given = Buffer.from(signature);
        return given.length === expected.length && timingSafeEqual(given, expected);
      },
    }),
    ...figureBookRoutes(bookOf(config, mongo), {
      path: '/satisfaction/figures',
      audit,
    }),
  ];
}

/** The hash of the caller in the invitations of a call; undefined for a withheld number. */
export async function setSurveyedCaller(mongo: Connection, callId: CallId, callerHash: string | undefined): Promise<void> {
  await mongo
    .collection<{ _id: string; callId: CallId }>('surveys')
    .updateMany({ callId }, callerHash === undefined ? { $unset: { numberHash: '' } } : { $set: { numberHash: callerHash } });
}
