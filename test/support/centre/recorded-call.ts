import { channelsOf } from '../../integration/recording/recording-support.js';
import type { Stack } from '../stack.js';
import { until } from '../until.js';

export interface LedgerAccount {
  readonly answeredMs: number;
  readonly ms: Readonly<Record<'recorded' | 'paused' | 'no-media' | 'lost', number>>;
  readonly stretches: readonly { readonly kind: string; readonly fromMs: number; readonly toMs: number; readonly reason?: string }[];
}

export interface RecordedCall {
  readonly row: { readonly number: number; readonly state: string; readonly answeredAt: string; readonly endedAt: string };
  readonly account: LedgerAccount;
  readonly durationMs: number;
  readonly marks: readonly { readonly atMs: number; readonly what: string }[];
  readonly gaps: readonly { readonly kind: string; readonly fromMs: number; readonly toMs: number; readonly reason: string }[];
  /** Decoded by ffmpeg: the caller left, the others right, 8 kHz. */
  readonly left: Int16Array;
  readonly right: Int16Array;
}

/** What the product says of an ended call, once it is stored: its row of the ledger, its recording and the sound in it. */
export async function recordedCall(stack: Stack, callId: string): Promise<RecordedCall> {
  const token = await stack.signIn('supervisor');
  const { body } = await until(
    () => stack.http('GET', `/api/recordings/${callId}`, { token }),
    ({ status }) => status === 200,
  );
  const row = await until(
    async () =>
      (await stack.http('GET', `/api/ledger/calls/${callId}`, { token })).body as RecordedCall['row'] & { account?: LedgerAccount },
    ({ account }) => account !== undefined,
  );
  const wav = await stack.bytes(`/api/recordings/${callId}/audio?format=wav`, token);
  const { durationMs, marks, gaps } = body as RecordedCall;
  return { row, account: row.account!, durationMs, marks, gaps, ...channelsOf(wav) };
}
