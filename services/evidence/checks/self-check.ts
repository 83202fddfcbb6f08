import type { Finding } from '../finding.js';
import { flagOf, listOf, numberOf, rowsOf, textOf, type LicenceFile } from '../licence-file.js';
import { addDays, type CalendarDate } from './calendar-date.js';

export type ConditionState = 'met' | 'attention' | 'missing';

/** One condition of the licence with its state, what proves it, and what is missing (自查评估). */
export interface Condition {
  readonly id: string;
  readonly title: string;
  readonly basis: string;
  readonly state: ConditionState;
  readonly evidence: string;
  readonly missing: string;
  /** Set when it rests on an unconfirmed reading (item 86). */
  readonly openPoint?: string;
}

export interface SelfCheck {
  readonly scope: 'provincial' | 'nationwide';
  readonly conditions: readonly Condition[];
  readonly met: number;
}

export const requiredRuleSubjects = [
  'responsibility',
  'content',
  'user-data',
  'classification',
  'access',
  'audit',
  'backup',
  'vulnerability',
  'emergency',
  'anti-fraud',
  'new-business',
  'staff',
  'complaints',
  'outbound',
  'numbers',
] as const;

/** Registered capital, 42号令 Art. 6(4). */
const CAPITAL_CNY = { provincial: 1_000_000, nationwide: 10_000_000 } as const;

/** For one province or for the whole country. Pure: the findings are those of the equipment, topology and consistency checks. */
export function selfCheck(file: LicenceFile, findings: readonly Finding[], scope: SelfCheck['scope'], today: CalendarDate): SelfCheck {
  const company = rowsOf(file, 'company')[0];
  const licence = rowsOf(file, 'licence')[0];
  const people = rowsOf(file, 'staff').filter((person) => textOf(person, 'leftOn') === '' || textOf(person, 'leftOn') > today);
  const technical = people.filter((person) => textOf(person, 'job') === 'technical');
  const breaches = (...rules: string[]): number =>
    findings.filter(({ rule, severity }) => severity === 'breach' && rules.includes(rule)).length;
  const condition = (
    id: string,
    title: string,
    basis: string,
    ok: boolean,
    evidence: string,
    missing: string,
    openPoint?: string,
  ): Condition => ({
    id,
    title,
    basis,
    state: ok ? 'met' : evidence === '' ? 'missing' : 'attention',
    evidence,
    missing: ok ? '' : missing,
    ...(openPoint === undefined ? {} : { openPoint }),
  });

  const capital = numberOf(company, 'capitalCny');
  const insured = technical.filter((person) => listOf(person, 'socialSecurityMonths').length >= 3);
  const sites = rowsOf(file, 'sites');
  const subjects = new Set(rowsOf(file, 'rules').map((rule) => textOf(rule, 'subject')));
  const lacking = requiredRuleSubjects.filter((subject) => !subjects.has(subject));
  const drills = rowsOf(file, 'drills').filter((drill) => textOf(drill, 'heldOn') >= addDays(today, -365));
  const gradings = rowsOf(file, 'gradings');
  const provinces = new Set(sites.filter((site) => textOf(site, 'kind') !== 'office').map((site) => textOf(site, 'province')));
  const share = rowsOf(file, 'shareholders').reduce((sum, row) => sum + numberOf(row, 'sharePercent'), 0);
  const validUntil = textOf(licence, 'validUntil');

  const conditions: Condition[] = [
    condition('company', '依法设立的公司', '42号令 第6条 [S]', company !== undefined, textOf(company, 'name'), '登记公司信息。'),
    condition(
      'capital',
      `注册资本不低于 ${CAPITAL_CNY[scope] / 10_000} 万元`,
      '42号令 第6条(四) [S]',
      capital >= CAPITAL_CNY[scope],
      company === undefined ? '' : `注册资本 ${capital / 10_000} 万元`,
      `还差 ${Math.max(0, CAPITAL_CNY[scope] - capital) / 10_000} 万元。`,
    ),
    condition(
      'shareholding',
      '股权结构清楚',
      '申请表 [S]',
      Math.abs(share - 100) < 0.01,
      share === 0 ? '' : `合计 ${share}%`,
      '股权合计应为 100%。',
    ),
    condition(
      'dishonesty',
      '未列入失信名单',
      '42号令 第6条 [S]',
      company !== undefined && !flagOf(company, 'onDishonestyList'),
      company === undefined ? '' : flagOf(company, 'onDishonestyList') ? '已列入' : '未列入(人工登记)',
      '列入名单期间不得申请。',
    ),
    condition(
      'technical-staff',
      '专业技术人员(不少于 3 人,社保满 3 个月)',
      '6.1 [T-]',
      insured.length >= 3,
      technical.length === 0 ? '' : `技术人员 ${technical.length} 人,其中社保满 3 个月 ${insured.length} 人`,
      '补充技术人员学历、劳动合同与社保证明。',
      'technical-staff-number',
    ),
    condition(
      'named-persons',
      '指定安全责任人、客服负责人、应急联系人',
      '6.1 [S] / 40',
      breaches('named-duty') === 0 && people.length > 0,
      people.length === 0 ? '' : `名册 ${people.length} 人`,
      '在人员名册中指定。',
    ),
    condition(
      'premises',
      '必要的场地',
      '42号令 第6条 [S]',
      sites.some((site) => textOf(site, 'kind') === 'machine-room') && sites.some((site) => textOf(site, 'kind') === 'seat-hall'),
      sites.length === 0 ? '' : sites.map((site) => `${textOf(site, 'name')} ${numberOf(site, 'areaM2')} m²`).join(';'),
      '登记机房与座席场地及权属证明。面积无全国统一数值。',
    ),
    condition(
      'equipment',
      '必要的设施:设备清单与实际一致',
      '42号令 第6条 [S] / 70',
      breaches('equipment-site', 'equipment-undeclared', 'seats-undeclared', 'terminals-below-seats', 'channels-below-trunks') === 0,
      `登记设备 ${rowsOf(file, 'equipment').length} 项`,
      '处理设备清单的差异。',
    ),
    condition(
      'topology',
      '组网与技术方案一致',
      '71 [T]',
      breaches('peer-undeclared') === 0,
      '网络拓扑由运行系统生成',
      '存在未登记的对端连接。',
      'plan-change-rule',
    ),
    condition(
      'numbers',
      '码号合规',
      '码号办法 [S] / 47-51',
      rowsOf(file, 'numbers').length > 0 &&
        breaches(
          'number-gate',
          'opening-report',
          'commitment-letter',
          'ordinary-number-outbound',
          'inbound-only-originates',
          'number-undeclared',
          'number-without-contract',
        ) === 0,
      rowsOf(file, 'numbers').length === 0 ? '' : `登记号码 ${rowsOf(file, 'numbers').length} 个`,
      '处理码号的差异。',
    ),
    condition(
      'trunks',
      '合法中继,允许传送的主叫号码已登记',
      '2018 方案 [S] / 48',
      rowsOf(file, 'trunks').length > 0 &&
        breaches(
          'trunk-without-callers',
          'caller-not-registered',
          'trunk-contract',
          'trunk-channels',
          'trunk-undeclared',
          'trunk-state',
        ) === 0,
      rowsOf(file, 'trunks').length === 0 ? '' : `登记中继 ${rowsOf(file, 'trunks').length} 条`,
      '处理中继的差异。',
    ),
    condition(
      'seats',
      '座席登记与使用一致',
      '42',
      rowsOf(file, 'seats').length > 0 && breaches('seats-below-use', 'seat-site', 'seat-lease') === 0,
      rowsOf(file, 'seats').length === 0 ? '' : `坐席 ${rowsOf(file, 'seats').length} 席`,
      '使用的座席不得超过登记。',
    ),
    condition(
      'rules',
      '网络与信息安全管理制度',
      '42号令 [G] / 77',
      lacking.length === 0,
      subjects.size === 0 ? '' : `已批准制度 ${rowsOf(file, 'rules').length} 项`,
      `缺 ${lacking.length} 类制度。`,
      'security-organisation',
    ),
    condition(
      'emergency',
      '应急预案与演练(每年至少一次)',
      'CSL 27(2026 年前为 25)[S] / 63',
      drills.length > 0,
      drills.length === 0 ? '' : `近一年演练 ${drills.length} 次`,
      '安排并记录演练。',
    ),
    condition(
      'grading',
      '网络单元定级备案',
      '令11号 [T] / 66',
      gradings.length > 0,
      gradings.map(({ key }) => key).join('、'),
      '办理定级备案。',
      'grading',
    ),
    condition(
      'training',
      '培训与保密协议',
      '反诈法30、PIPL 51 [S] / 44-45',
      breaches('training', 'confidentiality') === 0 && people.length > 0,
      people.length === 0 ? '' : `在岗 ${people.length} 人`,
      '补做培训或补签协议。',
    ),
    condition(
      'validity',
      '许可证有效',
      '有效期 5 年 [T]',
      validUntil > today,
      validUntil === '' ? '' : `有效期至 ${validUntil}`,
      '到期前 90 日申请续期。',
      'licence-validity',
    ),
    condition(
      'licence-shown',
      '许可证编号在经营场所与网站公示',
      '42号令 [G] / 83',
      flagOf(licence, 'shownAtPremises'),
      licence === undefined ? '' : '系统首页与文件已显示编号',
      '在经营场所显著位置公示并登记。',
      'licence-display',
    ),
    ...(scope === 'nationwide'
      ? [
          condition(
            'provinces',
            '覆盖两个以上省(自治区、直辖市)',
            '电信条例 第9条 [S]',
            provinces.size >= 2,
            provinces.size === 0 ? '' : [...provinces].join('、'),
            '全国经营许可须有两个以上省份的实施计划。',
          ),
        ]
      : []),
  ];
  return { scope, conditions, met: conditions.filter(({ state }) => state === 'met').length };
}
