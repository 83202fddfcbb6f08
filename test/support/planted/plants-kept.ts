import type { AnswerRow } from '../../../services/evidence/quality/witness-row.js';
import type { Rows } from './planted-packs.js';
import type { Planted } from './planted.js';

type Mutable<Row> = { -readonly [K in keyof Row]: Row[K] };
const edit = <Row>(row: Row | undefined, values: Partial<Row>): void => void Object.assign(row as Mutable<Row>, values);
const drop = <Row>(rows: Row[], isMeant: (row: Row) => boolean): void => void rows.splice(rows.findIndex(isMeant), 1);
const HALF_HOUR_MS = 1_800_000;
const NUMBER = 'TS2026-10-02';
/** After the last sealed day of the pack, and before the pack was made. */
const TODAY_MS = Date.parse('2026-10-06T01:00:00.000Z');

/** An answer of five to the first survey that nobody answered, as the house would write it into every place that it knows. */
function answerUnasked(rows: Rows, by: AnswerRow['by'], atMs?: number): void {
  const survey = rows.surveys.find(({ score }) => score === undefined)!;
  const at = atMs ?? survey.atMs + 4_000;
  rows.answers.push({ answerId: 'a-house', surveyId: survey.surveyId, atMs: at, score: 5, solved: true, corrects: '', by });
  edit(survey, { score: 5, solved: true, answers: JSON.stringify([{ id: 'a-house', atMs: at, score: 5, solved: true, corrects: null }]) });
}

/** The same with the keys of the caller written into the record of the call, as two answers. */
function answerWithKeys(rows: Rows): void {
  const survey = rows.surveys.find(({ score }) => score === undefined)!;
  const [scored, solved] = [survey.atMs + 4_000, survey.atMs + 9_000];
  const { surveyId, callId } = survey;
  rows.answers.push({ answerId: 'a-1', surveyId, atMs: scored, score: 5, corrects: '', by: 'caller' });
  rows.answers.push({ answerId: 'a-2', surveyId, atMs: solved, score: 5, solved: true, corrects: 'a-1', by: 'caller' });
  const answers = [
    { id: 'a-1', atMs: scored, score: 5, solved: null, corrects: null },
    { id: 'a-2', atMs: solved, score: 5, solved: true, corrects: 'a-1' },
  ];
  edit(survey, { score: 5, solved: true, answers: JSON.stringify(answers) });
  const keys = [
    { question: 'score', key: '5', atMs: scored },
    { question: 'solved', key: '1', atMs: solved },
  ];
  edit(
    rows.calls.find((call) => call.callId === callId),
    { surveyKeys: JSON.stringify(keys) },
  );
}

const awayOf = ({ states }: Rows) => states.find(({ state }) => state === 'away');
const endOf = ({ turns }: Rows) => turns.find(({ what }) => what === 'ended');

/** What the house would do to states, answers and complaints, by whoever holds the database, after the day was sealed and before. */
export const keptPlants: Record<string, Planted> = {
  'the ready time of an agent is shortened after the day was sealed': {
    inStore: ({ states }) => {
      const ready = states.find(({ state }) => state === 'ready');
      edit(ready, { untilMs: ready!.untilMs - HALF_HOUR_MS });
    },
    expected: 'red',
    codes: ['facts-changed'],
  },
  'a state is called another after the day was sealed': {
    inStore: ({ states }) =>
      edit(
        states.find(({ state }) => state === 'ready'),
        { state: 'away' },
      ),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'a state is left out after the day was sealed': {
    inStore: ({ states }) => drop(states, ({ state }) => state === 'wrap-up'),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'a state over midnight is shortened': {
    inStore: (rows) => edit(awayOf(rows), { untilMs: awayOf(rows)!.untilMs - HALF_HOUR_MS }),
    expected: 'red',
    codes: ['state-differs'],
  },
  'a state over midnight is shortened wherever it stands': {
    inStore: (rows) => {
      const untilMs = awayOf(rows)!.untilMs - HALF_HOUR_MS;
      edit(awayOf(rows), { untilMs });
      edit(endOf(rows), { atMs: untilMs });
    },
    expected: 'red',
    codes: ['facts-changed'],
  },
  'a state over midnight ends on its first day': {
    inStore: (rows) => edit(awayOf(rows), { untilMs: awayOf(rows)!.fromMs + HALF_HOUR_MS }),
    expected: 'red',
    codes: ['facts-changed', 'state-differs'],
  },
  'a state over midnight is left out': {
    inStore: ({ states }) => drop(states, ({ state }) => state === 'away'),
    expected: 'red',
    codes: ['state-differs'],
  },
  'an agent has states and no seat was online, before the day is sealed': {
    beforeSealing: (rows) => void (rows.seats = rows.seats.filter(({ agentId }) => agentId !== 'agent2')),
    expected: 'red',
    codes: ['seat-missing'],
  },
  'a seat is written in after the day was sealed': {
    inStore: ({ seats }) => void seats.push({ ...seats[0]!, seatId: 'another', agentId: 'agent3' }),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'a survey shows a score that nobody gave': {
    inStore: ({ surveys }) =>
      edit(
        surveys.find(({ score }) => score === undefined),
        { score: 5, solved: true },
      ),
    expected: 'red',
    codes: ['answer-differs'],
  },
  'the house answers a survey as the caller after the day was sealed': {
    inStore: (rows) => answerUnasked(rows, 'caller'),
    expected: 'red',
    codes: ['answer-unwitnessed', 'facts-changed'],
  },
  'the house answers a survey as the caller on a day that is not sealed yet': {
    inStore: (rows) => answerUnasked(rows, 'caller', TODAY_MS),
    expected: 'red',
    codes: ['answer-unwitnessed'],
  },
  'the house answers a survey as the caller before the day is sealed': {
    beforeSealing: (rows) => answerUnasked(rows, 'caller'),
    expected: 'red',
    codes: ['answer-unwitnessed'],
  },
  'the house answers a survey in its own name, and the caller had given no answer': {
    beforeSealing: (rows) => answerUnasked(rows, 'house'),
    expected: 'red',
    codes: ['answer-of-house'],
  },
  'an answer is said to belong to a call that there is not': {
    beforeSealing: ({ surveys, answers }) => {
      const [survey, atMs] = [surveys.at(-1)!, surveys.at(-1)!.atMs + 5_000];
      answers.push({ answerId: 'x', surveyId: 'x', atMs, score: 5, corrects: '', by: 'caller' });
      const shown = JSON.stringify([{ id: 'x', atMs, score: 5, solved: null, corrects: null }]);
      surveys.push({ ...survey, surveyId: 'x', callId: 'x', score: 5, answers: shown });
      edit(surveys.at(-1), { solved: undefined as unknown as boolean });
    },
    expected: 'red',
    codes: ['answer-unwitnessed'],
  },
  'a bad answer is left out after the day was sealed': {
    inStore: ({ surveys, answers }) => {
      const survey = surveys.find(({ score }) => score !== undefined)!;
      for (const id of ['a', 'b']) drop(answers, ({ answerId }) => answerId === `${id}-${survey.callId}`);
      edit(survey, { answers: '[]', score: undefined as unknown as number, solved: undefined as unknown as boolean });
    },
    expected: 'red',
    codes: ['facts-changed'],
  },
  'the house corrects an answer, and says so': {
    beforeSealing: ({ surveys, answers }) => {
      const survey = surveys.find(({ score }) => score !== undefined)!;
      const [atMs, corrects] = [survey.atMs + HALF_HOUR_MS, `b-${survey.callId}`];
      answers.push({ answerId: 'c', surveyId: survey.surveyId, atMs, score: 4, solved: true, corrects, by: 'house' });
      const before = JSON.parse(survey.answers) as object[];
      edit(survey, { score: 4, answers: JSON.stringify([...before, { id: 'c', atMs, score: 4, solved: true, corrects }]) });
    },
    expected: 'green',
  },
  'a caller answers a third question of the house: the score stays as it was': {
    beforeSealing: (rows) => {
      const survey = rows.surveys.find(({ score }) => score !== undefined)!;
      const [atMs, corrects] = [survey.atMs + 15_000, `b-${survey.callId}`];
      rows.answers.push({ answerId: 'd', surveyId: survey.surveyId, atMs, score: 5, solved: true, corrects, by: 'caller' });
      const before = JSON.parse(survey.answers) as object[];
      edit(survey, { answers: JSON.stringify([...before, { id: 'd', atMs, score: 5, solved: true, corrects }]) });
      const call = rows.calls.find(({ callId }) => callId === survey.callId);
      const keys = JSON.parse(call?.surveyKeys ?? '[]') as object[];
      edit(call, { surveyKeys: JSON.stringify([...keys, { question: 'other', key: '7', atMs }]) });
    },
    expected: 'green',
  },
  'a caller answers by a link on the day after the last of the period': {
    beforeSealing: (rows) => {
      edit(
        rows.surveys.find(({ score }) => score === undefined),
        { method: 'sms' },
      );
      answerUnasked(rows, 'caller', TODAY_MS);
    },
    expected: 'green',
  },
  'the house writes an answer, and the keys into the record of the call, before the day is sealed: nobody outside has seen the day yet': {
    beforeSealing: answerWithKeys,
    expected: 'green',
  },
  'a complaint is left out after the day was sealed, its clock stays': {
    inStore: ({ complaints }) => drop(complaints, ({ number }) => number === NUMBER),
    expected: 'red',
    codes: ['complaint-missing'],
  },
  'a complaint is left out with its record, its clock stays': {
    inStore: ({ complaints, cases }) => {
      drop(complaints, ({ number }) => number === NUMBER);
      drop(cases, ({ number }) => number === NUMBER);
    },
    expected: 'red',
    codes: ['complaint-missing', 'facts-changed'],
  },
  'a complaint is left out with its record and its clock after the day was sealed': {
    inStore: (rows) => {
      drop(rows.complaints, ({ number }) => number === NUMBER);
      drop(rows.cases, ({ number }) => number === NUMBER);
      rows.clocks = rows.clocks.filter(({ number }) => number !== NUMBER);
    },
    expected: 'red',
    codes: ['facts-changed'],
  },
  'a complaint is left out before the day is sealed, its clock stays': {
    beforeSealing: ({ complaints, cases }) => {
      drop(complaints, ({ number }) => number === NUMBER);
      drop(cases, ({ number }) => number === NUMBER);
    },
    expected: 'red',
    codes: ['complaint-missing'],
  },
  'a complaint is said to have been joined into another one after the day was sealed': {
    inStore: ({ complaints, cases }) => {
      drop(complaints, ({ number }) => number === NUMBER);
      edit(
        cases.find(({ number }) => number === NUMBER),
        { joinedInto: 'another' },
      );
    },
    expected: 'red',
    codes: ['facts-changed'],
  },
  'a complaint is received a day earlier than it was recorded to be': {
    inStore: ({ complaints }) => edit(complaints[1], { receivedAtMs: complaints[1]!.receivedAtMs - 86_400_000 }),
    expected: 'red',
    codes: ['complaint-differs'],
  },
  'a letter is recorded two days after it was received': {
    beforeSealing: ({ cases, clocks }) => {
      const later = cases[1]!.atMs + 2 * 86_400_000;
      edit(cases[1], { atMs: later });
      for (const clock of clocks) if (clock.number === NUMBER) edit(clock, { atMs: later });
    },
    expected: 'green',
  },
};
