import { inWords, type Say, type Words } from '../../shared/domain/language.js';
import type { ReadingKind } from '../../shared/domain/licence/probe-row.js';

export const complaintStates: Readonly<Record<string, Words>> = {
  open: { zh: '待受理', en: 'open' },
  'in-hand': { zh: '处理中', en: 'in hand' },
  answered: { zh: '已答复', en: 'answered' },
  closed: { zh: '已办结', en: 'closed' },
};
export const complaintKinds: Readonly<Record<string, Words>> = {
  harassment: { zh: '骚扰电话（未经同意呼出）', en: 'harassment' },
  'called-after-refusal': { zh: '明确拒绝后再次呼出', en: 'called after refusal' },
  attitude: { zh: '服务态度', en: 'attitude' },
  waiting: { zh: '等待过久', en: 'waiting' },
  'information-leak': { zh: '信息泄露', en: 'information leak' },
  charging: { zh: '收费问题', en: 'charging' },
  other: { zh: '其他', en: 'other' },
};
export const complaintSources: Readonly<Record<string, Words>> = {
  phone: { zh: '电话', en: 'phone' },
  web: { zh: '网页', en: 'web' },
  mail: { zh: '邮件', en: 'mail' },
  letter: { zh: '信函', en: 'letter' },
  regulator: { zh: '申诉转办（通信管理局／12300）', en: 'regulator' },
  'low-score': { zh: '低分回访', en: 'low score' },
};
/** Why a rule refused an outbound request. */
export const dialRefusals: Readonly<Record<string, Words>> = {
  'purpose-not-allowed': { zh: '用途不允许', en: 'purpose not allowed' },
  stopped: { zh: '外呼已停止', en: 'outbound is stopped' },
  'number-not-usable': { zh: '主叫号码不可用于呼出', en: 'number must not call out' },
  'refused-by-person': { zh: '对方已谢绝来电', en: 'refused by the person' },
  'no-consent': { zh: '无同意凭证', en: 'no consent on record' },
  'outside-window': { zh: '时段外', en: 'outside the hours' },
  'too-often': { zh: '超频次', en: 'too often' },
  'not-dialable': { zh: '不是可拨打的号码', en: 'not a number that may be dialled' },
  'kind-not-allowed': { zh: '境外、卫星、高额资费或紧急号码', en: 'foreign, satellite, premium or emergency number' },
  'not-registered': { zh: '目的号码未登记', en: 'destination not on the register' },
  'caller-not-vouched': { zh: '来电号码未经运营商认证', en: 'caller number not vouched for by the carrier' },
  'over-ceiling': { zh: '超出每日上限', en: 'over a ceiling of the day' },
};
export const dialPurposes: Readonly<Record<string, Words>> = {
  'prompt-return': { zh: '即时回访', en: 'prompt call-back' },
  enquiry: { zh: '信息咨询', en: 'information' },
  'service-notice': { zh: '服务通知', en: 'service notice' },
  'complaint-return': { zh: '投诉回访', en: 'complaint call-back' },
  'satisfaction-return': { zh: '满意度回访', en: 'satisfaction call-back' },
};
export const personRefusals: Readonly<Record<string, Words>> = {
  harassment: { zh: '骚扰投诉', en: 'harassment' },
  'called-after-refusal': { zh: '明确拒绝后再次呼出', en: 'called after refusal' },
  'asked-by-voice': { zh: '口头要求', en: 'asked by voice' },
  'asked-by-key': { zh: '按键要求', en: 'asked by key' },
  'asked-by-sms': { zh: '短信要求', en: 'asked by SMS' },
  'asked-by-web': { zh: '网页要求', en: 'asked on the web' },
  'external-list': { zh: '外部名单', en: 'external list' },
  other: { zh: '其他', en: 'other' },
};
/** Subjects of findings other than rows, numbers and people. */
export const findingSubjects: Readonly<Record<string, Words>> = {
  clock: { zh: '时钟', en: 'clock' },
  company: { zh: '公司', en: 'company' },
  equipment: { zh: '设备', en: 'equipment' },
  restoreTests: { zh: '恢复测试', en: 'restore tests' },
  seats: { zh: '坐席', en: 'seats' },
  training: { zh: '培训', en: 'training' },
  trunks: { zh: '中继', en: 'trunks' },
};
/** The subject of a reading of a probe. */
export const readingNames: Readonly<Record<ReadingKind | 'probe', Words>> = {
  host: { zh: '主机', en: 'host' },
  process: { zh: '进程', en: 'process' },
  relay: { zh: '媒体网关', en: 'media relay' },
  'sip-server': { zh: 'SIP 服务器', en: 'SIP server' },
  'document-store': { zh: '业务数据库', en: 'document store' },
  'object-store': { zh: '录音存储', en: 'object store' },
  'live-state': { zh: '实时状态', en: 'live state' },
  certificate: { zh: '证书', en: 'certificate' },
  seat: { zh: '坐席', en: 'seat' },
  'trunk-use': { zh: '中继使用', en: 'use of a trunk' },
  'number-use': { zh: '号码使用', en: 'use of a number' },
  listener: { zh: '监听端口', en: 'listening port' },
  connection: { zh: '连接', en: 'connection' },
  software: { zh: '软件', en: 'software' },
  clock: { zh: '时钟', en: 'clock' },
  logs: { zh: '日志', en: 'logs' },
  snmp: { zh: '网络设备（SNMP）', en: 'network equipment (SNMP)' },
  probe: { zh: '探针', en: 'probe' },
};

/** The roles of processes, and the probes that no subject names. */
const roleNames: Readonly<Record<string, Words>> = {
  telephony: { zh: '呼叫控制', en: 'call control' },
  routing: { zh: '排队与路由', en: 'routing' },
  recorder: { zh: '录音', en: 'recorder' },
  mixer: { zh: '会议混音', en: 'mixer' },
  cases: { zh: '业务后台', en: 'back office' },
  api: { zh: '应用与网页', en: 'application and web' },
  supervisor: { zh: '进程管理', en: 'supervisor' },
};
const probeNames: Readonly<Record<string, Words>> = {
  ...readingNames,
  machines: { zh: '集群各主机', en: 'machines of the cluster' },
  processes: { zh: '进程', en: 'processes' },
  sockets: { zh: '端口与连接', en: 'ports and connections' },
  seats: { zh: '坐席', en: 'seats' },
};

/** The subject of a reading in words: its kind stands beside it, so that only what it names is left, or the probe that gave no answer. */
export function readingSubject({ kind, subject }: { readonly kind: string; readonly subject: string }, say: Say): string {
  const [prefix = '', ...rest] = subject.split(':');
  const named = probeNames[prefix];
  if (kind === 'probe')
    return named === undefined ? subject : [inWords(named, say), ...(rest.length === 0 ? [] : [rest.join(':')])].join(' ');
  if (prefix !== kind || rest.length === 0) return subject;
  const [role = '', ...host] = rest
    .join(':')
    .replace(/^role-/, '')
    .split('@');
  const words = kind === 'process' ? roleNames[role] : undefined;
  return words === undefined ? rest.join(':') : [inWords(words, say), ...host].join(' @ ');
}

/** What is wrong with a recording. */
export const damageFoundWords = {
  'recording-missing': { zh: '存储中已无', en: 'gone from the store' },
  'recording-truncated': { zh: '被截断', en: 'cut' },
  'recording-damaged': { zh: '与登记的哈希值不符', en: 'does not match its hash' },
} as const satisfies Record<string, Words>;

/** Who found it. */
export const foundByWords = {
  nightly: { zh: '夜间抽检', en: 'nightly check' },
  ledger: { zh: '台账核对', en: 'check of the ledger' },
  playback: { zh: '播放或下载', en: 'playback or download' },
  pack: { zh: '制作证据包', en: 'pack that was made' },
} as const satisfies Record<string, Words>;
