import type { LicenceFile } from '../../../services/shared/domain/licence/licence-file.js';
import type { ProbeRow } from '../../../services/shared/domain/licence/probe-row.js';
import { showValue, type Values } from '../../../services/registry/field.js';
import { registers, type RegisterName } from '../../../services/registry/registers.js';

/** A hall of seats: its name, where it stands, and how many seats it has; `remote` are people at home. */
interface Hall {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly seats: number;
  readonly remote?: boolean;
}
interface Trunk {
  readonly id: string;
  readonly carrier: string;
  readonly accessPoint: string;
  readonly channels: number;
  readonly numbers: readonly string[];
  readonly both?: boolean;
  readonly silent?: boolean;
}
export interface ExampleShape {
  readonly halls: readonly Hall[];
  readonly trunks: readonly Trunk[];
  /** In the machine room: asset, name, category, model, address. */
  readonly room: readonly (readonly [string, string, string, string, string])[];
  /** A second machine room with its equipment. */
  readonly second?: { readonly name: string; readonly address: string; readonly room: ExampleShape['room'] };
}

const hall = (id: string, name: string, address: string, seats: number, remote = false): Hall => ({ id, name, address, seats, remote });
const small: ExampleShape = {
  halls: [hall('HALL1', '坐席大厅', '北京市示例区示例路1号3层', 5)],
  trunks: [{ id: 'BJ-01', carrier: '示例电信', accessPoint: '北京示例局端—一号机房', channels: 30, numbers: ['4001000'] }],
  room: [
    ['FW-01', '边界防火墙', 'firewall', 'FW-600', '10.1.0.1'],
    ['SW-01', '核心交换机', 'network', 'S5735', '10.1.0.2'],
    ['UPS-01', '机房 UPS', 'power', '6 kVA', ''],
    ['SRV-01', '呼叫中心服务器', 'application', '2U 机架式', '10.1.0.5'],
  ],
};
const middle: ExampleShape = {
  halls: [
    hall('HALL1', '一号坐席大厅', '北京市示例区示例路1号3层', 36),
    hall('HALL2', '二号坐席大厅', '北京市示例区示例路1号5层', 10),
    hall('HOME', '远程坐席', '经 VPN 接入', 4, true),
  ],
  trunks: [
    { id: 'BJ-01', carrier: '示例电信', accessPoint: '北京示例局端—一号机房', channels: 60, numbers: ['4001000', '4001001'] },
    { id: 'BJ-02', carrier: '示例联通', accessPoint: '北京第二局端—一号机房', channels: 30, numbers: ['01080001000'], both: true },
  ],
  room: [
    ['FW-01', '边界防火墙（主）', 'firewall', 'FW-2000', '10.1.0.1'],
    ['FW-02', '边界防火墙（备）', 'firewall', 'FW-2000', '10.1.0.3'],
    ['SW-01', '核心交换机', 'network', 'S5735', '10.1.0.2'],
    ['UPS-01', '机房 UPS', 'power', '20 kVA', ''],
    ['SRV-01', '呼叫中心服务器', 'application', '2U 机架式', '10.1.0.5'],
    ['BAK-01', '备份存储', 'backup', 'NAS 48 TB', '10.1.0.9'],
  ],
};
const large: ExampleShape = {
  halls: [
    hall('BJ1', '北京一号坐席大厅', '北京市示例区示例路1号3层', 80),
    hall('BJ2', '北京二号坐席大厅', '北京市示例区示例路1号5层', 64),
    hall('TJ1', '天津坐席大厅', '天津市示例区示例道8号2层', 72),
    hall('SJZ1', '石家庄坐席大厅', '石家庄市示例区示例大街66号', 48),
    hall('JN1', '济南一号坐席大厅', '济南市示例区示例路12号', 60),
    hall('JN2', '济南二号坐席大厅', '济南市示例区示例路12号4层', 40),
    hall('XA1', '西安坐席大厅', '西安市示例区示例一路20号', 56),
    hall('CD1', '成都坐席大厅', '成都市示例区示例大道300号', 44),
    hall('WH1', '武汉坐席大厅', '武汉市示例区示例大道18号', 20),
    hall('HOME', '远程坐席', '经 VPN 接入', 16, true),
  ],
  trunks: [
    {
      id: 'BJ-01',
      carrier: '示例电信',
      accessPoint: '北京示例局端—北京机房',
      channels: 300,
      numbers: ['4001000', '4001001', '4001002', '4001003'],
    },
    { id: 'BJ-02', carrier: '示例联通', accessPoint: '北京第二局端—北京机房', channels: 300, numbers: ['95100', '951001'] },
    { id: 'TJ-01', carrier: '示例移动', accessPoint: '天津示例局端—天津机房', channels: 120, numbers: ['02280001000'], both: true },
    { id: 'JN-01', carrier: '示例电信', accessPoint: '济南示例局端—北京机房', channels: 60, numbers: ['053180001000'], silent: true },
  ],
  room: [
    ['FW-01', '边界防火墙（主）', 'firewall', 'FW-8000', '10.1.0.1'],
    ['FW-02', '边界防火墙（备）', 'firewall', 'FW-8000', '10.1.0.3'],
    ['WAF-01', '网页应用防火墙 WAF', 'firewall', 'WAF-1000', '10.1.0.4'],
    ['IDS-01', '入侵检测 IDS', 'firewall', 'IDS-1000', '10.1.0.6'],
    ['SW-01', '核心交换机（主）', 'network', 'S12700', '10.1.0.2'],
    ['SW-02', '核心交换机（备）', 'network', 'S12700', '10.1.0.7'],
    ['UPS-01', '机房 UPS', 'power', '80 kVA', ''],
    ['SRV-01', '呼叫中心服务器', 'application', '2U 机架式', '10.1.0.5'],
    ['STO-01', '录音归档存储', 'storage', '分布式 400 TB', '10.1.0.8'],
  ],
  second: {
    name: '天津灾备机房',
    address: '天津市示例区示例道8号1层',
    room: [
      ['SW-31', '灾备核心交换机', 'network', 'S5735', '10.3.0.2'],
      ['SRV-31', '灾备服务器', 'application', '2U 机架式', '10.3.0.5'],
      ['BAK-31', '异地备份存储', 'backup', '400 TB', '10.3.0.9'],
      ['UPS-31', '灾备机房 UPS', 'power', '40 kVA', ''],
    ],
  },
};
/** Licensees of 5, 50 and 500 seats. */
export const exampleShapes = { 5: small, 50: middle, 500: large } as const satisfies Record<number, ExampleShape>;

/** A licensee as its registers and the probes of its platform show it: what the sheet of the topology is judged by. */
export const exampleSites = (
  shape: ExampleShape,
  language: 'zh' | 'en' = 'zh',
): { readonly file: LicenceFile; readonly probes: ProbeRow[] } => ({
  file: fileOf(shape, language),
  probes: probesOf(shape),
});

/** The seats of a hall stand in a network of their own, number by number. */
const networkOf = (i: number): string => `10.${20 + i}`;

function fileOf({ halls, trunks, room, second }: ExampleShape, language: 'zh' | 'en'): LicenceFile {
  const asset = (siteId: string, [assetNumber, name, category, model, address]: ExampleShape['room'][number]): Values => ({
    assetNumber,
    name,
    category,
    model,
    siteId,
    quantity: 1,
    state: 'in-use',
    ...(address === '' ? {} : { address }),
    ...(assetNumber === 'SRV-01' ? { probed: 'host', channels: 1_000 } : {}),
  });
  let seat = 1_000;
  const rows: Partial<Record<RegisterName, readonly Values[]>> = {
    sites: [
      {
        siteId: 'MR1',
        name: '一号机房',
        kind: 'machine-room',
        address: '北京市示例区示例路1号2层',
        networks: ['10.1.0.0/24'],
        internetExit: '示例运营商专线',
        bandwidthMbps: 500,
      },
      ...(second === undefined
        ? []
        : [{ siteId: 'MR2', name: second.name, kind: 'machine-room', address: second.address, networks: ['10.3.0.0/24'] }]),
      ...halls.map(({ id, name, address, remote }, i) => ({
        siteId: id,
        name,
        kind: remote === true ? 'remote' : 'seat-hall',
        address,
        networks: [`${networkOf(i)}.0.0/16`],
      })),
    ],
    trunks: trunks.map(({ id, carrier, accessPoint, channels, numbers, both }) => ({
      trunkId: id,
      carrier,
      accessPoint,
      channels,
      lineType: 'sip',
      contractNumber: `HT-2024-${id}`,
      direction: both === true ? 'both' : 'inbound-only',
      permittedCallers: numbers,
      state: 'in-use',
    })),
    numbers: trunks.flatMap(({ id, numbers }) => numbers.map((number) => ({ number, trunkId: id }))),
    seats: halls.flatMap(({ id, seats, remote }) =>
      Array.from({ length: seats }, () => ({
        seatNumber: String((seat += 1)),
        siteId: id,
        usedFrom: '2024-01-01',
        remote: remote === true,
      })),
    ),
    equipment: [
      ...room.map((line) => asset('MR1', line)),
      ...(second?.room.map((line) => asset('MR2', line)) ?? []),
      ...halls.flatMap(({ id, seats, remote }, i) => [
        ...(remote === true ? [] : [asset(id, [`SW-${id}`, '坐席接入交换机', 'network', 'S2730', `${networkOf(i)}.0.2`])]),
        { ...asset(id, [`PC-${id}`, '坐席终端（含耳麦）', 'terminal', '台式机 + USB 耳麦', '']), quantity: seats },
      ]),
    ],
  };
  return Object.fromEntries(
    Object.entries(rows).map(([name, list]) => {
      const { title, fields, keyField } = registers[name as RegisterName];
      return [
        name,
        {
          title,
          columns: fields.map(({ key, label }) => ({ key, label })),
          rows: list.map((values) => ({
            key: String(values[keyField]),
            values,
            shown: fields.map((field) => showValue(field, values[field.key], language)),
          })),
        },
      ];
    }),
  );
}

function probesOf({ halls, trunks }: ExampleShape): ProbeRow[] {
  const row = (kind: ProbeRow['kind'], subject: string, facts: ProbeRow['facts'] = {}): ProbeRow => ({
    ...{ at: new Date(0), probe: kind, outcome: 'answered', durationMs: 1, raw: '', rawSha256: '' },
    subject,
    kind,
    facts,
  });
  const connection = (process: string, remotePort: number): ProbeRow =>
    row('connection', `connection:${process}:${remotePort}`, { process, remotePort, incoming: false });
  return [
    row('host', 'host:cc-01', { hostname: 'cc-01', addresses: ['10.1.0.5'], cores: 16, memoryBytes: 64 * 2 ** 30, system: 'Debian 13' }),
    row('sip-server', 'sip-server:10.1.0.5:5060', { name: 'drachtio', version: '0.9.2' }),
    row('relay', 'relay:10.1.0.5:22222', { name: 'rtpengine', version: '12.5.1' }),
    ...['telephony', 'routing', 'recorder', 'mixer', 'cases', 'api'].map((name) =>
      row('process', `process:${name}`, { name, process: name, version: '0.1.0' }),
    ),
    row('document-store', 'document-store:10.1.0.5:27017', { name: 'MongoDB', version: '7.0.14' }),
    row('object-store', 'object-store:10.1.0.5:9000', { name: 'MinIO', version: '2025-04' }),
    row('live-state', 'live-state:10.1.0.5:6379', { name: 'Valkey', version: '8.0.2' }),
    ...['telephony', 'cases', 'api'].map((process) => connection(process, 27_017)),
    connection('recorder', 9_000),
    connection('routing', 6_379),
    ...trunks.filter(({ silent }) => silent !== true).map(({ id }) => row('trunk-use', `trunk:${id}`, { calls: 5 })),
    ...halls.flatMap(({ id, seats }, i) =>
      Array.from({ length: Math.ceil(seats * 0.9) }, (_, k) =>
        row('seat', `seat:${id}-${k}`, { address: `${networkOf(i)}.${1 + (k >> 8)}.${k & 255}` }),
      ),
    ),
  ];
}
