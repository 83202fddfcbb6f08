import { events, type EventName } from '../../../services/shared/events/catalogue.js';
import { sliceOf, sourcesUnder, type Source } from './sources.js';

export const eventNames = Object.keys(events) as EventName[];

const sources = sourcesUnder('services').filter(({ path }) => !/^services\/shared\/(contracts|domain|events)\//.test(path));
const tools = sourcesUnder('infra/tools');

const escaped = (name: string): string => name.replace('.', String.raw`\.`);

/** An event is read where it is a handler's key, one of those followed, or awaited by a proof call. */
const reads = (name: string): RegExp =>
  new RegExp(
    String.raw`'${escaped(name)}':|only: \[[^\]]*'${escaped(name)}'|\.next\(\s*'${escaped(name)}'|=== '${escaped(name)}'|case '${escaped(name)}'|const [A-Z]+ = '${escaped(name)}'`,
  );
/** An event is published where it is handed to the bus or an outbox, or is the effect that publishes it, also as one of two. */
const publishes = (name: string): RegExp =>
  new RegExp(
    String.raw`\b(?:publish|put|tell)\(\s*(?:\w+ \? '[a-z.-]+' : )?'${escaped(name)}'|\bname: (?:\w+ \? (?:'[a-z.-]+' : )?)?'${escaped(name)}'`,
  );

const slicesWith = (where: readonly Source[], pattern: RegExp): string[] => [
  ...new Set(where.filter(({ code }) => pattern.test(code)).map(sliceOf)),
];

const ofTools = (pattern: RegExp): string[] => tools.filter(({ code }) => pattern.test(code)).map(({ path }) => path);
const readers = new Map(
  eventNames.map((name) => [name, [...slicesWith(sources, reads(name)), ...ofTools(new RegExp(`'${escaped(name)}'`))]]),
);
const publishers = new Map(eventNames.map((name) => [name, [...slicesWith(sources, publishes(name)), ...ofTools(publishes(name))]]));

export const readersOf = (name: EventName): readonly string[] => readers.get(name) ?? [];
export const publishersOf = (name: EventName): readonly string[] => publishers.get(name) ?? [];

export const publishedBy = (slice: string): EventName[] => eventNames.filter((name) => publishersOf(name).includes(slice)).sort();
export const readBy = (slice: string): EventName[] => eventNames.filter((name) => readersOf(name).includes(slice)).sort();
