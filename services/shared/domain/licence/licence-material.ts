import type { Words } from '../language.js';

/**
 * Papers of the company that several licence cases need. Each is uploaded once, in the register `materials`, and renewed when it changes.
 */
export const uploadedMaterials = {
  'business-licence': { zh: '营业执照副本', en: 'Business licence, copy' },
  'licence-copy': { zh: '电信业务经营许可证副本', en: 'Telecom business licence, copy' },
  articles: { zh: '公司章程', en: 'Articles of association' },
  capital: { zh: '验资报告或出资证明', en: 'Capital verification or proof of payment' },
  'identity-papers': {
    zh: '法定代表人、主要负责人、技术负责人身份证明与简历',
    en: 'Identity proof and CV of legal representative, responsible person and technical lead',
  },
  'technical-staff': {
    zh: '技术人员学历证明、劳动合同与社保证明',
    en: 'Technical staff: education, labour contracts, social security',
  },
  premises: { zh: '场地权属或租赁证明', en: 'Title or lease of the premises' },
  'business-plan': { zh: '业务发展和实施计划', en: 'Business development and implementation plan' },
  grading: { zh: '定级备案证明', en: 'Grading certificate' },
  reputation: { zh: '证明公司信誉的材料', en: 'Proof of the standing of the company' },
  'rules-text': { zh: '管理制度文本', en: 'Texts of the management rules' },
  'emergency-text': { zh: '应急预案文本', en: 'Text of the emergency plan' },
} as const satisfies Record<string, Words>;
export type UploadedMaterial = keyof typeof uploadedMaterials;
