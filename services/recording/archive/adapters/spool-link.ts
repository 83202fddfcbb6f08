import { errorCode } from '../../../shared/platform/processes/error-code.js';
import type { Spool, SpoolHeader } from '../../capture/ports.js';
import type { EndedSpool, LiveMoment } from '../ports.js';
import type { CallId } from '../../../shared/domain/ids.js';

/** Messages from the recorder to the archiving process. */
export type ToFinishing =
  | { readonly kind: 'finish'; readonly callId: CallId }
  | { readonly kind: 'advance'; readonly calls: readonly LiveMoment[] }
  | { readonly kind: 'stop' }
  | Answer;

/** Messages from the archiving process to the recorder. */
export type FromFinishing =
  | { readonly kind: 'done'; readonly callId: CallId }
  | { readonly kind: 'failing'; readonly count: number }
  | ({ readonly kind: 'ask'; readonly id: number } & Ask);

type Ask =
  | { readonly what: 'open' | 'take' | 'remove'; readonly callId: CallId }
  | { readonly what: 'read'; readonly callId: CallId; readonly from: number }
  | { readonly what: 'keep'; readonly callId: CallId; readonly bytes: Uint8Array };

type AnsweredValue = SpoolHeader | Taken | Uint8Array | undefined;

type Answer = { readonly kind: 'answer'; readonly id: number } & (
  | { readonly value: AnsweredValue }
  | { readonly failure: { readonly message: string; readonly code: string | number | undefined } }
);

/** An ended call as it is passed on. A short call is sent whole, so that it takes one question. */
interface Taken {
  readonly header: SpoolHeader;
  readonly sealed: Uint8Array | undefined;
  readonly packets: Uint8Array | undefined;
}

type LinkedSpool = Pick<Spool, 'open' | 'sealed' | 'keepSealed' | 'remove'>;

/** The spool as the archiving process sees it: each question goes to the recorder, which owns the spool. */
export class DistantSpool implements EndedSpool {
  readonly #waiting = new Map<number, { resolve(value: AnsweredValue): void; reject(error: Error): void }>();
  #lastId = 0;

  constructor(
    private readonly tell: (message: FromFinishing) => void,
    readonly folderOf: (callId: CallId) => string,
  ) {}

  /** Must be called with every answer that arrives. */
  answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('failure' in answer) waiting?.reject(Object.assign(new Error(answer.failure.message), { code: answer.failure.code }));
    else waiting?.resolve(answer.value);
  }

  async open(callId: CallId): ReturnType<EndedSpool['open']> {
    const header = await this.#ask<SpoolHeader | undefined>({ what: 'open', callId });
    return header === undefined ? undefined : { header, read: (from) => this.#ask({ what: 'read', callId, from }) };
  }

  async take(callId: CallId): ReturnType<EndedSpool['take']> {
    const taken = await this.#ask<Taken | undefined>({ what: 'take', callId });
    if (taken === undefined) return undefined;
    const { header, sealed, packets } = taken;
    return { header, sealed, read: async (from) => packets?.subarray(from) ?? this.#ask<Uint8Array>({ what: 'read', callId, from }) };
  }

  keepSealed(callId: CallId, bytes: Uint8Array): Promise<void> {
    return this.#ask<undefined>({ what: 'keep', callId, bytes });
  }

  remove(callId: CallId): Promise<void> {
    return this.#ask<undefined>({ what: 'remove', callId });
  }

  #ask<T extends AnsweredValue>(ask: Ask): Promise<T> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (value) => resolve(value as T), reject });
      this.tell({ kind: 'ask', id, ...ask });
    });
  }
}

/** Answers one question from the spool. */
export async function answerFrom(spool: LinkedSpool, { id, ...ask }: { readonly id: number } & Ask): Promise<Answer> {
  try {
    return { kind: 'answer', id, value: await valueOf(spool, ask) };
  } catch (error) {
    return { kind: 'answer', id, failure: { message: error instanceof Error ? error.message : String(error), code: errorCode(error) } };
  }
}

async function valueOf(spool: LinkedSpool, ask: Ask): Promise<AnsweredValue> {
  const { callId } = ask;
  switch (ask.what) {
    case 'open':
      return (await spool.open(callId))?.header;
    case 'take': {
      const file = await spool.open(callId);
      if (file === undefined) return undefined;
      const sealed = await spool.sealed(callId);
      return { header: file.header, sealed, packets: sealed === undefined ? file.inMemory() : undefined };
    }
    case 'read': {
      const file = await spool.open(callId);
      if (file === undefined) throw new Error('the call is no longer in the spool');
      return file.read(ask.from);
    }
    case 'keep':
      await spool.keepSealed(callId, ask.bytes);
      return undefined;
    case 'remove':
      await spool.remove(callId);
      return undefined;
  }
}
