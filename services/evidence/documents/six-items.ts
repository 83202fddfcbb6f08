import { inWords, type Say, named } from '../../shared/domain/language.js';
import { heading, pairs, table, text, type Document, type Table } from '../../shared/domain/licence/document.js';
import { caseItems } from '../../shared/domain/licence/licence-case.js';
import { sixGaps, type SixItemId } from '../checks/six-gaps.js';
import { flagOf, listOf, numberOf, rowsOf, shownOf, textOf } from '../../shared/domain/licence/licence-file.js';
import { formulas, type FormulaKey } from '../quality/formulas.js';
import { showFigure } from './format.js';
import type { PackFacts } from './pack-facts.js';
import { dialPurposes, dialRefusals, personRefusals } from './row-words.js';

/** The number of rows on the page of an item, next to its figures and signatures. */
const MOST_ROWS = 10;
/** The number of sentences about what is missing; the rest is counted. */
const MOST_GAPS = 6;

/** The facts behind the pages of the six items: of a pack, or of the last weeks. */
export type SixFacts = Pick<PackFacts, 'file' | 'usage' | 'today' | 'figures' | 'complaints' | 'outbound' | 'findings'>;

/** One of the six items of inspections by the notice of 2020: the requirement, the registers and records, and what is missing. */
export interface SixItem {
  readonly id: SixItemId;
  readonly title: string;
  readonly asks: string;
  readonly figures: readonly (readonly [label: string, value: string])[];
  /** What is missing, in sentences; empty when nothing is. */
  readonly gaps: readonly string[];
  readonly proof: Table;
}

export const signatureLines = (say: Say): readonly string[] => [
  say('被检查单位（签字）：____________________', 'For the company: ____________________'),
  say('检查人员（签字）：____________________', 'Inspector: ____________________'),
  say('日期：______ 年 ____ 月 ____ 日', 'Date: ______ - ____ - ____'),
];

/** An item as a document of one page: figures, what is missing, proof, signatures. */
export const sixDocument = ({ id, title, asks, figures, gaps, proof }: SixItem, say: Say): Document => ({
  id,
  fileName: title,
  title: say(`检查事项：${title}`, `Item of inspection: ${title}`),
  forms: ['pdf'],
  blocks: [
    text(asks),
    pairs(...figures.map(([label, value]): [string, string] => [label, value])),
    heading(say('缺失事项', 'What is missing')),
    ...(gaps.length === 0 ? [text(say('未发现缺失事项。', 'Nothing was found missing.'))] : gaps.slice(0, MOST_GAPS).map(text)),
    ...(gaps.length > MOST_GAPS
      ? [text(say(`另有 ${gaps.length - MOST_GAPS} 项，见自查报告。`, `${gaps.length - MOST_GAPS} more stand in the self-check.`))]
      : []),
    // Missing parts take up space for rows: one page holds both and the signatures.
    { ...proof, rows: proof.rows.slice(0, MOST_ROWS - Math.min(MOST_GAPS, gaps.length)) },
    { kind: 'signature', lines: signatureLines(say) },
  ],
});

function itemOf(
  facts: SixFacts,
  id: SixItemId,
  asks: string,
  figures: readonly (readonly [string, string])[],
  proof: Table,
  say: Say,
): SixItem {
  return { id, title: inWords(caseItems[id], say), asks, figures, gaps: sixGaps(id, facts, say), proof };
}

const newest = (facts: SixFacts, formula: FormulaKey, say: Say): string => {
  const figure = facts.figures.filter((each) => each.formula === formula && each.group === 'all').at(-1);
  return figure === undefined ? '—' : `${showFigure(figure, say)}（${figure.numerator} / ${figure.denominator}，${figure.month}）`;
};

const known = (facts: SixFacts, register: string, key: string): boolean => rowsOf(facts.file, register).some((row) => row.key === key);
const columns = (facts: SixFacts, register: string, keys: readonly string[], say: Say): string[] =>
  keys.map((key) => {
    const label = facts.file[register]?.columns.find((column) => column.key === key)?.label;
    return label === undefined ? key : say(label.zh, label.en);
  });

/** 号码备案: numbers in use, registered and filed. */
function filingItem(facts: SixFacts, say: Say): SixItem {
  const numbers = rowsOf(facts.file, 'numbers');
  const unknown = facts.usage.numbers.filter(({ number }) => !known(facts, 'numbers', number));
  const keys = ['number', 'kind', 'certificate', 'area', 'filings', 'validUntil', 'state'];
  return itemOf(
    facts,
    'six-filing',
    say('使用的号码均有分配或租用凭证，并在使用地区备案。', 'Every number in use has its certificate and is filed where it is used.'),
    [
      [say('登记号码', 'Numbers registered'), String(numbers.length)],
      [say('期间实际使用号码', 'Numbers used in the period'), String(facts.usage.numbers.length)],
      [say('使用而未登记的号码', 'Used and not registered'), String(unknown.length)],
    ],
    table(
      columns(facts, 'numbers', keys, say),
      numbers.slice(0, MOST_ROWS).map((row) => keys.map((key) => shownOf(facts.file, 'numbers', row, key))),
      { widths: [1.2, 0.8, 1.6, 1, 1.2, 1.2, 0.8] },
    ),
    say,
  );
}

/** 号码使用: direction, purpose, and the actual calls. */
function useItem(facts: SixFacts, say: Say): SixItem {
  const rows = rowsOf(facts.file, 'numbers');
  const inboundOnly = rows.filter((row) => textOf(row, 'direction') === 'inbound-only');
  const broken = inboundOnly.filter((row) => facts.usage.numbers.some(({ number, outbound }) => number === row.key && outbound > 0));
  return itemOf(
    facts,
    'six-use',
    say(
      '号码按批准的用途和方向使用；仅呼入号码不用于呼出；呼出号码有不违规呼出承诺书。',
      'Numbers serve their approved purpose and direction; inbound-only numbers call nobody; those that call out have a letter of commitment.',
    ),
    [
      [say('仅呼入号码', 'Inbound-only numbers'), String(inboundOnly.length)],
      [say('仅呼入号码用于呼出的', 'Of these used to call out'), String(broken.length)],
      [
        say('可呼出号码中有承诺书的', 'Numbers that call out, with letter'),
        `${rows.filter((row) => textOf(row, 'direction') === 'both' && flagOf(row, 'commitmentLetter')).length} / ${rows.length - inboundOnly.length}`,
      ],
    ],
    table(
      [
        say('号码', 'Number'),
        say('用途', 'Purpose'),
        say('呼叫方向', 'Direction'),
        say('期间呼入', 'Inbound'),
        say('期间呼出', 'Outbound'),
      ],
      rows.slice(0, MOST_ROWS).map((row) => {
        const used = facts.usage.numbers.find(({ number }) => number === row.key);
        return [
          row.key,
          textOf(row, 'purpose'),
          shownOf(facts.file, 'numbers', row, 'direction'),
          String(used?.calls ?? 0),
          String(used?.outbound ?? 0),
        ];
      }),
    ),
    say,
  );
}

/** 通信资源租用: trunks, their contracts, and their use. */
function resourcesItem(facts: SixFacts, say: Say): SixItem {
  const trunks = rowsOf(facts.file, 'trunks');
  const unknown = facts.usage.trunks.filter(({ trunkId }) => !known(facts, 'trunks', trunkId));
  const valid = trunks.filter((row) => textOf(row, 'contractUntil') >= facts.today);
  return itemOf(
    facts,
    'six-resources',
    say('语音中继有有效合同，仅供本单位使用，不转租转售。', 'Trunks have a valid contract, serve this company alone, and are not sub-let.'),
    [
      [say('登记中继', 'Trunks registered'), String(trunks.length)],
      [say('合同有效', 'With a valid contract'), `${valid.length} / ${trunks.length}`],
      [say('使用而未登记的中继', 'Used and not registered'), String(unknown.length)],
    ],
    table(
      [
        ...columns(facts, 'trunks', ['trunkId', 'carrier', 'contractNumber', 'contractUntil', 'channels'], say),
        say('并发峰值', 'Most at once'),
        say('期间呼叫', 'Calls'),
      ],
      trunks.slice(0, MOST_ROWS).map((row) => {
        const used = facts.usage.trunks.find(({ trunkId }) => trunkId === row.key);
        return [
          ...['trunkId', 'carrier', 'contractNumber', 'contractUntil', 'channels'].map((key) => shownOf(facts.file, 'trunks', row, key)),
          String(used?.peakChannels ?? 0),
          String(used?.calls ?? 0),
        ];
      }),
      { widths: [1.2, 1.4, 1.4, 1.2, 0.8, 1, 1] },
    ),
    say,
  );
}

/** 经营行为管控: purposes of calls, complaints, alarms. */
function conductItem(facts: SixFacts, say: Say): SixItem {
  const { outbound } = facts;
  const nuisance = facts.complaints.filter(({ kind }) => kind === 'harassment' || kind === 'called-after-refusal').length;
  return itemOf(
    facts,
    'six-conduct',
    say(
      '呼出仅限即时回访、信息咨询等，不含商业营销；用户拒绝后不再呼出；投诉按期办理。',
      'Calls out are call-backs and information, never marketing; who refuses is called no more; complaints are answered in time.',
    ),
    [
      [say('期间呼出', 'Calls out'), String(outbound.calls)],
      [
        say('呼出请求／被拦截', 'Wished / blocked'),
        `${outbound.attempts} / ${Object.values(outbound.blocked).reduce((sum, n) => sum + n, 0)}`,
      ],
      [say('骚扰类投诉', 'Complaints of nuisance'), String(nuisance)],
      [say('谢绝来电名单', 'Do-not-call list'), String(outbound.doNotCall)],
      [say('异常呼出告警', 'Alarms of the fraud watch'), String(outbound.alarms.length)],
      [inFormula('complaintsInTime', say), newest(facts, 'complaintsInTime', say)],
    ],
    table(
      [say('登记时间', 'Since'), say('号码（掩码）', 'Number (masked)'), say('原因', 'Reason')],
      outbound.refusals.slice(0, MOST_ROWS).map(({ at, numberMasked, reason }) => [at, numberMasked, named(personRefusals, reason, say)]),
      { title: say('谢绝来电名单：最新登记', 'Do-not-call list: newest entries') },
    ),
    say,
  );
}

/** 技术控制能力: what the system refuses automatically. */
function controlItem(facts: SixFacts, say: Say): SixItem {
  const { outbound } = facts;
  const trunks = rowsOf(facts.file, 'trunks');
  return itemOf(
    facts,
    'six-control',
    say(
      '系统在拨出时逐呼核验用途、同意、时段、频次、主叫号码和停止开关；呼叫有录音并可核对哈希值。',
      'When a call is dialled the system checks purpose, consent, hours, frequency, caller number and stop; calls are recorded, and recordings checked by hash.',
    ),
    [
      [inFormula('recorded', say), newest(facts, 'recorded', say)],
      [inFormula('outboundBlocked', say), newest(facts, 'outboundBlocked', say)],
      [inFormula('availability', say), newest(facts, 'availability', say)],
      [
        say('允许传送的主叫号码', 'Permitted caller numbers'),
        String(new Set(trunks.flatMap((row) => listOf(row, 'permittedCallers'))).size),
      ],
      [say('中继通道', 'Trunk channels'), String(trunks.reduce((sum, row) => sum + numberOf(row, 'channels'), 0))],
    ],
    table(
      [say('拦截原因', 'Blocked because'), say('次数', 'Times')],
      Object.entries(outbound.blocked)
        .sort(([, a], [, b]) => b - a)
        .map(([reason, count]) => [named(dialRefusals, reason, say), String(count)]),
      { title: say('按规则拦截的呼出请求', 'Calls blocked by rule') },
    ),
    say,
  );
}

/** 用户同意凭证: consents, and a random sample of calls with theirs. */
function consentItem(facts: SixFacts, say: Say): SixItem {
  const { outbound } = facts;
  return itemOf(
    facts,
    'six-consent',
    say(
      '每次呼出有录音、主被叫号码、拨打时间和用户同意凭证，保存不少于 30 日。',
      'Each call out has its recording, numbers, time and proof of consent, kept for 30 days at least.',
    ),
    [
      [say('同意凭证（有效／全部）', 'Consents (in force / all)'), `${outbound.consents.inForce} / ${outbound.consents.all}`],
      [inFormula('outboundConsent', say), newest(facts, 'outboundConsent', say)],
      [say('抽样种子', 'Seed of the sample'), outbound.seed],
    ],
    table(
      [
        say('时间', 'At'),
        say('号码（掩码）', 'Number (masked)'),
        say('用途', 'Purpose'),
        say('录音', 'Recording'),
        say('同意凭证', 'Consent'),
      ],
      // What lacks something stands first, so that it is not cut off.
      [...outbound.sample]
        .sort((a, b) => Number(isWhole(a)) - Number(isWhole(b)))
        .slice(0, MOST_ROWS)
        .map((call) => [
          call.at,
          call.numberMasked,
          named(dialPurposes, call.purpose, say),
          call.recording ? say('有', 'yes') : say('无', 'no'),
          call.consent,
        ]),
      { title: say('抽样核对', 'Drawn sample'), widths: [1.8, 1.6, 1.2, 0.8, 2] },
    ),
    say,
  );
}

const isWhole = ({ recording, consent }: SixFacts['outbound']['sample'][number]): boolean => recording && consent !== '';

const inFormula = (key: FormulaKey, say: Say): string => say(formulas[key].name.zh, formulas[key].name.en);

const made = {
  'six-filing': filingItem,
  'six-use': useItem,
  'six-resources': resourcesItem,
  'six-conduct': conductItem,
  'six-control': controlItem,
  'six-consent': consentItem,
} as const satisfies Record<SixItemId, (facts: SixFacts, say: Say) => SixItem>;

export const sixItem = (id: SixItemId, facts: SixFacts, say: Say): SixItem => made[id](facts, say);
