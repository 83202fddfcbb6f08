import { answersInForce, type Invitation, type SurveyAnswer } from '../survey.js';

/** One invitation with the valid answer: the basis of every figure. */
export interface SurveyRow {
  readonly invitation: Invitation;
  readonly answer?: SurveyAnswer;
  readonly corrected: boolean;
}

export interface RowWish {
  /** Hour at the site, `09`. */
  readonly hour?: string | undefined;
  readonly score?: number | undefined;
  readonly answered?: boolean | undefined;
}

/** The rows behind a figure, newest first. */
export function surveyRows(
  invitations: readonly Invitation[],
  answers: readonly SurveyAnswer[],
  hourOf: (at: Date) => string,
  { hour, score, answered }: RowWish,
): SurveyRow[] {
  const inForce = answersInForce(answers);
  return invitations
    .map((invitation): SurveyRow => {
      const answer = inForce.get(invitation.surveyId);
      return {
        invitation,
        corrected: answer?.corrects !== undefined && answer.by !== 'caller',
        ...(answer === undefined ? {} : { answer }),
      };
    })
    .filter(
      ({ invitation, answer }) =>
        (hour === undefined || hourOf(invitation.at) === hour) &&
        (score === undefined || answer?.score === score) &&
        (answered === undefined || (typeof answer?.score === 'number') === answered),
    )
    .reverse();
}
