/**
 * A review form: questions with weights, answered with 0 to `points` or "not applicable". A critical question with 0 points halves the
 * score, a fatal one makes it zero.
 */
export interface ReviewQuestion {
  readonly id: string;
  readonly text: Readonly<Record<string, string>>;
  readonly points: number;
  readonly weight: number;
  readonly severity: 'normal' | 'critical' | 'fatal';
}

export interface ReviewForm {
  readonly formId: string;
  /** A changed form is a new version. Reviews keep the version that they were made with. */
  readonly version: number;
  readonly name: Readonly<Record<string, string>>;
  readonly questions: readonly ReviewQuestion[];
}

/** `null`: not applicable. */
export type Answers = Readonly<Record<string, number | null>>;

export interface Score {
  /** 0 to 100, one decimal. */
  readonly percent: number;
  readonly fatal: readonly string[];
  readonly critical: readonly string[];
}

/** What is wrong with the answers; empty when the score can be computed. */
export function problemsOfAnswers(form: ReviewForm, answers: Answers): string[] {
  const problems = form.questions.flatMap(({ id, points }) => {
    const answer = answers[id];
    if (answer === undefined) return [`${id}: not answered`];
    return answer !== null && (answer < 0 || answer > points) ? [`${id}: not within 0 and ${points}`] : [];
  });
  const known = new Set(form.questions.map(({ id }) => id));
  return [...problems, ...Object.keys(answers).flatMap((id) => (known.has(id) ? [] : [`${id}: no such question`]))];
}

/** The weighted share of the reachable points. Questions that do not apply do not count. All not applicable: 100. */
export function scoreOf(form: ReviewForm, answers: Answers): Score {
  let [had, possible] = [0, 0];
  const failed: Record<ReviewQuestion['severity'], string[]> = { normal: [], critical: [], fatal: [] };
  for (const { id, points, weight, severity } of form.questions) {
    const answer = answers[id];
    if (answer === null || answer === undefined) continue;
    had += (answer / points) * weight;
    possible += weight;
    if (answer === 0) failed[severity].push(id);
  }
  const share = possible === 0 ? 1 : had / possible;
  const percent = failed.fatal.length > 0 ? 0 : failed.critical.length > 0 ? share * 50 : share * 100;
  return { percent: Math.round(percent * 10) / 10, fatal: failed.fatal, critical: failed.critical };
}

export interface Agreement {
  /** The share of questions that both reviewers answered alike, among those that at least one found applicable. */
  readonly sharePercent: number;
  readonly differences: readonly string[];
  readonly scoreDifference: number;
}

/** Compares two reviewers of one call (calibration). */
export function agreementOf(form: ReviewForm, one: Answers, other: Answers): Agreement {
  const counted = form.questions.filter(({ id }) => (one[id] ?? null) !== null || (other[id] ?? null) !== null);
  const differences = counted.filter(({ id }) => one[id] !== other[id]).map(({ id }) => id);
  return {
    sharePercent: counted.length === 0 ? 100 : Math.round(((counted.length - differences.length) / counted.length) * 1_000) / 10,
    differences,
    scoreDifference: Math.round(Math.abs(scoreOf(form, one).percent - scoreOf(form, other).percent) * 10) / 10,
  };
}
