import type { Config } from '../shared/platform/settings/config.js';
import type { EventBus } from '../shared/events/catalogue.js';
import { createNgClient } from '../shared/platform/network/rtpengine-ng.js';
import { createAlarmCondition, type AlarmCondition } from '../shared/platform/processes/alarm-condition.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { every } from '../shared/platform/processes/rounds.js';
import type { Service } from '../shared/platform/processes/service.js';
import type { ObjectClient } from '../shared/platform/stores/objects.js';
import type { Context } from './context.js';

const LOOK_EVERY_MS = 5_000;
const ANSWER_WITHIN_MS = 3_000;
/** A role that is started again is back within this time; what is silent for longer does not come back by itself. */
const DOWN_AFTER_MS = 20_000;

/** A part that is asked for a sign of life. */
export interface WatchedPart {
  readonly name: string;
  readonly words: { readonly en: string; readonly 'zh-CN': string };
  /** `relay-alone`: calls go on without this part, and nothing would replace the other one. */
  readonly code: 'part-down' | 'relay-alone';
  /** Rejects, or does not resolve, when the part does not answer. */
  readonly ask: () => Promise<unknown>;
}

/** Raises an alarm for each part that has not answered for 20 s, and clears it at the next answer. */
export function createPartWatch({
  parts,
  liveState,
  bus,
  log,
  nowMs,
  everyMs = LOOK_EVERY_MS,
}: {
  readonly parts: readonly WatchedPart[];
  /** Rejects while the live state is away: roles cannot be asked then, and no alarm leaves. */
  readonly liveState: () => Promise<unknown>;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly log: Logger;
  readonly nowMs: () => number;
  readonly everyMs?: number;
}): Service & { look(): Promise<void> } {
  const watched = parts.map((part) => ({
    part,
    condition: createAlarmCondition({ bus, code: part.code, subject: part.name, nowMs }),
    answeredAtMs: nowMs(),
  }));

  async function lookAt(each: { readonly part: WatchedPart; readonly condition: AlarmCondition; answeredAtMs: number }): Promise<void> {
    const { part, condition } = each;
    const answers = await inTime(part.ask());
    if (answers) each.answeredAtMs = nowMs();
    const isDown = nowMs() - each.answeredAtMs >= DOWN_AFTER_MS;
    // In between nothing is known yet: an alarm of the previous process stays.
    if (answers || isDown) await condition.is(isDown ? { text: silentFor(part) } : undefined);
  }

  const look = async (): Promise<void> => {
    if (await inTime(liveState())) await Promise.all(watched.map(lookAt));
    else for (const each of watched) each.answeredAtMs = nowMs();
  };
  const rounds = every(everyMs, look, 'the alarm of a part could not be published', log);
  return {
    name: 'part-watch',
    look,
    async start() {
      rounds.start();
    },
    stop: () => rounds.stop(),
  };
}

const silentFor = ({ words, code }: WatchedPart): { readonly en: string; readonly 'zh-CN': string } =>
  code === 'relay-alone'
    ? {
        en: `${words.en} does not answer: the other one of its pair has no stand-in.`,
        'zh-CN': `${words['zh-CN']}没有应答，同对的另一台已无后备。`,
      }
    : { en: `${words.en} does not answer.`, 'zh-CN': `${words['zh-CN']}没有应答。` };

async function inTime(asked: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ANSWER_WITHIN_MS)));
  const answered = asked.then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}

/** The parts of a site: the roles, the stores, the relays, and the machines of a relay pair where their own addresses are set. */
export function partsOf({
  config,
  commands,
  mongo,
  objects,
}: Pick<Context, 'commands' | 'mongo'> & {
  readonly config: Pick<Config, 'RTPENGINE_URLS' | 'RELAY_MACHINES' | 'S3_BUCKET'>;
  readonly objects: Pick<ObjectClient, 'bucketExists'>;
}): readonly WatchedPart[] {
  const within = { timeoutMs: ANSWER_WITHIN_MS };
  const part = (name: string, en: string, zh: string, ask: WatchedPart['ask'], code: WatchedPart['code'] = 'part-down'): WatchedPart => ({
    name,
    words: { en, 'zh-CN': zh },
    code,
    ask,
  });
  return [
    part('telephony', 'Telephony', '电话进程', () => commands.send('telephony.status', {}, within)),
    part('recorder', 'The recorder', '录音进程', () => commands.send('recorder.status', {}, within)),
    part('routing', 'Routing', '排队分配进程', () => commands.send('queues.list', {}, within)),
    part('mixer', 'The mixer', '混音进程', () => commands.send('mixer.status', {}, within)),
    part('documents', 'The document store', '文档库', async () => mongo.db?.admin().ping()),
    part('objects', 'The object store', '对象存储', () => objects.bucketExists(config.S3_BUCKET)),
    ...config.RTPENGINE_URLS.map((url) => {
      const { host } = new URL(url);
      return part(`relay:${host}`, `The media relay at ${host}`, `媒体网关 ${host} `, () => isThere(url));
    }),
    ...config.RELAY_MACHINES.map((url) => {
      const { host } = new URL(url);
      return part(`relay-machine:${host}`, `The relay machine at ${host}`, `中继主机 ${host} `, () => isThere(url), 'relay-alone');
    }),
  ];
}

async function isThere(url: string): Promise<void> {
  const relay = createNgClient(url);
  try {
    await relay.send({ command: 'ping' }, { timeoutMs: ANSWER_WITHIN_MS });
  } finally {
    relay.close();
  }
}
