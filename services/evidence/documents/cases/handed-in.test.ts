import { expect, test } from '@jest/globals';
import { heading, pairs, small, table, text, type Document } from '../../../shared/domain/licence/document.js';
import { speak } from '../../../shared/domain/language.js';
import { toBeConfirmed } from '../../checks/open-points.js';
import { cite } from '../../../shared/domain/licence/rules/rule-book.js';
import { handedIn } from './handed-in.js';

test.each(['zh-CN', 'en'] as const)('what is handed in carries no remark of ours (%s)', (language) => {
  const say = speak(language);
  const open = toBeConfirmed(say);
  const basis = cite('application-staff', say);
  const made: Document = {
    ...{ id: 'a', fileName: 'a', title: say('文件', 'Document'), forms: ['pdf'] },
    blocks: [
      heading(say('一、条件', '1. Conditions')),
      text(say(`数值见《外呼管理》，${open}。`, `See the document, ${open}.`)),
      small(say(`条款号${open}。`, `The article is ${open}.`)),
      small(say('全部见 rows/complaints.csv。', 'All stand in rows/complaints.csv.')),
      small(say('以核准的内容为准。', 'What is approved prevails.')),
      pairs([say('依据', 'Basis'), basis]),
      table([say('依据', 'Basis')], [[`${basis}${say('；', '; ')}${open}`]]),
    ],
  };
  const article = basis.replace(say('（据转述）', ' (as quoted)'), '');
  expect(article).not.toBe(basis);
  expect(handedIn(made, say).blocks).toEqual([
    heading(say('一、条件', '1. Conditions')),
    text(say('数值见《外呼管理》。', 'See the document.')),
    small(say('以核准的内容为准。', 'What is approved prevails.')),
    pairs([say('依据', 'Basis'), article]),
    table([say('依据', 'Basis')], [[article]]),
  ]);
});
