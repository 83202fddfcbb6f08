import type { Words } from '../language.js';
import type { Finding } from './finding.js';

/** The categories of the equipment list, in words. */
export const categories = {
  gateway: { zh: '语音接入网关/SBC', en: 'Voice gateway/SBC' },
  pbx: { zh: 'IP-PBX/软交换', en: 'IP-PBX' },
  acd: { zh: 'CTI/ACD', en: 'CTI/ACD' },
  ivr: { zh: 'IVR', en: 'IVR' },
  recorder: { zh: '录音服务器', en: 'Recorder' },
  database: { zh: '数据库', en: 'Database' },
  application: { zh: '应用服务器', en: 'Application server' },
  storage: { zh: '存储', en: 'Storage' },
  firewall: { zh: '防火墙/WAF/IDS', en: 'Firewall/WAF/IDS' },
  network: { zh: '交换机/路由器', en: 'Switch/router' },
  terminal: { zh: '坐席终端/耳麦', en: 'Seat terminal/headset' },
  backup: { zh: '备份', en: 'Backup' },
  power: { zh: 'UPS', en: 'UPS' },
} as const satisfies Record<string, Words>;
export type Category = keyof typeof categories;

/** A part of the product that a probe sees. */
export type PartId = 'sip' | 'relay' | 'telephony' | 'routing' | 'recorder' | 'mixer' | 'cases' | 'api' | 'documents' | 'objects' | 'live';

/** `declared-silent`: the probe answered and did not see it; `declared-unanswered`: the probe that sees it gave no answer. */
export type Standing = 'matched' | 'seen-not-declared' | 'declared-silent' | 'declared-unanswered' | 'by-hand';

/** A line of the equipment list 设备清单 with the columns of regulation 6.2. */
export interface EquipmentLine {
  /** The number of the node in the topology. */
  readonly node: string;
  readonly name: string;
  readonly category: Category;
  readonly model: string;
  readonly quantity: number;
  readonly maker: string;
  readonly obtained: string;
  readonly use: string;
  readonly siteId: string;
  readonly place: string;
  readonly software: string;
  readonly networkAccessLicence: string;
  readonly asset: string;
  /**
   * The name in a filing, when it differs from `asset`: the users of undeclared seats change, and the filing states only that such seats
   * exist.
   */
  readonly filedAs?: string;
  readonly usedFrom: string;
  readonly responsible: string;
  readonly state: string;
  readonly standing: Standing;
  /** Set when the line is a part of the product. */
  readonly part?: PartId;
  /** The row of the probe that saw it. */
  readonly seenBy?: { readonly probe: string; readonly at: Date; readonly rawSha256: string; readonly subject: string };
}

/** The name in a filing for used but undeclared seats, by site. */
export const UNDECLARED_SEATS = 'seats:';

export interface EquipmentList {
  readonly lines: readonly EquipmentLine[];
  readonly findings: readonly Finding[];
}
