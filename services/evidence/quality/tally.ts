import type { VisitOutcome } from '../../shared/domain/figures/facts.js';
import { countState, countVisit } from '../../shared/domain/figures/count.js';
import { createContacts } from '../../shared/domain/figures/contacts.js';
import { addLength } from '../../shared/domain/figures/lengths.js';
import { concurrency } from './concurrency.js';
import type { AttemptRow, CallRow, ComplaintRow, ProofRow, RecordingRow, ReviewRow, StateRow, SurveyRow } from './call-row.js';
import { figuresOf, zeroCount, type Count } from './count.js';
import { REVIEW_PASS_PERCENT, TRIES_WINDOW_MS, type Figure } from './formulas.js';
import { mosCqe, oneWayDelayMs } from '../../shared/domain/mos.js';
import type { QueueId } from '../../shared/domain/ids.js';

/** Causes that are a fault of ours: the caller did everything right, and we could not carry the call. */
const FAULTS = new Set(['media-failure', 'system-failure', 'no-common-codec', 'centre-busy']);

export interface TallyOptions {
  /** The month of a moment, as `2026-10`, in the site's zone. */
  readonly monthOf: (atMs: number) => string;
  /** The end of the rows: a call less than the window before it cannot be judged for FCR, nor a complaint that is not due yet. */
  readonly untilMs: number;
}

export interface Tally {
  /** In order of `invitedAtMs`. */
  addCall(row: CallRow): void;
  addRecording(row: RecordingRow): void;
  addSurvey(row: SurveyRow): void;
  addComplaint(row: ComplaintRow): void;
  addProof(row: ProofRow): void;
  addState(row: StateRow): void;
  addReview(row: ReviewRow): void;
  /** In order of `atMs`. */
  addAttempt(row: AttemptRow): void;
  figures(): Figure[];
}

/**
 * Counts everything in one pass: memory grows with the number of groups and of callers in the last week, never with the number of calls.
 */
export function createTally({ monthOf, untilMs }: TallyOptions): Tally {
  const counts = new Map<string, Count>();
  const contacts = createContacts(settleContact);
  const onTrunk = new Map<string, ReturnType<typeof concurrency>>();
  const tries = new Map<string, number[]>();

  const count = (month: string, group: string): Count => {
    const key = `${month}|${group}`;
    let found = counts.get(key);
    if (found === undefined) counts.set(key, (found = zeroCount()));
    return found;
  };
  const groupsOf = (atMs: number, queueId: QueueId, called: string): Count[] => {
    const month = monthOf(atMs);
    return [
      count(month, 'all'),
      ...(queueId === '' ? [] : [count(month, `queue:${queueId}`)]),
      ...(called === '' ? [] : [count(month, `number:${called}`)]),
    ];
  };

  return {
    addCall(row) {
      if (row.class === 'test') return;
      const groups = groupsOf(row.invitedAtMs, row.queueId, row.called);
      for (const group of groups) addCallTo(group, row);
      const month = monthOf(row.invitedAtMs);
      for (const [queueId, waitMs, outcome] of visitsOf(row))
        for (const group of [
          count(month, 'all'),
          count(month, `queue:${queueId}`),
          ...(row.called === '' ? [] : [count(month, `number:${row.called}`)]),
        ]) {
          countVisit(group.within15, { outcome, waitMs, thresholdMs: 15_000 });
          countVisit(group.within20, { outcome, waitMs, thresholdMs: 20_000 });
        }
      if (row.direction === 'inbound' && row.queuedAtMs !== undefined && row.callerKey !== '')
        contacts.add(`${row.callerKey}|${row.queueId}`, row.invitedAtMs, row.agentAnsweredAtMs === undefined ? undefined : groups);
      if (row.trunkId === '') return;
      let trunk = onTrunk.get(row.trunkId);
      if (trunk === undefined) onTrunk.set(row.trunkId, (trunk = concurrency()));
      const carried = count(monthOf(row.invitedAtMs), `trunk:${row.trunkId}`);
      carried.trunkCalls += 1;
      carried.peak = Math.max(carried.peak, trunk.add(row.invitedAtMs, row.endedAtMs));
    },
    addRecording({ atMs, queueId, called, handled, kept }) {
      if (!handled || kept === 'missing') return;
      for (const group of groupsOf(atMs, queueId, called)) group.recorded += 1;
    },
    addSurvey({ atMs, queueId, score }) {
      for (const group of groupsOf(atMs, queueId, '')) {
        group.invited += 1;
        if (score === undefined) continue;
        group.valid += 1;
        group.scores += score;
        if (score >= 4) group.satisfied += 1;
      }
    },
    addComplaint(row) {
      addComplaintTo(count(monthOf(row.receivedAtMs), 'all'), row, untilMs);
    },
    addProof({ atMs, ok, linesDown }) {
      const group = count(monthOf(atMs), 'all');
      group.proofs += 1;
      if (ok && linesDown === '') group.proofsOk += 1;
    },
    addState({ fromMs, untilMs: endMs, state, ofService }) {
      const { within20: facts } = count(monthOf(fromMs), 'all');
      countState(facts, state, endMs - fromMs);
      if (ofService) facts.wrapMs += endMs - fromMs;
    },
    addReview({ callId, atMs, queueId, scorePercent, critical, fatal }) {
      for (const group of groupsOf(atMs, queueId, '')) {
        group.reviews += 1;
        group.reviewedCalls.add(callId);
        if (scorePercent >= REVIEW_PASS_PERCENT) group.reviewsPassed += 1;
        if (critical + fatal > 0) group.reviewsCritical += 1;
      }
    },
    addAttempt({ atMs, allowed, consentId, personKey }) {
      const group = count(monthOf(atMs), 'all');
      group.attempts += 1;
      if (!allowed) return;
      group.attemptsAllowed += 1;
      if (consentId !== '') group.attemptsWithConsent += 1;
      const recent = [...(tries.get(personKey) ?? []).filter((before) => atMs - before < TRIES_WINDOW_MS), atMs];
      tries.set(personKey, recent);
      group.mostTries = Math.max(group.mostTries, recent.length);
    },
    figures() {
      contacts.end(untilMs);
      return [...counts]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([key, group]) => {
          const [month = '', name = ''] = key.split(/\|(.*)/s);
          return figuresOf(month, name, group);
        });
    },
  };
}

function settleContact(groups: readonly Count[], isResolved: boolean): void {
  for (const group of groups) {
    group.judged += 1;
    if (isResolved) group.resolved += 1;
  }
}

function addComplaintTo(
  group: Count,
  { receivedAtMs, dueAtMs, answeredAtMs, closedAtMs, reopened, appeal }: ComplaintRow,
  untilMs: number,
): void {
  group.complaints += 1;
  if (reopened) group.reopened += 1;
  if (appeal) group.appeals += 1;
  if (dueAtMs !== undefined && (answeredAtMs !== undefined || dueAtMs <= untilMs)) {
    group.due += 1;
    if (answeredAtMs !== undefined && answeredAtMs <= dueAtMs) group.inTime += 1;
  }
  if (closedAtMs !== undefined) {
    group.closed += 1;
    group.closedMs += closedAtMs - receivedAtMs;
  }
}

function addCallTo(group: Count, row: CallRow): void {
  if (row.direction === 'outbound') {
    group.outbound += 1;
    if (row.answeredAtMs !== undefined) group.outboundAnswered += 1;
    if (row.postDialDelayMs !== undefined) {
      group.reached += 1;
      group.postDialMs += row.postDialDelayMs;
      addLength(group.postDialTenths, Math.ceil(row.postDialDelayMs / 100));
    }
  } else {
    group.inbound += 1;
    if (FAULTS.has(row.cause)) group.failed += 1;
    if (row.answeredAtMs !== undefined) {
      group.answered += 1;
      if (row.answeredAtMs - row.invitedAtMs <= 15_000) group.answered15 += 1;
    }
    if (row.agentAnsweredAtMs !== undefined) group.handled += 1;
    group.within20.handlings += row.handlings;
    group.within20.talkMs += row.handlings === 0 ? 0 : row.talkMs;
  }
  if (row.lossPercent !== undefined) {
    const { mos, r } = mosCqe({ lossPercent: row.lossPercent, delayMs: oneWayDelayMs(row.roundTripMs ?? 0, row.jitterMs ?? 0) });
    group.mosCalls += 1;
    group.mosSum += mos;
    group.mosBands[r >= 90 ? 0 : r >= 80 ? 1 : r >= 70 ? 2 : r >= 60 ? 3 : 4] += 1;
  }
}

type VisitCell = readonly [queueId: QueueId, waitMs: number, outcome: VisitOutcome];
const visitsOf = ({ visits }: CallRow): readonly VisitCell[] => JSON.parse(visits) as VisitCell[];
