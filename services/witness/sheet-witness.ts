import type { AlarmCode } from '../shared/domain/alarm.js';
import type { EventBus } from '../shared/events/catalogue.js';
import { createAlarmCondition } from '../shared/platform/processes/alarm-condition.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { sendLine } from './adapters/https-witness.js';
import { requestTimeStamp } from '../shared/platform/signing/time-stamp.js';
import { holderOf } from '../shared/domain/licence/licence-file.js';
import type { LicenceFileReader, MailCarrier, SheetsFrom, SheetSigner } from './ports.js';
import { createWitness, type WitnessStore } from './witness-service.js';

interface SheetWitnessNeeds {
  readonly config: Config;
  readonly bus: EventBus;
  readonly log: Logger;
  readonly sheets: SheetsFrom;
  readonly messages: MailCarrier;
  readonly licenceFile: LicenceFileReader;
  readonly now?: () => Date;
}

/** Which of these messages the mail server has accepted. */
export const sentOf =
  (messages: Pick<MailCarrier, 'states'>) =>
  async (ids: readonly string[]): Promise<ReadonlySet<string>> =>
    new Set((await messages.states(ids)).filter(({ state }) => state === 'sent').map(({ messageId }) => messageId));

/** Lets the site's authorities and people outside witness the day sheets. */
export function createSheetWitness(
  { config, bus, log, sheets, messages, licenceFile, now = () => new Date() }: SheetWitnessNeeds,
  {
    store,
    openKey,
    sha256Hex,
  }: {
    readonly store: WitnessStore;
    readonly openKey: () => Promise<SheetSigner>;
    readonly sha256Hex: (text: string) => string;
  },
): ReturnType<typeof createWitness> {
  const outsiders = messages.canSend('mail') ? config.WITNESS_MAIL_TO : [];
  /** One mail for each day and person. The id follows from both, so that a crash between two steps sends none twice. */
  const messageIdOf = (day: string, to: string): string => `day-sheet-${day}-${sha256Hex(`${day} ${to}`).slice(0, 16)}`;
  const { WITNESS_HTTPS_URL: lineUrl, WITNESS_HTTPS_CA_FILE: caFile } = config;
  const send = async (url: string, statement: string, sheetHash: string): Promise<Uint8Array> => {
    const { publicKey, ...key } = await openKey();
    return sendLine(url, { statement, signature: key.sign(statement), publicKey }, sheetHash, caFile);
  };
  const alarm = (code: AlarmCode) => createAlarmCondition({ bus, code, nowMs: () => now().getTime() });
  return createWitness({
    ...{ store, sheets, log },
    outsiders: outsiders.length,
    ...(lineUrl === undefined ? {} : { sendLine: (statement: string, sheetHash: string) => send(lineUrl, statement, sheetHash) }),
    authorities: config.WITNESS_TSA_URLS.map((url) => (body: Uint8Array) => requestTimeStamp(url, body)),
    mailOutside: async (day, mail) => {
      for (const to of outsiders)
        await messages.queue({ ...mail, messageId: messageIdOf(day, to), way: 'mail', to, topic: { kind: 'day-sheet', id: day } });
      return outsiders.map((to) => messageIdOf(day, to));
    },
    sent: sentOf(messages),
    keyFingerprint: async () => (await openKey()).fingerprint,
    company: async () => holderOf(await licenceFile.read('zh-CN')).company,
    alarms: { notWitnessed: alarm('sheet-not-witnessed'), rewritten: alarm('sheet-rewritten') },
  });
}
