import { expect, test } from '@jest/globals';
import { zeroFacts, type FactCount } from '../../shared/domain/figures/count.js';
import { allFigureKeys, figureOf, figureRegistry, type AnyFigureKey, type FigureKey } from '../../shared/domain/figures/registry.js';
import { figuresOf, zeroCount } from './count.js';
import type { Formula } from './formula.js';
import { formulas, type FormulaKey } from './formulas.js';

/** A figure wherever it is printed: with the words that name it, and the formula that it has there. */
interface Named {
  readonly names: readonly string[];
  readonly formula: string;
  readonly at: string;
}

/** What a reader takes for the same name: case, spaces, signs, and an abbreviation behind the name do not make another one. */
const asRead = (name: string): string =>
  name
    .replace(/[（(]?\b(ASA|AHT|ASR|NER|PDD|FCR|CSAT)\b[）)]?/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}′'①②③④]/gu, '');

const inRegistry = allFigureKeys.map((key): Named => {
  const { name } = figureRegistry[key];
  return { names: [`key ${asRead(key)}`, `zh ${asRead(name.zh)}`, `en ${asRead(name.en)}`], formula: key, at: `registry ${key}` };
});
const inPack = Object.entries(formulas as Readonly<Record<string, Formula>>).map(([key, { id, name, figure }]): Named => ({
  names: [`key ${asRead(id)}`, `key ${asRead(key)}`, `zh ${asRead(name.zh)}`, `en ${asRead(name.en)}`],
  formula: figure ?? `pack ${key}`,
  at: `pack ${key}`,
}));

/** The names that have two formulas, with the places. */
function twice(all: readonly Named[]): string[] {
  const found = new Map<string, { formulas: Set<string>; places: string[] }>();
  for (const { names, formula, at } of all)
    for (const name of new Set(names)) {
      const places = found.get(name) ?? { formulas: new Set(), places: [] };
      places.formulas.add(formula);
      places.places.push(at);
      found.set(name, places);
    }
  return [...found].flatMap(([name, { formulas: of, places }]) => (of.size > 1 ? [`${name}: ${places.join(', ')}`] : []));
}

test('no key and no name, in either language, has two formulas in the registry and in packs', () => {
  expect(twice([...inRegistry, ...inPack])).toEqual([]);
});

test('the walk finds a name that two formulas share, also behind an abbreviation', () => {
  const asr: Named = { names: [`zh ${asRead('应答试呼比')}`], formula: 'another', at: 'planted' };
  expect(twice([...inRegistry, asr])).toEqual(['zh 应答试呼比: registry asr, planted']);
});

test('a formula that is a figure of the registry has its name, its unit and its value', () => {
  let next = 1;
  const facts = (): FactCount => ({
    ...(Object.fromEntries(Object.keys(zeroFacts()).map((name) => [name, (next += 7)])) as unknown as FactCount),
    waits: [3, 5],
    postDialDelays: [],
  });
  const count = {
    ...zeroCount(),
    within15: facts(),
    within20: facts(),
    judged: 9,
    resolved: 4,
    valid: 8,
    satisfied: 3,
    invited: 11,
    complaints: 2,
  };
  const counted = new Map(figuresOf('2026-12', 'all', count).map((figure) => [figure.formula, figure]));
  const linked = Object.entries(formulas as Readonly<Record<FormulaKey, Formula>>).filter(([, { figure }]) => figure !== undefined);
  expect(linked.length).toBeGreaterThanOrEqual(12);
  for (const [key, { figure, name, unit }] of linked as [FormulaKey, Formula & { figure: AnyFigureKey }][]) {
    expect([key, name, unit]).toEqual([key, figureRegistry[figure].name, figureRegistry[figure].unit]);
    if (figure in zeroedFigures) expect([key, counted.get(key)?.value]).toEqual([key, figureOf(figure as FigureKey, count.within20).value]);
  }
});

/** Figures of visits, handlings and states: the ones that the counts of a pack hold as the registry does. */
const zeroedFigures: Readonly<Partial<Record<AnyFigureKey, true>>> = {
  ...{ answerRate: true, abandonRate: true, asa: true, abandonRateShort: true },
  ...{ 'wait.p90': true, 'wait.max': true, aht: true, occupancy: true },
};
