import { agentStates } from '../../services/shared/domain/agent-state.js';
import { faults } from './profiles.js';
import type { World } from './world.js';

const stages = [
  'playing',
  'menu',
  'admitting',
  'queued',
  'offered',
  'connected',
  'dialling',
  'outside',
  'calling',
  'parked',
  'message',
  'survey',
  'closing',
] as const;

export interface Coverage {
  watch(world: World): void;
  /** What was reached, and by name what was not. */
  report(): readonly string[];
}

/** What the runs have reached: stages of calls, each with each fault, states of agents with the events that moved them, causes of ends. */
export function createCoverage(): Coverage {
  const seenStages = new Set<string>();
  const seenPairs = new Set<string>();
  const seenStates = new Set<string>();
  const seenEvents = new Map<string, number>();
  const seenCauses = new Map<string, number>();

  return {
    watch(world) {
      world.onLook.push(() => {
        for (const { call } of world.stores.calls.values()) seenStages.add(call.stage.kind);
        for (const { state } of world.stores.agents.values()) seenStates.add(state);
      });
      world.onFault.push((fault) => {
        for (const { call } of world.stores.calls.values()) seenPairs.add(`${call.stage.kind} x ${fault}`);
      });
      world.bus.witnesses.push((name, { cause }) => {
        seenEvents.set(name, (seenEvents.get(name) ?? 0) + 1);
        if (name === 'call.ended' && typeof cause === 'string') seenCauses.set(cause, (seenCauses.get(cause) ?? 0) + 1);
      });
    },
    report() {
      const missing = (all: readonly string[], seen: ReadonlySet<string>): string => {
        const not = all.filter((each) => !seen.has(each));
        return `${all.length - not.length} of ${all.length}${not.length === 0 ? '' : `, not: ${not.join(', ')}`}`;
      };
      const pairs = stages.flatMap((stage) => faults.map((fault) => `${stage} x ${fault}`));
      const counted = (counts: ReadonlyMap<string, number>): string =>
        [...counts]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, count]) => `${name} ${count}`)
          .join(', ');
      return [
        `stages: ${missing(stages, seenStages)}`,
        `states of agents: ${missing(agentStates, seenStates)}`,
        `stage x fault: ${missing(pairs, seenPairs)}`,
        `events: ${counted(seenEvents)}`,
        `causes: ${counted(seenCauses)}`,
      ];
    },
  };
}
