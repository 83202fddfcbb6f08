/**
 * What an agent is doing. Routing owns it and nobody else keeps a copy that decides anything.
 *
 *     signed-out ──▶ away ◀──▶ ready ──▶ offered ──▶ on-call ──▶ wrap-up ──▶ ready
 *                     ▲          │          │ declined, no answer    │
 *                     └── break ◀┘          └──▶ away                └──▶ break / away (chosen during the call)
 */
export const agentStates = ['signed-out', 'away', 'break', 'ready', 'offered', 'on-call', 'wrap-up'] as const;
export type AgentState = (typeof agentStates)[number];
/** What an agent may choose; the rest follows from calls. */
export const chosenStates = ['ready', 'away', 'break'] as const;
export type ChosenState = (typeof chosenStates)[number];
/** What a supervisor may decide for an agent. */
export const forcedStates = [...chosenStates, 'signed-out'] as const;
export type ForcedState = (typeof forcedStates)[number];

/** Who decided over the state of an agent, by display name, and why. */
export interface Forced {
  readonly by: string;
  readonly reason: string;
}
