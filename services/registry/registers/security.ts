import { column, must } from '../field.js';
import type { Register } from '../register.js';

const severities = {
  general: ['一般', 'General'],
  larger: ['较大', 'Larger'],
  major: ['重大', 'Major'],
  grave: ['特别重大', 'Grave'],
} as const;

/** Security records that people keep (items 60-62, 64, 65, 67, 68): no machine produces them, and an inspection asks for them. */
export const securityRegisters = {
  incidents: {
    title: { zh: '安全事件', en: 'Security incidents' },
    keyField: 'incidentId',
    fields: [
      column('incidentId', '事件编号', 'Incident', 'text', must),
      column('kind', '类型', 'Kind', 'choice', {
        required: true,
        choices: {
          'data-leak': ['数据泄露、篡改、丢失', 'Data leaked, altered or lost'],
          intrusion: ['网络入侵', 'Intrusion'],
          malware: ['恶意程序', 'Malware'],
          vulnerability: ['漏洞或缺陷', 'Vulnerability or defect'],
          outage: ['服务中断', 'Outage'],
          fraud: ['涉诈、骚扰', 'Fraud or nuisance'],
          other: ['其他', 'Other'],
        },
      }),
      column('severity', '级别', 'Class', 'choice', { required: true, choices: severities }),
      column('detectedAt', '发现时间', 'Detected at', 'date-time', must),
      column('detectedBy', '发现人', 'Detected by', 'text', must),
      column('cause', '原因与经过', 'Cause and course', 'long-text', must),
      column('affected', '涉及的数据与人数', 'Data and people affected', 'long-text'),
      // 网络数据安全管理条例 Art. 10: defects that endanger national security or the public interest.
      column(
        'within24h',
        '危害国家安全、公共利益的缺陷（24 小时内报告）',
        'Defect that endangers the public (reported within 24 hours)',
        'yes-no',
      ),
      column('authority', '报告的主管部门', 'Authority told'),
      column('authorityToldAt', '报告主管部门时间', 'Authority told at', 'date-time'),
      column('peopleToldAt', '通知个人时间', 'People told at', 'date-time'),
      column('peopleToldWhat', '通知内容（信息种类、原因、危害、补救、联系方式）', 'What people were told', 'long-text'),
      column('peopleNotToldWhy', '不通知个人的理由', 'Why people were not told', 'long-text'),
      column('measures', '处置与补救措施', 'Measures', 'long-text'),
      column('closedAt', '关闭时间', 'Closed at', 'date-time'),
      column('summaryReportedOn', '总结报告提交日期', 'Summary reported on', 'date'),
      column('closedBy', '关闭人', 'Closed by'),
    ],
  },
  impactAssessments: {
    title: { zh: '个人信息保护影响评估', en: 'Impact assessments' },
    keyField: 'assessmentId',
    fields: [
      column('assessmentId', '评估编号', 'Assessment', 'text', must),
      column('subject', '处理活动', 'Processing', 'text', must),
      column('reason', '评估情形', 'Why', 'choice', {
        required: true,
        choices: {
          sensitive: ['处理敏感个人信息', 'Sensitive information'],
          automated: ['自动化决策', 'Automated decisions'],
          entrusted: ['委托处理、提供、公开', 'Entrusted, provided or published'],
          abroad: ['向境外提供', 'Provided abroad'],
          other: ['其他重大影响', 'Other great influence'],
        },
      }),
      column('purpose', '目的、方式是否合法、正当、必要', 'Lawful, proper, necessary', 'long-text', must),
      column('risk', '对个人权益的影响与安全风险', 'Influence and risk', 'long-text', must),
      column('measures', '保护措施及其与风险的适应', 'Protection', 'long-text', must),
      column('result', '结论', 'Result', 'choice', {
        required: true,
        choices: { go: ['可以处理', 'May go on'], change: ['整改后处理', 'After changes'], stop: ['不得处理', 'Must not'] },
      }),
      column('assessedOn', '评估日期', 'Assessed on', 'date', must),
      column('assessedBy', '评估人', 'Assessed by', 'text', must),
      column('reviewOn', '复评日期', 'Review on', 'date'),
    ],
  },
  entrustedProcessing: {
    title: { zh: '委托处理记录', en: 'Entrusted processing' },
    keyField: 'processingId',
    fields: [
      column('processingId', '记录编号', 'Record', 'text', must),
      column('clientId', '委托单位编号', 'Client', 'text', must),
      column('purpose', '目的与方式', 'Purpose and way', 'long-text', must),
      column('kinds', '个人信息种类', 'Kinds of information', 'list', must),
      column('from', '起', 'From', 'date', must),
      column('until', '止', 'Until', 'date'),
      column('subProcessors', '转委托方及同意文件', 'Sub-processors and consents', 'list'),
      column('measures', '保护措施', 'Protection', 'long-text', must),
      column('supervisedOn', '委托方监督检查日期', 'Checked by the client on', 'date'),
      column('returnedOn', '返还或删除日期', 'Returned or deleted on', 'date'),
      column('certificate', '返还或删除证明', 'Certificate'),
    ],
  },
  dataInventory: {
    title: { zh: '数据目录与分类分级', en: 'Data inventory' },
    keyField: 'dataId',
    fields: [
      column('dataId', '编号', 'Entry', 'text', must),
      column('name', '数据', 'Data', 'text', must),
      column('category', '类别', 'Category', 'choice', {
        required: true,
        choices: {
          personal: ['个人信息', 'Personal'],
          sensitive: ['敏感个人信息', 'Sensitive personal'],
          business: ['业务数据', 'Business'],
          operation: ['运行数据', 'Operation'],
        },
      }),
      column('grade', '级别', 'Grade', 'choice', {
        required: true,
        choices: { general: ['一般', 'General'], important: ['重要', 'Important'], core: ['核心', 'Core'] },
      }),
      column('where', '存放位置', 'Where', 'text', must),
      column('keptFor', '保存期限', 'Kept for', 'text', must),
      column('owner', '责任人', 'Owner', 'text', must),
      column('protection', '保护措施', 'Protection', 'long-text'),
    ],
  },
  authorityRequests: {
    title: { zh: '公安与主管机关调取', en: 'Requests of authorities' },
    keyField: 'requestId',
    fields: [
      column('requestId', '编号', 'Request', 'text', must),
      column('authority', '机关', 'Authority', 'text', must),
      column('document', '法律文书文号', 'Document', 'text', must),
      column('officers', '经办人及证件号', 'Officers', 'text', must),
      column('receivedAt', '收到时间', 'Received at', 'date-time', must),
      column('asked', '要求', 'Asked for', 'choice', {
        required: true,
        choices: {
          preserve: ['保全证据', 'Preserve'],
          export: ['调取数据', 'Hand over'],
          stop: ['停止服务', 'Stop service'],
          other: ['其他', 'Other'],
        },
      }),
      column('objects', '涉及的呼叫、录音、号码', 'Calls, recordings, numbers', 'long-text', must),
      column('answeredAt', '答复时间', 'Answered at', 'date-time'),
      column('handedOver', '交付内容及哈希', 'Handed over, with hashes', 'long-text'),
      column('receipt', '回执编号', 'Receipt'),
      column('handledBy', '办理人', 'Handled by', 'text', must),
    ],
  },
  restoreTests: {
    title: { zh: '备份与恢复测试', en: 'Backups and restore tests' },
    keyField: 'testId',
    fields: [
      column('testId', '编号', 'Test', 'text', must),
      column('what', '对象', 'What', 'choice', {
        required: true,
        choices: {
          documents: ['数据库', 'Document store'],
          recordings: ['录音', 'Recordings'],
          secrets: ['密钥与配置', 'Keys and settings'],
          all: ['全部', 'All'],
        },
      }),
      column('schedule', '备份计划', 'Schedule', 'text', must),
      column('backupAt', '所用备份的时间', 'Backup of', 'date-time'),
      column('testedOn', '恢复测试日期', 'Restored on', 'date', must),
      column('ok', '恢复成功', 'Restored', 'yes-no', must),
      column('durationMinutes', '恢复用时（分钟）', 'Took (minutes)', 'integer'),
      column('checked', '核对内容', 'Checked', 'long-text', must),
      column('by', '执行人', 'By', 'text', must),
    ],
  },
  patches: {
    title: { zh: '漏洞与补丁', en: 'Vulnerabilities and patches' },
    keyField: 'patchId',
    fields: [
      column('patchId', '编号', 'Patch', 'text', must),
      column('asset', '设备或软件', 'Asset', 'text', must),
      column('vulnerability', '漏洞编号', 'Vulnerability'),
      column('severity', '级别', 'Class', 'choice', {
        required: true,
        choices: { low: ['低', 'Low'], medium: ['中', 'Medium'], high: ['高', 'High'], critical: ['严重', 'Critical'] },
      }),
      column('foundOn', '发现日期', 'Found on', 'date', must),
      column('dueOn', '修复期限', 'Due on', 'date'),
      column('fixedOn', '修复日期', 'Fixed on', 'date'),
      column('version', '修复版本', 'Version'),
      column('malwareProtection', '恶意代码防护状态', 'Malware protection'),
      column('note', '说明', 'Note', 'long-text'),
    ],
  },
  unlawfulContent: {
    title: { zh: '违法信息处置', en: 'Unlawful content' },
    keyField: 'caseId',
    fields: [
      column('caseId', '编号', 'Case', 'text', must),
      column('foundAt', '发现时间', 'Found at', 'date-time', must),
      column('content', '内容概述', 'Content', 'long-text', must),
      column('stoppedAt', '停止传输时间', 'Stopped at', 'date-time'),
      column('kept', '保存的记录（呼叫、录音）', 'Records kept', 'long-text'),
      column('reportedTo', '报告的机关', 'Reported to'),
      column('reportedAt', '报告时间', 'Reported at', 'date-time'),
      column('by', '办理人', 'By', 'text', must),
    ],
  },
} as const satisfies Record<string, Register>;
