import type { CampaignOutcome } from '../shared/domain/calls/campaign.js';
import type { AgentId } from '../shared/domain/ids.js';
import type { CampaignAttempt, CampaignRow } from './campaign.js';

/** What came of the attempts of an agent, or of an hour of the day. */
export interface ResultCounts {
  readonly attempts: number;
  readonly reached: number;
  /** People who were reached and refused further calls. */
  readonly refused: number;
  readonly busy: number;
  readonly noAnswer: number;
  readonly unreachable: number;
  /** Called off, failed, or not known. */
  readonly other: number;
  /** People whose call led to a complaint. */
  readonly complained: number;
  /** Rows that an agent let lapse: not called before their time ran out. They are no attempts. */
  readonly lapsed: number;
}
type Counts = { -readonly [Key in keyof ResultCounts]: number };

export interface CampaignResults {
  readonly byAgent: readonly (ResultCounts & { readonly agentId: AgentId })[];
  /** By the clock of the site, 0 to 23; hours in which nobody was called are left out. */
  readonly byHour: readonly (ResultCounts & { readonly hour: number })[];
}

const none: ResultCounts = {
  attempts: 0,
  reached: 0,
  refused: 0,
  busy: 0,
  noAnswer: 0,
  unreachable: 0,
  other: 0,
  complained: 0,
  lapsed: 0,
};
const keys: Partial<Record<CampaignOutcome, keyof ResultCounts>> = {
  reached: 'reached',
  refused: 'refused',
  busy: 'busy',
  'no-answer': 'noAnswer',
  unreachable: 'unreachable',
};

type ResultRow = Pick<CampaignRow, 'agentId' | 'callId' | 'outcome' | 'triedAt' | 'complaintIds' | 'attempts' | 'lapses'>;

/** The attempts of a row. What became of a lost one may be learnt later: of one call the newest counts. */
function attemptsOf({ attempts, agentId, callId, outcome, triedAt }: ResultRow): readonly CampaignAttempt[] {
  if (attempts !== undefined) return [...new Map(attempts.map((attempt) => [attempt.callId, attempt])).values()];
  // Rows from before 2026-12-01 know their last attempt alone.
  const isTried = agentId !== undefined && callId !== undefined && outcome !== undefined && triedAt !== undefined;
  return isTried ? [{ at: triedAt, agentId, callId, outcome }] : [];
}

/** Adds rows up, as they are read. */
export function createResults(hourOf: (at: Date) => number): {
  readonly add: (row: ResultRow) => void;
  readonly results: () => CampaignResults;
} {
  const [agents, hours] = [new Map<AgentId, Counts>(), new Map<number, Counts>()];
  const of = <Key>(counts: Map<Key, Counts>, key: Key): Counts => {
    const found = counts.get(key) ?? { ...none };
    counts.set(key, found);
    return found;
  };
  return {
    add(row) {
      for (const { at, agentId } of row.lapses ?? []) for (const counts of [of(agents, agentId), of(hours, hourOf(at))]) counts.lapsed += 1;
      for (const { at, agentId, callId, outcome } of attemptsOf(row))
        for (const counts of [of(agents, agentId), of(hours, hourOf(at))]) {
          counts.attempts += 1;
          counts[keys[outcome] ?? 'other'] += 1;
          if (callId === row.callId && (row.complaintIds?.length ?? 0) > 0) counts.complained += 1;
        }
    },
    results: () => ({
      byAgent: [...agents].map(([agentId, counts]) => ({ agentId, ...counts })).sort((a, b) => b.attempts - a.attempts),
      byHour: [...hours].map(([hour, counts]) => ({ hour, ...counts })).sort((a, b) => a.hour - b.hour),
    }),
  };
}
