import type { CaseResult } from './matrix.js';

/** A run of the matrix, as it is kept in `results.json`. */
export interface MatrixRun {
  readonly on: string;
  /** Versions of the programs that played the carrier, and of the product's own. */
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly CaseResult[];
}

const START = '<!-- results -->';
const END = '<!-- end of results -->';

/** The page with its results replaced. */
export function withResults(page: string, run: MatrixRun): string {
  const [before = '', rest = ''] = page.split(START);
  const [, after = ''] = rest.split(END);
  return `${before}${START}\n\n${sections(run)}\n${END}${after}`;
}

function sections({ on, versions, results }: MatrixRun): string {
  const red = results.filter(({ passed }) => !passed).length;
  const heard = results.filter(({ sound, passed }) => sound && passed).length;
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const groups = [...new Set(results.map(({ group }) => group))];
  return [
    `On ${on}, with ${programs.join(', ')}: ${String(results.length)} cases, ${String(results.length - red)} green, ${String(red)} red; ${String(heard)} of the green ones with sound that was checked by a tone.`,
    '',
    ...groups.flatMap((group) => [
      `### ${group.charAt(0).toUpperCase()}${group.slice(1)}`,
      '',
      '| case | the carrier | sound | result |',
      '| --- | --- | --- | --- |',
      ...results.filter((each) => each.group === group).map(row),
      '',
    ]),
  ].join('\n');
}

const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/[<>*_]/g, '\\$&');
const row = ({ id, what, sound, passed, reason = '' }: CaseResult): string =>
  `| \`${id}\` | ${inCell(what)} | ${sound ? 'tone' : '-'} | ${passed ? 'green' : `red: ${inCell(reason.slice(0, 160))}`} |`;
