import type { BreakReason } from '../../shared/contracts/queues/queue.js';
import type { AgentId } from '../../shared/domain/ids.js';
import { isPerson } from '../../shared/domain/proof.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import { createAlarmCondition, type AlarmCondition } from '../../shared/platform/processes/alarm-condition.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import type { Desk } from '../matching/desk.js';
import type { DayFiguresKeeper } from '../waits/day-figures.js';
import type { Agent } from './agent-machine.js';

export interface BreakWatchNeeds {
  readonly desk: Pick<Desk, 'agents' | 'queuesOf'>;
  readonly breaks: () => readonly BreakReason[];
  readonly bus: Pick<EventBus, 'publish'>;
  readonly figures: Pick<DayFiguresKeeper, 'teamOf'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Pick<Logger, 'warn'>;
}

/** Whether the agent's break has exceeded the limit for its reason. */
const isOverLimit = ({ state, untilMs }: Agent, nowMs: number): boolean => state === 'break' && untilMs !== undefined && untilMs <= nowMs;

/**
 * Tells supervisors about breaks that have passed their limit, with one alarm per agent until that agent is back. A supervisor of a single
 * queue gets it only for agents who serve that queue and no other: an alarm names at most one queue.
 */
export function createBreakWatch({ desk, breaks, bus, figures, clock, log }: BreakWatchNeeds) {
  const nowMs = (): number => clock.nowMs();
  const conditions = new Map<AgentId, AlarmCondition>();
  let looking = false;
  let failing = false;

  const conditionOf = (agentId: AgentId): AlarmCondition => {
    const condition = conditions.get(agentId) ?? createAlarmCondition({ bus, code: 'break-over-limit', subject: agentId, nowMs });
    conditions.set(agentId, condition);
    return condition;
  };

  function saidOf({ agentId, name, reason }: Agent): Parameters<AlarmCondition['is']>[0] {
    const known = breaks().find(({ id }) => id === reason);
    const queues = desk.queuesOf(agentId);
    const teamId = figures.teamOf(agentId, nowMs());
    const minutes = known?.limitMs === undefined ? undefined : Math.round(known.limitMs / 60_000);
    return {
      scope: { ...(queues.length === 1 ? { queueId: queues[0] } : {}), ...(teamId === undefined ? {} : { teamId }) },
      people: [],
      text: {
        'zh-CN': `${name}：“${known?.name['zh-CN'] ?? reason ?? ''}”已超过时限${minutes === undefined ? '' : `（${minutes} 分钟）`}。`,
        en: `${name}: "${known?.name.en ?? reason ?? ''}" has passed its limit${minutes === undefined ? '' : ` of ${minutes} min`}.`,
      },
    };
  }

  async function tell(): Promise<void> {
    for (const agent of [...desk.agents()].filter(({ agentId }) => isPerson(agentId)))
      await conditionOf(agent.agentId).is(isOverLimit(agent, nowMs()) ? saidOf(agent) : undefined);
  }

  return {
    /** Checks everybody and publishes what has changed. While the live state is away, the next check publishes it. */
    async look(): Promise<void> {
      if (looking) return;
      looking = true;
      await tell().then(
        () => (failing = false),
        (error: unknown) => {
          // Checked every second, so a failure is logged once, until the check works again.
          if (!failing) log.warn({ err: error }, 'overlong breaks could not be reported');
          failing = true;
        },
      );
      looking = false;
    },
  };
}
