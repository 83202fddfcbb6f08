import { mutant, type Mutant } from './mutant.js';

const RECORDER = 'services/recording/capture/recorder-service.ts';
const LEFT = 'services/recording/capture/left-calls.ts';
const FROM_ROW = 'services/recording/capture/row-to-spool.ts';
const LIVE = 'services/recording/capture/live-call.ts';

/** Mutants of the account of what was recorded. */
export const recording: readonly Mutant[] = [
  mutant(
    'what the recorder missed is not filled from the capture of the relay',
    'night',
    'services/recording/archive/finaliser.ts',
    'const absent = seen === undefined ? [] : own === undefined ? [answered] : missing;',
    'const absent: Interval[] = [];',
  ),
  mutant('a recorder that is started again forgets a pause', 'night', LIVE, '    this.#paused = paused;\n', '    this.#paused = false;\n'),
  mutant(
    'a side is copied twice when the relay is slow',
    'network',
    LIVE,
    'if ((silent || !open) && !this.#asking && now',
    'if ((silent || !open) && now',
  ),
  mutant(
    'a recorder that starts while the relay is away forgets the calls that go on',
    'rare',
    LEFT,
    '    () => true,\n',
    '    () => false,\n',
  ),
  mutant(
    'the ledger number of a call that nobody answered stays open',
    'calm',
    RECORDER,
    "await ledger.settle({ number, callId, state: 'not-answered', endedAt, reason: 'ended before it was answered' });",
    'return;',
  ),
  mutant(
    'a recording that the store did not take at once is given up',
    'night',
    'services/recording/archive/finishing.ts',
    '    if (this.#stopped) return;\n    known.stopTimer',
    '    if (known.attempts > 0) return;\n    known.stopTimer',
  ),
  mutant(
    'a recorder on another machine does not take up the calls that go on',
    'machines',
    LEFT,
    'for (const row of await ledger.open()) {',
    'for (const row of [] as LedgerRow[]) {',
  ),
  mutant(
    'a recorder on another machine does not learn of a pause',
    'machines',
    FROM_ROW,
    '  markPauses(file, pauses);\n  await',
    '  await',
  ),
  mutant(
    'a spool that comes back with its machine does not learn of a pause',
    'machines',
    LEFT,
    '    if (row !== undefined) await addPauses(file, row, lastMs);\n',
    '',
  ),
  mutant(
    'a recorder on another machine does not know what telephony says of a pause',
    'machines',
    LEFT,
    '    await asTold(file, deps);\n',
    '',
  ),
  mutant('what the ledger did not take of a live call is never written again', 'machines', RECORDER, '    void this.#notes.again();\n', ''),
  mutant(
    'a call whose answer the ledger was never told of is taken up by no other recorder',
    'machines',
    FROM_ROW,
    'isSettled(row) || media === undefined',
    'isSettled(row) || answeredAt === undefined || media === undefined',
  ),
  mutant(
    'a pause never ends in the account',
    'night',
    'services/recording/archive/assembly.ts',
    '        this.#pausedSince = undefined;\n',
    '',
  ),
];
