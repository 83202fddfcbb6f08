import { rowsOf, shownOf, textOf } from '../licence-file.js';
import { heading, pairs, table, text, type Document } from './document.js';
import type { PackFacts } from './pack-facts.js';

const signature = {
  kind: 'signature' as const,
  lines: ['法定代表人(签字):____________________', '公司(盖章):____________________', '日期:______ 年 ____ 月 ____ 日'],
};

/** 承诺书 (item 79): filled in from data; the system never signs. */
export function pledges(facts: PackFacts): Document[] {
  const { company, representative, authority } = parties(facts);
  const numbers = rowsOf(facts.file, 'numbers')
    .map(({ key }) => key)
    .join('、');
  const pledge = (id: string, number: string, title: string, paragraphs: readonly string[]): Document => ({
    id,
    fileName: `${number}-${title}`,
    title,
    forms: ['docx'],
    blocks: [
      text(`${authority}:`),
      text(`我公司(${company},法定代表人 ${representative})从事国内呼叫中心业务(B24-1),郑重承诺:`),
      ...paragraphs.map((words, i) => text(`${i + 1}. ${words}`)),
      text('如有违反,愿承担相应法律责任。'),
      signature,
    ],
  });
  return [
    pledge('pledge-lawful', '31', '依法经营电信业务承诺书', [
      '遵守《中华人民共和国电信条例》《电信业务经营许可管理办法》等规定,在许可证载明的业务种类和覆盖范围内经营。',
      '不转让、出租或变相转让、出租码号资源,不转租转售语音中继线路。',
      '在经营场所显著位置、网站首页公示许可证编号,每年第一季度报送年报,对内容的真实性负责。',
    ]),
    pledge('pledge-outbound', '32', '不违规呼出承诺书', [
      `使用的接入号码(${numbers || '__________'})原则上仅用于呼入;确需呼出的,取得用户同意,仅用于即时回访、信息咨询等,不进行商业营销类呼出。`,
      '不更改、隐藏主叫号码,用户明确拒绝后不再呼出,避开用户休息时间。',
      '呼出录音、主被叫号码、拨打时间和用户同意凭证保存不少于 30 日,并配合检查。',
    ]),
    pledge('pledge-security', '33', '信息安全承诺书', [
      '落实网络与信息安全责任制,指定安全责任人,网络日志保存不少于六个月。',
      '依法保护用户个人信息和通信秘密,加密存储,最小授权,对查询、播放、导出留痕。',
      '履行反电信网络诈骗义务,开展内部防范与教育,发现线索及时报告并配合处置。',
    ]),
    pledge('pledge-service', '34', '长期服务承诺书', [
      '具备为用户提供长期服务的能力,设立投诉渠道,在规定期限内答复投诉。',
      '终止经营前 90 日提出申请,妥善处理用户善后,按合同返还或删除委托单位的个人信息。',
    ]),
  ];
}

function parties(facts: PackFacts): { company: string; representative: string; authority: string } {
  const company = rowsOf(facts.file, 'company')[0];
  return {
    company: textOf(company, 'name') || '__________',
    representative: textOf(company, 'legalRepresentative') || '__________',
    authority: textOf(rowsOf(facts.file, 'licence')[0], 'authority') || '__________ 通信管理局',
  };
}

/** 申请书, filled in as far as the licence file goes. */
export function applicationForm(facts: PackFacts): Document {
  const company = rowsOf(facts.file, 'company')[0];
  const licence = rowsOf(facts.file, 'licence')[0];
  const duty = (name: string): string =>
    rowsOf(facts.file, 'staff')
      .filter((person) => Array.isArray(person.values['duties']) && person.values['duties'].includes(name))
      .map((person) => textOf(person, 'name'))
      .join('、');
  return {
    id: 'application-form',
    fileName: '30-经营许可申请书',
    title: '增值电信业务经营许可申请书',
    forms: ['docx'],
    blocks: [
      pairs(
        ['申请业务', 'B24-1 国内呼叫中心业务'],
        [
          '覆盖范围',
          licence === undefined
            ? ''
            : `${shownOf(facts.file, 'licence', licence, 'scope')} ${shownOf(facts.file, 'licence', licence, 'provinces')}`,
        ],
        ['公司名称', textOf(company, 'name')],
        ['统一社会信用代码', textOf(company, 'creditCode')],
        ['注册地址', textOf(company, 'registeredAddress')],
        ['注册资本(元)', company === undefined ? '' : shownOf(facts.file, 'company', company, 'capitalCny')],
        ['法定代表人', textOf(company, 'legalRepresentative')],
        ['主要负责人', textOf(company, 'responsiblePerson')],
        ['技术负责人', textOf(company, 'technicalLead') || duty('技术负责人')],
        ['客服负责人', duty('客服负责人')],
        ['安全责任人', duty('安全责任人')],
        ['应急联系人', duty('应急联系人')],
        ['联系人', textOf(company, 'contact')],
      ),
      heading('主要技术人员'),
      table(
        ['姓名', '证件号码', '学历', '专业', '联系电话'],
        rowsOf(facts.file, 'staff')
          .filter((person) => textOf(person, 'job') === 'technical')
          .map((person) => [
            textOf(person, 'name'),
            textOf(person, 'identityNumber'),
            textOf(person, 'education'),
            textOf(person, 'major'),
            textOf(person, 'phone'),
          ]),
      ),
      heading('股权结构'),
      table(
        ['股东', '持股比例(%)', '性质'],
        rowsOf(facts.file, 'shareholders').map((row) => row.shown.slice(0, 3)),
      ),
      signature,
    ],
  };
}

/** 整改报告 (item 80): problems, correction, result, next steps; to be completed, signed and sealed. */
export function rectificationReport(facts: PackFacts): Document {
  const { company, representative, authority } = parties(facts);
  return {
    id: 'rectification',
    fileName: '35-整改报告',
    title: '整改报告',
    forms: ['docx'],
    blocks: [
      text(`${authority}:`),
      text(`${company}(法定代表人 ${representative})对照有关规定进行了自查,现将情况报告如下。`),
      heading('一、自查发现的问题'),
      table(
        ['序号', '问题', '依据'],
        facts.findings.filter(({ severity }) => severity !== 'note').map(({ text: words, basis }, i) => [String(i + 1), words, basis]),
      ),
      heading('二、整改措施'),
      text('__________________________________________________'),
      heading('三、整改结果'),
      text('__________________________________________________'),
      heading('四、下一步工作计划'),
      text('__________________________________________________'),
      signature,
    ],
  };
}
