/**
 * What an agent is doing. Routing owns it and nobody else keeps a copy that decides anything.
 *
 *     signed-out ──▶ away ◀──▶ ready ──▶ offered ──▶ on-call ──▶ wrap-up ──▶ ready
 *                     ▲          │          │ declined, no answer    │
 *                     └── break ◀┘          └──▶ away                └──▶ break / away (chosen during the call)
 */
export const agentStates = ['signed-out', 'away', 'break', 'ready', 'offered', 'on-call', 'wrap-up'] as const;
export type AgentState = (typeof agentStates)[number];
/** States that an agent may choose. All other states follow from calls. */
export const chosenStates = ['ready', 'away', 'break'] as const;
export type ChosenState = (typeof chosenStates)[number];
/** States that a supervisor may set for an agent. */
export const forcedStates = [...chosenStates, 'signed-out'] as const;
export type ForcedState = (typeof forcedStates)[number];

/** The person who set the agent's state, by display name, and the reason. */
export interface Forced {
  readonly by: string;
  readonly reason: string;
}
