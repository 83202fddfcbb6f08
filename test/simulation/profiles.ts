import type { Random } from './random.js';

/** What happens in a run and how often. Times in milliseconds; rates are the mean time between two. `Infinity`: not at all. */
export interface Profile {
  /** Whether there is a centre at all, or only what stands beside it (test/simulation/edges). */
  readonly centre: boolean;
  /** What is beside it: each small world as often as it is in the usual run, or one alone. */
  readonly beside: 'all' | 'relays';
  readonly agents: readonly [least: number, most: number];
  readonly supervisors: number;
  readonly chaosMs: number;
  readonly callEveryMs: number;
  readonly patienceMs: number;
  readonly talkMs: number;
  /** Shares of queues and flows that have each of these. */
  readonly skills: number;
  readonly announcements: number;
  readonly ringAll: number;
  readonly callbacks: number;
  /** Share of flows in which the notice plays while the caller is in the queue. */
  readonly noticeBeside: number;
  /** Whether a consulted colleague is ever joined to the caller; `simple`: nobody is consulted out of a conference. */
  readonly conferences: 'none' | 'simple' | 'all';
  /** Chance that a caller presses a digit, at each look. */
  readonly digits: number;
  /** Weights of what an agent does in a call. */
  readonly deeds: Readonly<Record<AgentDeed, number>>;
  /** Weights of what happens to a seat. */
  readonly mishaps: Readonly<Record<Mishap, number>>;
  readonly mishapEveryMs: number;
  readonly adminEveryMs: number;
  readonly faults: Readonly<Record<Fault, number>>;
  readonly faultEveryMs: number;
  /** A fault strikes when a call enters a stage drawn at random, so that stages of a few milliseconds are hit too. */
  readonly aimed: boolean;
  /** Chance, at each look of an agent, that a shift ends, a wrap-up is extended, or a supervisor decides over a state. */
  readonly shifts: number;
  /** Chance that a message is slow, by up to `SLOWEST_MS`. */
  readonly slowChance: number;
  /** Share of sites whose third number keeps the public holidays, and in which today is one that compliance has entered. */
  readonly holidays: number;
  /** Share of queues whose wrap-up lasts until the contact has its result. */
  readonly untilDisposed: number;
  /** A leg outside ends after so long. */
  readonly longestLegMs: number;
  /** An agent asks for help, or a supervisor comes. */
  readonly helpEveryMs: number;
  /** Supervisors lead teams: boards, a wall, messages, help and listening follow who is in which team. */
  readonly teams: boolean;
  /** Somebody writes, reads, moves a person, decides over a state. */
  readonly deskEveryMs: number;
  /** A supervisor sets, changes or removes a threshold, or reads the alarms. */
  readonly thresholdEveryMs: number;
  /** A server of a carrier is full or says nothing for a while. */
  readonly carrierEveryMs: number;
  /** Another process of routing has the lead before the one that had it knows. */
  readonly overtakenEveryMs: number;
  /** The machine of the recorder dies with its disk; the one that died before is back by then. */
  readonly machineEveryMs: number;
  /** Share of trunks with an agreed number of channels. */
  readonly channels: number;
  /** How many rows each of two campaigns has, one of each mode; 0: there is none. */
  readonly campaignRows: number;
  /** Share of the calls whose parties the recorder hears; for the others it accounts for silence. */
  readonly sound: number;
  /** When the run begins, milliseconds since the epoch. */
  readonly startMs: number;
}

/** The longest time that a message takes. */
export const SLOWEST_MS = 900;

/** A Friday, ten in the morning in Shanghai. */
export const START_MS = Date.UTC(2026, 10, 27, 2, 0, 0);
/** Two minutes before midnight there. */
const BEFORE_MIDNIGHT_MS = Date.UTC(2026, 10, 27, 15, 58, 0);

export const agentDeeds = [
  'hold',
  'consult-seat',
  'consult-queue',
  'consult-number',
  'transfer-seat',
  'transfer-queue',
  'transfer-number',
  'park',
  'pause',
  'field-pause',
  'complaint',
  'note',
  'keys',
  'dial',
  'fetch',
  'echo',
  'break',
] as const;
export type AgentDeed = (typeof agentDeeds)[number];
export const mishaps = ['reload', 'close', 'second-computer', 'line-lost', 'offline'] as const;
export type Mishap = (typeof mishaps)[number];
export const faults = [
  'telephony',
  'routing',
  'mixer',
  'relay',
  'api',
  'bus',
  'documents',
  'telephony-stop',
  'routing-stop',
  'recorder',
  'recorder-stop',
] as const;
export type Fault = (typeof faults)[number];

const never = <T extends string>(names: readonly T[]): Record<T, number> =>
  Object.fromEntries(names.map((name) => [name, 0])) as Record<T, number>;
const each = <T extends string>(names: readonly T[]): Record<T, number> =>
  Object.fromEntries(names.map((name) => [name, 1])) as Record<T, number>;

const calm: Profile = {
  centre: true,
  beside: 'all',
  agents: [2, 6],
  supervisors: 0,
  chaosMs: 300_000,
  callEveryMs: 12_000,
  patienceMs: 90_000,
  talkMs: 40_000,
  skills: 0.2,
  announcements: 0.3,
  ringAll: 0.2,
  callbacks: 0.3,
  noticeBeside: 0.5,
  digits: 0.08,
  conferences: 'all',
  deeds: { ...never(agentDeeds), hold: 1, pause: 0.3, 'field-pause': 0.1, note: 0.2, complaint: 0.1, break: 0.3 },
  mishaps: never(mishaps),
  mishapEveryMs: Number.POSITIVE_INFINITY,
  adminEveryMs: Number.POSITIVE_INFINITY,
  faults: never(faults),
  faultEveryMs: Number.POSITIVE_INFINITY,
  aimed: false,
  shifts: 0,
  slowChance: 0,
  holidays: 0.3,
  untilDisposed: 0.3,
  longestLegMs: 7_200_000,
  helpEveryMs: Number.POSITIVE_INFINITY,
  teams: false,
  deskEveryMs: Number.POSITIVE_INFINITY,
  thresholdEveryMs: Number.POSITIVE_INFINITY,
  carrierEveryMs: Number.POSITIVE_INFINITY,
  overtakenEveryMs: Number.POSITIVE_INFINITY,
  machineEveryMs: Number.POSITIVE_INFINITY,
  channels: 0,
  campaignRows: 0,
  sound: 1,
  startMs: START_MS,
};

/** Teams and those who lead them, while people move between them and processes die. */
const teams: Profile = {
  ...calm,
  agents: [3, 7],
  supervisors: 3,
  sound: 0.1,
  helpEveryMs: 10_000,
  teams: true,
  deskEveryMs: 1_500,
  callEveryMs: 10_000,
  deeds: { ...never(agentDeeds), 'consult-seat': 1, 'transfer-seat': 1, hold: 0.5, break: 0.3 },
  mishaps: { ...never(mishaps), reload: 1, close: 0.5, offline: 0.5 },
  mishapEveryMs: 60_000,
  faults: { ...never(faults), api: 2, bus: 1, documents: 1, telephony: 0.5, routing: 0.5 },
  faultEveryMs: 90_000,
};

export const profiles: Readonly<Record<string, Profile>> = {
  calm,
  monday: { ...calm, sound: 0.1, agents: [20, 50], callEveryMs: 2_500, chaosMs: 300_000, deeds: { ...each(agentDeeds), dial: 0.2 } },
  transfers: { ...calm, supervisors: 0, callEveryMs: 15_000, deeds: { ...each(agentDeeds), dial: 0.3, break: 0.2 } },
  conferences: {
    ...calm,
    supervisors: 2,
    callEveryMs: 20_000,
    deeds: { ...never(agentDeeds), 'consult-seat': 3, 'consult-number': 2, hold: 1 },
  },
  /** Conferences of which one seat after the other is lost for good. */
  lost: {
    ...calm,
    helpEveryMs: 8_000,
    supervisors: 2,
    callEveryMs: 20_000,
    deeds: { ...never(agentDeeds), 'consult-seat': 3, 'consult-number': 1, hold: 0.5 },
    mishaps: { ...never(mishaps), close: 2, 'line-lost': 1, offline: 2 },
    mishapEveryMs: 25_000,
  },
  network: { ...calm, supervisors: 1, deeds: each(agentDeeds), mishaps: each(mishaps), mishapEveryMs: 20_000, slowChance: 0.02 },
  night: {
    ...calm,
    helpEveryMs: 15_000,
    supervisors: 1,
    deeds: each(agentDeeds),
    mishaps: each(mishaps),
    mishapEveryMs: 90_000,
    faults: each(faults),
    faultEveryMs: 60_000,
    slowChance: 0.02,
  },
  /** Days change, and what is counted by the day with them. */
  midnight: { ...calm, startMs: BEFORE_MIDNIGHT_MS, deeds: each(agentDeeds), callEveryMs: 8_000, talkMs: 10_000 },
  /** Legs outside: long ones, refused ones, stopped ones. */
  outside: {
    ...calm,
    callEveryMs: 25_000,
    longestLegMs: 60_000,
    adminEveryMs: 30_000,
    deeds: { ...never(agentDeeds), 'consult-number': 2, 'transfer-number': 2, dial: 4, hold: 1, pause: 0.5, keys: 0.5 },
  },
  /** Carriers whose servers are full or silent for a while, and that carry no more calls than agreed. */
  carriers: {
    ...calm,
    callEveryMs: 20_000,
    carrierEveryMs: 20_000,
    channels: 0.5,
    deeds: { ...never(agentDeeds), 'consult-number': 2, 'transfer-number': 2, dial: 5, hold: 0.5 },
  },
  /** Rare events: faults between two steps of a call, shifts that end during a call, states that a supervisor sets. */
  rare: {
    ...calm,
    helpEveryMs: 15_000,
    supervisors: 1,
    callEveryMs: 8_000,
    deeds: each(agentDeeds),
    mishaps: each(mishaps),
    mishapEveryMs: 90_000,
    adminEveryMs: 60_000,
    faults: each(faults),
    faultEveryMs: 40_000,
    aimed: true,
    shifts: 0.02,
    slowChance: 0.01,
  },
  /** Lists of people who are called, beside callers, under mishaps and faults; campaigns are paused and go on. */
  campaigns: {
    ...calm,
    agents: [3, 6],
    supervisors: 1,
    callEveryMs: 20_000,
    talkMs: 15_000,
    deeds: { ...never(agentDeeds), hold: 1, note: 0.3, break: 0.4, dial: 0.2 },
    mishaps: each(mishaps),
    mishapEveryMs: 60_000,
    adminEveryMs: 25_000,
    faults: each(faults),
    faultEveryMs: 90_000,
    shifts: 0.01,
    slowChance: 0.01,
    campaignRows: 25,
  },
  teams,
  /** Limits of live figures, set and removed while the figures move; most of the time nothing is broken, so that much is judged. */
  thresholds: {
    ...teams,
    deskEveryMs: 15_000,
    helpEveryMs: 60_000,
    thresholdEveryMs: 2_500,
    callEveryMs: 5_000,
    patienceMs: 30_000,
    talkMs: 15_000,
    mishaps: never(mishaps),
    faultEveryMs: 150_000,
  },
  /** Two processes of routing decide at once for moments: the lease is late. */
  deciders: {
    ...calm,
    agents: [3, 8],
    callEveryMs: 5_000,
    talkMs: 15_000,
    ringAll: 0.3,
    deeds: { ...never(agentDeeds), hold: 0.5, 'consult-seat': 0.5, 'transfer-queue': 0.5, break: 0.5 },
    overtakenEveryMs: 25_000,
  },
  /** The recorder moves between two machines, each with a disk of its own, while agents pause and go on. */
  machines: {
    ...calm,
    callEveryMs: 20_000,
    talkMs: 90_000,
    deeds: { ...never(agentDeeds), pause: 2, 'field-pause': 0.5, hold: 0.5 },
    faults: { ...never(faults), recorder: 1, 'recorder-stop': 1, telephony: 0.5, documents: 2 },
    faultEveryMs: 120_000,
    machineEveryMs: 40_000,
  },
  /** The small worlds beside the centre alone, a hundred times as fast. */
  beside: { ...calm, centre: false },
  /** Relays with and without a partner, which die, hang and move, under telephony's media part. */
  relays: { ...calm, centre: false, beside: 'relays' },
  administrators: { ...calm, supervisors: 1, deeds: each(agentDeeds), adminEveryMs: 10_000, skills: 0.6 },
};

/** Swarm: each seed leaves whole classes of events out, so that those which are left meet each other more often. */
export function swarm(profile: Profile, random: Random): Profile {
  const thin = <T extends string>(weights: Readonly<Record<T, number>>): Record<T, number> =>
    Object.fromEntries(Object.entries<number>(weights).map(([name, weight]) => [name, random.chance(0.4) ? 0 : weight])) as Record<
      T,
      number
    >;
  return {
    ...profile,
    callEveryMs: profile.callEveryMs * random.pick([0.5, 1, 2]),
    patienceMs: profile.patienceMs * random.pick([0.3, 1, 3]),
    talkMs: profile.talkMs * random.pick([0.5, 1, 2]),
    deeds: thin(profile.deeds),
    mishaps: thin(profile.mishaps),
    faults: thin(profile.faults),
    mishapEveryMs: random.chance(0.3) ? Number.POSITIVE_INFINITY : profile.mishapEveryMs,
    faultEveryMs: random.chance(0.3) ? Number.POSITIVE_INFINITY : profile.faultEveryMs,
  };
}

/** One of weighted choices; undefined when all weigh nothing. */
export function weighted<T extends string>(random: Random, weights: Readonly<Record<T, number>>): T | undefined {
  const entries = Object.entries<number>(weights) as [T, number][];
  let at = random.unit() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    at -= weight;
    if (weight > 0 && at < 0) return name;
  }
  return undefined;
}
