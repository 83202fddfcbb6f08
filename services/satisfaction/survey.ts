import type { AgentId, CallId, QueueId } from '../shared/domain/ids.js';
/**
 * One invitation to score a call (regulation items 35 and 36): made by the server when the agent has hung up, never by the agent. The row is
 * written once; an answer and a correction are rows of their own that name it.
 */
export interface Invitation {
  readonly surveyId: string;
  readonly callId: CallId;
  readonly at: Date;
  readonly method: 'keys' | 'sms' | 'web';
  readonly language: string;
  readonly queueId?: QueueId;
  readonly agentId?: AgentId;
  /** The called service number, which decides whose caller it was. */
  readonly called?: string;
  /** Only for an invitation by link: the keyed hash of the number, so that nobody is asked too often. */
  readonly numberHash?: string;
}

/** Why somebody was not invited, kept so that nobody can improve the response rate by leaving people out. */
export const notInvitedReasons = [
  'do-not-call',
  'no-mobile-number',
  'no-provider',
  'asked-recently',
  'outbound-call',
  'no-record',
] as const;
export type NotInvited = (typeof notInvitedReasons)[number];

/** An answer; `corrects` names the row that it replaces. Null when the caller was asked and gave no answer. */
export interface SurveyAnswer {
  readonly answerId: string;
  readonly surveyId: string;
  readonly at: Date;
  readonly score: number | null;
  readonly solved: boolean | null;
  readonly corrects?: string;
  /** `caller`, or the id of the user who corrected it. */
  readonly by: string;
  readonly reason?: string;
}

/** Keys 1 to 5; anything else is noise and asks again. */
export const scoreOf = (key: string): number | undefined => (/^[1-5]$/.test(key) ? Number(key) : undefined);
/** 1 solved, 2 not solved. */
export const solvedOf = (key: string): boolean | undefined => (key === '1' ? true : key === '2' ? false : undefined);

/** The rows that existed at a moment: later ones are left out, so that a stored figure can be counted again. */
export const asOfMoment = <T extends { readonly at: Date }>(rows: readonly T[], asOf: Date): T[] => rows.filter(({ at }) => at <= asOf);

/** The answer in force of each survey: the newest of a chain of corrections. The rows themselves are never changed. */
export function answersInForce(answers: readonly SurveyAnswer[]): Map<string, SurveyAnswer> {
  const corrected = new Set(answers.flatMap(({ corrects }) => corrects ?? []));
  const inForce = new Map<string, SurveyAnswer>();
  for (const answer of [...answers].sort((a, b) => a.at.getTime() - b.at.getTime()))
    if (!corrected.has(answer.answerId)) inForce.set(answer.surveyId, answer);
  return inForce;
}

export interface SatisfactionFigures {
  readonly invited: number;
  readonly answered: number;
  /** Always shown next to the score; null when nobody was invited. */
  readonly responseRate: number | null;
  readonly mean: number | null;
  /** How often each score from 1 to 5 was given. */
  readonly distribution: readonly [number, number, number, number, number];
  readonly solved: number;
  readonly notSolved: number;
}

export function satisfactionFigures(invitations: readonly Invitation[], answers: readonly SurveyAnswer[]): SatisfactionFigures {
  const inForce = answersInForce(answers);
  const distribution: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  let [answered, sum, solved, notSolved] = [0, 0, 0, 0];
  for (const { surveyId } of invitations) {
    const answer = inForce.get(surveyId);
    if (answer?.solved === true) solved += 1;
    if (answer?.solved === false) notSolved += 1;
    if (typeof answer?.score !== 'number') continue;
    answered += 1;
    sum += answer.score;
    const place = answer.score - 1;
    if (place >= 0 && place < 5) distribution[place as 0 | 1 | 2 | 3 | 4] += 1;
  }
  const invited = invitations.length;
  return {
    invited,
    answered,
    responseRate: invited === 0 ? null : answered / invited,
    mean: answered === 0 ? null : sum / answered,
    distribution,
    solved,
    notSolved,
  };
}

/** The same figures for each value of a field, such as the hour of the invitation at the site. */
export function figuresBy(
  invitations: readonly Invitation[],
  answers: readonly SurveyAnswer[],
  key: (invitation: Invitation) => string | undefined,
): Record<string, SatisfactionFigures> {
  const groups = new Map<string, Invitation[]>();
  for (const invitation of invitations) {
    const value = key(invitation);
    if (value !== undefined) groups.set(value, [...(groups.get(value) ?? []), invitation]);
  }
  return Object.fromEntries(
    [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([value, group]) => [value, satisfactionFigures(group, answers)]),
  );
}
