import { inWords, type Say, type Words } from '../../shared/domain/language.js';
import { rowsOf, textOf, type LicenceFile } from '../../shared/domain/licence/licence-file.js';

/** The origin of a material: made by the system, uploaded by people, or filled in by the system and signed by people. */
export type MaterialSource = 'generated' | 'uploaded' | 'to-be-signed';
export type MaterialState = 'ready' | 'missing' | 'not-needed' | 'to-sign';

export interface Material {
  readonly id: string;
  readonly title: string;
  readonly source: MaterialSource;
  readonly state: MaterialState;
  readonly from: string;
}

/** Every material of regulation 6.1. */
const materials: readonly { id: string; title: Words; source: MaterialSource; from: Words; register?: string }[] = [
  {
    id: 'application-form',
    title: { zh: '经营许可申请书（业务种类、覆盖范围、公司、联系方式）', en: 'Application form (business, coverage, company, contacts)' },
    source: 'to-be-signed',
    from: { zh: '申请书 DOCX', en: 'form, DOCX' },
  },
  {
    id: 'business-licence',
    title: { zh: '营业执照副本', en: 'Business licence, copy' },
    source: 'uploaded',
    from: { zh: '附件', en: 'attachment' },
  },
  {
    id: 'company-overview',
    title: { zh: '公司概况（人员、场地和设施）', en: 'Company overview (staff, premises and facilities)' },
    source: 'generated',
    from: { zh: '登记', en: 'registers' },
    register: 'company',
  },
  { id: 'articles', title: { zh: '公司章程', en: 'Articles of association' }, source: 'uploaded', from: { zh: '附件', en: 'attachment' } },
  {
    id: 'shareholding',
    title: { zh: '股权结构', en: 'Shareholding' },
    source: 'generated',
    from: { zh: '登记', en: 'registers' },
    register: 'shareholders',
  },
  {
    id: 'capital',
    title: { zh: '验资证明（实缴时）', en: 'Capital verification (if paid in)' },
    source: 'uploaded',
    from: { zh: '附件', en: 'attachment' },
  },
  {
    id: 'identity-papers',
    title: {
      zh: '法定代表人、主要负责人、技术负责人身份证明与简历',
      en: 'Identity proof and CV of legal representative, responsible person and technical lead',
    },
    source: 'uploaded',
    from: { zh: '附件', en: 'attachment' },
  },
  {
    id: 'technical-staff',
    title: {
      zh: '技术人员学历、劳动合同与三个月社保证明',
      en: 'Technical staff: education, labour contracts, 3 months of social security',
    },
    source: 'uploaded',
    from: { zh: '附件与人员名册', en: 'attachment and staff register' },
  },
  {
    id: 'premises',
    title: { zh: '场地权属或租赁证明', en: 'Title or lease of the premises' },
    source: 'uploaded',
    from: { zh: '附件', en: 'attachment' },
  },
  {
    id: 'business-plan',
    title: { zh: '业务发展和实施计划', en: 'Business development and implementation plan' },
    source: 'uploaded',
    from: { zh: '附件', en: 'attachment' },
  },
  {
    id: 'technical-plan',
    title: { zh: '技术方案', en: 'Technical plan' },
    source: 'generated',
    from: { zh: '技术方案', en: 'technical plan' },
    register: 'equipment',
  },
  {
    id: 'equipment-list',
    title: { zh: '设备清单及技术资料', en: 'Equipment list and technical data' },
    source: 'generated',
    from: { zh: '设备清单', en: 'equipment list' },
    register: 'equipment',
  },
  {
    id: 'topology',
    title: { zh: '网络拓扑图', en: 'Network topology' },
    source: 'generated',
    from: { zh: '网络拓扑图', en: 'network topology' },
    register: 'trunks',
  },
  {
    id: 'quality-measures',
    title: { zh: '长期服务与质量保障措施', en: 'Long-term service and quality measures' },
    source: 'generated',
    from: { zh: '服务质量', en: 'service quality' },
    register: 'numbers',
  },
  {
    id: 'security-measures',
    title: { zh: '网络与信息安全保障措施', en: 'Network and information security measures' },
    source: 'generated',
    from: { zh: '管理制度清单', en: 'list of management rules' },
    register: 'rules',
  },
  {
    id: 'emergency-plan',
    title: { zh: '应急预案', en: 'Emergency plan' },
    source: 'generated',
    from: { zh: '应急预案与演练', en: 'plans and drills' },
    register: 'drills',
  },
  { id: 'grading', title: { zh: '定级备案证明', en: 'Grading certificate' }, source: 'uploaded', from: { zh: '附件', en: 'attachment' } },
  {
    id: 'pledge-lawful',
    title: { zh: '依法经营电信业务承诺书', en: 'Pledge of lawful operation' },
    source: 'to-be-signed',
    from: { zh: '承诺书 DOCX', en: 'pledge, DOCX' },
  },
  {
    id: 'pledge-outbound',
    title: { zh: '不违规呼出承诺书', en: 'Pledge of no unlawful outbound calls' },
    source: 'to-be-signed',
    from: { zh: '承诺书 DOCX', en: 'pledge, DOCX' },
  },
  {
    id: 'pledge-security',
    title: { zh: '信息安全承诺书', en: 'Pledge of information security' },
    source: 'to-be-signed',
    from: { zh: '承诺书 DOCX', en: 'pledge, DOCX' },
  },
  {
    id: 'pledge-service',
    title: { zh: '长期服务承诺书', en: 'Pledge of long-term service' },
    source: 'to-be-signed',
    from: { zh: '承诺书 DOCX', en: 'pledge, DOCX' },
  },
];

export const stageNames = {
  'self-check': { zh: '自查', en: 'Self-check' },
  prepare: { zh: '准备材料', en: 'Prepare' },
  submitted: { zh: '网上提交', en: 'Submitted on line' },
  paper: { zh: '递交纸质材料', en: 'Paper handed in' },
  corrections: { zh: '补正', en: 'Corrections asked' },
  review: { zh: '审查（受理后 60 日）', en: 'Review (60 days from receipt)' },
  'site-visit': { zh: '现场核查', en: 'Site visit' },
  publicity: { zh: '公示', en: 'Publicity' },
  issued: { zh: '发证', en: 'Issued' },
  change: { zh: '变更', en: 'Change' },
  renewal: { zh: '续期（到期前 90 日）', en: 'Renewal (90 days before the end)' },
  'annual-report': { zh: '年报（1 月 1 日至 3 月 31 日）', en: 'Annual report (1 January to 31 March)' },
} as const satisfies Record<string, Words>;

export interface Stage {
  readonly id: keyof typeof stageNames;
  readonly title: string;
  readonly beganOn: string;
  readonly endedOn: string;
  readonly dueOn: string;
}

export interface ApplicationWorkspace {
  readonly materials: readonly Material[];
  readonly stages: readonly Stage[];
  readonly ready: number;
}

/** The application workspace: each material with its state, each stage with its dates. */
export function applicationWorkspace(file: LicenceFile, say: Say): ApplicationWorkspace {
  const list = materials.map(({ id, title, source, from, register }): Material => {
    const row = rowsOf(file, 'materials').find(({ key }) => key === id);
    const said = textOf(row, 'state');
    // A paper exists when its file does, whatever the row says.
    const state =
      source !== 'uploaded' || said === 'not-needed' || row?.files === undefined ? said : row.files.length > 0 ? 'uploaded' : '';
    const filled = register !== undefined && rowsOf(file, register).length > 0;
    return {
      id,
      title: inWords(title, say),
      source,
      from: inWords(from, say),
      state:
        state === 'not-needed'
          ? 'not-needed'
          : state === 'uploaded' || state === 'signed'
            ? source === 'to-be-signed' && state !== 'signed'
              ? 'to-sign'
              : 'ready'
            : source === 'generated'
              ? filled
                ? 'ready'
                : 'missing'
              : source === 'to-be-signed'
                ? 'to-sign'
                : 'missing',
    };
  });
  const stages = (Object.keys(stageNames) as (keyof typeof stageNames)[]).map((id): Stage => {
    const row = rowsOf(file, 'stages').find(({ key }) => key === id);
    return {
      id,
      title: inWords(stageNames[id], say),
      beganOn: textOf(row, 'beganOn'),
      endedOn: textOf(row, 'endedOn'),
      dueOn: textOf(row, 'dueOn'),
    };
  });
  return { materials: list, stages, ready: list.filter(({ state }) => state === 'ready' || state === 'not-needed').length };
}
