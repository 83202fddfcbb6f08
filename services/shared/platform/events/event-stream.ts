import type { Redis } from 'ioredis';
import { events, type Delivered, type EventName } from '../../events/catalogue.js';
import type { Logger } from '../processes/logger.js';

export const STREAM = 'proofline:events';
/** The one consumer of a subscriber's group: all processes that use the subscriber's name share it. */
export const CONSUMER = 'only';
/** Whatever a person decides about events that were set aside. */
export const DECIDED = 'event.set-aside-decided';

/** Where readers are notified of an event for which a person waits, by its id; it is in the stream by then. */
export const hurryChannel = (name: string): string => `proofline:hurry:${name}`;

export type StreamEntry = readonly [id: string, fields: readonly string[] | null];
export type StreamReply = [stream: string, entries: StreamEntry[]][] | null;

/** An entry of the stream as a subscriber takes it; undefined: nothing to handle. */
export interface Taken {
  readonly id: string;
  readonly delivered: Delivered | undefined;
}

/** The name of the event in an entry; undefined when it was removed, or is of another release. */
export function nameIn([, fields]: StreamEntry): EventName | undefined {
  const name = fields?.[1];
  return name !== undefined && Object.hasOwn(events, name) ? (name as EventName) : undefined;
}

/** Undefined for an event that its reader does not want: most are looked at by one or two of the readers only. */
export function decode(entry: StreamEntry, wanted: (name: EventName) => boolean, log: Logger): Delivered | undefined {
  const [id, fields] = entry;
  const name = nameIn(entry);
  if (name === undefined || !wanted(name)) return undefined;
  // What cannot be read is passed over: an error here would hold up, or lose, what comes after it.
  const parsed = events[name].safeParse(jsonOf(fields?.[3]));
  if (!parsed.success) {
    log.error({ event: name, eventId: id }, 'event does not have the shape of its catalogue entry');
    return undefined;
  }
  // An event that an older release published has only the stream's id.
  return { id: fields?.[5] ?? id, name, event: parsed.data } as Delivered;
}

function jsonOf(text = 'null'): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A group that is there stays as it is. `from`: an id, `0` for the beginning of the stream, `$` for its end. */
export async function createGroup(valkey: Redis, subscriber: string, from: string): Promise<void> {
  try {
    await valkey.xgroup('CREATE', STREAM, subscriber, from, 'MKSTREAM');
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
  }
}

/** The id up to which a group was given the stream. */
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
