import { breach, warning, type Finding } from '../finding.js';
import { flagOf, numberOf, rowsOf, shownOf, siteOfAddress, textOf, type LicenceFile, type LicenceRow } from '../licence-file.js';
import type { ProbeRow } from '../probes/probe.js';

export type Standing = 'matched' | 'seen-not-declared' | 'declared-silent' | 'by-hand';

/** A line of the equipment list 设备清单 with the columns of regulation 6.2. */
export interface EquipmentLine {
  /** Number of the node in the topology. */
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
  readonly usedFrom: string;
  readonly responsible: string;
  readonly state: string;
  readonly standing: Standing;
  /** The probe row behind it, when a probe saw it. */
  readonly seenBy?: { readonly probe: string; readonly at: Date; readonly rawSha256: string; readonly subject: string };
}

export const categories = {
  gateway: '语音接入网关/SBC',
  pbx: 'IP-PBX/软交换',
  acd: 'CTI/ACD',
  ivr: 'IVR',
  recorder: '录音服务器',
  database: '数据库',
  application: '应用服务器',
  storage: '存储',
  firewall: '防火墙/WAF/IDS',
  network: '交换机/路由器',
  terminal: '座席终端/耳麦',
  backup: '备份',
  power: 'UPS',
} as const;
export type Category = keyof typeof categories;

export interface EquipmentList {
  readonly lines: readonly EquipmentLine[];
  readonly findings: readonly Finding[];
}

/** The parts of the product as a licence reader knows them; each is a line although they may share one machine. */
const parts: readonly { kind: ProbeRow['kind']; match: RegExp; name: string; category: Category; use: string }[] = [
  { kind: 'sip-server', match: /./, name: 'SIP 接入服务器', category: 'pbx', use: '中继与座席信令接入、主叫号码控制' },
  { kind: 'relay', match: /./, name: '媒体网关', category: 'gateway', use: '语音媒体中继与录音镜像' },
  { kind: 'process', match: /^process:(role-)?telephony/, name: '呼叫控制与 IVR', category: 'ivr', use: '录音告知、语音导航、呼叫控制' },
  { kind: 'process', match: /^process:(role-)?routing/, name: '排队与路由 ACD', category: 'acd', use: '排队、技能匹配、座席状态' },
  { kind: 'process', match: /^process:(role-)?recorder/, name: '录音服务', category: 'recorder', use: '双声道录音、加密、归档' },
  { kind: 'process', match: /^process:(role-)?mixer/, name: '会议混音服务', category: 'acd', use: '三方会议与监听' },
  { kind: 'process', match: /^process:(role-)?cases/, name: '业务后台服务', category: 'application', use: '投诉、满意度、登记、证据' },
  { kind: 'process', match: /^process:(role-)?api/, name: '应用与网页服务', category: 'application', use: '座席与管理网页、身份与审计' },
  { kind: 'document-store', match: /./, name: '业务数据库', category: 'database', use: '话单、投诉、登记数据' },
  { kind: 'object-store', match: /./, name: '录音存储', category: 'storage', use: '录音与附件对象存储' },
  { kind: 'live-state', match: /./, name: '实时状态与消息', category: 'database', use: '座席状态、事件流' },
];

/** Declared equipment and what the probes saw, as one list. Pure: the same inputs give the same list and node numbers. */
export function reconcileEquipment(file: LicenceFile, probes: readonly ProbeRow[]): EquipmentList {
  const seen = probes.filter(({ outcome }) => outcome === 'answered');
  const findings: Finding[] = [];
  const siteIds = new Set(rowsOf(file, 'sites').map(({ key }) => key));
  const used = new Set<ProbeRow>();
  const draft: Omit<EquipmentLine, 'node'>[] = [];

  for (const row of rowsOf(file, 'equipment')) {
    if (textOf(row, 'state') === 'retired') continue;
    const match = seen.find((probe) => !used.has(probe) && declaredAs(row, probe));
    if (match !== undefined) used.add(match);
    const expected = textOf(row, 'probed') !== '' || match !== undefined;
    draft.push(declaredLine(file, row, match, expected));
    if (!siteIds.has(textOf(row, 'siteId')))
      findings.push(breach('equipment-site', row.key, `设备放置地点"${textOf(row, 'siteId')}"不是已登记的场地。`, '6.2 / 70'));
  }

  const machineSite = draft.find(({ seenBy }) => seenBy?.subject.startsWith('host:'))?.siteId ?? firstMachineRoom(file);
  for (const host of seen.filter((row) => row.kind === 'host' && !used.has(row))) {
    draft.push(
      seenLine(host, { name: '服务器', category: 'application', use: '运行呼叫中心平台' }, siteOfHost(file, host), hardwareOf(host)),
    );
    findings.push(
      breach('equipment-undeclared', host.subject, `探针发现服务器 ${String(host.facts['hostname'])},设备登记中没有。`, '6.2 / 70'),
    );
  }
  for (const part of parts) {
    const instances = seen.filter(({ kind, subject }) => kind === part.kind && part.match.test(subject));
    // A part that runs several times on this machine is one line with its number.
    const [first] = instances;
    if (first !== undefined)
      draft.push({ ...seenLine(first, part, machineSite, softwareOf(first)), quantity: instances.length, standing: 'matched' });
  }
  draft.push(...seatLines(file, seen, findings, draft));
  for (const line of draft)
    if (line.standing === 'declared-silent')
      findings.push(
        warning('equipment-silent', line.asset, `登记的设备"${line.name}"(${line.asset})应由探针核实,但没有看到。`, '6.2 / 70'),
      );
  findings.push(...crossRules(file, draft));
  return { lines: draft.map((line, i) => ({ ...line, node: `N${String(i + 1).padStart(2, '0')}` })), findings };
}

function declaredAs(row: LicenceRow, probe: ProbeRow): boolean {
  const probed = textOf(row, 'probed');
  const serial = textOf(row, 'serialNumber');
  if (probed !== '') return probe.subject === probed || probe.kind === probed;
  if (probe.kind !== 'host') return false;
  const addresses = probe.facts['addresses'];
  return (
    (serial !== '' && serial === probe.facts['serial']) ||
    (textOf(row, 'address') !== '' && Array.isArray(addresses) && addresses.includes(textOf(row, 'address')))
  );
}

function declaredLine(file: LicenceFile, row: LicenceRow, probe: ProbeRow | undefined, expected: boolean): Omit<EquipmentLine, 'node'> {
  const category = textOf(row, 'category');
  const site = rowsOf(file, 'sites').find(({ key }) => key === textOf(row, 'siteId'));
  return {
    name: textOf(row, 'name'),
    category: category in categories ? (category as Category) : 'application',
    model: textOf(row, 'model') || (probe === undefined ? '' : hardwareOf(probe).model),
    quantity: numberOf(row, 'quantity'),
    maker: textOf(row, 'maker') || (probe === undefined ? '' : hardwareOf(probe).maker),
    obtained: [shownOf(file, 'equipment', row, 'obtained'), textOf(row, 'contractNumber')].filter((part) => part !== '').join(' '),
    use: textOf(row, 'use'),
    siteId: textOf(row, 'siteId'),
    place: [textOf(site, 'address'), textOf(row, 'rack')].filter((part) => part !== '').join(' '),
    software: textOf(row, 'software') || (probe === undefined ? '' : softwareOf(probe).software),
    networkAccessLicence: textOf(row, 'networkAccessLicence'),
    asset: [row.key, textOf(row, 'serialNumber')].filter((part) => part !== '').join(' / '),
    usedFrom: textOf(row, 'usedFrom'),
    responsible: textOf(row, 'responsible'),
    state: shownOf(file, 'equipment', row, 'state'),
    standing: probe !== undefined ? 'matched' : expected ? 'declared-silent' : 'by-hand',
    ...(probe === undefined ? {} : { seenBy: seenBy(probe) }),
  };
}

const seenBy = ({ probe, at, rawSha256, subject }: ProbeRow): NonNullable<EquipmentLine['seenBy']> => ({ probe, at, rawSha256, subject });
const word = (row: ProbeRow, key: string): string => {
  const value = row.facts[key];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
};
const gibibytes = (bytes: unknown): string => (typeof bytes === 'number' ? `${Math.round(bytes / 2 ** 30)} GiB` : '');

const hardwareOf = (row: ProbeRow): { model: string; maker: string; software: string } => ({
  model: [word(row, 'model'), `${word(row, 'cores')} 核`, gibibytes(row.facts['memoryBytes'])]
    .filter((part) => part.trim() !== '')
    .join(' / '),
  maker: word(row, 'maker'),
  software: word(row, 'system'),
});
const softwareOf = (row: ProbeRow): { model: string; maker: string; software: string } => ({
  model: '软件',
  maker: '',
  software:
    row.kind === 'host'
      ? word(row, 'system')
      : row.kind === 'process'
        ? `Proofline ${word(row, 'version')}`
        : `${word(row, 'name')} ${word(row, 'version')}`.trim(),
});

function seenLine(
  row: ProbeRow,
  part: { readonly name: string; readonly category: Category; readonly use: string },
  siteId: string,
  { model, maker, software }: { model: string; maker: string; software: string },
): Omit<EquipmentLine, 'node'> {
  return {
    name: part.name,
    category: part.category,
    model,
    quantity: 1,
    maker,
    obtained: '',
    use: part.use,
    siteId,
    place: '',
    software,
    networkAccessLicence: '',
    asset: row.subject,
    usedFrom: '',
    responsible: '',
    state: '在用',
    standing: 'seen-not-declared',
    seenBy: seenBy(row),
  };
}

const firstMachineRoom = (file: LicenceFile): string =>
  rowsOf(file, 'sites').find((site) => textOf(site, 'kind') === 'machine-room')?.key ?? '';

function siteOfHost(file: LicenceFile, host: ProbeRow): string {
  const addresses = host.facts['addresses'];
  const found = Array.isArray(addresses)
    ? addresses.map((address) => siteOfAddress(file, address as string)).find((site) => site !== undefined)
    : undefined;
  return found ?? firstMachineRoom(file);
}

/** Seats that were on line, by site. They are covered by declared terminals of the site; what is above is seen but not declared. */
function seatLines(
  file: LicenceFile,
  seen: readonly ProbeRow[],
  findings: Finding[],
  declared: readonly Omit<EquipmentLine, 'node'>[],
): Omit<EquipmentLine, 'node'>[] {
  const bySite = new Map<string, ProbeRow[]>();
  for (const seat of seen.filter(({ kind }) => kind === 'seat')) {
    const site = siteOfAddress(file, word(seat, 'address')) ?? '';
    bySite.set(site, [...(bySite.get(site) ?? []), seat]);
  }
  return [...bySite].flatMap(([siteId, seats]) => {
    const terminals = declared
      .filter((line) => line.category === 'terminal' && (line.siteId === siteId || siteId === ''))
      .reduce((sum, { quantity }) => sum + quantity, 0);
    const above = seats.length - terminals;
    const [first] = seats;
    if (above <= 0 || first === undefined) return [];
    findings.push(breach('seats-undeclared', siteId, `使用过的座席 ${seats.length} 个,登记的座席终端 ${terminals} 台。`, '6.2 / 42'));
    return [
      {
        ...seenLine(first, { name: '座席终端(未登记)', category: 'terminal' as const, use: '座席' }, siteId, {
          model: '',
          maker: '',
          software: '',
        }),
        quantity: above,
      },
    ];
  });
}

function crossRules(file: LicenceFile, lines: readonly Omit<EquipmentLine, 'node'>[]): Finding[] {
  const findings: Finding[] = [];
  const total = (category: Category): number =>
    lines.filter((line) => line.category === category).reduce((sum, { quantity }) => sum + quantity, 0);
  const activeSeats = rowsOf(file, 'seats').filter((seat) => textOf(seat, 'usedUntil') === '' && !flagOf(seat, 'remote')).length;
  if (total('terminal') < activeSeats)
    findings.push(
      breach('terminals-below-seats', 'equipment', `座席终端 ${total('terminal')} 台,坐席台账 ${activeSeats} 席。`, '6.2 / 70'),
    );
  const trunkChannels = rowsOf(file, 'trunks')
    .filter((trunk) => textOf(trunk, 'state') === 'in-use')
    .reduce((sum, trunk) => sum + numberOf(trunk, 'channels'), 0);
  const gatewayChannels = rowsOf(file, 'equipment').reduce((sum, row) => sum + numberOf(row, 'channels'), 0);
  if (gatewayChannels < trunkChannels)
    findings.push(breach('channels-below-trunks', 'equipment', `设备通道 ${gatewayChannels},中继登记通道 ${trunkChannels}。`, '6.2 / 70'));
  return findings;
}
