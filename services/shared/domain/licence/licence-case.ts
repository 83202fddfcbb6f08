import type { Words } from '../language.js';
import { uploadedMaterials } from './licence-material.js';

/** The occasions on which a licensee faces the authority. Each has its own kind of case. */
export const caseKinds = ['application', 'renewal', 'change', 'annual-report', 'inspection'] as const;
export type CaseKind = (typeof caseKinds)[number];

export const caseNames: Readonly<Record<CaseKind, Words>> = {
  application: { zh: '首次申请', en: 'First application' },
  renewal: { zh: '续期', en: 'Renewal' },
  change: { zh: '变更', en: 'Change' },
  'annual-report': { zh: '年报', en: 'Annual report' },
  inspection: { zh: '现场检查', en: 'On-site inspection' },
};

/** Everything that the checklist of a case may ask for. Papers of the company have the ids of the register `materials`. */
export const caseItems = {
  ...uploadedMaterials,
  'application-form': { zh: '增值电信业务经营许可申请书', en: 'Application for the licence' },
  'renewal-form': { zh: '经营许可证续期申请书', en: 'Application for renewal' },
  'change-form': { zh: '经营许可证变更申请书', en: 'Application for a change' },
  comparison: { zh: '变更前后对照表', en: 'Table of old and new' },
  resolution: { zh: '股东会决议', en: 'Resolution of the shareholders' },
  'opening-proof': { zh: '业务开通情况证明', en: 'Proof that the business was opened' },
  'company-overview': { zh: '公司概况（人员、场地和设施）', en: 'Company overview (staff, premises, facilities)' },
  shareholding: { zh: '股权结构图及股东情况', en: 'Share chart and shareholders' },
  'technical-plan': { zh: '技术方案', en: 'Technical plan' },
  equipment: { zh: '设备清单', en: 'Equipment list' },
  topology: { zh: '网络拓扑图', en: 'Network topology' },
  numbers: { zh: '码号与中继登记', en: 'Numbers and trunks' },
  quality: { zh: '服务质量统计', en: 'Service quality' },
  people: { zh: '人员名册、坐席台账与培训记录', en: 'Staff, seats and training' },
  'quality-measures': { zh: '长期服务与质量保障措施', en: 'Long-term service and quality measures' },
  'security-measures': { zh: '网络与信息安全保障措施', en: 'Network and information security measures' },
  rules: { zh: '网络与信息安全管理制度清单', en: 'Management rules' },
  'emergency-plan': { zh: '应急预案', en: 'Emergency plan' },
  drills: { zh: '应急预案与演练记录', en: 'Emergency plans and drills' },
  'test-report': { zh: '系统测试报告', en: 'Test report' },
  'self-check': { zh: '经营许可条件自查评估', en: 'Self-check against the conditions' },
  'pledge-lawful': { zh: '依法经营电信业务承诺书', en: 'Pledge of lawful operation' },
  'pledge-outbound': { zh: '不违规呼出承诺书', en: 'Pledge of no unlawful outbound calls' },
  'pledge-security': { zh: '信息安全承诺书', en: 'Pledge of information security' },
  'pledge-service': { zh: '长期服务承诺书', en: 'Pledge of long-term service' },
  'pledge-domestic': { zh: '不涉及外资承诺书', en: 'Pledge of no foreign investment' },
  'pledge-start': { zh: '六个月内开展业务承诺书', en: 'Pledge to begin within six months' },
  'pledge-truth': { zh: '年报内容真实性承诺书', en: 'Pledge that the report is true' },
  'annual-report': { zh: '年度电信业务经营信息年报填报底稿', en: 'Annual report: workbook' },
  'six-filing': { zh: '号码备案', en: 'Filing of numbers' },
  'six-use': { zh: '号码使用', en: 'Use of numbers' },
  'six-resources': { zh: '通信资源租用', en: 'Leased communication resources' },
  'six-conduct': { zh: '经营行为管控', en: 'Control of conduct' },
  'six-control': { zh: '技术控制能力', en: 'Technical control' },
  'six-consent': { zh: '用户同意凭证', en: 'Proofs of consent' },
  demonstration: { zh: '现场演示脚本', en: 'Demonstration script' },
  outbound: { zh: '外呼管理情况', en: 'Outbound calls' },
  rectification: { zh: '整改报告', en: 'Rectification report' },
} as const satisfies Record<string, Words>;
export type CaseItemId = keyof typeof caseItems;

/** The kind of pack that seals the papers of a case. */
export const packKindOf = {
  application: 'licence',
  renewal: 'renewal',
  change: 'change',
  'annual-report': 'annual',
  inspection: 'inspection',
} as const satisfies Record<CaseKind, string>;
