import type { AgentState } from '../../../../services/shared/domain/people/agent-state.js';

/** The states of an agent who is signed in, as a day shows them. */
export const tileStates = ['ready', 'offered', 'on-call', 'wrap-up', 'break', 'away'] as const satisfies readonly AgentState[];
export type TileState = (typeof tileStates)[number];

/** Distinguishable without telling red from green: light and dark alternate. */
export const tileColours: Readonly<Record<TileState, string>> = {
  ready: '#2f9e6e',
  offered: '#e0c040',
  'on-call': '#2f66c0',
  'wrap-up': '#8fb4ea',
  break: '#d98a3d',
  away: '#8a929c',
};
