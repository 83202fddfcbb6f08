import { expect, test } from '@jest/globals';
import { answersInForce, figuresBy, satisfactionFigures, scoreOf, solvedOf, type Invitation, type SurveyAnswer } from './survey.js';

const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 1, 0, minute));
const invitation = (surveyId: string, queueId = 'q'): Invitation => ({
  surveyId,
  callId: surveyId,
  at: at(0),
  method: 'keys',
  language: 'zh-CN',
  queueId,
});
const answer = (answerId: string, surveyId: string, score: number | null, minute = 1, corrects?: string): SurveyAnswer => ({
  answerId,
  surveyId,
  at: at(minute),
  score,
  solved: score === null ? null : score > 2,
  by: 'caller',
  ...(corrects === undefined ? {} : { corrects }),
});

test('only keys 1 to 5 score; noise on the line is no answer', () => {
  expect(['0', '1', '5', '6', '*', '#', '12', ''].map(scoreOf)).toEqual([
    undefined,
    1,
    5,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(['1', '2', '3'].map(solvedOf)).toEqual([true, false, undefined]);
});

test('the response rate stands beside the mean, and silence counts as invited', () => {
  const invited = ['a', 'b', 'c', 'd'].map((id) => invitation(id));
  const answers = [answer('1', 'a', 5), answer('2', 'b', 2), answer('3', 'c', null)];
  expect(satisfactionFigures(invited, answers)).toEqual({
    invited: 4,
    answered: 2,
    responseRate: 0.5,
    mean: 3.5,
    distribution: [0, 1, 0, 0, 1],
    solved: 1,
    notSolved: 1,
  });
  expect(satisfactionFigures([], [])).toMatchObject({ responseRate: null, mean: null });
});

test('a correction is a new row that takes the place of the old one; the old one stays', () => {
  const answers = [answer('1', 'a', 1), answer('2', 'a', 4, 2, '1'), answer('3', 'a', 3, 3, '2')];
  expect(answersInForce(answers).get('a')?.score).toBe(3);
  expect(answers).toHaveLength(3);
});

test('figures by queue add up to the whole', () => {
  const invited = [invitation('a'), invitation('b', 'other'), invitation('c')];
  const by = figuresBy(invited, [answer('1', 'a', 5)], ({ queueId }) => queueId);
  expect(Object.keys(by)).toEqual(['other', 'q']);
  expect(Object.values(by).reduce((sum, { invited: count }) => sum + count, 0)).toBe(3);
});
