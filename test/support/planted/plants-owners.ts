import type { CallRow } from '../../../services/evidence/quality/call-row.js';
import { ledgerEntry, resealed, visit, type Rows } from './planted-packs.js';
import type { Planted } from './planted.js';

type Mutable<Row> = { -readonly [K in keyof Row]: Row[K] };
const edit = <Row>(row: Row | undefined, values: Partial<Row>): void => void Object.assign(row as Mutable<Row>, values);
const drop = <Row>(rows: Row[], isMeant: (row: Row) => boolean): void => void rows.splice(rows.findIndex(isMeant), 1);
const HOUR_MS = 3_600_000;
const WAIT_MS = 3_000;

/** An hour back, on the last day, which is not sealed yet. */
const jumped = { at: '2026-10-05T01:05:00.000Z', byMs: -HOUR_MS };
const notSealed = {
  inManifest: (manifest) => void (manifest.madeAt = '2026-10-05T17:00:00.000Z'),
  inSheets: (sheets) => sheets.slice(0, -1),
} as const satisfies Partial<Planted>;

const abandonedIn = ({ calls }: Rows): CallRow => calls.find(({ cause }) => cause === 'abandoned-in-queue')!;
/** The call that the plants rewrite: it came in and was handled. */
const handledIn = ({ calls }: Rows): CallRow => calls.find(({ callId }) => callId === 'call-2026-10-02-1')!;

/** A call whose caller gave up becomes one that an agent answered, in the record of the call alone. */
function makeAnswered(rows: Rows): CallRow {
  const call = abandonedIn(rows);
  const takenAtMs = call.queuedAtMs! + WAIT_MS;
  edit(call, {
    ...{ cause: 'completed', agentId: 'agent2', agentAnsweredAtMs: takenAtMs, visits: visit(WAIT_MS, 'answered'), handlings: 1 },
    ...{ endedAtMs: takenAtMs + 60_000, talkMs: 60_000 },
  });
  return call;
}

/** The recording of the music that the caller heard in the queue. */
function recordQueue(rows: Rows, call: CallRow, more: { readonly handled?: boolean; readonly called?: string } = {}): void {
  const { callId, queueId, called, answeredAtMs = 0, endedAtMs, ledgerNumber = 0, invitedAtMs } = call;
  const sha256 = 'd'.repeat(64);
  rows.recordings.push({
    ...{ callId, atMs: answeredAtMs, sha256, durationMs: endedAtMs - answeredAtMs, sizeBytes: 9_000, queueId, called },
    ...{ handled: false, kept: 'stored', ...more },
  });
  rows.ledger[ledgerNumber - 1] = ledgerEntry(ledgerNumber, callId, invitedAtMs + 100, sha256, { answeredAtMs, endedAtMs });
}

/** The times of a call, moved in its own record. */
function move(call: CallRow, byMs: number): void {
  const { invitedAtMs, answeredAtMs = 0, queuedAtMs = 0, agentAnsweredAtMs = 0, endedAtMs } = call;
  edit(call, {
    ...{ invitedAtMs: invitedAtMs + byMs, answeredAtMs: answeredAtMs + byMs, queuedAtMs: queuedAtMs + byMs },
    ...{ agentAnsweredAtMs: agentAnsweredAtMs + byMs, endedAtMs: endedAtMs + byMs },
  });
}

/** What the house would do to calls on a day that is not sealed yet: nobody fixed a row, and other owners wrote down what happened. */
export const ownerPlants: Record<string, Planted> = {
  'an abandoned call is made answered, and neither its agent nor its recording shows it': {
    beforeSealing: (rows) => {
      const call = abandonedIn(rows);
      recordQueue(rows, call);
      makeAnswered(rows);
    },
    expected: 'red',
    codes: ['answer-unseen'],
  },
  'an abandoned call that was not recorded is made answered': {
    beforeSealing: (rows) => void makeAnswered(rows),
    expected: 'amber',
    codes: ['answer-doubtful'],
  },
  'an abandoned call is made answered in its record and in its recording': {
    beforeSealing: (rows) => {
      recordQueue(rows, abandonedIn(rows), { handled: true });
      makeAnswered(rows);
    },
    expected: 'amber',
    codes: ['answer-doubtful'],
  },
  'an abandoned call is made answered with a long talk': {
    beforeSealing: (rows) => {
      const call = makeAnswered(rows);
      edit(call, { endedAtMs: call.endedAtMs + 10 * 60_000 });
    },
    expected: 'red',
    codes: ['answer-doubtful', 'call-differs'],
  },
  'the recording of an answered call was made before its record was written, and names nobody': {
    beforeSealing: ({ recordings }) =>
      edit(
        recordings.find(({ callId }) => callId === 'call-2026-10-02-1'),
        { handled: false, called: '' },
      ),
    expected: 'green',
  },
  'the times of a call are moved by an hour': {
    beforeSealing: (rows) => move(handledIn(rows), -HOUR_MS),
    expected: 'red',
    codes: ['answer-doubtful', 'call-differs'],
  },
  'the times of a call and of its recording are moved by an hour, those of the ledger are not': {
    beforeSealing: (rows) => {
      const call = handledIn(rows);
      move(call, -HOUR_MS);
      const recording = rows.recordings.find(({ callId }) => callId === call.callId)!;
      edit(recording, { atMs: recording.atMs - HOUR_MS });
      drop(rows.legs, () => true);
    },
    expected: 'red',
    codes: ['answer-doubtful', 'call-differs'],
  },
  'a call out is dialled an hour before its request': {
    beforeSealing: ({ attempts }) => edit(attempts[1], { atMs: attempts[1]!.atMs + HOUR_MS }),
    expected: 'red',
    codes: ['call-differs'],
  },
  'a wait is shortened in the record of the call alone': {
    beforeSealing: ({ calls }) =>
      edit(
        calls.find(({ callId }) => callId === 'call-2026-10-05-0'),
        { visits: visit(1_000, 'answered') },
      ),
    expected: 'red',
    codes: ['call-differs'],
  },
  'the recording of a call is left out, and the ledger names it': {
    beforeSealing: ({ recordings }) => drop(recordings, ({ callId }) => callId === 'call-2026-10-02-1'),
    expected: 'red',
    codes: ['call-differs'],
  },
  'the clock jumped while the calls of a day went on': {
    beforeSealing: (rows) => move(handledIn(rows), -HOUR_MS),
    inSheets: (sheets) => {
      const clock = { source: 'chrony', jumps: [{ at: '2026-10-02T01:05:00.000Z', byMs: -HOUR_MS }], moreJumps: 0 };
      const changed: typeof sheets = [];
      for (const [i, sheet] of sheets.entries())
        changed.push(i < 1 ? sheet : resealed(sheet, { previousHash: changed[i - 1]!.hash, ...(i === 1 ? { clock } : {}) }));
      return changed;
    },
    expected: 'amber',
    codes: ['clock-jumped'],
  },
  'a call is left out with its recording and its row of the ledger': {
    beforeSealing: (rows) => {
      const { callId } = handledIn(rows);
      for (const name of ['calls', 'recordings', 'ledger', 'legs'] as const)
        drop(rows[name] as { readonly callId: string }[], (row) => row.callId === callId);
    },
    expected: 'red',
    codes: ['ledger-gap'],
  },
  'the last call but one is left out with everything, and its number is said to be unused': {
    beforeSealing: ({ calls, recordings, ledger }) => {
      for (const rows of [calls, recordings, ledger] as { readonly callId: string }[][])
        drop(rows, ({ callId }) => callId === 'call-2026-10-05-38');
    },
    inFiles: (files) => {
      const said = { after: 0, before: 1_001, numbers: [[1, 198], [200, 200]], leases: [[1, 199], [200, 1_000]] }; // prettier-ignore
      files.set('ledger-numbers.json', Buffer.from(JSON.stringify(said)));
    },
    expected: 'green',
  },
  'the numbers of the ledger are said to be others': {
    inFiles: (files) =>
      void files.set('ledger-numbers.json', Buffer.from(JSON.stringify({ after: 0, before: 150, numbers: [[1, 149]], leases: [] }))),
    expected: 'red',
    codes: ['ledger-gap'],
  },
  'the numbers of the ledger are no numbers': {
    inFiles: (files) => void files.set('ledger-numbers.json', Buffer.from('{"after":0,"before":"x","numbers":[[2,1]]}')),
    expected: 'red',
    codes: ['ledger-gap'],
  },
  'the numbers of the ledger are left out': {
    inFiles: (files) => void files.delete('ledger-numbers.json'),
    expected: 'red',
    codes: ['held-missing'],
  },
  'a pack of before, without the numbers of the ledger': {
    inFiles: (files) => void files.delete('ledger-numbers.json'),
    inManifest: (manifest) => void (manifest.holds = (manifest.holds ?? []).filter((each) => each !== 'numbers')),
    expected: 'amber',
    codes: ['not-held'],
  },
  'the clock jumped on a day that is not sealed yet': {
    ...notSealed,
    jumps: { open: [jumped], audited: [{ number: 9, ...jumped }] },
    expected: 'amber',
    codes: ['clock-jumped-open', 'day-unsealed'],
  },
  'the clock jumped on a day that is not sealed yet, while the calls of that day went on': {
    ...notSealed,
    beforeSealing: ({ calls }) =>
      move(
        calls.find(({ callId }) => callId === 'call-2026-10-05-1')!,
        -HOUR_MS,
      ),
    jumps: { open: [jumped], audited: [{ number: 9, ...jumped }] },
    expected: 'amber',
    codes: ['clock-jumped-open', 'day-unsealed'],
  },
  'the clock jumped since the period was sealed': { jumps: { open: [jumped], audited: [{ number: 9, ...jumped }] }, expected: 'green' },
  'the audit log has yet to take a jump of the clock': {
    ...notSealed,
    jumps: { open: [{ ...jumped, isOwed: true }] },
    expected: 'amber',
    codes: ['clock-jumped-open', 'day-unsealed'],
  },
  'a jump of the clock is deleted before its day is sealed': {
    ...notSealed,
    jumps: { audited: [{ number: 9, ...jumped }] },
    expected: 'red',
    codes: ['clock-jump-differs', 'day-unsealed'],
  },
  'a jump of the clock is deleted, and its day was sealed without it': {
    jumps: { audited: [{ number: 9, ...jumped }] },
    expected: 'red',
    codes: ['clock-jump-differs'],
  },
  'a jump of the clock is made smaller before its day is sealed': {
    ...notSealed,
    jumps: { open: [{ ...jumped, byMs: -1_200 }], audited: [{ number: 9, ...jumped }] },
    expected: 'red',
    codes: ['clock-jump-differs', 'clock-jumped-open', 'day-unsealed'],
  },
  'a jump of the clock is made up': {
    ...notSealed,
    jumps: { open: [jumped] },
    expected: 'red',
    codes: ['clock-jump-differs', 'clock-jumped-open', 'day-unsealed'],
  },
  'the jumps of the clock are no jumps': {
    inFiles: (files) => void files.set('clock-jumps.json', Buffer.from('{"open":[{"at":"yesterday","byMs":"x"}],"audited":[]}')),
    expected: 'red',
    codes: ['clock-jump-differs'],
  },
  'the jumps of the clock are left out': {
    inFiles: (files) => void files.delete('clock-jumps.json'),
    expected: 'red',
    codes: ['held-missing'],
  },
  'a pack of before, whose last day is not sealed, without the jumps of the clock': {
    ...notSealed,
    inFiles: (files) => void files.delete('clock-jumps.json'),
    inManifest: (manifest) => {
      notSealed.inManifest(manifest);
      manifest.holds = (manifest.holds ?? []).filter((each) => each !== 'jumps');
    },
    expected: 'amber',
    codes: ['day-unsealed', 'not-held'],
  },
  'a pack of before, whose days are all sealed, without the jumps of the clock': {
    inFiles: (files) => void files.delete('clock-jumps.json'),
    inManifest: (manifest) => void (manifest.holds = (manifest.holds ?? []).filter((each) => each !== 'jumps')),
    expected: 'green',
  },
};
