import type { Rule } from './rule.js';

/** The licence, its renewal and changes, the yearly report, premises and staff. */
export const licenceRules = {
  'telecom-9': [
    {
      article: { zh: '《电信条例》第 9 条', en: 'Telecom Regulations, Art. 9' },
      asks: {
        zh: '在两个以上省份经营的，由工业和信息化部许可；在一个省份经营的，由省通信管理局许可。',
        en: 'Business in two or more provinces is licensed by the ministry, business in one by the communications administration of the province.',
      },
      seen: 'full-text',
    },
  ],
  'telecom-9-28': [
    {
      article: { zh: '《电信条例》第 9、28 条', en: 'Telecom Regulations, Art. 9 and 28' },
      asks: {
        zh: '在许可的地域内经营；码号按批准的用途使用，不得转让、出租或变相转让。',
        en: 'Business stays within the licensed area. Numbers are used as they were approved, never passed on or rented out.',
      },
      seen: 'full-text',
    },
  ],
  'telecom-14': [
    {
      article: { zh: '《电信条例》第 14 条', en: 'Telecom Regulations, Art. 14' },
      asks: {
        zh: '主管部门自受理申请之日起 60 日内审查完毕，作出批准或不予批准的决定。',
        en: 'The authority decides within 60 days of the acceptance of an application.',
      },
      seen: 'full-text',
      limits: { withinDays: 60 },
    },
  ],
  'telecom-28-69': [
    {
      article: { zh: '《电信条例》第 28、69 条', en: 'Telecom Regulations, Art. 28 and 69' },
      asks: {
        zh: '不得擅自使用、转让、出租码号或改变其用途。',
        en: 'Numbers are not used without approval, passed on, rented out or put to another use.',
      },
      seen: 'full-text',
    },
  ],
  'telecom-65': [
    {
      article: { zh: '《电信条例》第 65 条', en: 'Telecom Regulations, Art. 65' },
      asks: {
        zh: '通信秘密受法律保护，工作人员不得擅自向他人提供通信内容。',
        en: 'Communications are secret; staff give their content to nobody without authority.',
      },
      seen: 'full-text',
    },
  ],
  'order-42-6': [
    {
      article: { zh: '《电信业务经营许可管理办法》第六条', en: 'Order 42, Art. 6' },
      asks: {
        zh: '经营者为依法设立的公司，有相应的资金和专业人员，有长期服务的信誉或能力，有必要的场地、设施及技术方案。',
        en: 'The licensee is a company with funds, professional staff, standing for long-term service, premises, facilities and a technical plan.',
      },
      seen: 'two-copies',
    },
  ],
  'order-42-6-4': [
    {
      article: { zh: '《电信业务经营许可管理办法》第六条（四）', en: 'Order 42, Art. 6(4)' },
      asks: {
        zh: '注册资本：省内经营不低于 100 万元，全国或跨省经营不低于 1,000 万元。',
        en: 'Registered capital of at least 1 million CNY in one province, 10 million CNY for more than one.',
      },
      seen: 'two-copies',
      limits: { provincialCny: 1_000_000, nationwideCny: 10_000_000 },
    },
  ],
  'order-42-27': [
    {
      article: { zh: '《电信业务经营许可管理办法》第二十七条', en: 'Order 42 (telecom business licences), Art. 27' },
      asks: {
        zh: '需要延续的，于有效期届满 90 日前申请；实务上另须提交已开通业务的证明。',
        en: 'A renewal is applied for 90 days before the licence ends; in practice with proof that the business was opened.',
      },
      seen: 'two-copies',
      limits: { beforeDays: 90 },
    },
  ],
  'order-42-28': [
    {
      article: { zh: '《电信业务经营许可管理办法》第二十八条', en: 'Order 42 (telecom business licences), Art. 28' },
      asks: {
        zh: '合并、分立、股东变化、业务范围变化：自公司作出决定之日起 30 日内报批。',
        en: 'Merger, split, change of shareholders or of scope: within 30 days of the decision of the company.',
      },
      seen: 'two-copies',
      limits: { withinDays: 30 },
    },
  ],
  'order-42-29': [
    {
      article: { zh: '《电信业务经营许可管理办法》第二十九条', en: 'Order 42 (telecom business licences), Art. 29' },
      asks: {
        zh: '公司名称、法定代表人、注册资本变化：自完成公司登记之日起 30 日内办理变更。',
        en: 'Name, legal representative or registered capital: within 30 days of the completed company registration.',
      },
      seen: 'two-copies',
      limits: { withinDays: 30 },
    },
  ],
  'order-42-35': [
    {
      article: { zh: '《电信业务经营许可管理办法》第三十五条', en: 'Order 42, Art. 35' },
      asks: { zh: '每年第一季度报送上一年度的年报。', en: 'The report of a year is filed in the first quarter of the next.' },
      seen: 'full-text',
    },
  ],
  'order-42-security': [
    {
      article: { zh: '《电信业务经营许可管理办法》（安全制度）', en: 'Order 42 (rules of security)' },
      asks: {
        zh: '设有安全管理组织和专职人员，有信息安全与网络安全的各项制度。',
        en: 'A security organisation with staff of its own, and rules for information and network security.',
      },
      seen: 'unverified',
    },
  ],
  'order-42-display': [
    {
      article: { zh: '《电信业务经营许可管理办法》（许可证编号公示）', en: 'Order 42 (display of the licence number)' },
      asks: {
        zh: '在主要经营场所、网站首页公示许可证编号。',
        en: 'The licence number is shown at the main premises and on the first page of the web site.',
      },
      seen: 'unverified',
    },
  ],
  'licence-validity': [
    {
      article: { zh: '许可证有效期 5 年', en: 'Five years of validity' },
      asks: { zh: '许可证有效期为 5 年。', en: 'A licence is valid for five years.' },
      seen: 'quoted',
    },
  ],
  'application-form': [
    {
      article: { zh: '经营许可申请表', en: 'Application form' },
      asks: { zh: '按申请表所列内容填写。', en: 'What the form asks is filled in.' },
      seen: 'two-copies',
    },
  ],
  'application-materials': [
    {
      article: { zh: '经营许可申请材料（办事指南）', en: 'Application materials (guide of the authority)' },
      asks: {
        zh: '按办事指南提交营业执照、章程、公司概况、业务计划、技术方案、保障措施、承诺书等材料。',
        en: 'Business licence, articles, company overview, plans, measures and pledges are handed in as the guide of the authority lists them.',
      },
      seen: 'two-copies',
    },
  ],
  'application-open': [
    {
      article: {
        zh: '申请材料：不涉及外资、六个月内开展业务、公司信誉',
        en: 'Application: no foreign capital, start in six months, standing',
      },
      asks: {
        zh: '部分地区另要求不涉及外资承诺书、六个月内开展业务承诺书、证明公司信誉的材料；是否要求由主管部门确认。',
        en: 'Some authorities also ask for pledges of no foreign capital and of a start within six months, and proof of standing; the authority says whether it does.',
      },
      seen: 'quoted',
    },
  ],
  'application-staff': [
    {
      article: { zh: '申请材料：技术人员', en: 'Application: technical staff' },
      asks: {
        zh: '技术人员不少于 3 人，附社会保险证明；月数因地域而异，待主管部门确认。',
        en: 'At least three technical staff with proof of social security; the months differ by scope and are to be confirmed.',
      },
      seen: 'quoted',
    },
  ],
  'application-duties': [
    {
      article: { zh: '经营许可申请表（人员信息）', en: 'Application form (staff)' },
      asks: {
        zh: '写明客服、网络与信息安全、应急联系的负责人。',
        en: 'Service, network and information security and emergency contact each have a named person.',
      },
      seen: 'two-copies',
    },
  ],
  'application-premises': [
    {
      article: { zh: '申请材料：场地', en: 'Application: premises' },
      asks: { zh: '经营场所的产权或租赁证明。', en: 'Proof that the premises are owned or let.' },
      seen: 'two-copies',
    },
  ],
  'network-plan': [
    {
      article: { zh: '2004 年组网方案通知', en: 'Notice of 2004 on the network plan' },
      asks: { zh: '组网方案变更前报告发证机关。', en: 'A change of the network plan is reported before it is made.' },
      seen: 'quoted',
    },
  ],
  'labour-contract': [
    {
      article: { zh: '《劳动合同法》第 10 条', en: 'Labour Contract Law, Art. 10' },
      asks: { zh: '建立劳动关系应当订立书面劳动合同。', en: 'Who is employed has a written contract.' },
      seen: 'quoted',
    },
  ],
  training: [
    {
      article: {
        zh: '《反电信网络诈骗法》第 30 条；《个人信息保护法》第 51 条',
        en: 'Anti-fraud Law, Art. 30; Personal Information Protection Law, Art. 51',
      },
      asks: {
        zh: '对从业人员进行反诈骗宣传和个人信息保护培训。',
        en: 'Staff are trained against fraud and in the protection of personal information.',
      },
      seen: 'full-text',
    },
  ],
  'house-rule': [
    {
      article: { zh: '企业内部管理', en: 'House rule' },
      asks: { zh: '本企业的管理要求，不是主管部门的规定。', en: 'What the site asks of itself; no rule of an authority.' },
      seen: 'house',
      limits: { restoreTestDays: 92, patchWithinDays: 30, answerAuthorityDays: 7, drillEveryDays: 365 },
    },
  ],
} as const satisfies Record<string, Rule>;
