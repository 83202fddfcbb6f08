import { inWords, type Say, type Words } from '../../shared/domain/language.js';

const quoted = (zh: string, en: string): Words => ({ zh: `${zh}（据转述）`, en: `${en} (as quoted)` });

/** What the checks rest on, as a reader can look it up. Texts that nobody of us has read themselves say that they are quoted. */
const bases = {
  'telecom-9': { zh: '《电信条例》第 9 条', en: 'Telecom Regulations, Art. 9' },
  'telecom-9-28': { zh: '《电信条例》第 9、28 条', en: 'Telecom Regulations, Art. 9 and 28' },
  'telecom-15': { zh: '《电信条例》第 15 条', en: 'Telecom Regulations, Art. 15' },
  'telecom-28-69': { zh: '《电信条例》第 28、69 条', en: 'Telecom Regulations, Art. 28 and 69' },
  'telecom-65': { zh: '《电信条例》第 65 条', en: 'Telecom Regulations, Art. 65' },
  'order-42-6': { zh: '42号令第 6 条', en: 'Order 42, Art. 6' },
  'order-42-6-4': { zh: '42号令第 6 条（四）', en: 'Order 42, Art. 6(4)' },
  'order-42-35': { zh: '42号令第 35 条', en: 'Order 42, Art. 35' },
  'order-42-security': { zh: '42号令（安全制度）', en: 'Order 42 (rules of security)' },
  'order-42-display': { zh: '42号令（许可证编号公示）', en: 'Order 42 (display of the licence number)' },
  'order-11': quoted('《通信网络安全防护管理办法》（令11号）', 'Order 11 (protection of communication networks)'),
  'application-form': { zh: '经营许可申请表', en: 'Application form' },
  'application-staff': quoted('申请材料：技术人员', 'Application: technical staff'),
  'application-duties': { zh: '申请表；42号令第 6 条', en: 'Application form; Order 42, Art. 6' },
  'application-premises': { zh: '申请材料：场地', en: 'Application: premises' },
  'network-plan': quoted('2004 年组网方案通知', 'Notice of 2004 on the network plan'),
  'licence-validity': quoted('许可证有效期 5 年', 'Five years of validity'),
  'number-rules': { zh: '《电信网码号资源管理办法》', en: 'Rules on number resources (码号资源管理办法)' },
  'number-rules-26': { zh: '《电信网码号资源管理办法》第 26 条', en: 'Rules on number resources (码号资源管理办法), Art. 26' },
  'notice-81': quoted('信管〔2020〕81号', 'Notice 81 of 2020'),
  'plan-2018-11': quoted('工信部 2018 年 11 月方案', 'Plan of November 2018'),
  'plan-2018': { zh: '2018 年十三部门方案（中继登记）', en: 'Plan of 13 ministries, 2018 (register of trunks)' },
  'anti-fraud-14': { zh: '《反电信网络诈骗法》第 14 条', en: 'Anti-fraud Law, Art. 14' },
  'register-and-use': quoted('信管〔2020〕81号：登记与使用一致', 'Notice 81 of 2020: register and use agree'),
  'equipment-and-use': { zh: '设备清单与实际设备一致', en: 'The equipment list agrees with what runs' },
  'seats-declared': quoted('年报与运营商登记的坐席数', "Seats of the annual report and of the carrier's register"),
  'seat-lease': { zh: '座席出租合同；《个人信息保护法》第 21 条', en: 'Lease of seats; Personal Information Protection Law, Art. 21' },
  'client-contract': {
    zh: '委托合同；《个人信息保护法》第 21 条',
    en: 'Contract of the client; Personal Information Protection Law, Art. 21',
  },
  training: {
    zh: '《反电信网络诈骗法》第 30 条；《个人信息保护法》第 51 条',
    en: 'Anti-fraud Law, Art. 30; Personal Information Protection Law, Art. 51',
  },
  'house-rule': { zh: '企业内部管理', en: 'House rule' },
  'grade-accounts': quoted('GB/T 22239-2019 8.1.4.2', 'GB/T 22239-2019 8.1.4.2'),
  'grade-clocks': quoted('GB/T 22239-2019 8.1.5.4', 'GB/T 22239-2019 8.1.5.4'),
  'cyber-23-2': { zh: '《网络安全法》第 23 条（二）（2016 年条号）', en: 'Cybersecurity Law, Art. 23(2) (numbers of 2016)' },
  'cyber-23-3': { zh: '《网络安全法》第 23 条（三）（2016 年条号）', en: 'Cybersecurity Law, Art. 23(3) (numbers of 2016)' },
  'cyber-23-4': { zh: '《网络安全法》第 23 条（四）（2016 年条号）', en: 'Cybersecurity Law, Art. 23(4) (numbers of 2016)' },
  'cyber-27': { zh: '《网络安全法》第 27 条（2026 年以前为第 25 条）', en: 'Cybersecurity Law, Art. 27 (25 before 2026)' },
  'authority-requests': {
    zh: '《网络安全法》第 28 条（2016 年条号）；《反电信网络诈骗法》第 26 条',
    en: 'Cybersecurity Law, Art. 28 (numbers of 2016); Anti-fraud Law, Art. 26',
  },
  'data-10-11': { zh: '《网络数据安全管理条例》第 10、11 条', en: 'Network Data Regulations, Art. 10 and 11' },
  'data-12': { zh: '《网络数据安全管理条例》第 12 条', en: 'Network Data Regulations, Art. 12' },
  'personal-55-56': { zh: '《个人信息保护法》第 55、56 条', en: 'Personal Information Protection Law, Art. 55 and 56' },
  'personal-57': { zh: '《个人信息保护法》第 57 条', en: 'Personal Information Protection Law, Art. 57' },
} as const satisfies Record<string, Words>;

export const cite = (basis: keyof typeof bases, say: Say): string => inWords(bases[basis], say);
