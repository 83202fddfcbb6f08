import type { Redis } from 'ioredis';
import { events, type Delivered, type EventName } from '../../events/catalogue.js';
import type { Logger } from '../processes/logger.js';

export const STREAM = 'proofline:events';
/** The one consumer of a subscriber's group. All processes with the subscriber's name share it. */
export const CONSUMER = 'only';
/** The event that carries a person's decision about events that were set aside. */
export const DECIDED = 'event.set-aside-decided';

/** The channel that tells readers the id of an event for which a person waits. The event is already in the stream by then. */
export const hurryChannel = (name: string): string => `proofline:hurry:${name}`;

export type StreamEntry = readonly [id: string, fields: readonly string[] | null];
export type StreamReply = [stream: string, entries: StreamEntry[]][] | null;

/** An entry of the stream as a subscriber takes it; undefined when there is nothing to handle. */
export interface Taken {
  readonly id: string;
  readonly delivered: Delivered | undefined;
}

/** The name of the event in an entry; undefined when the entry was removed, or comes from another release. */
export function nameIn([, fields]: StreamEntry): EventName | undefined {
  const name = fields?.[1];
  return name !== undefined && Object.hasOwn(events, name) ? (name as EventName) : undefined;
}

/** Undefined for an event that its reader does not want. Most events interest only one or two readers. */
export function decode(entry: StreamEntry, wanted: (name: EventName) => boolean, log: Logger): Delivered | undefined {
  const [id, fields] = entry;
  const name = nameIn(entry);
  if (name === undefined || !wanted(name)) return undefined;
  // An unreadable entry is skipped: an error here would block, or lose, the entries after it.
  const parsed = events[name].safeParse(jsonOf(fields?.[3]));
  if (!parsed.success) {
    log.error({ event: name, eventId: id }, 'an event does not match its catalogue entry');
    return undefined;
  }
  // An event from an older release has only the id of the stream.
  return { id: fields?.[5] ?? id, name, event: parsed.data } as Delivered;
}

function jsonOf(text = 'null'): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Creates a group; an existing group stays as it is. `from`: an id, `0` for the beginning of the stream, `$` for its end. */
export async function createGroup(valkey: Redis, subscriber: string, from: string): Promise<void> {
  try {
    await valkey.xgroup('CREATE', STREAM, subscriber, from, 'MKSTREAM');
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
  }
}

/** The id of the last entry that was delivered to the group. */
export async function placeOf(valkey: Redis, subscriber: string): Promise<string> {
  const groups = (await valkey.xinfo('GROUPS', STREAM)) as readonly (readonly unknown[])[];
  for (const fields of groups) {
    const of = (name: string): unknown => fields[fields.indexOf(name) + 1];
    if (of('name') === subscriber) return String(of('last-delivered-id'));
  }
  return '0-0';
}

/** Whether an id of the stream is after another. */
export function isAfter(id: string, other: string): boolean {
  const [[ms = 0, count = 0], [otherMs = 0, otherCount = 0]] = [id.split('-').map(Number), other.split('-').map(Number)];
  return ms === otherMs ? count > otherCount : ms > otherMs;
}
