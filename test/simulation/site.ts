import type { z } from 'zod';
import type { EnteredYear } from '../../services/calls/numbers/site-calendar.js';
import { Queue } from '../../services/routing/queue.js';
import { ServiceNumber, type Flow, type Trunk } from '../../services/shared/contracts/calls/flow.js';
import type { Overflow } from '../../services/shared/contracts/queues/overflow.js';
import type { Worksheet } from '../../services/shared/contracts/workspace.js';
import type { Random } from './random.js';
import type { Profile } from './profiles.js';

export const SIM_ZONE_OFFSET_MS = 8 * 3_600_000;
/** The day on which every run begins; in some sites compliance has entered it as a holiday. */
const FIRST_DAY = '2026-11-27';
/** Numbers outside to which calls may be sent. */
export const DESTINATIONS = ['02158880001', '13700000007'] as const;

/** The centre of one seed: who works in it, which queues and numbers it has. */
export interface Site {
  readonly agents: readonly string[];
  readonly supervisors: readonly string[];
  readonly skills: ReadonlyMap<string, Record<string, number>>;
  readonly queues: readonly Queue[];
  readonly numbers: readonly ServiceNumber[];
  readonly trunks: readonly Trunk[];
  readonly calendar: ReadonlyMap<number, EnteredYear>;
  readonly worksheets: readonly Worksheet[];
}

/** Open at all hours but on public holidays. */
export const HOLIDAY_NUMBER = '4001002';
const ALL_BUT_HOLIDAYS = {
  weekly: [{ days: [1, 2, 3, 4, 5, 6, 7] as [number, ...number[]], opens: '00:00', closes: '24:00' }],
  chineseHolidays: true,
};

const name = { 'zh-CN': '队列', en: 'queue' };

/** Overflow leads to later queues only: a circle is refused when a queue is saved. */
function overflowOf(random: Random, later: readonly string[]): Overflow {
  const choices: Overflow[] = [
    { to: 'hang-up' },
    { to: 'message' },
    { to: 'callback' },
    { to: 'number', number: random.pick(DESTINATIONS) },
    ...later.map((queueId): Overflow => ({ to: 'queue', queueId })),
  ];
  return random.pick(choices);
}

function queueOf(random: Random, id: string, later: readonly string[], members: readonly string[], profile: Profile): Queue {
  return Queue.parse({
    id,
    name,
    strategy: random.pick([
      'longest-idle',
      'round-robin',
      'fewest-calls',
      'least-talk-time',
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
    overflow: overflowOf(random, later),
    admitWithoutAgents: random.chance(0.7),
    wrapUp: {
      mode: random.pick(['none', 'fixed', 'fixed']),
      ms: random.pick([0, 5_000, 15_000]),
      extendable: true,
      untilDisposed: random.chance(profile.untilDisposed),
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
    ...(random.chance(0.3) ? { onTimeout: random.pick(['sorry', 'message', 'told', 'outside', 'booked']) } : {}),
    ...(random.chance(0.5) ? { onFull: random.pick(['message', 'told', 'sorry', 'booked']) } : {}),
    ...(random.chance(0.5) ? { onNoAgent: random.pick(['message', 'told', 'outside']) } : {}),
  });
  const withMenu = random.chance(0.5);
  return {
    noticeMode: random.chance(profile.noticeBeside) ? 'while-ringing' : 'before-queue',
    start: withMenu ? 'menu' : 'first',
    steps: {
      menu: {
        kind: 'menu',
        promptId: 'menu',
        keys: {
          '1': { goTo: 'first', label: 'one' },
          '2': { goTo: 'second', label: 'two' },
          '3': { goTo: 'message', label: 'three' },
          '5': { goTo: 'outside', label: 'five' },
        },
        waitMs: 5_000,
        tries: 2,
        otherwise: 'first',
      },
      first: queue(random.pick(queueIds)),
      second: queue(random.pick(queueIds)),
      message: { kind: 'message', promptId: 'message-intro', maxMs: 20_000 },
      told: { kind: 'play', promptId: 'told', then: random.pick(['second', 'sorry', 'message']) },
      outside: { kind: 'transfer', number: random.pick(DESTINATIONS), ...(random.chance(0.5) ? { otherwise: 'sorry' } : {}) },
      booked: { kind: 'callback', queueId: random.pick(queueIds), promptId: 'callback-booked' },
      sorry: { kind: 'hang-up', promptId: 'all-busy', cause: 'centre-busy' },
    },
    ...(random.chance(0.6)
      ? {
          survey: {
            questions: [
              { id: 'score', promptId: 'survey-score', keys: ['1', '2', '3', '4', '5'] },
              ...(random.chance(0.5) ? [{ id: 'solved', promptId: 'survey-solved', keys: ['1' as const, '2' as const] }] : []),
            ],
            waitMs: 4_000,
          },
        }
      : {}),
    ...(random.chance(0.5) ? { goodbyePromptId: 'goodbye' } : {}),
  };
}

/** A carrier with two servers; agreed channels are so few that all are in use now and then. */
const trunkOf = (random: Random, id: string, profile: Profile): Trunk => ({
  id,
  name: id,
  carrier: '',
  addresses: ['192.0.2.1'],
  trustsIdentity: true,
  outboundUri: `sip:one.${id}.example:5060`,
  furtherUris: [`sip:two.${id}.example:5060`],
  ...(profile.channels > 0 && random.chance(profile.channels) ? { channels: random.int(2, 6) } : {}),
  permittedCallerNumbers: ['4001000', '4001001'],
  enabled: true,
});

export function makeSite(random: Random, profile: Profile): Site {
  const agents = Array.from({ length: random.int(profile.agents[0], profile.agents[1]) }, (_, index) => `a${index + 1}`);
  const supervisors =
    profile.supervisors === 0 ? [] : Array.from({ length: random.int(0, profile.supervisors) }, (_, index) => `s${index + 1}`);
  const queueIds = Array.from({ length: random.int(1, 3) }, (_, index) => `q${index + 1}`);
  return {
    agents,
    supervisors,
    skills: new Map(agents.map((agentId) => [agentId, random.chance(0.8) ? { product: random.int(1, 5) } : {}])),
    queues: queueIds.map((id, index) => queueOf(random, id, queueIds.slice(index + 1), agents, profile)),
    numbers: ['4001000', '4001001', ...(random.chance(profile.holidays) ? [HOLIDAY_NUMBER] : [])].map((number) =>
      ServiceNumber.parse({
        number,
        status: 'in-service',
        flowVersion: 1,
        flow: { ...flowOf(random, queueIds, profile), ...(number === HOLIDAY_NUMBER ? { hours: ALL_BUT_HOLIDAYS } : {}) },
      }),
    ),
    calendar: new Map([[2026, { daysOff: random.chance(0.5) ? [FIRST_DAY] : [], workedWeekends: [] }]]),
    worksheets: queueIds.map((queueId) => ({
      queueId,
      script: { 'zh-CN': '', en: '' },
      fields: [],
      dispositions: [{ code: 'done', name, children: [] }],
    })),
    trunks: [trunkOf(random, 'carrier', profile), trunkOf(random, 'carrier-2', profile)],
  };
}
