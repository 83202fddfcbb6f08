import type { RegisterName } from './registers.js';
import type { Values } from './field.js';

/** `day(30)` is the calendar date 30 days from the start of the demo, `day(-30)` the one before. */
export type Day = (offset: number) => string;

type Rows = Partial<Record<RegisterName, readonly Values[]>>;

/** A small provincial licensee with a nearly complete file, so that every page and document has something to show. */
export const demoRows = (day: Day): Rows => ({
  ...company(day),
  ...network(day),
  ...equipment(day),
  ...people(day),
  ...security(day),
  ...personalData(day),
});

const company = (day: Day): Rows => ({
  licence: [
    {
      number: '京B2-20240001',
      class: 'B24-1',
      scope: 'provincial',
      provinces: ['北京'],
      authority: '北京市通信管理局',
      issuedOn: day(-640),
      validUntil: day(1185),
      shownAtPremises: true,
    },
  ],
  company: [
    {
      creditCode: '91110000MA0000000H',
      name: '示例呼叫服务有限公司',
      legalRepresentative: '示例甲',
      responsiblePerson: '示例甲',
      technicalLead: '示例乙',
      registeredAddress: '北京市示例区示例路1号',
      officeAddress: '北京市示例区示例路1号3层',
      capitalCny: 2_000_000,
      foundedOn: day(-2_000),
      contact: '示例戊',
      emergencyPhone: '01000000001',
      website: 'https://example.invalid',
      foreignInvested: false,
      onDishonestyList: false,
    },
  ],
  shareholders: [
    { name: '示例甲', sharePercent: 60, kind: 'person' },
    { name: '示例科技有限公司', sharePercent: 40, kind: 'company' },
    { name: '示例己', sharePercent: 100, kind: 'person', of: '示例科技有限公司' },
  ],
});

function network(day: Day): Rows {
  const year = Number(day(0).slice(0, 4));
  return {
    sites: [
      {
        siteId: 'MR1',
        name: '一号机房',
        kind: 'machine-room',
        address: '北京市示例区示例路1号2层',
        province: '北京',
        city: '北京',
        areaM2: 40,
        tenure: 'leased',
        leaseUntil: day(500),
        networks: ['127.0.0.0/8', '10.10.0.0/24'],
        internetExit: '示例运营商专线',
        bandwidthMbps: 200,
      },
      {
        siteId: 'HALL1',
        name: '一号坐席大厅',
        kind: 'seat-hall',
        address: '北京市示例区示例路1号3层',
        province: '北京',
        city: '北京',
        areaM2: 320,
        tenure: 'leased',
        leaseUntil: day(500),
        networks: ['10.20.0.0/24'],
      },
    ],
    numbers: [
      {
        number: '4001000',
        kind: '400',
        certificate: '示例证书-001',
        certificateOn: day(-600),
        authority: '示例运营商',
        purpose: '客户服务咨询',
        area: '北京',
        validUntil: day(900),
        openedOn: day(-590),
        openingReportedOn: day(-585),
        yearlyReportYear: year - 1,
        feePaidUntil: day(200),
        filings: ['北京'],
        direction: 'inbound-only',
        clientId: 'C001',
        trunkId: 'carrier-1',
        state: 'in-use',
      },
    ],
    trunks: [
      {
        trunkId: 'carrier-1',
        user: '示例呼叫服务有限公司',
        accessPoint: '北京示例局端 — 一号机房',
        siteId: 'MR1',
        use: 'call-centre',
        permittedCallers: ['4001000'],
        carrier: '示例运营商',
        contractNumber: 'HT-2024-017',
        contractOn: day(-600),
        contractUntil: day(495),
        lineType: 'sip',
        billingNumber: '01000000000',
        accessNumber: '4001000',
        peerDevice: 'SBC',
        channels: 60,
        direction: 'inbound-only',
        passThrough: false,
        forwarding: false,
        safetyPledge: true,
        addresses: ['127.0.0.1'],
        state: 'in-use',
      },
    ],
    seats: Array.from({ length: 10 }, (_, i) => ({
      seatNumber: String(101 + i),
      siteId: 'HALL1',
      terminalAsset: `PC-${101 + i}`,
      extension: String(8_101 + i),
      ...(i < 3 ? { agentAccount: `agent${i + 1}` } : {}),
      usedFrom: day(-580),
    })),
  };
}

function equipment(day: Day): Rows {
  const asset = (assetNumber: string, name: string, category: string, rest: Values = {}): Values => ({
    assetNumber,
    name,
    category,
    quantity: 1,
    obtained: 'bought',
    siteId: 'MR1',
    rack: 'A01',
    usedFrom: day(-500),
    responsible: '示例乙',
    state: 'in-use',
    ...rest,
  });
  return {
    equipment: [
      asset('FW-01', '边界防火墙', 'firewall', {
        use: '公用网与互联网边界访问控制',
        maker: '示例厂商',
        model: 'FW-2000',
        address: '10.10.0.1',
      }),
      asset('SW-01', '核心交换机', 'network', { use: '机房内部及各场地互联', maker: '示例厂商', model: 'S5700', address: '10.10.0.2' }),
      asset('SW-02', '坐席接入交换机', 'network', {
        use: '坐席终端接入',
        siteId: 'HALL1',
        maker: '示例厂商',
        model: 'S2700',
        address: '10.20.0.2',
      }),
      asset('UPS-01', '机房 UPS', 'power', { use: '机房不间断供电', maker: '示例厂商', model: '10kVA' }),
      asset('PC-101', '坐席终端（含耳麦）', 'terminal', {
        use: '坐席接听与登记',
        quantity: 10,
        siteId: 'HALL1',
        model: '台式机 + USB 耳麦',
      }),
      asset('SRV-01', '呼叫中心服务器', 'application', {
        use: '运行呼叫中心平台',
        model: '2U 机架式',
        address: '127.0.0.1',
        probed: 'host',
        channels: 60,
      }),
    ],
  };
}

function people(day: Day): Rows {
  const months = [-90, -60, -30].map((offset) => day(offset).slice(0, 7));
  const person = (staffNumber: string, name: string, job: string, rest: Values = {}): Values => ({
    staffNumber,
    name,
    job,
    education: '本科',
    major: '通信工程',
    contractFrom: day(-700),
    contractUntil: day(400),
    socialSecurityMonths: months,
    confidentialityOn: day(-699),
    ...rest,
  });
  const staff = [
    person('P001', '示例甲', 'manager', { duties: ['安全责任人', '应急联系人'], identityNumber: '110101198001010010' }),
    person('P002', '示例乙', 'technical', { duties: ['技术负责人'], identityNumber: '110101198202020020' }),
    person('P003', '示例丙', 'technical', { identityNumber: '110101198503030038' }),
    person('P004', '示例丁', 'technical', { identityNumber: '110101198704040048' }),
    person('P005', '示例戊', 'manager', { duties: ['客服负责人'], identityNumber: '110101199005050057' }),
    person('A001', '坐席一', 'agent', { account: 'agent1' }),
    person('A002', '坐席二', 'agent', { account: 'agent2' }),
    person('A003', '坐席三', 'agent', { account: 'agent3', contractFrom: day(-20), confidentialityOn: day(-20) }),
  ];
  return {
    staff,
    trainings: [
      {
        trainingId: 'T-01',
        subject: 'anti-fraud',
        on: day(-100),
        attendees: staff.map(({ staffNumber }) => String(staffNumber)),
        result: '全部合格',
        materials: '反电信网络诈骗法培训课件',
      },
      {
        trainingId: 'T-02',
        subject: 'privacy',
        on: day(-90),
        attendees: staff.slice(0, 7).map(({ staffNumber }) => String(staffNumber)),
        result: '全部合格',
      },
      { trainingId: 'T-03', subject: 'service', on: day(-15), attendees: ['A001', 'A002', 'A003'], result: '全部合格' },
      {
        trainingId: 'T-04',
        subject: 'data-security',
        on: day(-95),
        attendees: ['P001', 'P002', 'P003', 'P004', 'P005'],
        result: '全部合格',
      },
    ],
  };
}

function security(day: Day): Rows {
  const rule = (ruleId: string, subject: string, title: string): Values => ({
    ruleId,
    subject,
    title,
    version: '1.2',
    approvedBy: '示例甲',
    approvedOn: day(-300),
    owner: '安全管理部',
    reviewedOn: day(-60),
  });
  return {
    clients: [
      {
        clientId: 'C001',
        name: '示例商业有限公司',
        business: '客户咨询',
        contractNumber: 'WT-2024-003',
        contractFrom: day(-590),
        contractUntil: day(500),
        numbers: ['4001000'],
        businessLicenceOnFile: true,
        processingAgreementOnFile: true,
        state: 'active',
      },
    ],
    rules: [
      rule('R-01', 'responsibility', '网络与信息安全责任制'),
      rule('R-02', 'content', '信息内容管理制度'),
      rule('R-03', 'user-data', '用户信息保护制度'),
      rule('R-04', 'classification', '数据分类分级制度'),
      rule('R-05', 'access', '账号与权限管理制度'),
      rule('R-06', 'audit', '日志与审计管理制度'),
      rule('R-07', 'backup', '备份与恢复制度'),
      rule('R-08', 'vulnerability', '漏洞与补丁管理制度'),
      rule('R-09', 'emergency', '网络与信息安全应急预案'),
      rule('R-10', 'anti-fraud', '防范电信网络诈骗内控制度'),
      rule('R-11', 'new-business', '新业务安全评估制度'),
      rule('R-12', 'staff', '人员安全管理制度'),
      rule('R-13', 'complaints', '用户投诉处理制度'),
      rule('R-14', 'outbound', '外呼管理制度'),
      rule('R-15', 'numbers', '码号与中继管理制度'),
    ],
    drills: [
      {
        drillId: 'D-01',
        scenario: 'line-cut',
        planVersion: '1.2',
        plannedOn: day(-120),
        heldOn: day(-118),
        result: '切换备用中继 3 分钟内完成',
        corrective: '补充值班电话表',
      },
      { drillId: 'D-02', scenario: 'recording', planVersion: '1.2', plannedOn: day(30) },
    ],
    restoreTests: [
      {
        testId: 'HF-01',
        what: 'all',
        schedule: '每日 02:00 增量，每周日全量',
        testedOn: day(-30),
        ok: true,
        durationMinutes: 35,
        checked: '通话记录、录音哈希、审计链完整',
        by: 'P002',
      },
    ],
    patches: [
      { patchId: 'BD-01', asset: '服务器操作系统', severity: 'high', foundOn: day(-40), fixedOn: day(-36), malwareProtection: '已启用' },
    ],
  };
}

function personalData(day: Day): Rows {
  const year = Number(day(0).slice(0, 4));
  return {
    dataInventory: [
      {
        dataId: 'SJ-01',
        name: '录音',
        category: 'personal',
        grade: 'general',
        where: '对象存储',
        keptFor: '按录音保存规则',
        owner: 'P002',
      },
      { dataId: 'SJ-02', name: '通话记录', category: 'personal', grade: 'general', where: '数据库', keptFor: '三年', owner: 'P002' },
    ],
    entrustedProcessing: [
      {
        processingId: 'WT-01',
        clientId: 'C001',
        purpose: '受托接听客户来电并登记诉求',
        kinds: ['电话号码', '录音', '诉求内容'],
        from: day(-590),
        measures: '加密存放，最小权限，操作留痕',
      },
    ],
    impactAssessments: [
      {
        assessmentId: 'PG-01',
        subject: '受托处理客户来电与录音',
        reason: 'entrusted',
        purpose: '合同约定的客户服务，必要且最小',
        risk: '录音泄露，影响较大',
        measures: '加密、脱敏、第二人审批导出、审计',
        result: 'go',
        assessedOn: day(-200),
        assessedBy: 'P001',
        reviewOn: day(165),
      },
    ],
    stages: [{ stageId: 'annual-report', beganOn: `${year}-01-10`, endedOn: `${year}-01-20` }],
    gradings: [
      { filingNumber: 'DJ-示例-0001', unit: '呼叫中心业务平台', grade: 2, filedOn: day(-400), conformityOn: day(-380), riskOn: day(-380) },
    ],
  };
}
