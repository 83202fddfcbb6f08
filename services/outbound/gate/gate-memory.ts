import type { Logger } from '../../shared/platform/processes/logger.js';
import { every } from '../../shared/platform/processes/rounds.js';
import type { Service } from '../../shared/platform/processes/service.js';
import { consentInForce, type ConsentTerms } from '../consents/consent.js';
import type { GateChange, GateCounts, GateFeedReader, GateRows, GateStores } from './gate-ports.js';
import { NumberSet } from './number-set.js';

const CATCH_UP_EVERY_MS = 1_000;
const DAY_MS = 86_400_000;
/** Numbers that are no destination are among them. */
const MOST_TABLES = 5_000;

/** What a process remembers of the stores, as of a position of the feed. */
interface Known {
  readonly refused: NumberSet;
  /** Refused or not since the set was filled. */
  readonly changed: Map<string, boolean>;
  readonly consents: Map<string, readonly ConsentTerms[]>;
  /** Rules, stops and rows of the register, each as it was read. */
  readonly tables: Map<string, Promise<unknown>>;
}

/** The stores of the gate as one process remembers them. Without a position nothing is remembered, and each store is read. */
export interface GateMemory {
  readonly service: Service;
  readonly stores: GateStores;
  /** Up to which change of the stores the answers hold. A decision is good when the feed has nothing after it. */
  position(): string | undefined;
  /** Takes over what has changed. Fails, and nothing may leave, when a store cannot be read. */
  catchUp(): Promise<void>;
}

export interface GateMemoryNeeds {
  readonly stores: GateStores;
  readonly rows: GateRows;
  readonly counts: GateCounts;
  readonly feed: GateFeedReader;
  readonly now: () => Date;
  /** The day at the site: a contract that ends with it was in force in it. */
  readonly today: () => string;
  readonly log: Logger;
}

/**
 * Remembers what the gate asks for each number, filled from the stores and kept by the feed of changes. Whoever decides by it has the live
 * state compare the position in the same step that counts the leg: a change that was published before is never missed, and no message has
 * to arrive for that. When the feed has a gap, or the connection to it was lost, everything is read anew, and the stores answer meanwhile.
 */
export function createGateMemory({ stores, rows, counts, feed, now, today, log }: GateMemoryNeeds): GateMemory {
  let known: Known | undefined;
  let position: string | undefined;
  /** Changes with each loss: what was read before it is not taken over. */
  let life = 0;
  let catching: Promise<void> = Promise.resolve();

  function forget(): void {
    life += 1;
    known = undefined;
    position = undefined;
  }

  async function fill(): Promise<void> {
    const begun = life;
    // Before the first read: what changes while the rows are read is read again.
    const from = await feed.begin();
    const fresh: Known = { refused: new NumberSet(), changed: new Map(), consents: new Map(), tables: new Map() };
    // A live state that has this position has these legs too, and alone says what may still leave: two counts would each leave room.
    for await (const legs of rows.legsSince(new Date(now().getTime() - DAY_MS))) {
      if (life !== begun) return;
      await counts.restore(legs);
    }
    for await (const hashes of rows.refused()) {
      if (life !== begun) return;
      for (const hash of hashes) fresh.refused.add(hash);
    }
    for await (const consents of rows.consents()) {
      if (life !== begun) return;
      for (const [hash, terms] of byNumber(consents)) fresh.consents.set(hash, [...(fresh.consents.get(hash) ?? []), ...terms]);
    }
    if (life !== begun) return;
    known = fresh;
    position = from;
    log.info({ refused: fresh.refused.size, consents: fresh.consents.size }, 'the gate of calls out remembers its lists');
    await catchUp();
  }

  async function takeOver(): Promise<void> {
    while (known !== undefined && position !== undefined) {
      const [begun, to] = [life, known];
      const news = await feed.since(position);
      if (life !== begun) return;
      if (news === 'lost') {
        forget();
        return;
      }
      // Another process that begins moves the position and changes nothing.
      if (news.position === position) return;
      for (const change of news.changes) await apply(to, change, rows);
      if (life === begun) position = news.position;
    }
  }

  /** One after the other: a position never goes back. */
  function catchUp(): Promise<void> {
    const done = catching.then(takeOver);
    catching = done.catch(() => undefined);
    return done;
  }

  const round = every(
    CATCH_UP_EVERY_MS,
    () => (known === undefined ? fill() : catchUp()),
    'the lists of the gate could not be read; each call out asks the stores meanwhile',
    log,
  );
  let stopListening = (): void => undefined;
  return {
    stores: remembered(() => known, stores, today),
    position: () => position,
    catchUp,
    service: {
      name: 'gate-memory',
      async start() {
        stopListening = feed.onBreak(forget);
        round.start();
      },
      async stop() {
        stopListening();
        forget();
        await round.stop();
      },
    },
  };
}

function byNumber(consents: readonly (ConsentTerms & { readonly numberHash: string })[]): Map<string, ConsentTerms[]> {
  const of = new Map<string, ConsentTerms[]>();
  for (const { numberHash, ...terms } of consents) {
    const before = of.get(numberHash);
    if (before === undefined) of.set(numberHash, [terms]);
    else before.push(terms);
  }
  return of;
}

async function apply(to: Known, { topic, hashes }: GateChange, rows: GateRows): Promise<void> {
  if (topic === 'refusal') {
    const refused = new Set(await rows.refusedOf(hashes));
    for (const hash of hashes) to.changed.set(hash, refused.has(hash));
  } else if (topic === 'consent') {
    const found = byNumber(await rows.consentsOf(hashes));
    for (const hash of hashes) {
      const terms = found.get(hash);
      if (terms === undefined) to.consents.delete(hash);
      else to.consents.set(hash, terms);
    }
  } else for (const name of [...to.tables.keys()]) if (name.startsWith(topic)) to.tables.delete(name);
}

/** The stores of the gate, answered from what is remembered, and from themselves while nothing is. */
function remembered(known: () => Known | undefined, stores: GateStores, today: () => string): GateStores {
  /** A small table or a row of one, read once for as long as it has not changed. */
  function table<T>(name: string, read: () => Promise<T>): Promise<T> {
    const tables = known()?.tables;
    if (tables === undefined) return read();
    const before = tables.get(name);
    if (before !== undefined) return before as Promise<T>;
    const answer = read();
    if (tables.size >= MOST_TABLES) tables.clear();
    tables.set(name, answer);
    answer.catch(() => tables.get(name) === answer && tables.delete(name));
    return answer;
  }

  return {
    refused: async (hash) => {
      const lists = known();
      return lists === undefined ? stores.refused(hash) : (lists.changed.get(hash) ?? lists.refused.has(hash));
    },
    consent: async (hash, purpose, clientUnit, at) => {
      const consents = known()?.consents;
      return consents === undefined
        ? stores.consent(hash, purpose, clientUnit, at)
        : consentInForce(consents.get(hash) ?? [], purpose, clientUnit, at);
    },
    // The live state has them all and counts in the step that compares the position.
    triesOf: async (hash, since) => (known() === undefined ? stores.triesOf(hash, since) : []),
    countOf: async (hash, since) => (known() === undefined ? stores.countOf(hash, since) : 0),
    rules: () => table('rules', () => stores.rules()),
    stops: () => table('stops', () => stores.stops()),
    watchedPrefixes: () => table('watched', () => stores.watchedPrefixes()),
    dayCount: (day, trunkId) => table(`day/${day}/${trunkId}`, () => stores.dayCount(day, trunkId)),
    register: {
      number: (number) => table(`register/number/${today()}/${number}`, () => stores.register.number(number)),
      trunkFault: (trunkId, from, on) =>
        table(`register/trunk/${JSON.stringify([trunkId, from, on])}`, () => stores.register.trunkFault(trunkId, from, on)),
      destination: (number) => table(`register/destination/${number}`, () => stores.register.destination(number)),
    },
  };
}
