import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  advance,
  consentAtIssue,
  needsEvidence,
  type Complaint,
  type ComplaintClock,
  type ComplaintEvent,
  type ComplaintState,
  type Refusal,
} from './complaint.js';
import { dueSteps, GIVE_BACK_AFTER_MS, stepsToCome, takeSteps } from '../clock/clock-steps.js';
import { complaintKinds, defaultRules, ruleFaults } from '../clock/deadline-rule.js';
import { countFigures } from '../statistics.js';
import { readImport } from '../intake/import-lines.js';

const DAY = 86_400_000;
const at = new Date('2026-03-10T02:00:00Z');
const clock: ComplaintClock = {
  ruleId: 'default',
  ruleVersion: 1,
  basis: 'x',
  confirmed: true,
  startedAt: new Date('2026-03-01T02:00:00Z'),
  targetAt: new Date('2026-03-06T15:59:59Z'),
  dueAt: new Date('2026-03-16T15:59:59Z'),
};
const open: Complaint = {
  id: 'k1',
  number: 'TS20260301-0001',
  state: 'open',
  source: 'phone',
  kind: 'attitude',
  province: '上海',
  complainant: { numberMasked: '138****0002', numberHash: 'h' },
  text: 'rude',
  receivedAt: clock.startedAt,
  callIds: ['c1'],
  againstAgentId: 'agent1',
  clocks: [clock],
  answers: [],
  evidence: [],
  actions: [],
  revision: 1,
};
const inHand: Complaint = { ...open, state: 'in-hand', owner: 'boss' };
const answered: Complaint = { ...inHand, state: 'answered', answers: [{ at, by: 'boss', how: 'letter', text: 'sorry' }] };
const closed: Complaint = { ...answered, state: 'closed', closedAt: at };
const close: ComplaintEvent = { type: 'close', upheld: true, text: 'done' };
const answer: Extract<ComplaintEvent, { type: 'answer' }> = { type: 'answer', how: 'letter', text: 'sorry' };
const letter: Extract<ComplaintEvent, { type: 'add-letter' }> = {
  type: 'add-letter',
  letterId: 'l1',
  language: 'zh-CN',
  found: 'we were rude',
  answer: 'sorry',
  files: [],
};

test.each<[name: string, from: Complaint, event: ComplaintEvent, by: string, to: ComplaintState | Refusal]>([
  ['open -> in-hand           when taken', open, { type: 'take' }, 'boss', 'in-hand'],
  ['(refused) closed: take', closed, { type: 'take' }, 'boss', 'wrong-state'],
  ['in-hand -> open           when given back', inHand, { type: 'give-back', text: 'ill' }, 'boss', 'open'],
  ['in-hand -> answered', inHand, answer, 'boss', 'answered'],
  ['(refused) open: answer before anybody has it in hand', open, answer, 'boss', 'wrong-state'],
  ['(refused) an answer without text', inHand, { type: 'answer', how: 'letter', text: ' ' }, 'boss', 'text-missing'],
  ['(refused) an answer by call without the call', inHand, { type: 'answer', how: 'call', text: 'sorry' }, 'boss', 'recorded-call-missing'],
  ['answered -> closed', answered, close, 'boss', 'closed'],
  ['(refused) in-hand: close before the answer', inHand, close, 'boss', 'not-answered'],
  ['(refused) closed twice', closed, close, 'boss', 'not-answered'],
  ['(refused) closed by whom it is about', answered, close, 'agent1', 'complained-about'],
  ['(refused) calls without consent: no evidence', { ...answered, kind: 'harassment' }, close, 'boss', 'evidence-missing'],
  [
    'harassment -> closed      with a corrective action',
    { ...answered, kind: 'harassment', evidence: [{ at, by: 'boss', kind: 'corrective-action', text: 'trained' }] },
    close,
    'boss',
    'closed',
  ],
  ['(refused) an appeal without the satisfaction', { ...answered, source: 'regulator' }, close, 'boss', 'satisfaction-missing'],
  ['closed -> open            when reopened', closed, { type: 'reopen', text: 'again', clock }, 'boss', 'open'],
  ['(refused) open: reopen', open, { type: 'reopen', text: 'again', clock }, 'boss', 'wrong-state'],
  ['(refused) satisfaction before the answer', inHand, { type: 'record-satisfaction', score: 5 }, 'boss', 'not-answered'],
  [
    '(refused) consent proved by words alone',
    inHand,
    { type: 'attach-evidence', kind: 'consent', text: 'he said yes' },
    'boss',
    'evidence-file-missing',
  ],
  ['in-hand: a letter is made', inHand, letter, 'boss', 'in-hand'],
  ['(refused) open: a letter before anybody has it in hand', open, letter, 'boss', 'wrong-state'],
  ['(refused) a letter that says nothing', inHand, { ...letter, answer: ' ' }, 'boss', 'text-missing'],
  ['(refused) an answer by a letter of another case', inHand, { ...answer, letterId: 'other' }, 'boss', 'letter-missing'],
  ['(refused) work on a joined case', { ...open, joinedInto: 'k0' }, { type: 'take' }, 'boss', 'already-joined'],
])('%s', (_name, from, event, by, to) => {
  const advanced = advance(from, event, by, at);
  expect('refused' in advanced ? advanced.refused : advanced.complaint.state).toBe(to);
});

test('whatever is tried in whatever order, nothing closes without its conditions, and no clock ever moves', () => {
  const text = fc.constantFrom('', ' ', 'done');
  const event: fc.Arbitrary<ComplaintEvent> = fc.oneof(
    fc.constant<ComplaintEvent>({ type: 'take' }),
    text.map((words): ComplaintEvent => ({ type: 'give-back', text: words })),
    fc
      .tuple(fc.constantFrom('call' as const, 'letter' as const), text)
      .map(([how, words]): ComplaintEvent => ({ type: 'answer', how, text: words })),
    fc.constantFrom(null, 1, 5).map((score): ComplaintEvent => ({ type: 'record-satisfaction', score })),
    text.map((words): ComplaintEvent => ({ type: 'attach-evidence', kind: 'consent', text: words })),
    text.map((words): ComplaintEvent => ({ type: 'attach-evidence', kind: 'consent', text: words, callId: 'c1' })),
    text.map((words): ComplaintEvent => ({
      type: 'add-letter',
      letterId: 'l1',
      language: 'zh-CN',
      found: words,
      answer: words,
      files: [],
    })),
    text.map((words): ComplaintEvent => ({ type: 'close', upheld: true, text: words })),
    text.map((words): ComplaintEvent => ({ type: 'reopen', text: words, clock })),
    fc.constantFrom(...complaintKinds).map((kind): ComplaintEvent => ({ type: 'change-kind', kind })),
    text.map((words): ComplaintEvent => ({ type: 'send-answer', how: 'sms', text: words, messageId: 'm', toMasked: '1**' })),
    fc.constantFrom('m', 'other').map((messageId): ComplaintEvent => ({ type: 'answer-sent', messageId })),
    fc.constantFrom('m', 'other').map((messageId): ComplaintEvent => ({ type: 'answer-failed', messageId, reason: 'x' })),
    fc.constant<ComplaintEvent>({ type: 'close-joined', text: 'x' }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(event, fc.constantFrom('boss', 'agent1')), { maxLength: 40 }),
      fc.constantFrom('phone' as const, 'regulator' as const),
      fc.constantFrom(...complaintKinds),
      (steps, source, kind) => {
        let complaint: Complaint = { ...open, source, kind };
        let everWithoutConsent = needsEvidence(kind);
        for (const [happens, by] of steps) {
          const before = complaint;
          const advanced = advance(complaint, happens, by, at);
          if ('refused' in advanced) continue;
          complaint = advanced.complaint;
          everWithoutConsent ||= needsEvidence(complaint.kind);
          expect(complaint.actions.length).toBe(before.actions.length + 1);
          expect(complaint.revision).toBe(before.revision + 1);
          complaint.clocks
            .slice(0, before.clocks.length)
            .forEach((each, i) => expect([each.dueAt, each.ruleVersion]).toEqual([before.clocks[i]!.dueAt, before.clocks[i]!.ruleVersion]));
          if (complaint.state === 'closed' && before.state !== 'closed') {
            expect(by).not.toBe('agent1');
            expect(complaint.answers.length).toBeGreaterThan(0);
            expect(complaint.sending).toBeUndefined();
            if (everWithoutConsent) expect(complaint.evidence.length).toBeGreaterThan(0);
            // Words alone are no evidence of consent.
            for (const { kind: of, callId, file } of complaint.evidence)
              expect(of === 'corrective-action' || (callId ?? file)).toBeTruthy();
            if (source === 'regulator') expect(complaint.satisfaction).toBeDefined();
          }
        }
      },
    ),
  );
});

test('after days without a look every step of the clock is made once, in order', () => {
  let complaint = open;
  const late = new Date(clock.dueAt.getTime() + DAY);
  expect(dueSteps(complaint, new Date(clock.targetAt.getTime() - 1))).toEqual([]);
  expect(dueSteps(complaint, late)).toEqual(['reminded', 'escalated', 'overdue']);
  complaint = takeSteps(complaint, dueSteps(complaint, late), late);
  expect(complaint.revision).toBe(open.revision + 1);
  expect(dueSteps(complaint, late)).toEqual([]);
  expect(complaint.actions.map(({ what }) => what)).toEqual(['reminded', 'escalated', 'overdue']);
});

test('an answer stops the clock, but what ran out stays in the case', () => {
  const overdue = takeSteps(inHand, ['overdue'], at);
  const done = advance(overdue, answer, 'boss', at);
  expect('complaint' in done && done.complaint.clocks[0]).toMatchObject({ stoppedAt: at, overdueAt: at });
});

test('rules that contradict themselves are named', () => {
  expect(ruleFaults(defaultRules)).toEqual([]);
  const [first] = defaultRules;
  expect(ruleFaults([{ ...first!, id: 'again' }, first!])).toEqual(['default and again are for the same complaints']);
  expect(ruleFaults([{ ...first!, kind: 'waiting' }])).toEqual(['there is no rule for all other complaints']);
  expect(ruleFaults([{ ...first!, target: { days: 20, unit: 'calendar' } }])).toEqual(['default: the target is longer than the deadline']);
});

test('an import with a bad line in the middle names the line and takes nothing for granted', () => {
  const line = { number: '13800000001', text: 'noise', receivedAt: '2026-03-01', kind: 'waiting', source: 'mail' };
  const { lines, faults } = readImport(
    [
      { ...line, province: '河南省' },
      { ...line, number: 'abc' },
      { ...line, kind: 'nonsense', text: '' },
      { ...line, receivedAt: '2099-01-01' },
      { ...line, province: '火星' },
    ],
    at,
  );
  expect(lines.map(({ province }) => province)).toEqual(['河南']);
  expect(faults.map(({ line: where, column }) => [where, column])).toEqual([
    [3, 'number'],
    [4, 'kind'],
    [4, 'text'],
    [5, 'receivedAt'],
    [6, 'province'],
  ]);
});

test('figures of a month are counted as the cases stood at a moment', () => {
  const later = new Date(clock.dueAt.getTime() + DAY);
  const inTime = { ...closed, upheld: true, clocks: [{ ...clock, stoppedAt: at }], satisfaction: { score: 4, at, by: 'boss' } };
  const late = { ...answered, kind: 'waiting' as const, clocks: [{ ...clock, stoppedAt: new Date(clock.dueAt.getTime() + 1) }] };
  const overdue = { ...open, source: 'regulator' as const, clocks: [{ ...clock, overdueAt: clock.dueAt }] };
  const cases = [inTime, late, overdue, { ...open, joinedInto: 'k1' }];
  const count = (asOf: Date, rows: readonly Complaint[], calls: number) => {
    const figures = countFigures(asOf);
    for (const complaint of rows) figures.add(complaint);
    return figures.total(calls);
  };
  expect(count(later, cases, 2_000)).toEqual({
    received: 3,
    calls: 2_000,
    per10000Calls: 15,
    answeredInTime: 1,
    answeredLate: 1,
    openOverdue: 1,
    upheld: 1,
    appeals: 1,
    byKind: { attitude: 2, waiting: 1 },
    satisfactionMean: 4,
    satisfactionAnswers: 1,
  });
  // Events after the moment are not counted: the figure is the same whenever it is counted.
  expect(count(clock.dueAt, cases, 2_000)).toMatchObject({ received: 3, answeredInTime: 1, answeredLate: 0, openOverdue: 0 });
  expect(count(new Date(at.getTime() - 1), cases, 2_000)).toMatchObject({ answeredInTime: 0, upheld: 0, satisfactionAnswers: 0 });
  // Later changes are not counted either: another kind, another answer, reopening.
  const changed = [
    { type: 'reopen', text: 'again', clock },
    { type: 'change-kind', kind: 'charging' },
    { type: 'take' },
    { type: 'answer', how: 'letter', text: 'sorry again' },
    { type: 'record-satisfaction', score: 1 },
  ] satisfies ComplaintEvent[];
  const moved = changed.reduce<Complaint>((complaint, event) => {
    const advanced = advance(complaint, event, 'boss', new Date(later.getTime() + DAY));
    if ('refused' in advanced) throw new Error(advanced.refused);
    return advanced.complaint;
  }, inTime);
  expect(count(later, [moved, late, overdue], 2_000)).toEqual(count(later, cases, 2_000));
  expect(count(new Date(later.getTime() + 2 * DAY), [moved], 1)).toMatchObject({ upheld: 0, byKind: { charging: 1 }, satisfactionMean: 1 });
  expect(count(later, [], 0)).toMatchObject({ per10000Calls: null, satisfactionMean: null });
});

test('work in which nobody does anything goes back; reminders are not work, and an answer on its way is', () => {
  const taken: Complaint = { ...inHand, actions: [{ at, by: 'boss', what: 'taken' }] };
  const idle = new Date(at.getTime() + GIVE_BACK_AFTER_MS);
  const reminded = takeSteps(taken, ['reminded'], new Date(idle.getTime() - 1));
  expect(dueSteps(reminded, idle)).toContain('given-back');
  const back = takeSteps(reminded, ['given-back'], idle);
  expect(back).toMatchObject({ state: 'open' });
  expect(back.owner).toBeUndefined();
  expect(dueSteps(back, idle)).not.toContain('given-back');
  const busy = { ...taken, sending: { messageId: 'm', how: 'sms' as const, text: 'x', toMasked: '', by: 'boss', at } };
  expect(dueSteps(busy, idle)).not.toContain('given-back');
});

test('recordings are held until the set time after the closing, released once, and held again when the case is reopened', () => {
  const holdUntil = new Date('2028-03-10T02:00:00Z');
  const advanced = advance(answered, { type: 'close', upheld: true, text: 'done', holdUntil }, 'boss', at);
  const done = 'complaint' in advanced ? advanced.complaint : answered;
  expect(stepsToCome({ ...done, clocks: [] })).toEqual([{ step: 'hold-released', at: holdUntil }]);
  const released = takeSteps(done, ['hold-released'], holdUntil);
  expect(dueSteps({ ...released, clocks: [] }, new Date('2099-01-01'))).toEqual([]);
  const again = advance(done, { type: 'reopen', text: 'again', clock }, 'boss', at);
  expect('complaint' in again && again.complaint.holdUntil).toBe(undefined);
});

test('an answer by SMS or mail is given when the provider has taken it, and not before', () => {
  const sent: ComplaintEvent = { type: 'send-answer', how: 'mail', text: 'sorry', messageId: 'm1', toMasked: 'zh***@x' };
  const queued = advance(inHand, sent, 'boss', at);
  const waiting = 'complaint' in queued ? queued.complaint : inHand;
  expect(waiting).toMatchObject({ state: 'in-hand', answers: [], sending: { messageId: 'm1', by: 'boss' } });
  expect(waiting.clocks[0]?.stoppedAt).toBeUndefined();
  expect(advance(waiting, sent, 'boss', at)).toEqual({ refused: 'answer-on-its-way' });
  expect(advance(waiting, { type: 'answer-sent', messageId: 'other' }, 'x', at)).toEqual({ refused: 'wrong-state' });
  const later = new Date(at.getTime() + 60_000);
  const taken = advance(waiting, { type: 'answer-sent', messageId: 'm1' }, 'x', later);
  expect(taken).toMatchObject({
    complaint: { state: 'answered', answers: [{ by: 'boss', how: 'mail', messageId: 'm1', at: later }], clocks: [{ stoppedAt: later }] },
  });
  const failed = advance(waiting, { type: 'answer-failed', messageId: 'm1', reason: 'SMTP 550' }, 'x', later);
  expect(failed).toMatchObject({
    complaint: { state: 'in-hand', answers: [], actions: [{}, { what: 'answer-failed', text: 'SMTP 550' }] },
  });
});

test('another kind does not take away that a case was about consent', () => {
  const harassed: Complaint = { ...answered, kind: 'harassment' };
  const renamed = advance(harassed, { type: 'change-kind', kind: 'attitude' }, 'boss', at);
  const softer = 'complaint' in renamed ? renamed.complaint : harassed;
  expect(consentAtIssue(softer)).toBe(true);
  expect(advance(softer, close, 'boss', at)).toEqual({ refused: 'evidence-missing' });
});
