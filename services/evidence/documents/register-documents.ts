import { toBeConfirmed } from '../checks/open-points.js';
import type { Condition } from '../checks/self-check.js';
import { textWidth } from '../../shared/domain/text-width.js';
import { inWords, listed, type Say, type Words } from '../../shared/domain/language.js';
import { hasDuty, namedDuties, rowsOf, textOf, numberOf } from '../../shared/domain/licence/licence-file.js';
import { type Block, type Document, heading, ofDates, ofFigures, pairs, small, table, text } from '../../shared/domain/licence/document.js';
import type { PackFacts } from './pack-facts.js';
import type { TrunkId } from '../../shared/domain/ids.js';

const ems = (words: string): number => textWidth(words, 1);

/** On one sheet, more columns than this next to each other are not readable. */
const MOST_COLUMNS = 12;

/**
 * A register with all of its columns that have values. The registry masks identity numbers. A wide register becomes several tables, each
 * with the first column.
 */
function registerTables(facts: PackFacts, name: string, say: Say): Block[] {
  const register = facts.file[name];
  if (register === undefined) return [text(say(`（没有登记 ${name}）`, `(no register ${name})`))];
  const kept = register.columns
    .map((column, i) => ({ column, i }))
    .filter(({ i }) => (register.rows.length === 0 ? i < 8 : register.rows.some((row) => row.shown[i] !== '')));
  const lengths = kept.map(({ i, column }) =>
    Math.min(16, Math.max(4, ...[inWords(column.label, say), ...register.rows.slice(0, 60).map((row) => row.shown[i] ?? '')].map(ems))),
  );
  const count = kept.length <= MOST_COLUMNS ? 1 : Math.ceil((kept.length - 1) / (MOST_COLUMNS - 1));
  const each = Math.ceil((kept.length - 1) / count);
  return Array.from({ length: count }, (_, part) => {
    const chosen = [0, ...Array.from({ length: each }, (__, k) => 1 + part * each + k)].filter((at) => at < kept.length);
    const title = inWords(register.title, say);
    return table(
      chosen.map((at) => ({ words: inWords(kept[at]?.column.label ?? { zh: '', en: '' }, say), kind: kept[at]?.column.kind ?? 'text' })),
      register.rows.map((row) => chosen.map((at) => row.shown[kept[at]?.i ?? 0] ?? '')),
      {
        title: count === 1 ? title : say(`${title}（${part + 1}/${count}）`, `${title} (${part + 1}/${count})`),
        widths: chosen.map((at) => lengths[at] ?? 1),
      },
    );
  });
}

const registers = (facts: PackFacts, say: Say, ...names: readonly string[]): Block[] =>
  names.flatMap((name) => registerTables(facts, name, say));

/** 人员名册、坐席台账、培训记录 (item 76). */
export const peopleDocument = (facts: PackFacts, say: Say): Document => ({
  id: 'people',
  fileName: say('07-人员名册与坐席台账', '07-staff-and-seats'),
  title: say('人员名册、坐席台账与培训记录', 'Staff, seats and training'),
  landscape: true,
  forms: ['pdf', 'xlsx'],
  blocks: [
    ...registers(facts, say, 'staff', 'seats', 'trainings'),
    small(
      say(
        '证件号码在系统内加密保存，文件中以掩码显示。坐席登记数不得少于使用峰值。',
        'Identity numbers are kept encrypted and printed masked. No more seats may be used at once than are declared.',
      ),
    ),
  ],
});

/** 管理制度清单 (item 77). */
export const rulesDocument = (facts: PackFacts, say: Say): Document => ({
  id: 'rules',
  fileName: say('08-网络与信息安全管理制度清单', '08-management-rules'),
  title: say('网络与信息安全管理制度清单', 'Rules for network and information security'),
  landscape: true,
  forms: ['pdf', 'xlsx'],
  blocks: [
    ...registers(facts, say, 'rules', 'gradings'),
    small(say(`安全管理组织与制度要求的条款号${toBeConfirmed(say)}。`, `The article that asks for this is ${toBeConfirmed(say)}.`)),
  ],
});

/** 安全台账 (items 60-62, 64, 65, 67, 68): the registers that people keep by hand. */
export const securityDocument = (facts: PackFacts, say: Say): Document => ({
  id: 'security-registers',
  fileName: say('16-网络与数据安全台账', '16-security-registers'),
  title: say('网络与数据安全台账', 'Registers of network and data security'),
  landscape: true,
  forms: ['pdf', 'xlsx'],
  blocks: [
    ...registers(
      facts,
      say,
      'incidents',
      'patches',
      'restoreTests',
      'dataInventory',
      'entrustedProcessing',
      'impactAssessments',
      'authorityRequests',
      'unlawfulContent',
    ),
    small(
      say(
        `安全事件的 24 小时报告时限自发现时间起算；适用范围${toBeConfirmed(say)}。`,
        `The 24 hours of an incident count from its finding; to which incidents they apply is ${toBeConfirmed(say)}.`,
      ),
    ),
  ],
});

/** 应急预案与演练 (item 78). */
export const drillsDocument = (facts: PackFacts, say: Say): Document => ({
  id: 'drills',
  fileName: say('09-应急预案与演练记录', '09-emergency-plans-and-drills'),
  title: say('应急预案与演练记录', 'Emergency plans and drills'),
  forms: ['pdf', 'xlsx'],
  blocks: [
    text(
      say(
        '依据《网络安全法》第 27 条（2026 年以前为第 25 条）。应急场景：中继线路中断、机房断电、录音失效、数据泄露、骚扰或诈骗突发。',
        'Cybersecurity Law, Art. 27 (25 before 2026). Scenarios: trunk cut, power of the machine room, recording failure, data leak, outbreak of nuisance calls or fraud.',
      ),
    ),
    pairs(named(facts, namedDuties.emergency, say), named(facts, namedDuties.security, say)),
    ...registerTables(facts, 'drills', say),
  ],
});

function named(facts: PackFacts, duty: Words, say: Say): [string, string] {
  const people = rowsOf(facts.file, 'staff').filter((person) => hasDuty(person, duty));
  return [
    inWords(duty, say),
    listed(
      people.map((person) => `${textOf(person, 'name')} (${person.key})`),
      say,
    ),
  ];
}

/** 码号与中继 (items 47, 48) with the carrier's own columns. */
export const numbersDocument = (facts: PackFacts, say: Say): Document => ({
  id: 'numbers',
  fileName: say('10-码号与中继登记', '10-numbers-and-trunks'),
  title: say('码号与中继登记', 'Numbers and trunks'),
  landscape: true,
  forms: ['pdf', 'xlsx'],
  blocks: [
    ...registers(facts, say, 'numbers', 'trunks', 'clients'),
    table(
      [say('号码', 'Number'), ofFigures(say('期间呼入', 'Inbound')), ofFigures(say('期间呼出', 'Outbound'))],
      facts.usage.numbers.map(({ number, calls, outbound }) => [number, String(calls), String(outbound)]),
      { title: say('实际使用的号码', 'Numbers really used') },
    ),
    table(
      [
        say('中继', 'Trunk'),
        ofFigures(say('期间呼叫', 'Calls')),
        ofFigures(say('并发峰值', 'Most at once')),
        ofFigures(say('登记通道', 'Channels declared')),
        ofFigures(say('峰值占用率', 'Occupied at most')),
      ],
      facts.usage.trunks.map(({ trunkId, calls, peakChannels }) => [
        trunkId,
        String(calls),
        peakChannels === undefined ? '' : String(peakChannels),
        ...occupancyOf(facts, trunkId, peakChannels),
      ]),
      { title: say('实际使用的中继', 'Trunks really used') },
    ),
  ],
});

/** The channels in the register, and the share of them in use at the peak. */
function occupancyOf(facts: PackFacts, trunkId: TrunkId, peak = 0): [string, string] {
  const channels = numberOf(
    rowsOf(facts.file, 'trunks').find(({ key }) => key === trunkId),
    'channels',
  );
  return channels === 0 ? ['—', '—'] : [String(channels), `${((100 * peak) / channels).toFixed(1)} %`];
}

const states = {
  met: { zh: '符合', en: 'met' },
  attention: { zh: '须处理', en: 'to be settled' },
  missing: { zh: '缺', en: 'missing' },
} as const satisfies Record<string, Words>;
const conditionRow = ({ title, state, evidence, missing, basis, openPoint }: Condition, say: Say): string[] => [
  title,
  inWords(states[state], say),
  evidence,
  missing,
  openPoint === undefined ? basis : `${basis}${say('；', '; ')}${toBeConfirmed(say)}`,
];

/** 自查评估, for one province and nationwide. */
export const selfCheckDocument = (facts: PackFacts, say: Say): Document => ({
  id: 'self-check',
  fileName: say('11-自查评估', '11-self-check'),
  title: say('经营许可条件自查评估', 'Self-check against the conditions of the licence'),
  forms: ['pdf', 'xlsx'],
  blocks: facts.selfChecks.flatMap((check) => [
    heading(check.scope === 'provincial' ? say('省内经营（地网）', 'One province') : say('全国经营（全网）', 'Nationwide')),
    text(say(`符合 ${check.met} 项，共 ${check.conditions.length} 项。`, `${check.met} of ${check.conditions.length} conditions are met.`)),
    table(
      [say('条件', 'Condition'), say('状态', 'State'), say('证据', 'Evidence'), say('缺少', 'Missing'), say('依据', 'Basis')],
      check.conditions.map((condition) => conditionRow(condition, say)),
      {
        title: check.scope === 'provincial' ? say('省内', 'One province') : say('全国', 'Nationwide'),
        widths: [2.6, 0.9, 2.4, 1.8, 3],
      },
    ),
  ]),
});

const materialStates = {
  ready: { zh: '已备', en: 'ready' },
  missing: { zh: '缺', en: 'missing' },
  'not-needed': { zh: '不适用', en: 'not needed' },
  'to-sign': { zh: '待签署', en: 'to be signed' },
} as const satisfies Record<string, Words>;
const sources = {
  generated: { zh: '系统生成', en: 'made by the system' },
  uploaded: { zh: '上传', en: 'uploaded' },
  'to-be-signed': { zh: '须签署', en: 'signed by people' },
} as const satisfies Record<string, Words>;
const urgencies = {
  overdue: { zh: '逾期', en: 'overdue' },
  urgent: { zh: '紧急', en: 'urgent' },
  soon: { zh: '临近', en: 'soon' },
  later: { zh: '', en: '' },
} as const satisfies Record<string, Words>;

/** The checklist of the application and its stages. */
export const applicationDocument = (facts: PackFacts, say: Say): Document => ({
  id: 'application',
  fileName: say('14-申请材料清单与进度', '14-application'),
  title: say('申请材料清单与办理进度', 'Application: materials and stages'),
  forms: ['pdf', 'xlsx'],
  blocks: [
    table(
      [ofFigures(say('序号', 'No.')), say('材料', 'Material'), say('来源', 'Source'), say('状态', 'State'), say('出处', 'From')],
      facts.workspace.materials.map((each, i) => [
        String(i + 1),
        each.title,
        inWords(sources[each.source], say),
        inWords(materialStates[each.state], say),
        each.from,
      ]),
      { title: say('材料', 'Materials'), widths: [0.6, 4, 1.2, 1, 1.8] },
    ),
    table(
      [say('阶段', 'Stage'), ofDates(say('开始', 'Began')), ofDates(say('结束', 'Ended')), ofDates(say('期限', 'Due'))],
      facts.workspace.stages.map((stage) => [stage.title, stage.beganOn, stage.endedOn, stage.dueOn]),
      { title: say('阶段', 'Stages'), widths: [3, 1, 1, 1] },
    ),
    table(
      [
        say('事项', 'Duty'),
        ofDates(say('到期日', 'Due on')),
        ofDates(say('可办理自', 'From')),
        say('紧急程度', 'Urgency'),
        say('依据', 'Basis'),
      ],
      facts.duties.map((duty) => [duty.title, duty.dueOn, duty.opensOn, inWords(urgencies[duty.urgency], say), duty.basis]),
      { title: say('义务日历', 'Calendar of duties'), widths: [3, 1.2, 1.2, 0.9, 1.8] },
    ),
  ],
});

/** 现场演示脚本 (item 85): what to do, and what must be visible; refusals as well as calls. */
export const demonstrationDocument = (facts: PackFacts, say: Say): Document => ({
  id: 'demonstration',
  fileName: say('15-现场演示脚本', '15-demonstration'),
  title: say('现场演示脚本', 'Demonstration script'),
  forms: ['pdf', 'docx'],
  blocks: [
    text(
      say(
        '每一步由演示人操作，检查人员核对“应看到”一栏并签字。拨测可由检查人员在检查人员账号中自行发起。',
        'The demonstrator does each step; the inspector compares it with "must be seen" and signs. The inspector can place the proof call from their own account.',
      ),
    ),
    table(
      [say('步', 'No.'), say('操作', 'Do'), say('应看到', 'Must be seen'), say('结果', 'Result')],
      demonstrationSteps(rowsOf(facts.file, 'numbers')[0]?.key ?? say('服务号码', 'the service number'), say).map(({ act, see }, i) => [
        String(i + 1),
        act,
        see,
        '',
      ]),
      { title: say('演示步骤', 'Steps'), widths: [0.5, 3.2, 4, 1] },
    ),
    {
      kind: 'signature',
      lines: [
        say('演示人：____________________', 'Demonstrator: ____________________'),
        say('检查人员：____________________', 'Inspector: ____________________'),
        say('日期：____________________', 'Date: ____________________'),
      ],
    },
  ],
});

/** The steps of the demonstration; the page reads them out, too. */
export const demonstrationSteps = (number: string, say: Say): readonly { readonly act: string; readonly see: string }[] => [
  {
    act: say(`用任意电话拨打 ${number}`, `Call ${number} from any telephone`),
    see: say('系统应答，播放录音告知，进入语音导航', 'The system answers, plays the recording notice and the menu'),
  },
  {
    act: say('按键选择人工服务', 'Choose an agent by key'),
    see: say('进入排队，听到排队提示；监控大屏显示排队 1', 'The call waits and hears the announcement; the wallboard shows one waiting'),
  },
  {
    act: say('坐席点击应答', 'The agent answers'),
    see: say(
      '坐席页显示掩码号码、排队时长；双方通话；录音红点亮起',
      'The seat shows the masked number and the wait; both hear each other; the red dot of the recording is on',
    ),
  },
  {
    act: say('坐席保持后恢复', 'The agent holds and resumes'),
    see: say('主叫听到音乐后恢复通话', 'The caller hears music, then the agent'),
  },
  {
    act: say('坐席挂机，主叫按键评价', 'The agent hangs up, the caller rates by key'),
    see: say('主叫听到评价提示并按键', 'The caller hears the question and presses a key'),
  },
  {
    act: say('以检查人员账号输入该来电号码与日期', 'Enter the caller number and the date with the inspector account'),
    see: say(
      '一分钟内显示呼叫、路由理由、录音及哈希值核对结果、评价',
      'Within a minute: the call, its routing reasons, the recording with the verdict of its hash, the score',
    ),
  },
  {
    act: say('播放录音', 'Play the recording'),
    see: say('左右声道分别为主叫与坐席；哈希值核对一致', 'Caller left, agent right; the hash agrees'),
  },
  {
    act: say('就该通话登记投诉', 'Register a complaint about this call'),
    see: say(
      '得到投诉编号与期限；录音自动被保全，不能删除',
      'It gets a number and a limit; the recording is on hold and cannot be deleted',
    ),
  },
  {
    act: say('点击“拨测”', 'Press "proof call"'),
    see: say('一分钟内逐段显示用时并全部成功', 'Within a minute each stage with its time, all of them good'),
  },
  {
    act: say('尝试呼出：无同意凭证的号码', 'Try to call a number without consent on record'),
    see: say('被拒绝，原因“没有同意凭证”，审计留痕', 'Refused, "No consent", with an audit row'),
  },
  { act: say('尝试呼出：21:00 之后', 'Try to call after 21:00'), see: say('被拒绝，原因“不在允许时段”', 'Refused, "Outside the hours"') },
  {
    act: say('尝试用仅呼入号码呼出', 'Try to call from an inbound-only number'),
    see: say('被拒绝，原因“没有可显示的号码”', 'Refused, "No number may be shown"'),
  },
  {
    act: say('在坐席页尝试指定或更改主叫号码', 'Try to choose or change the caller number on the seat page'),
    see: say(
      '没有可填写之处；主叫号码只由系统从登记的号码中选取',
      'There is no place for it: the system takes the caller number from the register alone',
    ),
  },
  {
    act: say('检查人员账号尝试修改任一数据', 'Try to change anything with the inspector account'),
    see: say('没有修改入口；接口返回无权限', 'The pages offer nothing to change; the interface answers "not allowed"'),
  },
];
