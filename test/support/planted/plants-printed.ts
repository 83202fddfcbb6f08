import type { Figure } from '../../../services/evidence/quality/formulas.js';
import { formulas } from '../../../services/evidence/quality/formulas.js';
import { QUALITY_PDF } from './planted-packs.js';
import type { Planted } from './planted.js';

const isLevel = ({ formula, group }: Figure): boolean => formula === 'serviceLevel20' && group === 'all';
const printed = (change: (figure: Figure) => Figure) => (figures: Figure[]) => figures.map((each) => (isLevel(each) ? change(each) : each));
const differs = { expected: 'red', codes: ['document-figures-differ'] } as const;
const better = printed((figure) => ({ ...figure, value: 98.5 }));

/** What whoever holds the key can print in the document on service quality, while rows and figures stay. */
export const printedPlants: Record<string, Planted> = {
  'the document prints a better service level': { inPrinted: better, ...differs },
  'an English document prints the figures': { language: 'en', expected: 'green' },
  'an English document prints a better service level': { language: 'en', inPrinted: better, ...differs },
  'the document prints another numerator': { inPrinted: printed((figure) => ({ ...figure, numerator: figure.numerator + 1 })), ...differs },
  'the document prints another denominator': {
    inPrinted: printed((figure) => ({ ...figure, denominator: figure.denominator - 1 })),
    ...differs,
  },
  'the document prints a figure under another month': { inPrinted: printed((figure) => ({ ...figure, month: '2026-09' })), ...differs },
  'the document prints a figure under another name': {
    inPrinted: printed((figure) => ({ ...figure, formula: 'serviceLevel15' })),
    ...differs,
  },
  'the document prints a figure by another version of its formula': {
    inPrinted: printed((figure) => ({ ...figure, version: figure.version + 1 })),
    ...differs,
  },
  'a pack of before prints the ids of its formulas': {
    printedFormula: ({ formula, version }) => `${formulas[formula].id} v${version}`,
    expected: 'green',
  },
  'the document prints the id of another formula': {
    printedFormula: ({ version }) => `${formulas.serviceLevel15.id} v${version}`,
    ...differs,
  },
  'the document leaves a figure out': { inPrinted: (figures) => figures.filter((each) => !isLevel(each)), ...differs },
  'the document prints a figure twice': {
    inPrinted: (figures) => figures.flatMap((each) => (isLevel(each) ? [each, each] : [each])),
    ...differs,
  },
  'the document prints the figure of a trunk for another': {
    inPrinted: (figures) => figures.map((each) => (each.group === 'trunk:carrier-1' ? { ...each, group: 'trunk:carrier-2' } : each)),
    ...differs,
  },
  'the document is one that the verifier cannot read': {
    inFiles: (files) => void files.set(QUALITY_PDF, Buffer.from('%PDF-1.7 drawn by another program')),
    expected: 'amber',
    codes: ['document-unread'],
  },
  'a pack of before prints other figures': {
    inPrinted: better,
    inManifest: (manifest) => void (manifest.holds = manifest.holds?.filter((each) => each !== 'printed') ?? []),
    expected: 'amber',
    codes: ['document-unread'],
  },
};
