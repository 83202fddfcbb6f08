import type { AgentLimits } from '../../../../../services/shared/contracts/queues/agent-limits.js';
import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import { limitedTimes, passedLimits, type Measured, type PassedLimit } from '../../../../../services/shared/domain/people/agent-limits.js';

type Limits = AgentLimits['limits'];

/** The limits of an agent: the warnings and alarms of the team, and those of the site for each that the team leaves open. */
export function limitsOf(all: readonly AgentLimits[], teamId: string | undefined): Limits {
  const of = (kind: 'site' | 'team', id: string): Limits => all.find(({ scope }) => scope.of === kind && scope.id === id)?.limits ?? {};
  const [site, team] = [of('site', ''), teamId === undefined ? {} : of('team', teamId)];
  return Object.fromEntries(limitedTimes.map((what) => [what, { ...site[what], ...team[what] }]));
}

/** What an agent does now, in seconds. A call that is held is measured by its hold, too. */
export function measured({ state, since, call, missed }: AgentRow, nowMs: number): Measured {
  const secondsSince = (at: string): number => Math.max(0, Math.floor((nowMs - Date.parse(at)) / 1_000));
  return {
    ...(state === 'on-call' ? { talk: secondsSince(since) } : {}),
    ...(call?.heldSince === undefined ? {} : { hold: secondsSince(call.heldSince) }),
    ...(state === 'wrap-up' ? { 'wrap-up': secondsSince(since) } : {}),
    ...(missed === undefined ? {} : { missed }),
  };
}

export const passedBy = (agent: AgentRow, limits: Limits, nowMs: number): PassedLimit[] => passedLimits(limits, measured(agent, nowMs));
