/** An answer to an invitation; one that corrects another takes its place. */
interface Answer {
  readonly _id: string;
  readonly surveyId: string;
  readonly corrects?: string | undefined;
}

/** Of each invitation the answer in force: the newest that no other corrects. Answers come in order of time. */
export function answersInForce<A extends Answer>(answers: readonly A[]): ReadonlyMap<string, A> {
  const corrected = new Set(answers.flatMap(({ corrects }) => corrects ?? []));
  return new Map(answers.filter(({ _id }) => !corrected.has(_id)).map((answer) => [answer.surveyId, answer]));
}
