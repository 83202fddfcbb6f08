import type { AgentSnapshot } from '../../../../services/shared/contracts/commands.js';
import { useRead } from '../../session/use-server.js';

/** Names of the seats by their ids, for pages that are told ids only. */
export function useAgentNames(): ReadonlyMap<string, string> {
  const agents = useRead<{ agents: readonly AgentSnapshot[] }>('/agents/board');
  return new Map((agents.data?.agents ?? []).map(({ agentId, name }) => [agentId, name]));
}
