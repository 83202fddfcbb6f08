import { rowsOf, textOf, type LicenceFile } from '../licence-file.js';

/** Where a material comes from: made by the system, uploaded by people, or filled in by the system and signed by people. */
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
const materials: readonly { id: string; title: string; source: MaterialSource; from: string; register?: string }[] = [
  { id: 'application-form', title: '经营许可申请书(业务种类、覆盖范围、公司、联系方式)', source: 'to-be-signed', from: '申请书 DOCX' },
  { id: 'business-licence', title: '营业执照副本', source: 'uploaded', from: '附件' },
  { id: 'company-overview', title: '公司概况(人员、场地和设施)', source: 'generated', from: '登记', register: 'company' },
  { id: 'articles', title: '公司章程', source: 'uploaded', from: '附件' },
  { id: 'shareholding', title: '股权结构', source: 'generated', from: '登记', register: 'shareholders' },
  { id: 'capital', title: '验资证明(实缴时)', source: 'uploaded', from: '附件' },
  { id: 'identity-papers', title: '法定代表人、主要负责人、技术负责人身份证明与简历', source: 'uploaded', from: '附件' },
  { id: 'technical-staff', title: '技术人员学历、劳动合同与三个月社保证明', source: 'uploaded', from: '附件与人员名册' },
  { id: 'premises', title: '场地权属或租赁证明', source: 'uploaded', from: '附件' },
  { id: 'business-plan', title: '业务发展和实施计划', source: 'uploaded', from: '附件' },
  { id: 'technical-plan', title: '技术方案', source: 'generated', from: '技术方案', register: 'equipment' },
  { id: 'equipment-list', title: '设备清单及技术资料', source: 'generated', from: '设备清单', register: 'equipment' },
  { id: 'topology', title: '网络拓扑图', source: 'generated', from: '网络拓扑图', register: 'trunks' },
  { id: 'quality-measures', title: '长期服务与质量保障措施', source: 'generated', from: '服务质量', register: 'numbers' },
  { id: 'security-measures', title: '网络与信息安全保障措施', source: 'generated', from: '管理制度清单', register: 'rules' },
  { id: 'emergency-plan', title: '应急预案', source: 'generated', from: '应急预案与演练', register: 'drills' },
  { id: 'grading', title: '定级备案证明', source: 'uploaded', from: '附件' },
  { id: 'pledge-lawful', title: '依法经营电信业务承诺书', source: 'to-be-signed', from: '承诺书 DOCX' },
  { id: 'pledge-outbound', title: '不违规呼出承诺书', source: 'to-be-signed', from: '承诺书 DOCX' },
  { id: 'pledge-security', title: '信息安全承诺书', source: 'to-be-signed', from: '承诺书 DOCX' },
  { id: 'pledge-service', title: '长期服务承诺书', source: 'to-be-signed', from: '承诺书 DOCX' },
];

export const stageNames = {
  'self-check': '自查',
  prepare: '准备材料',
  submitted: '网上提交',
  paper: '递交纸质材料',
  corrections: '补正',
  review: '审查(受理后 60 日)',
  'site-visit': '现场核查',
  publicity: '公示',
  issued: '发证',
  change: '变更',
  renewal: '续期(到期前 90 日)',
  'annual-report': '年报(1 月 1 日至 3 月 31 日)',
} as const;

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
export function applicationWorkspace(file: LicenceFile): ApplicationWorkspace {
  const list = materials.map(({ id, title, source, from, register }): Material => {
    const state = textOf(
      rowsOf(file, 'materials').find(({ key }) => key === id),
      'state',
    );
    const filled = register !== undefined && rowsOf(file, register).length > 0;
    return {
      id,
      title,
      source,
      from,
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
    return { id, title: stageNames[id], beganOn: textOf(row, 'beganOn'), endedOn: textOf(row, 'endedOn'), dueOn: textOf(row, 'dueOn') };
  });
  return { materials: list, stages, ready: list.filter(({ state }) => state === 'ready' || state === 'not-needed').length };
}
