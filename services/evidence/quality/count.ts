import { formulas, type Figure, type FormulaKey } from './formulas.js';

const DAY_MS = 86_400_000;

/** Everything that is counted of a month and a group. */
export const zeroCount = () => ({
  inbound: 0,
  answered: 0,
  answered15: 0,
  /** Inbound calls that ended by a fault of ours. */
  failed: 0,
  outbound: 0,
  outboundAnswered: 0,
  /** Outbound calls that reached the far side, and how long that took: also by tenths of a second, rounded up. */
  reached: 0,
  postDialMs: 0,
  postDialTenths: new Map<number, number>(),
  queued: 0,
  handled: 0,
  within15: 0,
  within20: 0,
  abandoned: 0,
  shortAbandoned: 0,
  waitMs: 0,
  longestMs: 0,
  handledMs: 0,
  wrapUpMs: 0,
  availableMs: 0,
  waits: new Map<number, number>(),
  resolved: 0,
  judged: 0,
  recorded: 0,
  invited: 0,
  valid: 0,
  satisfied: 0,
  scores: 0,
  complaints: 0,
  reopened: 0,
  appeals: 0,
  due: 0,
  inTime: 0,
  closed: 0,
  closedMs: 0,
  proofs: 0,
  proofsOk: 0,
  mosCalls: 0,
  mosSum: 0,
  /** By R, from the best band to the worst: >= 90, >= 80, >= 70, >= 60, below (G.109). */
  mosBands: [0, 0, 0, 0, 0] as [number, number, number, number, number],
  reviews: 0,
  reviewedCalls: new Set<string>(),
  reviewsPassed: 0,
  reviewsCritical: 0,
  attempts: 0,
  attemptsAllowed: 0,
  attemptsWithConsent: 0,
  mostTries: 0,
  /** Of a trunk: most calls at once. */
  peak: 0,
  trunkCalls: 0,
});
export type Count = ReturnType<typeof zeroCount>;

const bands = ['mosVerySatisfied', 'mosSatisfied', 'mosSomeDissatisfied', 'mosManyDissatisfied', 'mosNearlyAllDissatisfied'] as const;

/** Nearest rank: the smallest value that at least this share of all did not exceed. */
function percentile(share: number, values: ReadonlyMap<number, number>, all: number): number {
  const rank = Math.ceil(share * all);
  let seen = 0;
  for (const [value, number] of [...values].sort(([a], [b]) => a - b)) if ((seen += number) >= rank) return value;
  return 0;
}

/** The figures of a month and a group; `trunk:` groups have one of their own. */
export function figuresOf(month: string, group: string, c: Count): Figure[] {
  const figure = (formula: FormulaKey, numerator: number, denominator: number, factor = 1): Figure => ({
    formula,
    version: formulas[formula].version,
    month,
    group,
    numerator,
    denominator,
    ...(denominator === 0 ? {} : { value: (numerator / denominator) * factor }),
  });
  /** A figure that is no quotient: the denominator says of how many. */
  const itself = (formula: FormulaKey, value: number, of: number): Figure => ({
    ...figure(formula, value, of),
    ...(of === 0 ? {} : { value }),
  });
  if (group.startsWith('trunk:')) return [{ ...figure('trunkPeak', c.peak, c.trunkCalls), value: c.peak }];
  const perCall: Figure[] = [
    figure('answerRate', c.handled, c.queued, 100),
    figure('serviceLevel15', c.within15, c.queued, 100),
    figure('serviceLevel20', c.within20, c.queued, 100),
    ...(c.shortAbandoned > 0 ? [figure('serviceLevel20Variant', c.within20, c.queued - c.shortAbandoned, 100)] : []),
    figure('abandonRate', c.abandoned, c.queued, 100),
    figure('abandonShort', c.shortAbandoned, c.queued, 100),
    figure('averageSpeedOfAnswer', c.waitMs / 1_000, c.handled),
    itself('wait90', percentile(0.9, c.waits, c.handled), c.handled),
    itself('longestWait', c.longestMs / 1_000, c.queued),
    figure('machineAnswer15', c.answered15, c.answered, 100),
    figure('answerSeizure', c.answered, c.inbound, 100),
    figure('networkEffectiveness', c.inbound - c.failed, c.inbound, 100),
    ...(c.outbound > 0 ? [figure('outboundAnswered', c.outboundAnswered, c.outbound, 100)] : []),
    ...(c.reached > 0
      ? [
          figure('postDialDelay', c.postDialMs / 1_000, c.reached),
          itself('postDialDelay95', percentile(0.95, c.postDialTenths, c.reached) / 10, c.reached),
        ]
      : []),
    figure('firstContactResolution', c.resolved, c.judged, 100),
    figure('recorded', c.recorded, c.handled, 100),
    figure('mosMean', c.mosSum, c.mosCalls),
    figure('mosGood', c.mosBands[0] + c.mosBands[1], c.mosCalls, 100),
    ...bands.map((band, i) => figure(band, c.mosBands[i] ?? 0, c.mosCalls, 100)),
  ];
  const judged: Figure[] = [
    figure('reviewSampling', c.reviewedCalls.size, c.handled, 100),
    figure('reviewPass', c.reviewsPassed, c.reviews, 100),
    figure('reviewCritical', c.reviewsCritical, c.reviews, 100),
    figure('satisfaction', c.satisfied, c.valid, 100),
    figure('satisfactionMean', c.scores, c.valid),
    figure('surveyResponse', c.valid, c.invited, 100),
    figure('surveyInvitation', c.invited, c.handled, 100),
  ];
  if (group !== 'all') return group.startsWith('queue:') ? [...perCall, ...judged] : perCall;
  const busyMs = c.handledMs + c.wrapUpMs;
  return [
    ...perCall,
    ...judged,
    figure('averageHandleTime', busyMs / 1_000, c.handled),
    // Without a single available moment on record the states were not kept; 100 % would be made up.
    figure('occupancy', busyMs / 1_000, c.availableMs === 0 ? 0 : (busyMs + c.availableMs) / 1_000, 100),
    figure('complaintsPer10000', c.complaints, c.inbound, 10_000),
    figure('complaintsInTime', c.inTime, c.due, 100),
    figure('complaintsReopened', c.reopened, c.complaints, 100),
    figure('complaintAppeals', c.appeals, c.complaints, 100),
    figure('complaintDays', c.closedMs / DAY_MS, c.closed),
    figure('availability', c.proofsOk, c.proofs, 100),
    figure('outboundBlocked', c.attempts - c.attemptsAllowed, c.attempts, 100),
    figure('outboundConsent', c.attemptsWithConsent, c.attemptsAllowed, 100),
    itself('outboundTries', c.mostTries, c.attemptsAllowed),
  ];
}
