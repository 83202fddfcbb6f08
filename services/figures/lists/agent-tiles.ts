import { agentStates, type AgentState } from '../../shared/domain/people/agent-state.js';
import type { Reads } from '../../shared/records/reads.js';
import { statesOf, type ReasonedState } from '../facts.js';
import type { Span } from '../report.js';
import type { AgentId, CallId } from '../../shared/domain/ids.js';

/** A time of an agent in one state, cut at the edges of the day. */
export interface StateTile {
  readonly state: AgentState;
  /** The reason, if there is one: the name of a break, `by-supervisor`, `seat-lost` … */
  readonly reason: string | undefined;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly callId: CallId | undefined;
  /** The current state, which has not ended. */
  readonly isOpen: boolean;
}

export interface AgentTiles {
  readonly agentId: AgentId;
  readonly tiles: readonly StateTile[];
  /** Milliseconds in each state. */
  readonly sums: Readonly<Record<Exclude<AgentState, 'signed-out'>, number>>;
  /** Their sum: the time for which the agent was signed in. */
  readonly signedInMs: number;
  /** The overlap of two tiles in milliseconds; anything but 0 means that the log of states is wrong. */
  readonly overlapMs: number;
}

const signedIn = agentStates.filter((state): state is keyof AgentTiles['sums'] => state !== 'signed-out');
const isState = (state: string): state is keyof AgentTiles['sums'] => signedIn.some((known) => known === state);

/** The tiles of one agent in order of time. Signed-out time is a gap between them. */
export function tilesOf(agentId: AgentId, states: readonly ReasonedState[], { fromMs, untilMs }: Span, nowMs: number): AgentTiles {
  const lastMs = Math.min(untilMs, nowMs);
  const tiles = states
    .flatMap(({ at, untilAt, state, reason, callId }): StateTile[] => {
      const [beganMs, endMs] = [Math.max(at.getTime(), fromMs), Math.min(untilAt?.getTime() ?? nowMs, lastMs)];
      if (!isState(state) || endMs <= beganMs) return [];
      return [{ state, reason, fromMs: beganMs, untilMs: endMs, callId, isOpen: untilAt === undefined && endMs === nowMs }];
    })
    .sort((a, b) => a.fromMs - b.fromMs || a.untilMs - b.untilMs);
  const sums = Object.fromEntries(signedIn.map((state) => [state, 0])) as Record<keyof AgentTiles['sums'], number>;
  let [overlapMs, endMs] = [0, 0];
  for (const tile of tiles) {
    if (isState(tile.state)) sums[tile.state] += tile.untilMs - tile.fromMs;
    overlapMs += Math.max(0, Math.min(endMs, tile.untilMs) - tile.fromMs);
    endMs = Math.max(endMs, tile.untilMs);
  }
  return { agentId, tiles, sums, signedInMs: Object.values(sums).reduce((sum, ms) => sum + ms, 0), overlapMs };
}

/** The agents who were signed in on a day, by name, each with the tiles of the day. */
export async function readAgentTiles(
  reads: Pick<Reads, 'accounts' | 'agentStates'>,
  { span, nowMs, sees }: { readonly span: Span; readonly nowMs: number; readonly sees: (agentId: AgentId, atMs: number) => boolean },
): Promise<readonly AgentTiles[]> {
  const ofAgent = new Map<string, ReasonedState[]>();
  for await (const batch of statesOf(reads, { ...span, nowMs }))
    for (const state of batch) {
      if (!sees(state.agentId, Math.max(state.at.getTime(), span.fromMs)) || state.at.getTime() >= span.untilMs) continue;
      const known = ofAgent.get(state.agentId);
      if (known === undefined) ofAgent.set(state.agentId, [state]);
      else known.push(state);
    }
  const names = new Map((await reads.accounts.find({}, { fields: ['displayName'] })).map(({ _id, displayName }) => [_id, displayName]));
  return [...ofAgent]
    .map(([agentId, states]) => tilesOf(agentId, states, span, nowMs))
    .filter(({ tiles }) => tiles.length > 0)
    .sort((a, b) => (names.get(a.agentId) ?? a.agentId).localeCompare(names.get(b.agentId) ?? b.agentId, 'zh-CN'));
}
