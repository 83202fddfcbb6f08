/** A call as `/api/calls` tells it: the fields that pages show. Times ISO, numbers masked. */
export interface CallRecord {
  readonly callId: string;
  readonly direction?: 'inbound' | 'outbound';
  readonly callerMasked?: string;
  readonly called?: string;
  readonly queueId?: string | null;
  readonly agentId?: string | null;
  readonly invitedAt?: string | null;
  readonly answeredAt?: string | null;
  readonly noticeStartedAt?: string | null;
  readonly queuedAt?: string | null;
  readonly agentAnsweredAt?: string | null;
  readonly talks?: readonly { readonly from: string; readonly to: string }[];
  readonly endedAt?: string | null;
  readonly cause?: string | null;
  readonly by?: string | null;
  readonly history?: readonly CallMark[];
  readonly choices?: readonly string[];
}

/** One moment of a call's history. */
export interface CallMark {
  readonly atMs: number;
  readonly what: string;
  readonly agentId?: string;
  readonly detail?: string;
}

/** Between two moments, when both are known. */
export const between = (from: string | null | undefined, to: string | null | undefined): number | null =>
  from === null || from === undefined || to === null || to === undefined ? null : Math.max(0, Date.parse(to) - Date.parse(from));

/** From the first agent's word to the last one's: neither the wait nor the survey behind it. Null when nobody talked. */
export const talkedMs = ({ talks = [] }: Pick<CallRecord, 'talks'>): number | null => between(talks[0]?.from, talks.at(-1)?.to);
