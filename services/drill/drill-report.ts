import { addressee, heading, pairs, small, table, text, type Document } from '../shared/domain/licence/document.js';
import { inWords, type Say } from '../shared/domain/language.js';
import { localTime } from '../shared/domain/time/local-time.js';
import { drillTopics, endOf, verdictOf, type Drill, type DrillItem } from './drill.js';
import { askWords, gapWords, topicWords } from './drill-words.js';
import { seedOrigin } from '../shared/domain/licence/seed-words.js';

/** Why an item was missed, in words: what the system finds missing, what the company said, or that nobody answered in time. */
export function reasonOf({ gaps, answers }: Pick<DrillItem, 'gaps' | 'answers'>, say: Say): string {
  const last = answers.at(-1);
  const words = [
    ...gaps.map((gap) => inWords(gapWords[gap], say)),
    ...(last === undefined ? [say('规定时间内没有出示', 'Nothing was shown in time.')] : []),
    ...(last !== undefined && !last.shown ? [last.note] : []),
  ];
  return words.join(say('；', ' '));
}

/** 整改报告 of a mock inspection: missed items become its problems, and people write the corrections. */
export function drillReport(drill: Drill, company: string, zone: string, now: Date, say: Say): Document {
  const missed = drill.items.filter((item) => verdictOf(item, true) === 'missed');
  // A company with an empty register has shown nothing of it.
  const empty = drillTopics.filter((topic) => drill.drawnFrom[topic] === 0).map((topic) => inWords(topicWords[topic], say));
  const timeOf = (at: Date): string => localTime(at.getTime(), zone);
  const blank = text('__________________________________________________');
  return {
    id: 'drill-report',
    fileName: `${drill.drillId}-${say('整改报告', 'rectification-report')}`,
    title: say('整改报告（模拟迎检）', 'Rectification report (mock inspection)'),
    forms: ['docx'],
    blocks: [
      addressee(company),
      pairs(
        [say('编号', 'Number'), drill.drillId],
        [say('抽取种子', 'Seed of the draw'), drill.seed],
        [say('种子来源', 'Where the seed is from'), seedOrigin(drill, timeOf, say)],
        [say('开始时间', 'Began'), timeOf(drill.startedAt)],
        [say('结束时间', 'Ended'), timeOf(endOf(drill, now) ?? drill.dueAt)],
        [say('抽查事项', 'Items drawn'), String(drill.items.length)],
        [say('须整改', 'To be corrected'), String(missed.length)],
      ),
      heading(say('一、存在的问题', '1. Problems found')),
      ...(empty.length === 0
        ? []
        : [
            text(
              say(
                `以下类别没有可抽取的内容，未作检查：${empty.join('、')}。`,
                `Nothing could be drawn of these, so they were not inspected: ${empty.join(', ')}.`,
              ),
            ),
          ]),
      ...(missed.length === 0
        ? [text(say('抽查事项均在规定时间内出示，未发现问题。', 'All that was drawn was shown in time; no problem was found.'))]
        : [
            table(
              [
                say('序号', 'No.'),
                say('类别', 'Kind'),
                say('抽查对象', 'Drawn'),
                say('问题', 'Problem'),
                say('整改措施', 'Correction'),
                say('责任人', 'By'),
                say('期限', 'Until'),
              ],
              missed.map((item) => [
                String(item.number),
                inWords(topicWords[item.topic], say),
                item.label,
                reasonOf(item, say),
                '',
                '',
                '',
              ]),
              { widths: [0.5, 1, 2, 2.4, 1.6, 0.8, 0.9] },
            ),
          ]),
      heading(say('二、整改措施和结果', '2. Corrections and result')),
      blank,
      heading(say('三、下一步工作计划', '3. Next steps')),
      blank,
      {
        kind: 'signature',
        lines: [
          say('责任人（签字）：____________________', 'Responsible: ____________________'),
          say('日期：______ 年 ____ 月 ____ 日', 'Date: ______ - ____ - ____'),
        ],
      },
      heading(say('附：全部抽查事项', 'Annex: all that was drawn')),
      table(
        [say('序号', 'No.'), say('类别', 'Kind'), say('抽查对象', 'Drawn'), say('要求', 'Asked for'), say('结论', 'Verdict')],
        drill.items.map((item) => [
          String(item.number),
          inWords(topicWords[item.topic], say),
          item.label,
          inWords(askWords[item.topic], say),
          verdictOf(item, true) === 'shown' ? say('符合', 'shown') : say('须整改', 'missed'),
        ]),
        { widths: [0.5, 1.1, 2.4, 2.6, 0.9] },
      ),
      small(
        say(
          '抽取由种子决定：以同一种子对同一时点的台账和记录抽取，结果相同。',
          'The seed decides the draw: the same seed over the registers and records of that moment draws the same.',
        ),
      ),
    ],
  };
}
