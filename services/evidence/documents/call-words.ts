import type { ReleaseCause, releasedBy } from '../../shared/domain/calls/release.js';
import type { Words } from '../../shared/domain/language.js';

/** The words of the pages, for tables that inspectors read. */
export const causeWords: Readonly<Record<ReleaseCause, Words>> = {
  completed: { zh: '正常结束', en: 'completed' },
  'abandoned-in-notice': { zh: '提示音中放弃', en: 'gave up in the notice' },
  'abandoned-in-menu': { zh: '菜单中放弃', en: 'gave up in the menu' },
  'abandoned-in-queue': { zh: '排队中放弃', en: 'gave up in the queue' },
  'abandoned-ringing': { zh: '振铃中放弃', en: 'gave up while ringing' },
  'no-agent': { zh: '无坐席', en: 'no agent' },
  'queue-full': { zh: '队列已满', en: 'queue full' },
  'queue-timeout': { zh: '排队超时', en: 'waited too long' },
  closed: { zh: '非工作时间', en: 'outside hours' },
  'number-not-in-service': { zh: '号码未启用', en: 'number not in service' },
  blocked: { zh: '黑名单', en: 'blocked' },
  'no-common-codec': { zh: '编码不兼容', en: 'no common codec' },
  'trunk-not-allowed': { zh: '中继不允许', en: 'trunk not allowed' },
  'centre-busy': { zh: '中心忙', en: 'centre busy' },
  'media-failure': { zh: '语音故障', en: 'sound failed' },
  'system-failure': { zh: '系统故障', en: 'system failed' },
  'transferred-out': { zh: '转出', en: 'transferred out' },
  'message-left': { zh: '已留言', en: 'left a message' },
  'callback-booked': { zh: '已预约回拨', en: 'callback booked' },
  'abandoned-parked': { zh: '驻留中放弃', en: 'abandoned while parked' },
  'far-busy': { zh: '对方忙', en: 'called party busy' },
  'far-no-answer': { zh: '对方未接', en: 'not answered' },
  'far-unreachable': { zh: '无法接通', en: 'could not be reached' },
  'carrier-silent': { zh: '运营商无响应', en: 'the carrier did not answer' },
  'refused-by-key': { zh: '对方按键拒绝再来电', en: 'refused further calls by key' },
  'caller-silent': { zh: '对方无语音（媒体超时）', en: 'other side gone silent' },
  'longest-call': { zh: '达到最长通话时间', en: 'longest duration reached' },
  'outbound-stopped': { zh: '拨号中被停止外呼', en: 'calling out stopped while dialling' },
};

export const releasedByWords: Readonly<Record<(typeof releasedBy)[number], Words>> = {
  caller: { zh: '来电者', en: 'caller' },
  agent: { zh: '坐席', en: 'agent' },
  system: { zh: '系统', en: 'system' },
  'far-party': { zh: '对方', en: 'other side' },
  supervisor: { zh: '班长', en: 'supervisor' },
};
