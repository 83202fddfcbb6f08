import { useMemo } from 'react';
import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import { useNow } from '../../../components/time/elapsed.js';
import { useRead } from '../../../session/use-server.js';
import { limitsOf, passedBy } from './agent-limits.js';
import type { AgentBeside } from './agents-order.js';
import { useAgentsBeside, type TeamOfPage } from './use-agents-beside.js';

/** Settings rarely change while somebody watches. */
const READ_EVERY_MS = 30_000;
/** A limit counts minutes: judging it each second would draw the whole list each second. */
const JUDGE_EVERY_MS = 2_000;

/** Team, figures, skills and passed limits of each agent, and the skills that somebody holds. */
export function useMarkedAgents(agents: readonly AgentRow[]): {
  readonly beside: (agentId: string) => AgentBeside;
  readonly teams: readonly TeamOfPage[];
  readonly skillNames: readonly string[];
} {
  const { beside: known, teams } = useAgentsBeside();
  const limits = useRead('/agents/limits', { everyMs: READ_EVERY_MS }).data?.limits;
  const skills = useRead('/agents/skills', { everyMs: READ_EVERY_MS }).data?.skills;
  const nowMs = useNow(JUDGE_EVERY_MS);
  return useMemo(() => {
    const marked = new Map(
      agents.map((agent): [string, AgentBeside] => {
        const of = known(agent.agentId);
        const held = skills?.[agent.agentId];
        const passed = passedBy(agent, limitsOf(limits ?? [], of.teamId), nowMs);
        return [agent.agentId, { ...of, passed, ...(held === undefined ? {} : { skills: held }) }];
      }),
    );
    const names = new Set(Object.values(skills ?? {}).flatMap(Object.keys));
    return {
      beside: (agentId) => marked.get(agentId) ?? known(agentId),
      teams,
      skillNames: [...names].sort((a, b) => a.localeCompare(b, 'zh-CN')),
    };
  }, [agents, known, teams, limits, skills, nowMs]);
}
