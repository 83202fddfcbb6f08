import type { Principal, Scope } from '../../shared/domain/people/rights.js';
import type { ExportQuery } from '../../shared/platform/reach/export-kind.js';

/** A request to take many rows away, and what a second person decided about it. */
export interface ExportRequest {
  readonly id: string;
  readonly kind: string;
  readonly query: ExportQuery;
  /** When it was asked for. */
  readonly rows: number;
  readonly reason: string;
  readonly askedBy: string;
  readonly askedByName: string;
  /** Scope of the account that asked: what the file may hold. Whoever approves it must reach all of that. */
  readonly scope: Scope;
  readonly askedAt: Date;
  readonly decision?: Decision;
  /** How often the file was taken. */
  readonly runs: number;
  readonly lastRunAt?: Date;
}

export interface Decision {
  readonly approved: boolean;
  readonly by: string;
  readonly byName: string;
  readonly at: Date;
  readonly note?: string;
}

/** Nobody has to remember a wish of last week: what is not decided by then is over. */
const DECIDE_WITHIN_MS = 7 * 86_400_000;
/** How often the file of one approval may be taken: a broken download may be tried again, a whole day of copies may not. */
export const TAKEN_MOST = 3;
/** So long the file may be taken after the approval. */
const TAKE_WITHIN_MS = 86_400_000;

export type ExportState = 'waiting' | 'refused' | 'approved' | 'over';

export function stateOf({ askedAt, decision, runs }: ExportRequest, now: Date): ExportState {
  if (decision === undefined) return now.getTime() - askedAt.getTime() > DECIDE_WITHIN_MS ? 'over' : 'waiting';
  if (!decision.approved) return 'refused';
  return runs >= TAKEN_MOST || now.getTime() - decision.at.getTime() > TAKE_WITHIN_MS ? 'over' : 'approved';
}

/** Two pairs of eyes: whoever asks is never the one who approves. */
export const mayDecide = (request: ExportRequest, person: Pick<Principal, 'userId'>, now: Date): boolean =>
  request.askedBy !== person.userId && stateOf(request, now) === 'waiting';

/** Only the person who asked takes the file, and only while the approval is fresh. */
export const mayTake = (request: ExportRequest, person: Pick<Principal, 'userId'>, now: Date): boolean =>
  request.askedBy === person.userId && stateOf(request, now) === 'approved';
