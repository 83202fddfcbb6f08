import type { Outcome } from './unified.js';

/** The results of one run of a suite; these are kept in `results.json`. */
export interface SuiteResult {
  readonly suite: string;
  /** The suite's version and origin. */
  readonly from: string;
  readonly against: string;
  readonly on: string;
  readonly passed: number;
  readonly failed: readonly { readonly name: string; readonly says: string }[];
  /** By reason. */
  readonly skipped: Readonly<Record<string, number>>;
}

/** The engine that a suite tests; that engine's page shows the result. */
const engineOfSuite: Readonly<Record<string, 'documents' | 'objects' | 'sip'>> = {
  "drachtio-srf's own tests": 'sip',
  'MongoDB CRUD specification': 'documents',
};

/** The conformance page that shows the results of a suite. */
export function pageOfSuite(suite: string): string {
  const engine = engineOfSuite[suite];
  if (engine === undefined) throw new Error(`No page shows the suite "${suite}".`);
  return `infra/embedded/${engine}/CONFORMANCE.md`;
}

export function resultOf(of: Pick<SuiteResult, 'suite' | 'from' | 'against' | 'on'>, outcomes: readonly Outcome[]): SuiteResult {
  const skipped: Record<string, number> = {};
  for (const { result, says = '' } of outcomes) if (result === 'skipped') skipped[says] = (skipped[says] ?? 0) + 1;
  return {
    ...of,
    passed: outcomes.filter(({ result }) => result === 'passed').length,
    failed: outcomes.flatMap(({ name, result, says = '' }) => (result === 'failed' ? [{ name, says: says.slice(0, 160) }] : [])),
    skipped,
  };
}

const START = '<!-- results -->';
const END = '<!-- end of results -->';

/** The page with its tables of results replaced. */
export function withResults(page: string, results: readonly SuiteResult[]): string {
  const [before = '', rest = ''] = page.split(START);
  const [, after = ''] = rest.split(END);
  return `${before}${START}\n\n${results.map(section).join('\n')}\n${END}${after}`;
}

function section({ suite, from, against, on, passed, failed, skipped }: SuiteResult): string {
  const all = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  return [
    `### ${suite}`,
    '',
    `${from}, against ${against}, on ${on}: ${passed} passed, ${failed.length} failed, ${all} skipped.`,
    '',
    ...(all === 0
      ? []
      : ['| skipped | why |', '| --- | --- |', ...Object.entries(skipped).map(([why, count]) => `| ${count} | ${why} |`), '']),
    ...(failed.length === 0 ? [] : ['| failed | of them |', '| --- | --- |', ...byAnswer(failed), '']),
  ].join('\n');
}

/** One row for all failures with the same answer. */
function byAnswer(failed: SuiteResult['failed']): string[] {
  const groups = new Map<string, string[]>();
  for (const { name, says } of failed) groups.set(says, [...(groups.get(says) ?? []), name.split(':')[0] ?? name]);
  const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/[<>*_]/g, '\\$&');
  return [...groups].map(
    ([says, names]) => `| ${inCell(says)} | ${names.length}: ${[...new Set(names)].map((name) => `\`${name}\``).join(', ')} |`,
  );
}
