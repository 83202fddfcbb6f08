import { holdersOf } from '../documents/share-chart.js';
import type { Finding } from '../../shared/domain/licence/finding.js';
import { inWords, listed, type Say, type Words } from '../../shared/domain/language.js';
import { flagOf, listOf, numberOf, rowsOf, textOf, type LicenceFile } from '../../shared/domain/licence/licence-file.js';
import { addDays, type CalendarDate } from '../../shared/domain/time/calendar-date.js';
import { cite, limit } from '../../shared/domain/licence/rules/rule-book.js';

export type ConditionState = 'met' | 'attention' | 'missing';

/** One condition of the licence: its state, its proof, and what is missing (自查评估). */
export interface Condition {
  readonly id: string;
  readonly title: string;
  readonly basis: string;
  readonly state: ConditionState;
  readonly evidence: string;
  readonly missing: string;
  /** Set when the condition relies on an unconfirmed interpretation (item 86). */
  readonly openPoint?: string;
}

export interface SelfCheck {
  readonly scope: 'provincial' | 'nationwide';
  readonly conditions: readonly Condition[];
  readonly met: number;
}

/** The subjects that need a rule, in the words of the register. */
const ruleSubjectWords = {
  responsibility: { zh: '安全责任制', en: 'Security responsibility' },
  content: { zh: '信息内容管理', en: 'Content' },
  'user-data': { zh: '用户信息保护', en: 'User data' },
  classification: { zh: '数据分类分级', en: 'Classification' },
  access: { zh: '权限管理', en: 'Access' },
  audit: { zh: '日志审计', en: 'Audit' },
  backup: { zh: '备份恢复', en: 'Backup' },
  vulnerability: { zh: '漏洞管理', en: 'Vulnerabilities' },
  emergency: { zh: '应急预案', en: 'Emergency' },
  'anti-fraud': { zh: '反诈内控', en: 'Anti-fraud' },
  'new-business': { zh: '新业务评估', en: 'New business' },
  staff: { zh: '人员管理', en: 'Staff' },
  complaints: { zh: '投诉处理', en: 'Complaints' },
  outbound: { zh: '外呼管理', en: 'Outbound' },
  numbers: { zh: '码号管理', en: 'Numbers' },
} as const satisfies Record<string, Words>;
type RuleSubject = keyof typeof ruleSubjectWords;
export const requiredRuleSubjects = Object.keys(ruleSubjectWords) as RuleSubject[];

const CAPITAL_CNY = {
  provincial: limit('order-42-6-4', 'provincialCny'),
  nationwide: limit('order-42-6-4', 'nationwideCny'),
} as const;

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

/** The facts that the conditions are judged by. */
function factsOf(
  file: LicenceFile,
  findings: readonly Finding[],
  scope: SelfCheck['scope'],
  { today, say }: { readonly today: CalendarDate; readonly say: Say },
) {
  const company = rowsOf(file, 'company')[0];
  const licence = rowsOf(file, 'licence')[0];
  const people = rowsOf(file, 'staff').filter((person) => textOf(person, 'leftOn') === '' || textOf(person, 'leftOn') > today);
  const technical = people.filter((person) => textOf(person, 'job') === 'technical');
  const breaches = (...rules: string[]): number =>
    findings.filter(({ rule, severity }) => severity === 'breach' && rules.includes(rule)).length;

  const capital = numberOf(company, 'capitalCny');
  const insured = technical.filter((person) => listOf(person, 'socialSecurityMonths').length >= 3);
  const sites = rowsOf(file, 'sites');
  const subjects = new Set(rowsOf(file, 'rules').map((rule) => textOf(rule, 'subject')));
  const lacking = requiredRuleSubjects.filter((subject) => !subjects.has(subject));
  const drills = rowsOf(file, 'drills').filter((drill) => textOf(drill, 'heldOn') >= addDays(today, -365));
  const gradings = rowsOf(file, 'gradings');
  const provinces = new Set(sites.filter((site) => textOf(site, 'kind') !== 'office').map((site) => textOf(site, 'province')));
  // Shares of the company itself. Holders behind a shareholder hold shares of that shareholder.
  const share = holdersOf(file).reduce((sum, { percent }) => sum + percent, 0);
  const validUntil = textOf(licence, 'validUntil');

  return {
    file,
    scope,
    say,
    today,
    company,
    licence,
    people,
    technical,
    breaches,
    capital,
    insured,
    sites,
    subjects,
    lacking,
    drills,
    gradings,
    provinces,
    share,
    validUntil,
  };
}
type Facts = ReturnType<typeof factsOf>;

/** The company and its capital. */
const companyConditions = ({ scope, say, company, capital, share }: Facts): Condition[] => [
  condition(
    'company',
    say('依法设立的公司', 'A company set up by law'),
    cite('order-42-6', say),
    company !== undefined,
    textOf(company, 'name'),
    say('登记公司信息。', 'Register the company.'),
  ),
  condition(
    'capital',
    say(
      `注册资本不低于 ${CAPITAL_CNY[scope] / 10_000} 万元`,
      `Registered capital of at least ${CAPITAL_CNY[scope] / 1_000_000} million CNY`,
    ),
    cite('order-42-6-4', say),
    capital >= CAPITAL_CNY[scope],
    company === undefined ? '' : say(`注册资本 ${capital / 10_000} 万元`, `Registered capital ${capital / 1_000_000} million CNY`),
    say(
      `还差 ${Math.max(0, CAPITAL_CNY[scope] - capital) / 10_000} 万元。`,
      `${Math.max(0, CAPITAL_CNY[scope] - capital) / 1_000_000} million CNY are missing.`,
    ),
  ),
  condition(
    'shareholding',
    say('股权结构清楚', 'Shareholding is clear'),
    cite('application-form', say),
    Math.abs(share - 100) < 0.01,
    share === 0 ? '' : say(`合计 ${share}%`, `${share} % in all`),
    say('股权合计应为 100%。', 'Shares must add up to 100 %.'),
  ),
  condition(
    'dishonesty',
    say('未列入失信名单', 'Not on the list of dishonest firms'),
    cite('order-42-6', say),
    company !== undefined && !flagOf(company, 'onDishonestyList'),
    company === undefined
      ? ''
      : flagOf(company, 'onDishonestyList')
        ? say('已列入', 'Listed')
        : say('未列入（人工登记）', 'Not listed (entered by hand)'),
    say('列入名单期间不得申请。', 'No application while listed.'),
  ),
];

/** People, premises. */
const peopleConditions = ({ say, people, technical, breaches, insured, sites }: Facts): Condition[] => [
  condition(
    'technical-staff',
    say('专业技术人员（不少于 3 人，社保满 3 个月）', 'Technical staff (at least 3, with 3 months of social security)'),
    cite('application-staff', say),
    insured.length >= 3,
    technical.length === 0
      ? ''
      : say(
          `技术人员 ${technical.length} 人，其中社保满 3 个月 ${insured.length} 人`,
          `${technical.length} technical staff, ${insured.length} of them with 3 months of social security`,
        ),
    say('补充技术人员学历、劳动合同与社保证明。', 'Add education, labour contracts and social-security proof of technical staff.'),
    'technical-staff-number',
  ),
  condition(
    'named-persons',
    say('指定安全责任人、客服负责人、应急联系人', 'Persons named for security, customer service and emergencies'),
    cite('application-duties', say),
    breaches('named-duty') === 0 && people.length > 0,
    people.length === 0 ? '' : say(`名册 ${people.length} 人`, `people in the register: ${people.length}`),
    say('在人员名册中指定。', 'Name them in the staff register.'),
  ),
  condition(
    'premises',
    say('必要的场地', 'The premises needed'),
    cite('order-42-6', say),
    sites.some((site) => textOf(site, 'kind') === 'machine-room') && sites.some((site) => textOf(site, 'kind') === 'seat-hall'),
    sites.length === 0 ? '' : sites.map((site) => `${textOf(site, 'name')} ${numberOf(site, 'areaM2')} m²`).join(say('；', '; ')),
    say(
      '登记机房与坐席场地及权属证明。面积无全国统一数值。',
      'Register machine room and seat hall with proof of title. No national figure for the area exists.',
    ),
  ),
];

/** The running system, against the registers. */
const networkConditions = ({ file, say, breaches }: Facts): Condition[] => [
  condition(
    'equipment',
    say('必要的设施：设备清单与实际一致', 'The facilities needed: the equipment list agrees with what runs'),
    cite('order-42-6', say),
    breaches('equipment-site', 'equipment-undeclared', 'seats-undeclared', 'terminals-below-seats', 'channels-below-trunks') === 0,
    say(`登记设备 ${rowsOf(file, 'equipment').length} 项`, `lines of equipment registered: ${rowsOf(file, 'equipment').length}`),
    say('处理设备清单的差异。', 'Settle the differences of the equipment list.'),
  ),
  condition(
    'topology',
    say('组网与技术方案一致', 'The network agrees with the technical plan'),
    cite('network-plan', say),
    breaches('peer-undeclared') === 0,
    say('网络拓扑由运行系统生成', 'The topology is drawn from the running system'),
    say('存在未登记的对端连接。', 'There are connections from peers that are not registered.'),
    'plan-change-rule',
  ),
  condition(
    'numbers',
    say('码号合规', 'Numbers are in order'),
    cite('number-rules', say),
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
    rowsOf(file, 'numbers').length === 0
      ? ''
      : say(`登记号码 ${rowsOf(file, 'numbers').length} 个`, `numbers registered: ${rowsOf(file, 'numbers').length}`),
    say('处理码号的差异。', 'Settle what is found about numbers.'),
  ),
  condition(
    'trunks',
    say('合法中继，允许传送的主叫号码已登记', 'Lawful trunks with their permitted caller numbers'),
    cite('plan-2018', say),
    rowsOf(file, 'trunks').length > 0 &&
      breaches('trunk-without-callers', 'caller-not-registered', 'trunk-contract', 'trunk-channels', 'trunk-undeclared', 'trunk-state') ===
        0,
    rowsOf(file, 'trunks').length === 0
      ? ''
      : say(`登记中继 ${rowsOf(file, 'trunks').length} 条`, `trunks registered: ${rowsOf(file, 'trunks').length}`),
    say('处理中继的差异。', 'Settle what is found about trunks.'),
  ),
  condition(
    'seats',
    say('坐席登记与使用一致', 'Seats used agree with seats declared'),
    cite('seats-declared', say),
    rowsOf(file, 'seats').length > 0 && breaches('seats-below-use', 'seat-site', 'seat-lease') === 0,
    rowsOf(file, 'seats').length === 0 ? '' : say(`坐席 ${rowsOf(file, 'seats').length} 席`, `seats: ${rowsOf(file, 'seats').length}`),
    say('实际使用坐席数不得超过登记数。', 'No more seats may be used than are declared.'),
  ),
];

const namesOf = (subjects: readonly RuleSubject[], say: Say): string =>
  listed(
    subjects.map((subject) => inWords(ruleSubjectWords[subject], say)),
    say,
  );

/** Rules, drills, grading, training. */
const securityConditions = ({ file, say, people, breaches, subjects, lacking, drills, gradings }: Facts): Condition[] => [
  condition(
    'rules',
    say('网络与信息安全管理制度', 'Rules for network and information security'),
    cite('order-42-security', say),
    lacking.length === 0,
    subjects.size === 0 ? '' : say(`已批准制度 ${rowsOf(file, 'rules').length} 项`, `rules approved: ${rowsOf(file, 'rules').length}`),
    say(
      `缺 ${lacking.length} 类制度：${namesOf(lacking, say)}。`,
      `Rules on ${lacking.length} subjects are missing: ${namesOf(lacking, say)}.`,
    ),
    'security-organisation',
  ),
  condition(
    'emergency',
    say('应急预案与演练（每年至少一次）', 'Emergency plan and drills (yearly at least)'),
    cite('cyber-plan', say),
    drills.length > 0,
    drills.length === 0 ? '' : say(`近一年演练 ${drills.length} 次`, `drills in the last year: ${drills.length}`),
    say('安排并记录演练。', 'Hold a drill and record it.'),
  ),
  condition(
    'grading',
    say('网络单元定级备案', 'Grading of the network unit is filed'),
    cite('order-11', say),
    gradings.length > 0,
    listed(
      gradings.map(({ key }) => key),
      say,
    ),
    say('办理定级备案。', 'File the grading.'),
    'grading',
  ),
  condition(
    'training',
    say('培训与保密协议', 'Training and confidentiality agreements'),
    cite('training', say),
    breaches('training', 'confidentiality') === 0 && people.length > 0,
    people.length === 0 ? '' : say(`在岗 ${people.length} 人`, `people at work: ${people.length}`),
    say('补做培训或补签协议。', 'Hold the training or sign the agreements.'),
  ),
];

/** The licence itself. */
const licenceConditions = ({ scope, say, today, licence, provinces, validUntil }: Facts): Condition[] => [
  condition(
    'validity',
    say('许可证有效', 'The licence is valid'),
    cite('licence-validity', say),
    validUntil > today,
    validUntil === '' ? '' : say(`有效期至 ${validUntil}`, `Valid until ${validUntil}`),
    say('到期前 90 日申请续期。', 'Apply for renewal 90 days before the end.'),
    'licence-validity',
  ),
  condition(
    'licence-shown',
    say('许可证编号在经营场所与网站公示', 'The licence number is shown at the premises and on the site'),
    cite('order-42-display', say),
    flagOf(licence, 'shownAtPremises'),
    licence === undefined ? '' : say('系统首页与文件已显示编号', 'The start page and the documents show the number'),
    say('在经营场所显著位置公示并登记。', 'Show it at the premises and register that.'),
    'licence-display',
  ),
  ...(scope === 'nationwide'
    ? [
        condition(
          'provinces',
          say('覆盖两个以上省（自治区、直辖市）', 'Two provinces or more are covered'),
          cite('telecom-9', say),
          provinces.size >= 2,
          provinces.size === 0 ? '' : listed([...provinces], say),
          say('全国经营许可须有两个以上省份的实施计划。', 'A nationwide licence needs a plan for two provinces or more.'),
        ),
      ]
    : []),
];

/** For one province or for the whole country. Pure: the findings are those of the equipment, topology and consistency checks. */
export function selfCheck(
  file: LicenceFile,
  findings: readonly Finding[],
  scope: SelfCheck['scope'],
  context: { readonly today: CalendarDate; readonly say: Say },
): SelfCheck {
  const facts = factsOf(file, findings, scope, context);
  const conditions = [companyConditions, peopleConditions, networkConditions, securityConditions, licenceConditions].flatMap((of) =>
    of(facts),
  );
  return { scope, conditions, met: conditions.filter(({ state }) => state === 'met').length };
}
