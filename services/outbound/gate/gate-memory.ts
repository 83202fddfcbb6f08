import type { Logger } from '../../shared/platform/processes/logger.js';
import { every } from '../../shared/platform/processes/rounds.js';
import type { Service } from '../../shared/platform/processes/service.js';
import { consentInForce, type ConsentTerms } from '../consents/consent.js';
import type { GateChange, GateCounts, GateFeedReader, GateRows, GateStores } from './gate-ports.js';
import { NumberSet } from './number-set.js';

const CATCH_UP_EVERY_MS = 1_000;
const DAY_MS = 86_400_000;
/** The cache includes numbers that are not destinations. */
const MOST_TABLES = 5_000;

/** The cache of the stores in one process, as of a position of the feed. */
interface Known {
  readonly refused: NumberSet;
  /** Refused or not, since the set was filled. */
  readonly changed: Map<string, boolean>;
  readonly consents: Map<string, readonly ConsentTerms[]>;
  /** Rules, stops and rows of the register, each as it was read. */
  readonly tables: Map<string, Promise<unknown>>;
}

/** The gate's stores as one process caches them. Without a position nothing is cached, and each query goes to its store. */
export interface GateMemory {
  readonly service: Service;
  readonly stores: GateStores;
  /** The position up to which the answers hold. A decision is valid when the feed has nothing after it. */
  position(): string | undefined;
  /** Applies the changes from the feed. Fails when a store cannot be read, and then nothing may be permitted. */
  catchUp(): Promise<void>;
}

export interface GateMemoryNeeds {
  readonly stores: GateStores;
  readonly rows: GateRows;
  readonly counts: GateCounts;
  readonly feed: GateFeedReader;
  readonly now: () => Date;
  /** The day at the site: a contract that ends on this day is still in force. */
  readonly today: () => string;
  readonly log: Logger;
}

/**
 * Caches what the gate needs for each number, filled from the stores and updated by the feed of changes. The live state compares the
 * position in the same step that counts the leg, so no change that was published before can be missed, and no message has to arrive for
 * that. When the feed has a gap, or the connection to it was lost, everything is read again, and the stores answer meanwhile.
 */
export function createGateMemory({ stores, rows, counts, feed, now, today, log }: GateMemoryNeeds): GateMemory {
  let known: Known | undefined;
  let position: string | undefined;
  /** Changes with each loss: what was read before the loss is discarded. */
  let life = 0;
  let catching: Promise<void> = Promise.resolve();

  function forget(): void {
    life += 1;
    known = undefined;
    position = undefined;
  }

  async function fill(): Promise<void> {
    const begun = life;
    // Before the first read, so that rows that change during the reading are read again.
    const from = await feed.begin();
    const fresh: Known = { refused: new NumberSet(), changed: new Map(), consents: new Map(), tables: new Map() };
    // A live state with this position also has these legs and alone says what is left: two separate counts would each leave room.
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
    log.info({ refused: fresh.refused.size, consents: fresh.consents.size }, 'the outbound gate has its lists in memory');
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
      // Another process that starts up moves the position without changing anything.
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
    'the lists of the gate could not be read; until then each outbound call asks the stores',
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

/** The gate's stores, answered from the cache, or from the stores themselves while nothing is cached. */
function remembered(known: () => Known | undefined, stores: GateStores, today: () => string): GateStores {
  /** A small table, or one row of it, cached until it changes. */
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
    // While cached, the live state has them all and counts in the same step that compares the position.
    triesOf: async (hash, since) => (known() === undefined ? stores.triesOf(hash, since) : []),
    countOf: async (hash, since) => (known() === undefined ? stores.countOf(hash, since) : 0),
    lastedTo: async (hash, since) => (known() === undefined ? stores.lastedTo(hash, since) : 0),
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
