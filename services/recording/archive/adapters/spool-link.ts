import type { MessagePort, Worker } from 'node:worker_threads';
import { errorCode } from '../../error-code.js';
import type { Spool, SpoolHeader } from '../../capture/ports.js';
import type { EndedSpool, LiveMoment } from '../ports.js';

/** What the recorder says to the thread that brings calls in. */
export type ToThread =
  | { readonly kind: 'finish'; readonly callId: string }
  | { readonly kind: 'advance'; readonly calls: readonly LiveMoment[] }
  | { readonly kind: 'stop' }
  | Answer;

/** What the thread says to the recorder. */
export type FromThread =
  | { readonly kind: 'done'; readonly callId: string }
  | { readonly kind: 'failing'; readonly count: number }
  | ({ readonly kind: 'ask'; readonly id: number } & Ask);

type Ask =
  | { readonly what: 'open' | 'sealed' | 'remove'; readonly callId: string }
  | { readonly what: 'read'; readonly callId: string; readonly from: number }
  | { readonly what: 'keep'; readonly callId: string; readonly bytes: Uint8Array };

type Answer = { readonly kind: 'answer'; readonly id: number } & (
  | { readonly value: SpoolHeader | Uint8Array | undefined }
  | { readonly failure: { readonly message: string; readonly code: string | number | undefined } }
);

/** The spool as the thread has it: each question goes to the recorder, which owns it. */
export class DistantSpool implements EndedSpool {
  readonly #waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>();
  #lastId = 0;

  constructor(
    private readonly port: Pick<MessagePort, 'postMessage'>,
    readonly folderOf: (callId: string) => string,
  ) {}

  /** To be called with every answer that arrives. */
  answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('failure' in answer) waiting?.reject(Object.assign(new Error(answer.failure.message), { code: answer.failure.code }));
    else waiting?.resolve(answer.value as never);
  }

  async open(callId: string): ReturnType<EndedSpool['open']> {
    const header = await this.#ask<SpoolHeader | undefined>({ what: 'open', callId });
    return header === undefined ? undefined : { header, read: (from) => this.#ask<Uint8Array>({ what: 'read', callId, from }) };
  }

  sealed(callId: string): Promise<Uint8Array | undefined> {
    return this.#ask({ what: 'sealed', callId });
  }

  keepSealed(callId: string, bytes: Uint8Array): Promise<void> {
    return this.#ask({ what: 'keep', callId, bytes });
  }

  remove(callId: string): Promise<void> {
    return this.#ask({ what: 'remove', callId });
  }

  #ask<T>(ask: Ask): Promise<T> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.port.postMessage({ kind: 'ask', id, ...ask } satisfies FromThread);
    });
  }
}

/** Answers one question of the thread from the spool. */
export async function answerFrom(
  spool: Pick<Spool, 'open' | 'sealed' | 'keepSealed' | 'remove'>,
  thread: Pick<Worker, 'postMessage'>,
  { id, ...ask }: { readonly id: number } & Ask,
): Promise<void> {
  const tell = (answer: Answer): void => thread.postMessage(answer);
  try {
    tell({ kind: 'answer', id, value: await valueOf(spool, ask) });
  } catch (error) {
    tell({ kind: 'answer', id, failure: { message: error instanceof Error ? error.message : String(error), code: errorCode(error) } });
  }
}

async function valueOf(
  spool: Pick<Spool, 'open' | 'sealed' | 'keepSealed' | 'remove'>,
  ask: Ask,
): Promise<SpoolHeader | Uint8Array | undefined> {
  switch (ask.what) {
    case 'open':
      return (await spool.open(ask.callId))?.header;
    case 'read': {
      const file = await spool.open(ask.callId);
      if (file === undefined) throw new Error('the call is not in the spool any more');
      return file.read(ask.from);
    }
    case 'sealed':
      return spool.sealed(ask.callId);
    case 'keep':
      await spool.keepSealed(ask.callId, ask.bytes);
      return undefined;
    case 'remove':
      await spool.remove(ask.callId);
      return undefined;
  }
}
