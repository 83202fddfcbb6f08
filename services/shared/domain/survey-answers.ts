/** An answer to an invitation. A correction replaces the answer that it corrects. */
interface Answer {
  readonly _id: string;
  readonly surveyId: string;
  readonly corrects?: string | undefined;
}

/** For each invitation the answer in force: the newest one that has not been corrected. Answers must arrive in order of time. */
export function answersInForce<A extends Answer>(answers: readonly A[]): ReadonlyMap<string, A> {
  const corrected = new Set(answers.flatMap(({ corrects }) => corrects ?? []));
  return new Map(answers.filter(({ _id }) => !corrected.has(_id)).map((answer) => [answer.surveyId, answer]));
}
