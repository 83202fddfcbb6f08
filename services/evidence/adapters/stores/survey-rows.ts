import { answersInForce } from '../../../shared/domain/survey-answers.js';
import type { StoredCall } from '../../../shared/records/call.js';
import type { Reads } from '../../../shared/records/reads.js';
import type { StoredAnswer } from '../../../shared/records/survey.js';
import type { SurveyRow } from '../../quality/call-row.js';

/** Answers and their corrections are separate rows. The valid row is the newest one, which no other corrects. */
export async function* withAnswers(
  invitations: AsyncIterable<readonly SurveyRow[]>,
  { surveyAnswers }: Pick<Reads, 'surveyAnswers'>,
): AsyncGenerator<readonly SurveyRow[]> {
  for await (const invited of invitations) {
    const answers = await surveyAnswers.find(
      { surveyId: { $in: invited.map(({ surveyId }) => surveyId) } },
      { fields: ['surveyId', 'at', 'score', 'solved', 'corrects'], sort: { at: 1 } },
    );
    const inForce = answersInForce(answers);
    const bySurvey = new Map<string, ShortAnswer[]>();
    for (const answer of answers) bySurvey.set(answer.surveyId, [...(bySurvey.get(answer.surveyId) ?? []), answer]);
    yield invited.map((row) => {
      const answer = inForce.get(row.surveyId);
      return {
        ...row,
        answers: JSON.stringify((bySurvey.get(row.surveyId) ?? []).map(shortAnswer)),
        ...(answer === undefined || answer.score === null ? {} : { score: answer.score }),
        ...(answer === undefined || answer.solved === null ? {} : { solved: answer.solved }),
      };
    });
  }
}

type ShortAnswer = Pick<StoredAnswer, '_id' | 'surveyId' | 'at' | 'score' | 'solved' | 'corrects'>;

const shortAnswer = ({ _id, at, score, solved, corrects }: ShortAnswer): object => ({
  id: _id,
  atMs: at.getTime(),
  score,
  solved,
  corrects: corrects ?? null,
});

/** The keys with which the caller answered the survey at the end of the call; its history has each as `question:key`. */
export function surveyKeysOf(history: StoredCall['history']): string | undefined {
  const keys = history.flatMap(({ what, detail, atMs }) => {
    const [question, key] = (what === 'survey-answered' ? (detail ?? '') : '').split(':');
    return question === undefined || key === undefined ? [] : [{ question, key, atMs }];
  });
  return keys.length === 0 ? undefined : JSON.stringify(keys);
}
