import type { Queue } from '../../../../../services/shared/contracts/queues/queue.js';

export const strategies = ['longest-idle', 'round-robin', 'fewest-calls', 'least-talk-time', 'top-down', 'ring-all'] as const;

export interface SkillRing {
  readonly afterMs: number;
  readonly lowerBy: number;
}

/** A queue as `/api/queues` has it; times in milliseconds. */
export type QueueSettings = Queue;

/** The initial values of a new queue. */
export const freshQueue: QueueSettings = {
  id: '',
  name: { 'zh-CN': '', en: '' },
  strategy: 'longest-idle',
  members: 'everyone',
  priority: 50,
  skills: {},
  rings: [],
  ringForMs: 20_000,
  autoAnswer: false,
  stickyForMs: 0,
  maxLength: 100,
  maxWaitMs: 600_000,
  admitWithoutAgents: false,
  overflow: { to: 'hang-up' },
  wrapUp: { mode: 'fixed', ms: 10_000, extendable: true, untilDisposed: false },
  serviceLevel: { targetPercent: 80, thresholdMs: 20_000, formula: 'sl.strict' },
};

/** One more ring, later and wider than the last. */
export function withNextRing(rings: readonly SkillRing[]): SkillRing[] {
  const last = rings.at(-1);
  return [...rings, { afterMs: (last?.afterMs ?? 0) + 30_000, lowerBy: (last?.lowerBy ?? 0) + 1 }];
}

export type QueueFault = 'id' | 'taken' | 'nameZh' | 'rings' | 'overflowQueue' | 'overflowNumber' | 'members';

/** Fills in what was left empty and can be generated: the id, and the English name. */
export const wholeQueue = (queue: QueueSettings, id: string): QueueSettings => ({
  ...queue,
  id: queue.id === '' ? id : queue.id,
  name: { ...queue.name, en: queue.name['en'].trim() === '' ? queue.name['zh-CN'] : queue.name['en'] },
});

/** What must still be filled in; the server checks again. `taken`: the ids that a new queue cannot have. */
export function faultsOf(queue: QueueSettings, taken: readonly string[]): QueueFault[] {
  const { overflow } = queue;
  return [
    ...(/^[a-z0-9-]{1,40}$/.test(queue.id) ? [] : ['id' as const]),
    ...(taken.includes(queue.id) ? ['taken' as const] : []),
    ...((queue.name['zh-CN'] ?? '').trim() === '' ? ['nameZh' as const] : []),
    ...(queue.members !== 'everyone' && queue.members.length === 0 ? ['members' as const] : []),
    ...(queue.rings.some(({ afterMs }, place) => place > 0 && afterMs <= (queue.rings[place - 1]?.afterMs ?? 0)) ? ['rings' as const] : []),
    ...(overflow.to === 'queue' && (overflow.queueId === '' || overflow.queueId === queue.id) ? ['overflowQueue' as const] : []),
    ...(overflow.to === 'number' && !/^\+?[0-9]{1,24}$/.test(overflow.number) ? ['overflowNumber' as const] : []),
  ];
}
