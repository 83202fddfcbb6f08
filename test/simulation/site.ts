import type { z } from 'zod';
import { Queue } from '../../services/routing/queue.js';
import { ServiceNumber, type Flow, type Trunk } from '../../services/shared/contracts/flow.js';
import type { Random } from './random.js';
import type { Profile } from './profiles.js';

export const SIM_ZONE_OFFSET_MS = 8 * 3_600_000;
/** A Friday, ten in the morning in Shanghai. */
export const START_MS = Date.UTC(2026, 10, 27, 2, 0, 0);

/** The centre of one seed: who works in it, which queues and numbers it has. */
export interface Site {
  readonly agents: readonly string[];
  readonly supervisors: readonly string[];
  readonly skills: ReadonlyMap<string, Record<string, number>>;
  readonly queues: readonly Queue[];
  readonly numbers: readonly ServiceNumber[];
  readonly trunk: Trunk;
}

const name = { 'zh-CN': '队列', en: 'queue' };

function queueOf(random: Random, id: string, members: readonly string[], profile: Profile): Queue {
  return Queue.parse({
    id,
    name,
    strategy: random.pick([
      'longest-idle',
      'round-robin',
      'fewest-calls',
      'top-down',
      ...(random.chance(profile.ringAll) ? ['ring-all'] : []),
    ]),
    members: random.chance(0.4) ? 'everyone' : members.filter(() => random.chance(0.7)).concat(members[0] ?? []),
    priority: random.int(40, 60),
    skills: random.chance(profile.skills) ? { product: random.int(1, 4) } : {},
    rings: random.chance(0.3) ? [{ afterMs: 15_000, lowerBy: 2 }] : [],
    ringForMs: random.pick([5_000, 10_000, 20_000]),
    autoAnswer: random.chance(0.1),
    maxLength: random.pick([3, 20, 100]),
    maxWaitMs: random.pick([30_000, 120_000, 600_000]),
    overflow: { to: 'hang-up' },
    admitWithoutAgents: random.chance(0.7),
    wrapUp: {
      mode: random.pick(['none', 'fixed', 'fixed']),
      ms: random.pick([0, 5_000, 15_000]),
      extendable: true,
      untilDisposed: false,
    },
  });
}

function flowOf(random: Random, queueIds: readonly string[], profile: Profile): z.input<typeof Flow> {
  const queue = (queueId: string) => ({
    kind: 'queue' as const,
    queueId,
    priority: random.pick([0, 0, 10]),
    skills: random.chance(profile.skills) ? { product: random.int(1, 3) } : {},
    maxWaitMs: random.pick([40_000, 120_000, 900_000]),
    ...(random.chance(profile.announcements)
      ? { announce: { everyMs: random.pick([5_000, 12_000]), position: true, wait: random.chance(0.5), promptId: 'please-wait' } }
      : {}),
    ...(random.chance(profile.callbacks) ? { callbackKey: '1' } : {}),
    ...(random.chance(0.3) ? { onTimeout: 'sorry' } : {}),
  });
  const withMenu = random.chance(0.5);
  return {
    noticeMode: random.chance(profile.noticeBeside) ? 'while-ringing' : 'before-queue',
    start: withMenu ? 'menu' : 'first',
    steps: {
      menu: {
        kind: 'menu',
        promptId: 'menu',
        keys: { '1': { goTo: 'first', label: 'one' }, '2': { goTo: 'second', label: 'two' }, '3': { goTo: 'message', label: 'three' } },
        waitMs: 5_000,
        tries: 2,
        otherwise: 'first',
      },
      first: queue(random.pick(queueIds)),
      second: queue(random.pick(queueIds)),
      message: { kind: 'message', promptId: 'message-intro', maxMs: 20_000 },
      sorry: { kind: 'hang-up', promptId: 'all-busy', cause: 'centre-busy' },
    },
    ...(random.chance(0.6)
      ? { survey: { questions: [{ id: 'score', promptId: 'survey-score', keys: ['1', '2', '3', '4', '5'] }], waitMs: 4_000 } }
      : {}),
    ...(random.chance(0.5) ? { goodbyePromptId: 'goodbye' } : {}),
  };
}

export function makeSite(random: Random, profile: Profile): Site {
  const agents = Array.from({ length: random.int(profile.agents[0], profile.agents[1]) }, (_, index) => `a${index + 1}`);
  const supervisors =
    profile.supervisors === 0 ? [] : Array.from({ length: random.int(0, profile.supervisors) }, (_, index) => `s${index + 1}`);
  const queueIds = Array.from({ length: random.int(1, 3) }, (_, index) => `q${index + 1}`);
  return {
    agents,
    supervisors,
    skills: new Map(agents.map((agentId) => [agentId, random.chance(0.8) ? { product: random.int(1, 5) } : {}])),
    queues: queueIds.map((id) => queueOf(random, id, agents, profile)),
    numbers: ['4001000', '4001001'].map((number) =>
      ServiceNumber.parse({ number, status: 'in-service', flowVersion: 1, flow: flowOf(random, queueIds, profile) }),
    ),
    trunk: {
      id: 'carrier',
      name: 'carrier',
      carrier: '',
      addresses: ['192.0.2.1'],
      trustsIdentity: true,
      outboundUri: 'sip:carrier.example:5060',
      permittedCallerNumbers: ['4001000', '4001001'],
      enabled: true,
    },
  };
}
