import type { Connection } from 'mongoose';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/config.js';
import type { Audit, Route } from '../shared/platform/route.js';
import type { Service } from '../shared/platform/service.js';
import { createMongoSurveys, createMongoTasks } from './adapters/mongo-surveys.js';
import { createSatisfactionRoutes as routesOf } from './http.js';
import { createSurveyCollector } from './survey-collector.js';

/** Writes scores down, in the cases role. */
export function createSatisfaction({ mongo, bus }: { readonly mongo: Connection; readonly bus: EventBus }): Service {
  let stop: () => Promise<void> = async () => undefined;
  return {
    name: 'satisfaction',
    async start() {
      stop = await bus.subscribe(
        'satisfaction',
        createSurveyCollector({ surveys: createMongoSurveys(mongo), tasks: createMongoTasks(mongo), bus }),
      );
    },
    stop: () => stop(),
  };
}

export function createSatisfactionRoutes({
  config,
  mongo,
  audit,
}: {
  readonly config: Config;
  readonly mongo: Connection;
  readonly audit: Audit;
}): Route[] {
  return routesOf({
    surveys: createMongoSurveys(mongo),
    tasks: createMongoTasks(mongo),
    audit,
    linkKey: config.SEAT_KEY,
    zone: config.SITE_TIME_ZONE,
  });
}
