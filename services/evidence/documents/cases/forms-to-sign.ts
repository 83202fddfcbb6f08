import { inWords, listed, type Say } from '../../../shared/domain/language.js';
import { hasDuty, namedDuties, rowsOf, shownOf, textOf, type LicenceRow } from '../../../shared/domain/licence/licence-file.js';
import { addressee, heading, pairs, table, text, type Document } from '../../../shared/domain/licence/document.js';
import { authorityOf } from '../../cases/licence-case.js';
import type { PackFacts } from '../pack-facts.js';
import { signature } from '../signature.js';

/** 承诺书 (item 79): filled in from data; the system never signs. */
export function pledges(facts: Pick<PackFacts, 'file' | 'case'>, say: Say): Document[] {
  const { company, representative, authority } = parties(facts, say);
  const numbers = listed(
    rowsOf(facts.file, 'numbers').map(({ key }) => key),
    say,
  );
  const pledge = (id: string, fileName: string, title: string, paragraphs: readonly string[]): Document => ({
    id,
    fileName,
    title,
    forms: ['docx'],
    blocks: [
      addressee(say(`${authority}：`, `To: ${authority}`)),
      text(
        say(
          `我公司（${company}，法定代表人 ${representative}）从事国内呼叫中心业务（B24-1），郑重承诺：`,
          `Our company (${company}, legal representative ${representative}) runs a domestic call centre (B24-1) and pledges:`,
        ),
      ),
      ...paragraphs.map((words, i) => text(`${i + 1}. ${words}`)),
      text(say('如有违反，自愿承担相应法律责任，接受主管部门处理。', 'We answer before the law for any breach.')),
      signature(say),
    ],
  });
  return [
    pledge(
      'pledge-lawful',
      say('31-依法经营电信业务承诺书', '31-pledge-of-lawful-operation'),
      say('依法经营电信业务承诺书', 'Pledge of lawful operation'),
      [
        say(
          '遵守《中华人民共和国电信条例》《电信业务经营许可管理办法》等规定，在许可证载明的业务种类和覆盖范围内经营。',
          'To keep the Telecommunications Regulations and the rules for operating licences, and to operate within the class and coverage of the licence.',
        ),
        say(
          '不转让、出租或变相转让、出租码号资源，不转租转售语音中继线路。',
          'Not to transfer or lease numbers in any guise, nor to sub-let or resell voice trunks.',
        ),
        say(
          '在经营场所显著位置、网站首页公示许可证编号，每年第一季度报送年报，对内容的真实性负责。',
          'To show the licence number at the premises and on the home page, to file the annual report in the first quarter, and to answer for its truth.',
        ),
      ],
    ),
    pledge(
      'pledge-outbound',
      say('32-不违规呼出承诺书', '32-pledge-of-no-unlawful-outbound-calls'),
      say('不违规呼出承诺书', 'Pledge of no unlawful outbound calls'),
      [
        say(
          `使用的接入号码（${numbers || '__________'}）原则上仅用于呼入；确需呼出的，取得用户同意，仅用于即时回访、信息咨询等，不进行商业营销类呼出。`,
          `The access numbers (${numbers || '__________'}) serve inbound calls in principle. Where outbound calls are needed, the user has consented, and they serve call-backs and information only, never marketing.`,
        ),
        say(
          '不更改、隐藏主叫号码，用户明确拒绝后不再呼出，避开用户休息时间。',
          'Caller numbers are neither changed nor hidden; after a refusal nobody is called again; times of rest are kept.',
        ),
        say(
          '呼出录音、主被叫号码、拨打时间和用户同意凭证保存不少于 30 日，并配合检查。',
          'Recordings, numbers, times and evidence of consent of outbound calls are kept for 30 days at least, and open to inspection.',
        ),
      ],
    ),
    pledge(
      'pledge-security',
      say('33-信息安全承诺书', '33-pledge-of-information-security'),
      say('信息安全承诺书', 'Pledge of information security'),
      [
        say(
          '落实网络与信息安全责任制，指定安全责任人，网络日志保存不少于六个月。',
          'To name persons responsible for network and information security, and to keep network logs for six months at least.',
        ),
        say(
          '依法保护用户个人信息和通信秘密，加密存储，最小授权，对查询、播放、导出留痕。',
          'To protect personal information and the secrecy of communications: encrypted storage, least privilege, a trace of every query, playback and export.',
        ),
        say(
          '履行反电信网络诈骗义务，开展内部防范与教育，发现线索及时报告并配合处置。',
          'To fulfil the duties against telecom fraud: prevention and education of staff, prompt reports of leads, and help with their handling.',
        ),
      ],
    ),
    pledge(
      'pledge-service',
      say('34-长期服务承诺书', '34-pledge-of-long-term-service'),
      say('长期服务承诺书', 'Pledge of long-term service'),
      [
        say(
          '具备为用户提供长期服务的能力，设立投诉渠道，在规定期限内答复投诉。',
          'To be able to serve users in the long term, with channels for complaints that are answered in time.',
        ),
        say(
          '终止经营前 90 日提出申请，妥善处理用户善后，按合同返还或删除委托单位的个人信息。',
          'To apply 90 days before operation ends, to settle what users are owed, and to return or delete the personal information of client units as contracted.',
        ),
      ],
    ),
  ];
}

function parties(facts: Pick<PackFacts, 'file' | 'case'>, say: Say): { company: string; representative: string; authority: string } {
  const company = rowsOf(facts.file, 'company')[0];
  return {
    company: textOf(company, 'name') || '__________',
    representative: textOf(company, 'legalRepresentative') || '__________',
    authority:
      facts.case === undefined
        ? textOf(rowsOf(facts.file, 'licence')[0], 'authority') || say('__________ 通信管理局', '__________ communications administration')
        : authorityOf(facts.case.of.scope, facts.case.of.province, say),
  };
}

/** 申请书, filled in as far as the licence file allows. */
export function applicationForm(facts: PackFacts, say: Say): Document {
  const company = rowsOf(facts.file, 'company')[0];
  const licence = rowsOf(facts.file, 'licence')[0];
  const staff = rowsOf(facts.file, 'staff');
  const named = (duty: (typeof namedDuties)[keyof typeof namedDuties]): [string, string] => [
    inWords(duty, say),
    listed(
      staff.filter((person) => hasDuty(person, duty)).map((person) => textOf(person, 'name')),
      say,
    ),
  ];
  const [technicalLabel, technicalNames] = named(namedDuties.technical);
  const shown = (register: string, row: LicenceRow | undefined, key: string): string =>
    row === undefined ? '' : shownOf(facts.file, register, row, key);
  return {
    id: 'application-form',
    fileName: say('30-经营许可申请书', '30-application-form'),
    title: say('增值电信业务经营许可申请书', 'Application for a licence to operate value-added telecom business'),
    forms: ['docx'],
    blocks: [
      pairs(
        [say('申请业务', 'Business applied for'), say('B24-1 国内呼叫中心业务', 'B24-1 domestic call centre')],
        [say('覆盖范围', 'Coverage'), [shown('licence', licence, 'scope'), shown('licence', licence, 'provinces')].join(' ').trim()],
        [say('公司名称', 'Company'), textOf(company, 'name')],
        [say('统一社会信用代码', 'Credit code'), textOf(company, 'creditCode')],
        [say('注册地址', 'Registered address'), textOf(company, 'registeredAddress')],
        [say('注册资本（元）', 'Registered capital (CNY)'), shown('company', company, 'capitalCny')],
        [say('法定代表人', 'Legal representative'), textOf(company, 'legalRepresentative')],
        [say('主要负责人', 'Responsible person'), textOf(company, 'responsiblePerson')],
        [technicalLabel, textOf(company, 'technicalLead') || technicalNames],
        named(namedDuties.service),
        named(namedDuties.security),
        named(namedDuties.emergency),
        [say('联系人', 'Contact'), textOf(company, 'contact')],
      ),
      heading(say('主要技术人员', 'Main technical staff')),
      table(
        [say('姓名', 'Name'), say('证件号码', 'Identity number'), say('学历', 'Education'), say('专业', 'Major'), say('联系电话', 'Phone')],
        staff
          .filter((person) => textOf(person, 'job') === 'technical')
          .map((person) => ['name', 'identityNumber', 'education', 'major', 'phone'].map((key) => textOf(person, key))),
      ),
      heading(say('股权结构', 'Shareholding')),
      table(
        [
          say('股东', 'Shareholder'),
          say('持股比例（%）', 'Share (%)'),
          say('性质', 'Kind'),
          say('持有对象（空白为本公司）', 'Holds shares of (blank: this company)'),
        ],
        rowsOf(facts.file, 'shareholders').map((row) => row.shown.slice(0, 4)),
      ),
      signature(say),
    ],
  };
}

/** 整改报告 (item 80): problems, correction, result, next steps; to be completed, signed and sealed. */
export function rectificationReport(facts: PackFacts, say: Say): Document {
  const { company, representative, authority } = parties(facts, say);
  const blank = text('__________________________________________________');
  return {
    id: 'rectification',
    fileName: say('35-整改报告', '35-rectification-report'),
    title: say('整改报告', 'Rectification report'),
    forms: ['docx'],
    blocks: [
      addressee(say(`${authority}：`, `To: ${authority}`)),
      text(
        say(
          `${company}（法定代表人 ${representative}）对照有关规定进行了自查，现将情况报告如下。`,
          `${company} (legal representative ${representative}) has checked itself against the rules and reports:`,
        ),
      ),
      heading(say('一、自查发现的问题', '1. Problems found')),
      table(
        [say('序号', 'No.'), say('问题', 'Problem'), say('依据', 'Basis')],
        facts.findings.filter(({ severity }) => severity !== 'note').map(({ text: words, basis }, i) => [String(i + 1), words, basis]),
        { widths: [0.6, 5, 1.4] },
      ),
      heading(say('二、整改措施', '2. Corrections')),
      blank,
      heading(say('三、整改结果', '3. Result')),
      blank,
      heading(say('四、下一步工作计划', '4. Next steps')),
      blank,
      signature(say),
    ],
  };
}
