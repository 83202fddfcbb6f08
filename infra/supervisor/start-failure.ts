/** Why an installation does not start; `words.ts` has a sentence for each. */
export type StartProblem =
  | 'already-running'
  | 'port-taken'
  | 'no-right-to-port'
  | 'no-free-ports'
  | 'no-right-to-home'
  | 'disk-full'
  | 'restore-unfinished'
  | 'program-missing'
  | 'process-failed'
  | 'not-ready-in-time'
  | 'bad-certificate'
  | 'bad-authorities'
  | 'not-isolated'
  | 'not-built';

/** Ends the start with one sentence for people. */
export class StartFailure extends Error {
  constructor(
    readonly problem: StartProblem,
    readonly facts: Readonly<Record<string, string | number>> = {},
  ) {
    super(problem);
  }
}
