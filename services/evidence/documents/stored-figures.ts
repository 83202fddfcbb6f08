import { type Document, ofFigures, ofTimes, small, table } from '../../shared/domain/licence/document.js';
import { inWords, type Say } from '../../shared/domain/language.js';
import type { StoredFigures } from '../quality/stored-figures.js';
import { localTime } from '../../shared/domain/time/local-time.js';
import type { PackFacts } from './pack-facts.js';
import { complaintKinds } from './row-words.js';

type Figures = StoredFigures['figures'];
const count = (figures: Figures, key: string): string => (typeof figures[key] === 'number' ? String(figures[key]) : '—');
function rounded(figures: Figures, key: string, factor = 1): string {
  const value = figures[key];
  return typeof value === 'number' ? (value * factor).toFixed(2) : '—';
}

/** The number of complaints in the stored year; undefined when the year was not stored or is not completely in the pack. */
export function storedComplaints({ stored }: Pick<PackFacts, 'stored'>, year: number): number | undefined {
  const found = stored.find(({ what, period }) => what === 'complaints' && period === String(year))?.figures['received'];
  return typeof found === 'number' ? found : undefined;
}

/** In their order, without the months before the first one that has something: nothing was kept here then, and a zero would say otherwise. */
function sinceFirst(stored: readonly StoredFigures[]): StoredFigures[] {
  const sorted = [...stored].sort((a, b) => (a.period < b.period ? -1 : 1));
  const isEmpty = ({ figures }: StoredFigures): boolean =>
    ['calls', 'received', 'invited', 'answered'].every((key) => (figures[key] ?? 0) === 0);
  const first = sorted.find((each) => each.period.length > YEAR_LENGTH && !isEmpty(each))?.period;
  return sorted.filter(({ period }) => period.length === YEAR_LENGTH || (first !== undefined && period >= first));
}
const YEAR_LENGTH = '2026'.length;

/** Months and years as they were stored at their end: read, not counted again (items 34, 36 and 39). */
export function storedBlocks({ stored, zone }: Pick<PackFacts, 'stored' | 'zone'>, say: Say): Document['blocks'] {
  const of = (what: StoredFigures['what']): StoredFigures[] => sinceFirst(stored.filter((each) => each.what === what));
  const asOf = ({ asOfMs }: StoredFigures): string => localTime(asOfMs, zone).slice(0, 16);
  const kindsOf = ({ figures }: StoredFigures): string =>
    Object.entries((figures['byKind'] ?? {}) as Readonly<Record<string, number>>)
      .map(([kind, number]) => `${kindName(kind, say)} ${number}`)
      .join(say('；', '; '));
  return [
    table(
      [
        say('期间', 'Period'),
        ofTimes(say('截至', 'As of')),
        ofFigures(say('受理', 'Received')),
        say('口径版本', 'Version'),
        ofFigures(say('呼叫', 'Calls')),
        ofFigures(say('万次呼叫投诉量', 'Per 10 000 calls')),
        ofFigures(say('按时答复', 'In time')),
        ofFigures(say('超时答复', 'Late')),
        ofFigures(say('超时未答复', 'Overdue')),
        ofFigures(say('属实', 'Upheld')),
        ofFigures(say('申诉', 'Appeals')),
        ofFigures(say('答复满意度', 'Satisfaction')),
        say('按类别', 'By kind'),
      ],
      of('complaints').map((each) => [
        each.period,
        asOf(each),
        count(each.figures, 'received'),
        String(each.formulaVersion),
        count(each.figures, 'calls'),
        rounded(each.figures, 'per10000Calls'),
        count(each.figures, 'answeredInTime'),
        count(each.figures, 'answeredLate'),
        count(each.figures, 'openOverdue'),
        count(each.figures, 'upheld'),
        count(each.figures, 'appeals'),
        rounded(each.figures, 'satisfactionMean'),
        kindsOf(each),
      ]),
      {
        title: say('投诉月度与年度数据（保存值）', 'Complaints by month and year, as stored'),
        widths: [1.2, 1.8, 0.9, 0.9, 1, 1.1, 1, 1, 1, 0.9, 0.9, 1.1, 3],
      },
    ),
    small(
      say(
        '口径版本 4 起，“呼叫”为呼入的服务呼叫（不含测试与练习呼叫），与“服务质量”的万次呼叫投诉量一致；此前版本为全部呼叫。',
        'From version 4 on, calls are those that came in for service (no test or practice calls), as for complaints per 10 000 calls under service quality; before, they were all calls.',
      ),
    ),
    table(
      [
        say('期间', 'Period'),
        ofTimes(say('截至', 'As of')),
        ofFigures(say('邀请', 'Invited')),
        ofFigures(say('评价', 'Answered')),
        ofFigures(say('参与率', 'Response rate')),
        ofFigures(say('均分', 'Mean')),
        say('1 至 5 分', '1 to 5'),
        ofFigures(say('已解决', 'Solved')),
        ofFigures(say('未解决', 'Not solved')),
      ],
      of('satisfaction').map((each) => [
        each.period,
        asOf(each),
        count(each.figures, 'invited'),
        count(each.figures, 'answered'),
        typeof each.figures['responseRate'] === 'number' ? `${rounded(each.figures, 'responseRate', 100)} %` : '—',
        rounded(each.figures, 'mean'),
        (Array.isArray(each.figures['distribution']) ? each.figures['distribution'] : []).join(' / '),
        count(each.figures, 'solved'),
        count(each.figures, 'notSolved'),
      ]),
      { title: say('满意度月度与年度数据（保存值）', 'Satisfaction by month and year, as stored') },
    ),
    small(say('首个有记录的月份之前不列。', 'Months before the first one with records are left out.')),
    small(
      say(
        '以上为期间结束后保存的数值，按“截至”时刻的记录计算；与汇总中的数值不同者，系其后的答复、办结或更正。原值见 stored-figures.json，recompute.py 由原始行重算并比对。',
        'These were stored when the period was over, counted from the rows as of then; where the summary differs, it is by answers, ends or corrections since. They are in stored-figures.json, and recompute.py counts them again from the rows.',
      ),
    ),
  ];
}

function kindName(kind: string, say: Say): string {
  const words = new Map(Object.entries(complaintKinds)).get(kind);
  return words === undefined ? kind : inWords(words, say);
}
