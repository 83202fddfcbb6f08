import type { ErasureRest } from '../../shared/contracts/customer.js';
import { DAY_MS } from './retention.js';
import type { CallId } from '../../shared/domain/ids.js';

/** What a person may request for a recording, or for the record as a customer (PIPL articles 44 to 50). */
export const rightsKinds = ['copy', 'delete', 'explain'] as const;
export type RightsKind = (typeof rightsKinds)[number];

/** Answered within fifteen days, like a complaint about personal information (regulation items 24 and 28). */
const ANSWER_WITHIN_MS = 15 * DAY_MS;

export interface RightsRequest {
  readonly id: string;
  readonly kind: RightsKind;
  /** The call whose recording the request concerns; empty when it concerns a customer. */
  readonly callId: CallId;
  readonly customerId?: string | undefined;
  /** Who asks, and how the person was identified; without a number. */
  readonly identifiedBy: string;
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly takenBy: string;
  readonly state: 'open' | 'granted' | 'refused';
  readonly answer?: { readonly at: string; readonly by: string; readonly text: string; readonly rest?: ErasureRest };
}

export interface RightsRequestStore {
  add(request: RightsRequest): Promise<void>;
  find(id: string): Promise<RightsRequest | undefined>;
  /** False when the request has been answered in the meantime. */
  answer(id: string, state: 'granted' | 'refused', answer: NonNullable<RightsRequest['answer']>): Promise<boolean>;
  list(query: { readonly state?: RightsRequest['state'] | undefined; readonly limit: number }): Promise<RightsRequest[]>;
}

export const newRequest = (
  given: Pick<RightsRequest, 'id' | 'kind' | 'callId' | 'customerId' | 'identifiedBy' | 'takenBy'>,
  receivedAt: Date,
): RightsRequest => ({
  ...given,
  receivedAt: receivedAt.toISOString(),
  dueAt: new Date(receivedAt.getTime() + ANSWER_WITHIN_MS).toISOString(),
  state: 'open',
});

/** Why a deletion cannot be granted now; `undefined` when it can. */
export function whyNotDelete(
  recording: { readonly holds: readonly unknown[]; readonly endedAt: string; readonly deletion?: unknown },
  minimumDays: number,
  now: Date,
): 'held' | 'below-legal-minimum' | 'deleted-already' | undefined {
  if (recording.deletion !== undefined) return 'deleted-already';
  if (recording.holds.length > 0) return 'held';
  return now.getTime() < Date.parse(recording.endedAt) + minimumDays * DAY_MS ? 'below-legal-minimum' : undefined;
}
