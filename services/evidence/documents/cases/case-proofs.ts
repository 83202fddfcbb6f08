import type { Say } from '../../../shared/domain/language.js';
import { addressee, heading, pairs, small, table, text, type Block, type Document } from '../../../shared/domain/licence/document.js';
import type { LicenceCase } from '../../cases/case-types.js';
import { rowsOf, textOf } from '../../../shared/domain/licence/licence-file.js';
import { form, partiesOf, shown } from './case-forms.js';
import type { PackFacts } from '../pack-facts.js';
import { signature } from '../signature.js';

/** 变更申请书. */
export function changeForm(facts: PackFacts, of: LicenceCase, say: Say): Document {
  const { authority, company } = partiesOf(facts, of, say);
  const licence = rowsOf(facts.file, 'licence')[0];
  return form('change-form', say('电信业务经营许可证变更申请书', 'Application for a change of the licence'), [
    addressee(say(`${authority}：`, `To: ${authority}`)),
    text(
      say(
        `${company}发生下列变更，现按《电信业务经营许可管理办法》第二十八条、第二十九条申请办理许可证变更。`,
        `${company} reports these changes and applies for a change of its licence by Art. 28 and 29 of order 42.`,
      ),
    ),
    pairs(
      [say('许可证编号', 'Licence number'), textOf(licence, 'number')],
      [say('公司名称', 'Company'), company],
      [say('有效期至', 'Valid until'), textOf(licence, 'validUntil')],
    ),
    changeTable(facts, of, say),
    signature(say),
  ]);
}

const changeTable = (facts: PackFacts, of: LicenceCase, say: Say): Block =>
  table(
    [
      say('变更事项', 'Change'),
      say('变更前', 'Before'),
      say('变更后', 'After'),
      say('公司决定日期', 'Decided on'),
      say('公司登记完成日期', 'Registered on'),
    ],
    of.changes.map((change) => [
      shown(facts, 'changes', change, 'kind'),
      ...['before', 'after', 'decidedOn', 'registeredOn'].map((key) => textOf(change, key)),
    ]),
    { widths: [1.2, 2.4, 2.4, 1.4, 1.4] },
  );

/** 变更前后对照表: the decision, and each line that differs from the last filing, by the name of its field. */
export const comparisonDocument = (facts: PackFacts, of: LicenceCase, say: Say): Document => ({
  id: 'comparison',
  fileName: say('变更前后对照表', 'old-and-new'),
  title: say('变更前后对照表', 'Table of old and new'),
  landscape: true,
  forms: ['pdf', 'docx'],
  blocks: [
    heading(say('一、变更事项', '1. Changes')),
    changeTable(facts, of, say),
    ...(facts.filedOn === undefined
      ? []
      : [
          heading(say(`二、与 ${facts.filedOn} 报备内容的逐项对照`, `2. Against what was filed on ${facts.filedOn}`)),
          table(
            [say('项目', 'Item'), say('报备内容', 'As filed'), say('现内容', 'Now')],
            facts.differences
              .filter(({ subject }) => /^(company|licence|shareholders|sites|numbers)\//.test(subject))
              .map(({ what, filed, now }) => [what, filed || say('（无）', '(none)'), now || say('（无）', '(none)')]),
            { widths: [2, 3, 3] },
          ),
        ]),
    small(say('对照内容以公司登记机关核准的内容为准。', 'What the company register has approved prevails.')),
    signature(say),
  ],
});

/** 业务开通情况证明: proof from the call records that the licensed business was opened. */
export function openingProof(facts: PackFacts, of: LicenceCase, say: Say): Document {
  const { authority, company } = partiesOf(facts, of, say);
  const months = facts.figures.filter(({ formula, group }) => formula === 'answerRate' && group === 'all');
  return {
    id: 'opening-proof',
    fileName: say('业务开通情况证明', 'proof-of-opening'),
    title: say('业务开通情况证明', 'Proof that the business was opened'),
    forms: ['pdf', 'docx'],
    blocks: [
      addressee(say(`${authority}：`, `To: ${authority}`)),
      text(
        say(
          `${company}已开通国内呼叫中心业务（B24-1）。${facts.from} 至 ${facts.to} 共有呼叫 ${facts.totals.calls} 次，其中呼入 ${facts.totals.inbound} 次、呼出 ${facts.totals.outbound} 次，人工接听 ${facts.totals.handled} 次，通话 ${Math.round(facts.totals.talkMs / 60_000)} 分钟。`,
          `${company} has opened the domestic call centre (B24-1). From ${facts.from} to ${facts.to} there were ${facts.totals.calls} calls: ${facts.totals.inbound} in, ${facts.totals.outbound} out, ${facts.totals.handled} handled by agents, ${Math.round(facts.totals.talkMs / 60_000)} minutes of talk.`,
        ),
      ),
      heading(say('一、分月业务量', '1. By month')),
      table(
        [say('月份', 'Month'), say('进入人工服务呼叫', 'Calls for agents'), say('人工接听', 'Handled')],
        months.map(({ month, numerator, denominator }) => [month, String(denominator), String(numerator)]),
      ),
      heading(say('二、接入号码及启用日期', '2. Numbers and their opening')),
      table(
        [say('号码', 'Number'), say('启用日期', 'Opened on'), say('期间呼入', 'Inbound'), say('期间呼出', 'Outbound')],
        rowsOf(facts.file, 'numbers').map((row) => {
          const used = facts.usage.numbers.find(({ number }) => number === row.key);
          return [row.key, textOf(row, 'openedOn'), String(used?.calls ?? 0), String(used?.outbound ?? 0)];
        }),
      ),
      heading(say('三、委托单位', '3. Client units')),
      table(
        [say('委托单位', 'Client unit'), say('业务种类', 'Business'), say('合同起', 'From'), say('合同止', 'Until')],
        rowsOf(facts.file, 'clients').map((row) => ['name', 'business', 'contractFrom', 'contractUntil'].map((key) => textOf(row, key))),
      ),
      signature(say),
    ],
  };
}
