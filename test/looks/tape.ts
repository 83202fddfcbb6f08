import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { PersonName } from './pages.js';

/** What the product answered to a person's pages, so that they can be drawn again without it, at the same moment. */
const Tape = z.object({
  /** The moment at which the pages stand. */
  at: z.iso.datetime(),
  /** The call whose page is drawn. */
  call: z.string().optional(),
  /** By method and address. */
  answers: z.record(z.string(), z.object({ status: z.number(), type: z.string(), body: z.string() })),
  /** Of the control socket, by event and payload. */
  acks: z.record(z.string(), z.unknown()),
  /** What the server reported unasked: the last of each event. */
  pushed: z.record(z.string(), z.string()),
});
export type Tape = z.infer<typeof Tape>;

const fileOf = (person: PersonName): string => join(import.meta.dirname, 'tapes', `${person}.json.gz`);

export const readTape = (person: PersonName): Tape => Tape.parse(JSON.parse(gunzipSync(readFileSync(fileOf(person))).toString()));
export const writeTape = (person: PersonName, tape: Tape): void =>
  writeFileSync(fileOf(person), gzipSync(JSON.stringify(tape), { level: 9 }));

export const answerKey = (method: string, url: URL): string => `${method} ${url.pathname}${url.search}`;

/** A ping names the moment at which it was sent; every other request is told apart by what it asks for. */
export const ackKey = ([event, payload]: readonly unknown[]): string =>
  event === 'page:ping' ? event : `${String(event)} ${JSON.stringify(payload ?? {})}`;

/** A frame of Socket.IO that carries an event (42) or its answer (43): its number and its content. */
export function frameOf(
  frame: string,
): { readonly kind: '42' | '43'; readonly id: string; readonly content: readonly unknown[] } | undefined {
  const [, kind, id = '', content = ''] = /^(42|43)(\d*)(\[[\s\S]*)$/.exec(frame) ?? [];
  return kind === '42' || kind === '43' ? { kind, id, content: JSON.parse(content) as unknown[] } : undefined;
}
