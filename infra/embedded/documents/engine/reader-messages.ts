import type { errorCodes } from '../bson/errors.js';

/** What a reader thread is started with. */
export interface ThreadSetup {
  readonly folder: string;
  /** Cursor ids of one thread count up from here, so that an id identifies its thread. */
  readonly firstCursorId: bigint;
  /** One Int32 shared by all threads: 1 asks running scans to end. */
  readonly stopping: SharedArrayBuffer;
}

export function isThreadSetup(value: unknown): value is ThreadSetup {
  return typeof value === 'object' && value !== null && 'folder' in value && 'firstCursorId' in value && 'stopping' in value;
}

type RequestBody =
  | { readonly kind: 'start' | 'answer' | 'candidates'; readonly database: string; readonly command: Uint8Array }
  | { readonly kind: 'next'; readonly cursorId: bigint; readonly size: number | undefined }
  | { readonly kind: 'kill'; readonly cursorId: bigint }
  | { readonly kind: 'expire' | 'stop' };

export type ThreadRequest = RequestBody & { readonly id: number };

export interface ThreadReply {
  readonly id: number;
  readonly batch?: { readonly namespace: string; readonly reply: Uint8Array<ArrayBuffer>; readonly cursorId: bigint };
  readonly document?: Uint8Array;
  readonly keys?: readonly Uint8Array[];
  readonly found?: boolean;
  readonly error?: { readonly codeName: keyof typeof errorCodes; readonly message: string };
}

export type ThreadRequestBody = RequestBody;
