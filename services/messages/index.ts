import type { Connection } from 'mongoose';
import { CallCentreError } from '../shared/domain/failure.js';
import { unhurried, type EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { createSecretCipher } from '../shared/platform/stores/secret-cipher.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import type { Service } from '../shared/platform/processes/service.js';
import { createHttpSmsProvider } from './adapters/http-sms-provider.js';
import { createMongoOutbox } from './adapters/mongo-outbox.js';
import { createDingtalkRobot, createWebhook, createWecomRobot } from './adapters/robot-providers.js';
import { createSmtpProvider } from './adapters/smtp-provider.js';
import type { MessageState, MessageWay, OutgoingMessage } from './message.js';
import { createSender } from './outbox.js';
import type { OutboxStore, Provider } from './ports.js';

export type { MessageState, OutgoingMessage } from './message.js';

/** Due messages that no event reported (a retry, a crash) are found at the next check. */
const LOOK_EVERY_MS = 2_000;

/** The requests of other parts: to send a message, and its outcome. Wired by the composition root. */
export interface Messages {
  /** Whether a provider of this channel is configured. */
  canSend(way: MessageWay): boolean;
  /** Accepts a message for sending; refused with `not-supported` when there is no provider. `message.settled` reports its end. */
  queue(message: OutgoingMessage): Promise<void>;
  states(messageIds: readonly string[]): Promise<MessageState[]>;
}

export interface MessageDependencies {
  readonly config: Config;
  readonly mongo: Connection;
  readonly bus: EventBus;
}

const smtpOf = ({ SMTP_URL, SMTP_FROM }: Config) =>
  SMTP_URL === undefined || SMTP_FROM === undefined ? undefined : { url: SMTP_URL, from: SMTP_FROM };
const smsOf = ({ SMS_URL, SMS_SECRET }: Config) =>
  SMS_URL === undefined || SMS_SECRET === undefined ? undefined : { url: SMS_URL, secret: SMS_SECRET };

const withSecret = (url: string | undefined, secret: string | undefined) =>
  url === undefined || secret === undefined ? undefined : { url, secret };

/** The provider of each channel that the site has configured. */
function providersOf(config: Config): Partial<Record<MessageWay, Provider>> {
  const [smtp, sms] = [smtpOf(config), smsOf(config)];
  const { ALARM_WECOM_URL: wecom } = config;
  const dingtalk = withSecret(config.ALARM_DINGTALK_URL, config.ALARM_DINGTALK_SECRET);
  const webhook = withSecret(config.ALARM_WEBHOOK_URL, config.ALARM_WEBHOOK_SECRET);
  return {
    ...(smtp === undefined ? {} : { mail: createSmtpProvider(smtp) }),
    ...(sms === undefined ? {} : { sms: createHttpSmsProvider(sms) }),
    ...(wecom === undefined ? {} : { wecom: createWecomRobot({ url: wecom }) }),
    ...(dingtalk === undefined ? {} : { dingtalk: createDingtalkRobot(dingtalk) }),
    ...(webhook === undefined ? {} : { webhook: createWebhook(webhook) }),
  };
}

const storeOf = ({ config, mongo }: Pick<MessageDependencies, 'config' | 'mongo'>): OutboxStore =>
  createMongoOutbox(mongo, createSecretCipher([config.MASTER_KEY, ...config.MASTER_KEY_PREVIOUS], 'messages'));

export function createMessages({ config, mongo, bus }: MessageDependencies): Messages {
  const outbox = storeOf({ config, mongo });
  const providers = providersOf(config);
  const canSend = (way: MessageWay): boolean => providers[way] !== undefined;
  return {
    canSend,
    async queue(message) {
      if (!canSend(message.way))
        throw new CallCentreError(
          'not-supported',
          'No provider for this channel is set up (SMTP_URL, SMS_URL); please choose another one.',
        );
      await outbox.put(message, new Date());
      await bus.publish('message.queued', { messageId: message.messageId, at: new Date().toISOString(), way: message.way });
    },
    states: (messageIds) => (messageIds.length === 0 ? Promise.resolve([]) : outbox.states(messageIds)),
  };
}

/** Sends what waits, in the cases role. */
export function createMessageSender({ config, mongo, bus, log }: MessageDependencies & { readonly log: Logger }): Service {
  const sendDue = createSender({
    outbox: storeOf({ config, mongo }),
    providers: providersOf(config),
    bus,
    now: () => new Date(),
    log,
  });
  let stopLooking = (): void => undefined;
  let unsubscribe: () => Promise<void> = async () => undefined;
  let sending: Promise<unknown> = Promise.resolve();
  /** One after the other, so that several rounds never ask a slow provider at once. */
  const look = (): Promise<unknown> =>
    (sending = sending.then(sendDue).catch((error: unknown) => log.error({ err: error }, 'the outbox could not be read')));
  return {
    name: 'message-sender',
    async start() {
      unsubscribe = await bus.subscribe('messages', { 'message.queued': () => void look() }, unhurried);
      stopLooking = systemClock.every(LOOK_EVERY_MS, () => void look());
    },
    async stop() {
      stopLooking();
      await unsubscribe();
      await sending;
    },
  };
}
