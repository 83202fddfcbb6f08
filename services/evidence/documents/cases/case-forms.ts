import { inWords, listed, type Say } from '../../../shared/domain/language.js';
import { addressee, heading, pairs, table, text, type Block, type Document } from '../../../shared/domain/licence/document.js';
import type { LicenceCase } from '../../cases/case-types.js';
import { authorityOf } from '../../cases/licence-case.js';
import { hasDuty, namedDuties, numberOf, rowsOf, shownOf, textOf, type LicenceRow } from '../../../shared/domain/licence/licence-file.js';
import { holdersOf, shareChart, type Holder } from '../share-chart.js';
import type { FileFacts, PackFacts } from '../pack-facts.js';
import { signature } from '../signature.js';

const BLANK = '____________________';

interface Parties {
  readonly company: string;
  readonly representative: string;
  readonly authority: string;
}

/** The name of the company; a line to write it on until it is registered. */
export const companyOf = ({ file }: FileFacts): string => textOf(rowsOf(file, 'company')[0], 'name') || BLANK;

export const partiesOf = (facts: FileFacts, of: LicenceCase, say: Say): Parties => {
  const company = rowsOf(facts.file, 'company')[0];
  return {
    company: companyOf(facts),
    representative: textOf(company, 'legalRepresentative') || BLANK,
    authority: authorityOf(of.scope, of.province, say),
  };
};

export const form = (id: string, title: string, blocks: readonly Block[]): Document => ({
  id,
  fileName: title,
  title,
  forms: ['docx', 'pdf'],
  blocks,
});

export const shown = (facts: FileFacts, register: string, row: LicenceRow | undefined, key: string): string =>
  row === undefined ? '' : shownOf(facts.file, register, row, key);

const coverageOf = (facts: PackFacts, of: LicenceCase, say: Say): string => {
  if (of.scope === 'nationwide') return say('全国', 'Nationwide');
  const licence = rowsOf(facts.file, 'licence')[0];
  return of.province || shown(facts, 'licence', licence, 'provinces');
};

/** The company details that every form has. */
function companyRows(facts: FileFacts, say: Say): [string, string][] {
  const company = rowsOf(facts.file, 'company')[0];
  const staff = rowsOf(facts.file, 'staff').filter((person) => textOf(person, 'leftOn') === '');
  const named = (duty: (typeof namedDuties)[keyof typeof namedDuties]): [string, string] => [
    inWords(duty, say),
    listed(
      staff.filter((person) => hasDuty(person, duty)).map((person) => [textOf(person, 'name'), textOf(person, 'phone')].join(' ').trim()),
      say,
    ),
  ];
  return [
    [say('公司名称', 'Company'), textOf(company, 'name')],
    [say('统一社会信用代码', 'Credit code'), textOf(company, 'creditCode')],
    [say('注册地址', 'Registered address'), textOf(company, 'registeredAddress')],
    [say('经营地址', 'Office address'), textOf(company, 'officeAddress')],
    [say('注册资本（元）', 'Registered capital (CNY)'), shown(facts, 'company', company, 'capitalCny')],
    [say('成立日期', 'Founded on'), textOf(company, 'foundedOn')],
    [say('法定代表人', 'Legal representative'), textOf(company, 'legalRepresentative')],
    [say('主要负责人', 'Responsible person'), textOf(company, 'responsiblePerson')],
    [say('技术负责人', 'Technical lead'), textOf(company, 'technicalLead')],
    named(namedDuties.service),
    named(namedDuties.security),
    named(namedDuties.emergency),
    [say('24小时应急电话', '24 h phone'), textOf(company, 'emergencyPhone') || BLANK],
    [say('联系人', 'Contact'), textOf(company, 'contact')],
    [say('网址', 'Website'), textOf(company, 'website')],
  ];
}

const citiesOf = (facts: PackFacts, say: Say): string =>
  listed(
    [...new Set(rowsOf(facts.file, 'sites').map((site) => textOf(site, 'city') || textOf(site, 'province')))].filter((city) => city !== ''),
    say,
  );

/** 申请书: no row of a licence is needed; scope and authority come from the case. */
export function applicationOfCase(facts: PackFacts, of: LicenceCase, say: Say): Document {
  const technical = rowsOf(facts.file, 'staff').filter(
    (person) => textOf(person, 'job') === 'technical' && textOf(person, 'leftOn') === '',
  );
  const { authority } = partiesOf(facts, of, say);
  const clients = rowsOf(facts.file, 'clients').filter((client) => textOf(client, 'state') === 'active');
  return form('application-form', say('增值电信业务经营许可申请书', 'Application for a licence to operate value-added telecom business'), [
    addressee(say(`${authority}：`, `To: ${authority}`)),
    pairs(
      [say('申请业务', 'Business applied for'), say('第二类增值电信业务中的国内呼叫中心业务（B24-1）', 'Domestic call centre (B24-1)')],
      [say('覆盖范围', 'Coverage'), coverageOf(facts, of, say)],
      ...companyRows(facts, say),
    ),
    heading(say('业务情况', 'Business')),
    pairs(
      [
        say('服务方式', 'Service'),
        say(
          '呼入服务为主；呼出仅限经用户同意的即时回访和信息咨询',
          'Inbound; outbound only for call-backs and information that users agreed to',
        ),
      ],
      [
        say('服务项目', 'Services'),
        listed([...new Set(clients.map((client) => textOf(client, 'business')).filter((words) => words !== ''))], say) || BLANK,
      ],
      [
        say('委托单位', 'Client units'),
        listed(
          clients.map((client) => textOf(client, 'name')),
          say,
        ) || BLANK,
      ],
      [say('目标用户', 'Users'), BLANK],
      [say('盈利模式', 'Revenue model'), BLANK],
      [say('平台设置城市', 'Cities of the platform'), citiesOf(facts, say) || BLANK],
      [say('坐席数量', 'Seats'), String(rowsOf(facts.file, 'seats').filter((seat) => textOf(seat, 'usedUntil') === '').length)],
    ),
    heading(say('主要技术人员', 'Main technical staff')),
    table(
      [say('姓名', 'Name'), say('学历', 'Education'), say('专业', 'Major'), say('联系电话', 'Phone')],
      technical.map((person) => ['name', 'education', 'major', 'phone'].map((key) => textOf(person, key))),
    ),
    heading(say('股东', 'Shareholders')),
    shareTable(facts, say),
    signature(say),
  ]);
}

export function shareTable(facts: FileFacts, say: Say): Block {
  const flat = (holders: readonly Holder[], of: string): string[][] =>
    holders.flatMap((holder) => [[holder.name, of, String(holder.percent), holder.kind], ...flat(holder.holders, holder.name)]);
  const kinds = facts.file['shareholders'];
  const kindOf = (name: string): string => {
    const row = kinds?.rows.find((each) => textOf(each, 'name') === name);
    return row === undefined ? '' : shownOf(facts.file, 'shareholders', row, 'kind');
  };
  return table(
    [say('股东', 'Shareholder'), say('持有对象', 'Holds shares of'), say('持股比例（%）', 'Share (%)'), say('性质', 'Kind')],
    flat(holdersOf(facts.file), say('本公司', 'this company')).map(([name = '', of = '', percent = '']) => [
      name,
      of,
      percent,
      kindOf(name),
    ]),
  );
}

/** 股权结构图 up to natural persons and the state. */
export const shareholdingDocument = (facts: PackFacts, say: Say): Document => ({
  id: 'shareholding',
  fileName: say('股权结构图及股东情况', 'share-chart'),
  title: say('股权结构图及股东情况', 'Share chart and shareholders'),
  forms: ['pdf', 'docx'],
  blocks: [
    { kind: 'drawing', svg: shareChart(facts.file, say), widthPt: 460, caption: say('股权结构图', 'Share chart') },
    shareTable(facts, say),
    signature(say),
  ],
});

/** 公司概况: staff, premises, facilities. */
export function overviewDocument(facts: Pick<PackFacts, 'file' | 'equipment'>, say: Say): Document {
  const staff = rowsOf(facts.file, 'staff').filter((person) => textOf(person, 'leftOn') === '');
  const count = (job: string): string => String(staff.filter((person) => textOf(person, 'job') === job).length);
  const sites = facts.file['sites'];
  return {
    id: 'company-overview',
    fileName: say('公司概况', 'company-overview'),
    title: say('公司概况（人员、场地和设施）', 'Company overview (staff, premises, facilities)'),
    forms: ['pdf', 'docx'],
    blocks: [
      heading(say('一、公司', '1. Company')),
      pairs(...companyRows(facts, say)),
      heading(say('二、人员', '2. Staff')),
      pairs(
        [say('在岗人员', 'Staff'), String(staff.length)],
        [say('管理人员', 'Managers'), count('manager')],
        [say('技术人员', 'Technical'), count('technical')],
        [say('坐席人员', 'Agents'), count('agent')],
        [say('支撑人员', 'Support'), count('support')],
      ),
      heading(say('三、场地', '3. Premises')),
      table(
        ['name', 'kind', 'address', 'city', 'areaM2', 'tenure', 'leaseUntil'].map((key) =>
          inWords(sites?.columns.find((column) => column.key === key)?.label ?? { zh: key, en: key }, say),
        ),
        (sites?.rows ?? []).map((row) =>
          ['name', 'kind', 'address', 'city', 'areaM2', 'tenure', 'leaseUntil'].map((key) => shownOf(facts.file, 'sites', row, key)),
        ),
        { widths: [1.4, 1, 2.6, 0.9, 0.9, 0.8, 1.2] },
      ),
      heading(say('四、设施', '4. Facilities')),
      pairs(
        [say('设备', 'Devices'), String(facts.equipment.lines.reduce((total, { quantity }) => total + quantity, 0))],
        [say('坐席', 'Seats'), String(rowsOf(facts.file, 'seats').filter((seat) => textOf(seat, 'usedUntil') === '').length)],
        [
          say('中继通道', 'Trunk channels'),
          String(rowsOf(facts.file, 'trunks').reduce((total, trunk) => total + numberOf(trunk, 'channels'), 0)),
        ],
      ),
    ],
  };
}

/** 续期申请书. */
export function renewalForm(facts: PackFacts, of: LicenceCase, say: Say): Document {
  const licence = rowsOf(facts.file, 'licence')[0];
  const { authority, company } = partiesOf(facts, of, say);
  return form('renewal-form', say('电信业务经营许可证续期申请书', 'Application for renewal of the licence'), [
    addressee(say(`${authority}：`, `To: ${authority}`)),
    text(
      say(
        `${company}持有的电信业务经营许可证（编号 ${textOf(licence, 'number') || BLANK}）有效期至 ${textOf(licence, 'validUntil') || BLANK}。根据《电信业务经营许可管理办法》第二十七条，现申请续期，继续经营国内呼叫中心业务（B24-1）。`,
        `The licence ${textOf(licence, 'number') || BLANK} of ${company} is valid until ${textOf(licence, 'validUntil') || BLANK}. By Art. 27 of order 42 we apply for its renewal, for the domestic call centre (B24-1).`,
      ),
    ),
    pairs(
      [say('许可证编号', 'Licence number'), textOf(licence, 'number')],
      [say('发证机关', 'Issued by'), textOf(licence, 'authority')],
      [say('发证日期', 'Issued on'), textOf(licence, 'issuedOn')],
      [say('有效期至', 'Valid until'), textOf(licence, 'validUntil')],
      [say('覆盖范围', 'Coverage'), coverageOf(facts, of, say)],
      ...companyRows(facts, say),
    ),
    signature(say),
  ]);
}

/** 股东会决议: who decides on what; the shareholders sign. */
export function resolutionDocument(facts: PackFacts, of: LicenceCase, say: Say): Document {
  const { company } = partiesOf(facts, of, say);
  const licence = textOf(rowsOf(facts.file, 'licence')[0], 'number') || BLANK;
  const matters =
    of.kind === 'renewal'
      ? [
          say(
            `同意向发证机关申请电信业务经营许可证（${licence}）续期，继续经营国内呼叫中心业务。`,
            `To apply for the renewal of licence ${licence} and to go on with the domestic call centre.`,
          ),
        ]
      : of.changes.map((change) =>
          say(
            `同意${shown(facts, 'changes', change, 'kind')}变更：由“${textOf(change, 'before')}”变更为“${textOf(change, 'after')}”，并向发证机关办理许可证变更。`,
            `To change ${shown(facts, 'changes', change, 'kind')} from "${textOf(change, 'before')}" to "${textOf(change, 'after')}", and to have the licence changed.`,
          ),
        );
  return resolutionOn(facts, say(`${company}股东会决议`, `Resolution of the shareholders of ${company}`), matters, say);
}

/** The form of a resolution on these matters. */
export const resolutionOn = (facts: FileFacts, title: string, matters: readonly string[], say: Say): Document =>
  form('resolution', title, [
    text(
      say('会议时间：______ 年 ____ 月 ____ 日　　会议地点：____________________', 'Held on ______ - ____ - ____ at ____________________'),
    ),
    text(say('根据《公司法》及公司章程，全体股东一致通过以下决议：', 'By the Company Law and the articles the shareholders resolve:')),
    // Without a matter there is a line to write it on.
    ...(matters.length === 0 ? [BLANK] : matters).map((words, i) => text(`${i + 1}. ${words}`)),
    heading(say('股东签字（盖章）', 'Signatures of the shareholders')),
    table(
      [say('股东', 'Shareholder'), say('持股比例（%）', 'Share (%)'), say('签字（盖章）', 'Signature')],
      holdersOf(facts.file).map(({ name, percent }) => [name, String(percent), '']),
      { widths: [3, 1.4, 3] },
    ),
    { kind: 'signature', lines: [say('日期：______ 年 ____ 月 ____ 日', 'Date: ______ - ____ - ____')] },
  ]);
