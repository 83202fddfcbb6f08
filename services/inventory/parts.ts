import type { Words } from '../shared/domain/language.js';
import type { Category, PartId } from '../shared/domain/licence/equipment-list.js';
import type { ReadingKind } from '../shared/domain/licence/probe-row.js';

/** The parts of the product as a licence reader knows them; each is a line although they may share one machine. */
export const parts: readonly { id: PartId; kind: ReadingKind; role?: RegExp; name: Words; category: Category; use: Words }[] = [
  {
    id: 'sip',
    kind: 'sip-server',
    name: { zh: 'SIP 接入服务器', en: 'SIP server' },
    category: 'pbx',
    use: { zh: '中继与坐席信令接入、主叫号码控制', en: 'Signalling of trunks and seats, control of caller numbers' },
  },
  {
    id: 'relay',
    kind: 'relay',
    name: { zh: '媒体网关', en: 'Media gateway' },
    category: 'gateway',
    use: { zh: '语音媒体网关与录音镜像', en: 'Relay of voice, copies for the recorder' },
  },
  {
    id: 'telephony',
    kind: 'process',
    role: /^process:(role-)?telephony/,
    name: { zh: '呼叫控制与 IVR', en: 'Call control and IVR' },
    category: 'ivr',
    use: { zh: '录音告知、语音导航、呼叫控制', en: 'Recording notice, menus, call control' },
  },
  {
    id: 'routing',
    kind: 'process',
    role: /^process:(role-)?routing/,
    name: { zh: '排队与路由 ACD', en: 'Queueing and routing ACD' },
    category: 'acd',
    use: { zh: '排队、技能匹配、坐席状态', en: 'Queues, skills, agent states' },
  },
  {
    id: 'recorder',
    kind: 'process',
    role: /^process:(role-)?recorder/,
    name: { zh: '录音服务', en: 'Recorder' },
    category: 'recorder',
    use: { zh: '双声道录音、加密、归档', en: 'Two-channel recording, encryption, archive' },
  },
  {
    id: 'mixer',
    kind: 'process',
    role: /^process:(role-)?mixer/,
    name: { zh: '会议混音服务', en: 'Conference mixer' },
    category: 'acd',
    use: { zh: '三方会议与监听', en: 'Conferences and monitoring' },
  },
  {
    id: 'cases',
    kind: 'process',
    role: /^process:(role-)?cases/,
    name: { zh: '业务后台服务', en: 'Back-office service' },
    category: 'application',
    use: { zh: '投诉、满意度、登记、证据', en: 'Complaints, satisfaction, registers, evidence' },
  },
  {
    id: 'api',
    kind: 'process',
    role: /^process:(role-)?api/,
    name: { zh: '应用与网页服务', en: 'Application and web service' },
    category: 'application',
    use: { zh: '坐席与管理网页、身份与审计', en: 'Pages of seats and management, identity, audit' },
  },
  {
    id: 'documents',
    kind: 'document-store',
    name: { zh: '业务数据库', en: 'Business database' },
    category: 'database',
    use: { zh: '话单、投诉、登记数据', en: 'Call records, complaints, registers' },
  },
  {
    id: 'objects',
    kind: 'object-store',
    name: { zh: '录音存储', en: 'Recording store' },
    category: 'storage',
    use: { zh: '录音与附件对象存储', en: 'Objects of recordings and attachments' },
  },
  {
    id: 'live',
    kind: 'live-state',
    name: { zh: '实时状态与消息', en: 'Live state and messages' },
    category: 'database',
    use: { zh: '坐席状态、事件流', en: 'Agent states, event streams' },
  },
];
