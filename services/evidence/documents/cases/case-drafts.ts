import { inWords, listed, type Say } from '../../../shared/domain/language.js';
import { heading, table, text, type Block, type Document } from '../../../shared/domain/licence/document.js';
import type { LicenceCase } from '../../cases/case-types.js';
import { hasDuty, namedDuties, numberOf, rowsOf, shownOf, textOf } from '../../../shared/domain/licence/licence-file.js';
import { companyOf, partiesOf } from './case-forms.js';
import type { FileFacts, PackFacts } from '../pack-facts.js';
import { signature } from '../signature.js';

const BLANK = '____________________';
const draft = (id: string, title: string, blocks: readonly Block[]): Document => ({
  id,
  fileName: title,
  title,
  forms: ['docx'],
  blocks,
});

/** A table of some columns of a register, with the labels of the register. */
function registerTable(facts: FileFacts, name: string, keys: readonly string[], say: Say, widths?: readonly number[]): Block {
  const register = facts.file[name];
  return table(
    keys.map((key) => inWords(register?.columns.find((column) => column.key === key)?.label ?? { zh: key, en: key }, say)),
    (register?.rows ?? []).map((row) => keys.map((key) => shownOf(facts.file, name, row, key))),
    widths === undefined ? {} : { widths },
  );
}

const peopleOf = (facts: FileFacts, duty: (typeof namedDuties)[keyof typeof namedDuties], say: Say): string =>
  listed(
    rowsOf(facts.file, 'staff')
      .filter((person) => hasDuty(person, duty) && textOf(person, 'leftOn') === '')
      .map((person) => textOf(person, 'name')),
    say,
  ) || BLANK;

/** 业务发展和实施计划: filled from the registers. What only the company knows is left blank. */
export function businessPlan(facts: FileFacts, say: Say): Document {
  const company = companyOf(facts);
  const seats = rowsOf(facts.file, 'seats').filter((seat) => textOf(seat, 'usedUntil') === '').length;
  const channels = rowsOf(facts.file, 'trunks').reduce((total, trunk) => total + numberOf(trunk, 'channels'), 0);
  return draft('business-plan', say('业务发展和实施计划', 'Business development and implementation plan'), [
    heading(say('一、业务内容', '1. Business')),
    text(
      say(
        `${company}受企事业单位委托，利用与公用通信网连接的呼叫中心系统，为用户提供业务咨询、信息咨询和数据查询等服务。`,
        `On behalf of client units ${company} answers users' questions with a call-centre system that is connected to the public network.`,
      ),
    ),
    registerTable(facts, 'clients', ['name', 'business', 'contractFrom', 'contractUntil'], say),
    heading(say('二、市场分析与目标用户', '2. Market and users')),
    text(BLANK),
    heading(say('三、服务方式与盈利模式', '3. Service and revenue')),
    text(
      say(
        '以呼入服务为主。确需呼出的，取得用户同意，仅用于即时回访、信息咨询等，不提供商业营销类呼出。收费方式：',
        'Mainly inbound. Outbound calls are made with consent, for call-backs and information, never for marketing. Charges:',
      ),
    ),
    text(BLANK),
    heading(say('四、平台与场地', '4. Platform and premises')),
    registerTable(facts, 'sites', ['name', 'kind', 'city', 'address', 'areaM2'], say, [1.4, 1, 1, 3, 1]),
    heading(say('五、三年发展目标', '5. Goals of three years')),
    table(
      [say('项目', 'Item'), say('现状', 'Now'), say('第一年', 'Year 1'), say('第二年', 'Year 2'), say('第三年', 'Year 3')],
      [
        [say('坐席（席）', 'Seats'), String(seats), '', '', ''],
        [say('中继通道（路）', 'Trunk channels'), String(channels), '', '', ''],
        [say('业务收入（万元）', 'Revenue (10,000 CNY)'), '', '', '', ''],
      ],
    ),
    heading(say('六、实施进度', '6. Schedule')),
    table(
      [say('阶段', 'Phase'), say('工作内容', 'Work'), say('完成时间', 'Done by')],
      [
        [say('系统建设', 'System'), say('设备到位、系统部署与测试', 'Devices, installation, tests'), ''],
        [say('资源接入', 'Resources'), say('号码、中继接入与备案', 'Numbers and trunks, filed'), ''],
        [say('人员培训', 'Training'), say('岗前培训与考核', 'Training and examination'), ''],
        [say('业务开通', 'Opening'), say('试运行、正式开通', 'Trial, opening'), ''],
      ],
    ),
    signature(say),
  ]);
}

/** 长期服务与质量保障措施. */
export const qualityMeasures = (facts: FileFacts, say: Say): Document =>
  draft('quality-measures', say('长期服务与质量保障措施', 'Long-term service and quality measures'), [
    heading(say('一、组织与责任', '1. Organisation')),
    text(
      say(
        `客服负责人：${peopleOf(facts, namedDuties.service, say)}。负责服务质量、投诉受理与改进。`,
        `Responsible for service, complaints and improvement: ${peopleOf(facts, namedDuties.service, say)}.`,
      ),
    ),
    heading(say('二、服务质量监测', '2. Measurement')),
    text(
      say(
        '按月统计人工接通率、服务水平、平均应答时长、放弃率和满意度，数据由话单逐条计算，保存原始明细。',
        'Answer rate, service level, speed of answer, abandons and satisfaction are counted every month from the call records, whose rows are kept.',
      ),
    ),
    heading(say('三、投诉处理', '3. Complaints')),
    text(
      say(
        '设置电话、网页、邮件等投诉渠道，登记编号，自受理之日起 15 日内答复；地方规定更短的，从其规定。',
        'Complaints come by telephone, page and mail, get a number, and are answered within 15 days, or sooner where the province asks it.',
      ),
    ),
    heading(say('四、系统可靠性', '4. Reliability')),
    text(
      say(
        '关键进程异常退出自动重启；话单、录音在存储不可用时先写入本地磁盘，恢复后补写；每日拨测并留存记录。',
        'Processes are restarted when they end; records and recordings wait on the disk while a store is away; test calls run every day and are kept.',
      ),
    ),
    heading(say('五、退出安排', '5. If the business ends')),
    text(
      say(
        '终止经营的，提前 90 日提出申请，公告用户，妥善处理预付费用和用户信息。',
        'An end of business is applied for 90 days before, users are informed, and what they paid and gave is settled.',
      ),
    ),
  ]);

/** 网络与信息安全保障措施. */
export const securityMeasures = (facts: FileFacts, say: Say): Document =>
  draft('security-measures', say('网络与信息安全保障措施', 'Network and information security measures'), [
    heading(say('一、安全责任', '1. Responsibility')),
    text(say(`安全责任人：${peopleOf(facts, namedDuties.security, say)}。`, `Responsible: ${peopleOf(facts, namedDuties.security, say)}.`)),
    heading(say('二、管理制度', '2. Rules')),
    registerTable(facts, 'rules', ['subject', 'title', 'version', 'approvedOn', 'owner'], say, [1.4, 2.6, 0.8, 1.2, 1.4]),
    heading(say('三、技术措施', '3. Technical measures')),
    ...[
      say(
        '账号一人一号，管理账号使用双因素认证，按岗位最小授权。',
        'One account a person, a second factor for administrators, least privilege.',
      ),
      say(
        '号码默认掩码显示；查询、播放、导出须有权限和理由，写入审计日志。',
        'Numbers are masked; look-ups, playback and exports need a right and a reason and are audited.',
      ),
      say(
        '录音加密存储并校验哈希值；网络日志保存不少于六个月。',
        'Recordings are encrypted and checked by hash; network logs are kept for six months at least.',
      ),
      say(
        '仅允许传送经登记的主叫号码；未登记地址的信令被拒绝并记录。',
        'Only registered caller numbers are sent; signalling of unregistered addresses is refused and logged.',
      ),
    ].map((words) => text(words)),
    heading(say('四、定级备案', '4. Grading')),
    registerTable(
      facts,
      'gradings',
      (facts.file['gradings']?.columns ?? []).slice(0, 5).map(({ key }) => key),
      say,
    ),
    heading(say('五、违法信息监测与处置', '5. Unlawful content')),
    text(
      say(
        '发现违法信息立即停止传输、保存记录并向主管部门报告；配合反电信网络诈骗工作。',
        'Unlawful content is stopped at once, recorded and reported; we help against telecom fraud.',
      ),
    ),
  ]);

/** 应急预案. */
export const emergencyPlan = (facts: FileFacts, say: Say): Document =>
  draft('emergency-plan', say('应急预案', 'Emergency plan'), [
    heading(say('一、组织', '1. Organisation')),
    text(
      say(
        `应急联系人：${peopleOf(facts, namedDuties.emergency, say)}；安全责任人：${peopleOf(facts, namedDuties.security, say)}；24小时应急电话：${textOf(rowsOf(facts.file, 'company')[0], 'emergencyPhone') || BLANK}。`,
        `Emergency contact: ${peopleOf(facts, namedDuties.emergency, say)}; security: ${peopleOf(facts, namedDuties.security, say)}; telephone: ${textOf(rowsOf(facts.file, 'company')[0], 'emergencyPhone') || BLANK}.`,
      ),
    ),
    heading(say('二、场景与处置', '2. Scenarios')),
    table(
      [say('场景', 'Scenario'), say('处置步骤', 'Steps'), say('责任人', 'Who')],
      [
        [say('中继线路中断', 'Trunk cut'), say('启用备用线路，通知运营商，公告用户', 'Use the standby line, inform carrier and users'), ''],
        [
          say('机房断电', 'Power'),
          say('启用不间断电源，有序关停，恢复后核对数据', 'Use the UPS, stop in order, compare data afterwards'),
          '',
        ],
        [
          say('录音失效', 'Recording failure'),
          say('停止外呼，本地缓存录音，恢复后补录归档', 'Stop outbound calls, spool on the disk, archive afterwards'),
          '',
        ],
        [
          say('数据泄露', 'Data leak'),
          say('隔离、取证、评估；较大以上事件 4 小时内报告', 'Isolate, secure evidence, assess; larger incidents within 4 hours'),
          '',
        ],
        [
          say('骚扰或诈骗突发', 'Nuisance or fraud'),
          say('一键停止外呼，保全证据，配合处置', 'Stop all outbound calls, keep evidence, help the authorities'),
          '',
        ],
      ],
      { widths: [1.4, 4, 1] },
    ),
    heading(say('三、演练记录', '3. Drills')),
    registerTable(facts, 'drills', ['drillId', 'scenario', 'planVersion', 'heldOn', 'result'], say, [1, 1.4, 1, 1.2, 3]),
    heading(say('四、报告与总结', '4. Reports')),
    text(
      say(
        '事件处置结束后 30 日内形成总结报告，分析原因，落实改进。',
        'Within 30 days of its end an incident is summed up, with its cause and what was improved.',
      ),
    ),
  ]);

/** Pledges that some authorities require, and the pledge of the annual report. */
export function furtherPledge(
  id: 'pledge-domestic' | 'pledge-start' | 'pledge-truth',
  facts: PackFacts,
  of: LicenceCase,
  say: Say,
): Document {
  const { company, representative, authority } = partiesOf(facts, of, say);
  const words = {
    'pledge-domestic': {
      title: say('不涉及外资承诺书', 'Pledge of no foreign investment'),
      text: say(
        '公司股东（追溯至自然人、国有资产管理部门）均不涉及外商投资；股东发生变化涉及外资的，依法办理手续。',
        'None of our shareholders, up to natural persons and the state, is a foreign investor; should that change, we act by the law.',
      ),
    },
    'pledge-start': {
      title: say('六个月内开展业务承诺书', 'Pledge to begin within six months'),
      text: say(
        '自取得经营许可证之日起六个月内开展国内呼叫中心业务（B24-1），按规定保持业务持续运营。',
        'Within six months of the licence we begin the domestic call centre (B24-1), and we keep it in operation.',
      ),
    },
    'pledge-truth': {
      title: say(`${of.year} 年度年报内容真实性承诺书`, `Pledge that the report for ${of.year} is true`),
      text: say(
        `报送的 ${of.year} 年度电信业务经营信息真实、准确、完整，与公司台账和业务记录一致。`,
        `What is reported for ${of.year} is true, exact and complete, and agrees with our registers and records.`,
      ),
    },
  }[id];
  return {
    id,
    fileName: words.title,
    title: words.title,
    forms: ['docx', 'pdf'],
    blocks: [
      { kind: 'text', flush: true, text: say(`${authority}：`, `To: ${authority}`) },
      text(say(`${company}（法定代表人 ${representative}）郑重承诺：`, `${company} (legal representative ${representative}) pledges:`)),
      text(words.text),
      text(say('如有违反，自愿承担相应法律责任，接受主管部门处理。', 'We answer before the law for any breach.')),
      signature(say),
    ],
  };
}
