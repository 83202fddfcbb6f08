import { stageNames } from '../checks/application.js';
import { TO_BE_CONFIRMED } from '../checks/open-points.js';
import type { Condition } from '../checks/self-check.js';
import { rowsOf, textOf } from '../licence-file.js';
import { heading, pairs, small, table, text, type Block, type Document } from './document.js';
import type { PackFacts } from './pack-facts.js';

/** A register as it stands, all its columns that hold something; identity numbers are masked by their owner. */
function registerTable(facts: PackFacts, name: string, leaveOut: readonly string[] = []): Block {
  const register = facts.file[name];
  if (register === undefined) return text(`(没有登记 ${name})`);
  const kept = register.columns
    .map((column, i) => ({ column, i }))
    .filter(
      ({ column, i }) =>
        !leaveOut.includes(column.key) && (register.rows.length === 0 ? i < 8 : register.rows.some((row) => row.shown[i] !== '')),
    );
  const lengths = kept.map(({ i, column }) =>
    Math.min(
      16,
      Math.max(column.label.zh.length, ...register.rows.slice(0, 60).map((row) => Math.ceil((row.shown[i] ?? '').length * 0.8)), 4),
    ),
  );
  return table(
    kept.map(({ column }) => column.label.zh),
    register.rows.map((row) => kept.map(({ i }) => row.shown[i] ?? '')),
    { title: register.title.zh, widths: lengths },
  );
}

const registers = (facts: PackFacts, ...names: readonly string[]): Block[] => names.map((name) => registerTable(facts, name));

/** 人员名册、坐席台账、培训记录 (item 76). */
export const peopleDocument = (facts: PackFacts): Document => ({
  id: 'people',
  fileName: '07-人员名册与坐席台账',
  title: '人员名册、坐席台账与培训记录',
  landscape: true,
  forms: ['pdf', 'xlsx'],
  blocks: [
    ...registers(facts, 'staff', 'seats', 'trainings'),
    small('证件号码在系统内加密保存,文件中以掩码显示。坐席登记数不得少于使用峰值。'),
  ],
});

/** 管理制度清单 (item 77). */
export const rulesDocument = (facts: PackFacts): Document => ({
  id: 'rules',
  fileName: '08-网络与信息安全管理制度清单',
  title: '网络与信息安全管理制度清单',
  landscape: true,
  forms: ['pdf', 'xlsx'],
  blocks: [...registers(facts, 'rules', 'gradings'), small('安全管理组织与制度要求的条款号' + TO_BE_CONFIRMED + '。')],
});

/** 应急预案与演练 (item 78). */
export const drillsDocument = (facts: PackFacts): Document => ({
  id: 'drills',
  fileName: '09-应急预案与演练记录',
  title: '应急预案与演练记录',
  forms: ['pdf', 'xlsx'],
  blocks: [
    text('依据《网络安全法》第 27 条(2026 年以前为第 25 条)。应急场景:中继线路中断、机房断电、录音失效、数据泄露、骚扰或诈骗突发。'),
    pairs(['应急联系人', namesWith(facts, '应急联系人')], ['安全责任人', namesWith(facts, '安全责任人')]),
    registerTable(facts, 'drills'),
  ],
});

function namesWith(facts: PackFacts, duty: string): string {
  return rowsOf(facts.file, 'staff')
    .filter((person) => Array.isArray(person.values['duties']) && person.values['duties'].includes(duty))
    .map((person) => `${textOf(person, 'name')}(${person.key})`)
    .join('、');
}

/** 码号与中继 (items 47, 48) with the carrier's own columns. */
export const numbersDocument = (facts: PackFacts): Document => ({
  id: 'numbers',
  fileName: '10-码号与中继登记',
  title: '码号与中继登记',
  landscape: true,
  forms: ['pdf', 'xlsx'],
  blocks: [
    ...registers(facts, 'numbers', 'trunks', 'clients'),
    table(
      ['号码', '期间呼入', '期间呼出'],
      facts.usage.numbers.map(({ number, calls, outbound }) => [number, String(calls), String(outbound)]),
      { title: '实际使用的号码' },
    ),
    table(
      ['中继', '期间呼叫', '并发峰值'],
      facts.usage.trunks.map(({ trunkId, calls, peakChannels }) => [
        trunkId,
        String(calls),
        peakChannels === undefined ? '' : String(peakChannels),
      ]),
      { title: '实际使用的中继' },
    ),
  ],
});

const states = { met: '符合', attention: '须处理', missing: '缺' } as const;
const conditionRow = ({ title, state, evidence, missing, basis, openPoint }: Condition): string[] => [
  title,
  states[state],
  evidence,
  missing,
  openPoint === undefined ? basis : `${basis};${TO_BE_CONFIRMED}`,
];

/** 自查评估, for one province and nationwide. */
export const selfCheckDocument = (facts: PackFacts): Document => ({
  id: 'self-check',
  fileName: '11-自查评估',
  title: '经营许可条件自查评估',
  forms: ['pdf', 'xlsx'],
  blocks: facts.selfChecks.flatMap((check) => [
    heading(check.scope === 'provincial' ? '省内经营(地网)' : '全国经营(全网)'),
    text(`符合 ${check.met} 项,共 ${check.conditions.length} 项。`),
    table(['条件', '状态', '证据', '缺少', '依据'], check.conditions.map(conditionRow), {
      title: check.scope === 'provincial' ? '省内' : '全国',
      widths: [2.6, 0.9, 2.6, 2.6, 2],
    }),
  ]),
});

const materialStates = { ready: '已备', missing: '缺', 'not-needed': '不适用', 'to-sign': '待签署' } as const;
const sources = { generated: '系统生成', uploaded: '上传', 'to-be-signed': '须签署' } as const;

/** The checklist of the application and its stages. */
export const applicationDocument = (facts: PackFacts): Document => ({
  id: 'application',
  fileName: '14-申请材料清单与进度',
  title: '申请材料清单与办理进度',
  forms: ['pdf', 'xlsx'],
  blocks: [
    table(
      ['序号', '材料', '来源', '状态', '出处'],
      facts.workspace.materials.map((each, i) => [String(i + 1), each.title, sources[each.source], materialStates[each.state], each.from]),
      { title: '材料', widths: [0.6, 4, 1.2, 1, 1.8] },
    ),
    table(
      ['阶段', '开始', '结束', '期限'],
      facts.workspace.stages.map((stage) => [stageNames[stage.id], stage.beganOn, stage.endedOn, stage.dueOn]),
      { title: '阶段', widths: [3, 1, 1, 1] },
    ),
    table(
      ['事项', '到期日', '可办理自', '紧急程度', '依据'],
      facts.duties.map((duty) => [
        duty.title,
        duty.dueOn,
        duty.opensOn,
        { overdue: '逾期', urgent: '紧急', soon: '临近', later: '' }[duty.urgency],
        duty.basis,
      ]),
      { title: '义务日历', widths: [3, 1.2, 1.2, 0.9, 1.8] },
    ),
  ],
});

/** 现场演示脚本 (item 85): what to do, what must be seen; the refusals as well as the calls. */
export const demonstrationDocument = (facts: PackFacts): Document => ({
  id: 'demonstration',
  fileName: '15-现场演示脚本',
  title: '现场演示脚本',
  forms: ['pdf', 'docx'],
  blocks: [
    text('每一步由演示人操作,检查人核对"应看到"一栏并签字。验证呼叫可由检查人在检查账号中自行发起。'),
    table(
      ['步', '操作', '应看到', '结果'],
      demonstrationSteps(rowsOf(facts.file, 'numbers')[0]?.key ?? '(服务号码)').map(({ act, see }, i) => [String(i + 1), act, see, '']),
      { title: '演示步骤', widths: [0.5, 3.2, 4, 1] },
    ),
    { kind: 'signature', lines: ['演示人:____________________', '检查人:____________________', '日期:____________________'] },
  ],
});

/** The steps of the demonstration; also read out by the page. */
export const demonstrationSteps = (number: string): readonly { readonly act: string; readonly see: string }[] => [
  { act: `用任意电话拨打 ${number}`, see: '系统应答,播放录音告知,进入语音导航' },
  { act: '按键选择人工服务', see: '进入排队,听到排队提示;监控大屏显示排队 1' },
  { act: '座席点击应答', see: '座席页显示掩码号码、排队时长;双方通话;录音红点亮起' },
  { act: '座席保持后恢复', see: '主叫听到音乐后恢复通话' },
  { act: '座席挂机,主叫按键评价', see: '主叫听到评价提示并按键' },
  { act: '以检查账号输入该来电号码与日期', see: '一分钟内显示呼叫、路由理由、录音及摘要核对结果、评价' },
  { act: '播放录音', see: '左右声道分别为主叫与座席;摘要核对为一致' },
  { act: '就该通话登记投诉', see: '得到投诉编号与期限;录音自动被保全,不能删除' },
  { act: '点击"验证呼叫"', see: '一分钟内逐段显示用时并全部成功' },
  { act: '尝试呼出:无同意凭证的号码', see: '被拒绝,原因"无同意凭证",审计留痕' },
  { act: '尝试呼出:21:00 之后', see: '被拒绝,原因"时段外"' },
  { act: '尝试用仅呼入号码呼出', see: '被拒绝,原因"仅呼入"' },
  { act: '尝试以未登记的主叫号码呼出', see: '被拒绝,原因"主叫号码未登记"' },
  { act: '检查账号尝试修改任一数据', see: '没有修改入口;接口返回无权限' },
];
