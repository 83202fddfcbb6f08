import type { visitOutcomes } from './facts.js';
import { mosCqe, oneWayDelayMs } from '../mos.js';
import { addLength, addLengths, type Lengths } from './lengths.js';

/** A visit as figures count it. A visit without an outcome is still waiting. */
export interface CountedVisit {
  readonly outcome?: (typeof visitOutcomes)[number] | undefined;
  readonly waitMs?: number | undefined;
  readonly thresholdMs: number;
}

/** A caller who abandons after a shorter wait is a short abandon. */
export const SHORT_ABANDON_MS = 5_000;

/** The counts behind figures, for one scope and one period. Counts can be added. Waits are rounded up to whole seconds. */
export interface FactCount {
  /** Q = H + A + F + C + L + W. */
  entered: number;
  answered: number;
  abandoned: number;
  overflowed: number;
  callbacks: number;
  /** The refused ones among them. */
  lost: number;
  waiting: number;
  refused: number;
  answeredInTime: number;
  abandonedInTime: number;
  abandonedShort: number;
  /** Waiting callers who have not yet waited longer than the threshold. */
  waitingInTime: number;
  answeredWaitMs: number;
  abandonedWaitMs: number;
  longestWaitMs: number;
  /** The waits of callers who have left: seconds, and the number of callers with that wait. */
  waits: Lengths;
  /** Legs to numbers outside, by the time of dialling. Effective: answered, rang, busy, declined or not available. */
  legs: number;
  legsAnswered: number;
  legsEffective: number;
  /** Legs that rang or were answered: the time until then in tenths of a second, rounded up, and the number of legs with that time. */
  postDialDelays: Lengths;
  /** Inbound calls that we answered, and those whose caller heard the recording notice to its end. */
  callsIn: number;
  noticesHeard: number;
  /** Calls whose own line the relay counted packets of: the MOS of each in hundredths, their sum in ten-thousandths, packets and jitter. */
  mediaCalls: number;
  mosSum: number;
  mosValues: Lengths;
  packetsDue: number;
  packetsLost: number;
  jitterUs: number;
  /** An agent's unbroken times with callers of inbound calls. */
  handlings: number;
  /** Those of them that ended because the agent sent the caller on. */
  transfers: number;
  /** Those in sums from before transfers were counted: whether they ended by one is not known. */
  handlingsUnknown: number;
  talkMs: number;
  holdMs: number;
  wrapMs: number;
  /** Times that agents spent in each state, cut at the edges of the interval. */
  readyMs: number;
  ringMs: number;
  busyMs: number;
  wrapStateMs: number;
  breakMs: number;
  awayMs: number;
}

export const zeroFacts = (): FactCount => ({
  entered: 0,
  answered: 0,
  abandoned: 0,
  overflowed: 0,
  callbacks: 0,
  lost: 0,
  waiting: 0,
  refused: 0,
  answeredInTime: 0,
  abandonedInTime: 0,
  abandonedShort: 0,
  waitingInTime: 0,
  answeredWaitMs: 0,
  abandonedWaitMs: 0,
  longestWaitMs: 0,
  waits: [],
  legs: 0,
  legsAnswered: 0,
  legsEffective: 0,
  postDialDelays: [],
  callsIn: 0,
  noticesHeard: 0,
  mediaCalls: 0,
  mosSum: 0,
  mosValues: [],
  packetsDue: 0,
  packetsLost: 0,
  jitterUs: 0,
  handlings: 0,
  transfers: 0,
  handlingsUnknown: 0,
  talkMs: 0,
  holdMs: 0,
  wrapMs: 0,
  readyMs: 0,
  ringMs: 0,
  busyMs: 0,
  wrapStateMs: 0,
  breakMs: 0,
  awayMs: 0,
});

/**
 * Counts one visit. `waitedMs` is the wait so far of a caller who still waits. Answered at the threshold is in time, abandoned at the
 * threshold is late.
 */
export function countVisit(count: FactCount, { outcome, waitMs = 0, thresholdMs }: CountedVisit, waitedMs = 0): void {
  count.entered += 1;
  if (outcome === undefined) {
    count.waiting += 1;
    if (waitedMs <= thresholdMs) count.waitingInTime += 1;
    return;
  }
  addLength(count.waits, Math.ceil(waitMs / 1_000));
  count.longestWaitMs = Math.max(count.longestWaitMs, waitMs);
  switch (outcome) {
    case 'answered':
      count.answered += 1;
      count.answeredWaitMs += waitMs;
      if (waitMs <= thresholdMs) count.answeredInTime += 1;
      return;
    case 'abandoned':
      count.abandoned += 1;
      count.abandonedWaitMs += waitMs;
      if (waitMs < thresholdMs) count.abandonedInTime += 1;
      if (waitMs < SHORT_ABANDON_MS) count.abandonedShort += 1;
      return;
    case 'overflow':
      count.overflowed += 1;
      return;
    case 'callback':
      count.callbacks += 1;
      return;
    case 'refused':
      count.refused += 1;
      count.lost += 1;
      return;
    case 'lost':
      count.lost += 1;
  }
}

/** Counts time in a state. Signed-out time is not counted. */
export function countState(count: FactCount, state: string, ms: number): void {
  switch (state) {
    case 'ready':
      count.readyMs += ms;
      return;
    case 'offered':
      count.ringMs += ms;
      return;
    case 'on-call':
      count.busyMs += ms;
      return;
    case 'wrap-up':
      count.wrapStateMs += ms;
      return;
    case 'break':
      count.breakMs += ms;
      return;
    case 'away':
      count.awayMs += ms;
  }
}

/** A leg to a number outside. */
export interface CountedLeg {
  readonly at: Date;
  readonly ringingAt?: Date | undefined;
  readonly answeredAt?: Date | undefined;
  readonly failure?: string | undefined;
}

/**
 * Outcomes that only the far end can cause, even before ringing: busy or declined, not available. `timed-out` is not one of them: a silent
 * carrier and a cancelled leg end the same way. A leg that rang without an answer is known by its ringing.
 */
const reachedAnyhow: readonly (string | undefined)[] = ['busy', 'no-agent'];

/** Counts one leg, with ASR and NER as ITU-T E.411 and E.425 define them. A leg that rang has reached the person, however it ended. */
export function countLeg(count: FactCount, { at, ringingAt, answeredAt, failure }: CountedLeg): void {
  count.legs += 1;
  if (answeredAt !== undefined) count.legsAnswered += 1;
  const heardAt = ringingAt ?? answeredAt;
  if (heardAt !== undefined || reachedAnyhow.includes(failure)) count.legsEffective += 1;
  if (heardAt === undefined) return;
  addLength(count.postDialDelays, Math.ceil((heardAt.getTime() - at.getTime()) / 100));
}

/** The audio of a call's own line, as the relay counted it. */
export interface CountedMedia {
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly jitterMs: number;
  readonly roundTripMs?: number | undefined;
}

/**
 * Counts the audio that came over the line of a call, with the MOS that the E-model estimates (ITU-T G.107). Whole numbers alone, so that
 * sums are the same in whatever order they are added. A line without packets is not counted.
 */
export function countMedia(count: FactCount, { packetsReceived, packetsLost, jitterMs, roundTripMs = 0 }: CountedMedia): void {
  const due = packetsReceived + packetsLost;
  if (due === 0) return;
  const { mos } = mosCqe({ lossPercent: (100 * packetsLost) / due, delayMs: oneWayDelayMs(roundTripMs, jitterMs) });
  count.mediaCalls += 1;
  count.mosSum += Math.round(mos * 10_000);
  addLength(count.mosValues, Math.round(mos * 100));
  count.packetsDue += due;
  count.packetsLost += packetsLost;
  count.jitterUs += Math.round(jitterMs * 1_000);
}

const listNames = ['waits', 'postDialDelays', 'mosValues'] as const;
type SumName = Exclude<keyof FactCount, (typeof listNames)[number]>;
/** The counts that are one number. */
export const sumNames: readonly SumName[] = Object.keys(zeroFacts()).filter(
  (name): name is SumName => !(listNames as readonly string[]).includes(name),
);

type StoredLengths = readonly (readonly [length: number, number: number])[];
/** A count as it is stored: sums that are 0 are left out. */
export interface SparseCount {
  readonly sums: Readonly<Partial<Record<SumName, number>>>;
  readonly waits?: StoredLengths | undefined;
  readonly delays?: StoredLengths | undefined;
  readonly mos?: StoredLengths | undefined;
}

const addStored = (into: Lengths, lengths: StoredLengths): void => {
  for (const [length, number] of lengths) addLength(into, length, number);
};

function addSum(into: FactCount, name: SumName, value: number): void {
  if (name !== 'longestWaitMs') into[name] += value;
  else if (value > into.longestWaitMs) into.longestWaitMs = value;
}

/** Adds two counts: sums, the longer of the two longest waits, and all waits. A report of a month adds half a million cells. */
export function addFacts(into: FactCount, count: FactCount | SparseCount): void {
  if ('sums' in count) {
    const { sums, waits, delays, mos } = count;
    for (const name in sums) addSum(into, name as SumName, sums[name as SumName] ?? 0);
    if (waits !== undefined) addStored(into.waits, waits);
    if (delays !== undefined) addStored(into.postDialDelays, delays);
    if (mos !== undefined) addStored(into.mosValues, mos);
    return;
  }
  for (const name of sumNames) addSum(into, name, count[name]);
  addLengths(into.waits, count.waits);
  addLengths(into.postDialDelays, count.postDialDelays);
  addLengths(into.mosValues, count.mosValues);
}

/**
 * How many of the callers who have left waited up to each edge and longer than the edge before. The last entry counts waits beyond all
 * edges.
 */
export function waitsBy(edges: readonly number[], { waits }: Pick<FactCount, 'waits'>): number[] {
  const bands = Array.from({ length: edges.length + 1 }, () => 0);
  for (let place = 0; place < waits.length; place += 2) {
    const edge = edges.findIndex((most) => (waits[place] ?? 0) <= most);
    const band = edge === -1 ? edges.length : edge;
    bands[band] = (bands[band] ?? 0) + (waits[place + 1] ?? 0);
  }
  return bands;
}

/** Whether every caller who entered is accounted for. The last line of a report says so. */
export const accountsForAll = (c: FactCount): boolean =>
  c.entered === c.answered + c.abandoned + c.overflowed + c.callbacks + c.lost + c.waiting;
