import type { HelpReason } from '../../domain/calls/help.js';
import type { AgentSnapshot, LiveCall, QueueSnapshot } from '../calls/commands.js';
import type { ScopeBoardName } from '../../domain/figures/scope-rows.js';
import type { ScopeRow } from './scope-row.js';
import type { ThresholdMark } from './threshold.js';

/** An agent's open request for help. `takenBy` is the name of the supervisor who is coming. */
export interface AgentHelp {
  readonly id: string;
  readonly at: string;
  readonly reason?: HelpReason;
  readonly takenBy?: string;
}

/** A seat as supervisors see it: its state, and the state of its call. */
export interface AgentRow extends AgentSnapshot {
  /** Only while the agent is in a call. */
  readonly call?: Pick<LiveCall, 'callId' | 'state' | 'direction' | 'callerMasked' | 'queueId' | 'heldSince' | 'listeners'>;
  readonly help?: AgentHelp;
  /** Rings that the agent did not answer in the last half hour, as far as the server has heard; missing when there are none. */
  readonly missed?: number;
  /** The worst direction of the call within the last ten seconds: who is heard, and where it was measured. */
  readonly quality?: {
    readonly mos?: number;
    readonly lossPercent: number;
    readonly side: 'caller' | 'agent';
    readonly source: 'browser' | 'relay';
  };
}

/** The boards that a page can follow, with their rows. */
export interface BoardRows extends Readonly<Record<ScopeBoardName, ScopeRow>> {
  'board:queues': QueueSnapshot;
  'board:agents': AgentRow;
  'board:thresholds': ThresholdMark;
}
export type BoardName = keyof BoardRows;
