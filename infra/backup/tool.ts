import { setPriority } from 'node:os';
import { languageOf, type Language } from '../supervisor/words.js';
import { BackupProblem } from './problem.js';
import { problemText, stepText, type Progress, type Step } from './words.js';

const TELL_EVERY_MS = 1_000;
/** Like the archiving of recordings: live calls come first. */
const AFTER_CALLS = 10;

export const language: Language = languageOf(process.env);

/** To stderr, a line a second; the first and the last of each kind always. */
export function progressOnTerminal(): Progress {
  let toldAtMs = 0;
  let kind: Step['kind'] | undefined;
  return (step) => {
    const isLast = 'total' in step && step.done === step.total;
    if (!isLast && step.kind === kind && performance.now() - toldAtMs < TELL_EVERY_MS) return;
    kind = step.kind;
    toldAtMs = performance.now();
    process.stderr.write(`${stepText(language, step)}\n`);
  };
}

/** Runs a tool: its problem is one sentence and exit code 1, a wrong use 2. */
export function runTool(main: () => Promise<number>): void {
  setPriority(AFTER_CALLS);
  main().then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      const failed = failureOf(error);
      process.stderr.write(`${failed[language]}\n`);
      // For the program that asked, whatever language this one speaks.
      if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ failed })}\n`);
      process.exitCode = error instanceof BackupProblem && error.code.startsWith('usage-') ? 2 : 1;
    },
  );
}

function failureOf(error: unknown): Readonly<Record<Language, string>> {
  if (error instanceof BackupProblem)
    return { en: problemText('en', error.code, error.facts), zh: problemText('zh', error.code, error.facts) };
  const text = error instanceof Error ? error.message : '';
  return { en: text, zh: text };
}
