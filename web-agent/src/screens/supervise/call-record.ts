/** A call as `/api/calls` tells it: the fields that pages show. Times ISO, numbers masked. */
export interface CallRecord {
  readonly callId: string;
  readonly direction?: 'inbound' | 'outbound';
  readonly caller?: string;
  readonly called?: string;
  readonly queueId?: string | null;
  readonly agentId?: string | null;
  readonly invitedAt?: string | null;
  readonly answeredAt?: string | null;
  readonly noticeAt?: string | null;
  readonly queuedAt?: string | null;
  readonly offeredAt?: string | null;
  readonly connectedAt?: string | null;
  readonly endedAt?: string | null;
  readonly cause?: string | null;
  readonly endedBy?: string | null;
  readonly recording?: {
    readonly state?: string;
    readonly durationMs?: number;
    readonly sizeBytes?: number;
    readonly sha256?: string;
  } | null;
}

/** Between two moments, when both are known. */
export const between = (from: string | null | undefined, to: string | null | undefined): number | null =>
  from === null || from === undefined || to === null || to === undefined ? null : Math.max(0, Date.parse(to) - Date.parse(from));
