import type { Principal, Scope } from '../../shared/domain/people/rights.js';
import type { ExportQuery } from '../../shared/platform/reach/export-kind.js';

/** A request for a bulk export, and the decision of a second person. */
export interface ExportRequest {
  readonly id: string;
  readonly kind: string;
  readonly query: ExportQuery;
  /** When it was requested. */
  readonly rows: number;
  readonly reason: string;
  readonly askedBy: string;
  readonly askedByName: string;
  /** The scope of the requesting account: what the file may hold. Whoever approves the request must reach all of it. */
  readonly scope: Scope;
  readonly askedAt: Date;
  readonly decision?: Decision;
  /** How often the file was downloaded. */
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

/** A request that nobody has decided by then expires. */
const DECIDE_WITHIN_MS = 7 * 86_400_000;
/** How often the file of one approval may be downloaded: often enough for a broken download, not for a day of copies. */
export const TAKEN_MOST = 3;
/** How long the file may be downloaded after the approval. */
const TAKE_WITHIN_MS = 86_400_000;

export type ExportState = 'waiting' | 'refused' | 'approved' | 'over';

export function stateOf({ askedAt, decision, runs }: ExportRequest, now: Date): ExportState {
  if (decision === undefined) return now.getTime() - askedAt.getTime() > DECIDE_WITHIN_MS ? 'over' : 'waiting';
  if (!decision.approved) return 'refused';
  return runs >= TAKEN_MOST || now.getTime() - decision.at.getTime() > TAKE_WITHIN_MS ? 'over' : 'approved';
}

/** Four-eyes principle: the person who asks never approves. */
export const mayDecide = (request: ExportRequest, person: Pick<Principal, 'userId'>, now: Date): boolean =>
  request.askedBy !== person.userId && stateOf(request, now) === 'waiting';

/** Only the person who asked may download the file, and only while the approval is recent. */
export const mayTake = (request: ExportRequest, person: Pick<Principal, 'userId'>, now: Date): boolean =>
  request.askedBy === person.userId && stateOf(request, now) === 'approved';
