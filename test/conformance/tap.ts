import type { Outcome } from './unified.js';

const OF_DOCKER = 'docker is up';

/** What a script reported in the Test Anything Protocol. A plan that was not reached is a failure of its own. */
export function outcomesOf(file: string, output: string): Outcome[] {
  const outcomes = [...output.matchAll(/^(not )?ok \d+ (.*)$/gm)]
    .map(([, not, text = '']): Outcome => {
      const name = `${file}: ${text}`;
      return not === undefined ? { name, result: 'passed' } : { name, result: 'failed', says: reasonAfter(output, text) };
    })
    .filter(({ name }) => !name.endsWith(OF_DOCKER));
  return /^1\.\.\d+$/m.test(output)
    ? outcomes
    : [...outcomes, { name: `${file}: its end`, result: 'failed', says: 'the script did not come to its end' }];
}

const reasonAfter = (output: string, name: string): string => {
  const [, after = ''] = output.split(` ${name}\n`);
  return /^\s+(?:operator|error|stack): .*$/m.exec(after.slice(0, 600))?.[0].trim() ?? 'it failed';
};
