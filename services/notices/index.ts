import { DateTime } from 'luxon';
import type { Connection } from 'mongoose';
import { newId } from '../shared/platform/stores/new-id.js';
import { roles as allRoles, type Principal, type Role } from '../shared/domain/people/rights.js';
import { unhurried, type EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { every } from '../shared/platform/processes/rounds.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import { createScheduler } from '../shared/platform/processes/scheduler.js';
import { createSecretCipher } from '../shared/platform/stores/secret-cipher.js';
import type { Service } from '../shared/platform/processes/service.js';
import { siteTimeIn } from '../shared/platform/processes/site-time.js';
import type { Reads } from '../shared/records/reads.js';
import { createMongoAlarmSettings } from './adapters/mongo-alarm-settings.js';
import { createMongoAlarms, createStandingAlarms } from './adapters/mongo-alarms.js';
import { createAlarmDesk, createAlarmIntake } from './alarm-service.js';
import { createAlarmRoutes } from './http.js';
import { createNotifier } from './notifier.js';
import { isInUse } from '../shared/domain/people/in-use.js';
import type { Messenger, Receivers } from './ports.js';
import type { UserId } from '../shared/domain/ids.js';

export { createStandingAlarms };
export type { Messenger } from './ports.js';

/** How soon a due alarm is sent outside the pages. */
const SEND_EVERY_MS = 5_000;
const DAY_MS = 86_400_000;

export interface NoticeDependencies {
  readonly config: Config;
  readonly mongo: Connection;
  readonly bus: EventBus;
  readonly reads: Pick<Reads, 'accounts'>;
  readonly messages: Messenger;
  readonly audit: Audit;
}

const now = (): Date => new Date();

const settingsOf = ({ config, mongo }: Pick<NoticeDependencies, 'config' | 'mongo'>) =>
  createMongoAlarmSettings(mongo, createSecretCipher([config.MASTER_KEY, ...config.MASTER_KEY_PREVIOUS], 'alarm contacts'));

/** The mail addresses that the site has entered for people, for parts that write to them. */
export function createMailAddresses(
  needs: Pick<NoticeDependencies, 'config' | 'mongo'>,
): (userIds: readonly UserId[]) => Promise<ReadonlyMap<string, string>> {
  const settings = settingsOf(needs);
  return async (userIds) =>
    new Map(
      [...(await settings.contactsOf(userIds))].flatMap(([userId, { mail }]) => (mail === undefined ? [] : [[userId, mail] as const])),
    );
}

const isRole = (text: string): text is Role => (allRoles as readonly string[]).includes(text);

const receiversOf =
  ({ accounts }: Pick<Reads, 'accounts'>): Receivers =>
  async () => {
    const found = await accounts.find({ disabled: false }, { fields: ['displayName', 'roles', 'scope', 'disabled', 'expiresAt'] });
    const open = found.filter((account) => isInUse(account, now()));
    return open.map(({ _id, displayName, roles, scope }) => ({ userId: _id, name: displayName, roles: roles.filter(isRole), scope }));
  };

/** The number of open incidents that are meant for a person. */
export function createAlarmCounts(needs: Pick<NoticeDependencies, 'config' | 'mongo' | 'bus' | 'audit'>) {
  const alarms = createMongoAlarms(needs.mongo);
  const desk = createAlarmDesk({ ...needs, alarms, settings: settingsOf(needs), now });
  return async (principal: Principal): Promise<{ readonly open: number; readonly seen: number }> =>
    alarms.counts(await desk.searchOf(principal));
}

/** The requests and actions of people about alarms, in the api role. */
export function createNoticeRoutes({ config, mongo, bus, reads, messages, audit }: NoticeDependencies): Route[] {
  const alarms = createMongoAlarms(mongo);
  const settings = settingsOf({ config, mongo });
  const desk = createAlarmDesk({ alarms, settings, bus, audit, now });
  return createAlarmRoutes({ desk, alarms, settings, receivers: receiversOf(reads), messenger: messages, audit });
}

/** Takes alarms that parts raise and clear, and sends them: in the cases role, by one process. */
export function createNoticeWorker({
  config,
  mongo,
  bus,
  reads,
  messages,
  log,
}: Omit<NoticeDependencies, 'audit'> & { readonly log: Logger }): Service {
  const alarms = createMongoAlarms(mongo);
  const settings = settingsOf({ config, mongo });
  const intake = createAlarmIntake({ alarms, settings, bus, newId, now });
  const zone = config.SITE_TIME_ZONE;
  const sendDue = createNotifier({
    alarms,
    settings,
    receivers: receiversOf(reads),
    messenger: messages,
    bus,
    minuteOf(at) {
      const { hour, minute } = DateTime.fromJSDate(at, { zone });
      return hour * 60 + minute;
    },
    timeText: (at) => `${DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd HH:mm:ss')} ${zone}`,
    pagesAt: config.WEB_ORIGIN,
    now,
  });
  const rounds = every(SEND_EVERY_MS, sendDue, 'alarms could not be sent', log);
  const scheduler = createScheduler({
    name: 'notices-jobs',
    jobs: [
      {
        name: 'alarms-forget',
        timetable: { everyMs: DAY_MS },
        run: () => alarms.forgetClearedBefore(new Date(now().getTime() - config.AUDIT_KEEP_DAYS * DAY_MS)),
      },
    ],
    mongo,
    siteTimeOf: siteTimeIn(zone),
    log,
  });
  let unsubscribe: () => Promise<void> = async () => undefined;
  return {
    name: 'notices',
    async start() {
      // Includes alarms from before this part existed.
      unsubscribe = await bus.subscribe(
        'notices',
        {
          'notice.raised': ({ at, code, subject, scope, people, text }, id) =>
            intake.raised({ eventId: id, at: new Date(at), code, subject, ...scope, people, text }),
          'notice.cleared': ({ at, code, subject }) => intake.cleared({ at: new Date(at), code, subject }),
          'message.settled': async ({ at, way, state, topic, reason = '' }) => {
            if (topic !== 'alarm' || state !== 'failed') return;
            await bus.publish('notice.raised', {
              at,
              code: 'alarm-not-sent',
              subject: way,
              text: { en: `An alarm could not be sent (${way}: ${reason}).`, 'zh-CN': `告警未能送达（${way}：${reason}）。` },
            });
          },
        },
        { ...unhurried, fromBeginning: true },
      );
      rounds.start();
      await scheduler.start();
    },
    async stop() {
      await unsubscribe();
      await rounds.stop();
      await scheduler.stop();
    },
  };
}
