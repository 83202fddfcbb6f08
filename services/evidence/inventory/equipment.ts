import { breach, warning, type Finding } from '../finding.js';
import { inWords, type Say, type Words } from '../language.js';
import { flagOf, numberOf, rowsOf, shownOf, siteOfAddress, textOf, type LicenceFile, type LicenceRow } from '../licence-file.js';
import type { ProbeRow } from '../probes/probe.js';

export type Standing = 'matched' | 'seen-not-declared' | 'declared-silent' | 'by-hand';

/** A part of the product that a probe sees. */
export type PartId = 'sip' | 'relay' | 'telephony' | 'routing' | 'recorder' | 'mixer' | 'cases' | 'api' | 'documents' | 'objects' | 'live';

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
  /** Set when the line is a part of the product. */
  readonly part?: PartId;
  /** The probe row behind it, when a probe saw it. */
  readonly seenBy?: { readonly probe: string; readonly at: Date; readonly rawSha256: string; readonly subject: string };
}

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
  terminal: { zh: '座席终端/耳麦', en: 'Seat terminal/headset' },
  backup: { zh: '备份', en: 'Backup' },
  power: { zh: 'UPS', en: 'UPS' },
} as const satisfies Record<string, Words>;
export type Category = keyof typeof categories;

export interface EquipmentList {
  readonly lines: readonly EquipmentLine[];
  readonly findings: readonly Finding[];
}

/** The parts of the product as a licence reader knows them; each is a line although they may share one machine. */
const parts: readonly { id: PartId; kind: ProbeRow['kind']; role?: RegExp; name: Words; category: Category; use: Words }[] = [
  {
    id: 'sip',
    kind: 'sip-server',
    name: { zh: 'SIP 接入服务器', en: 'SIP server' },
    category: 'pbx',
    use: { zh: '中继与座席信令接入、主叫号码控制', en: 'Signalling of trunks and seats, control of caller numbers' },
  },
  {
    id: 'relay',
    kind: 'relay',
    name: { zh: '媒体网关', en: 'Media gateway' },
    category: 'gateway',
    use: { zh: '语音媒体中继与录音镜像', en: 'Relay of voice, copies for the recorder' },
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
    use: { zh: '排队、技能匹配、座席状态', en: 'Queues, skills, agent states' },
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
    use: { zh: '座席与管理网页、身份与审计', en: 'Pages of seats and management, identity, audit' },
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
    use: { zh: '座席状态、事件流', en: 'Agent states, event streams' },
  },
];

/** Declared equipment and what the probes saw, as one list. Pure: the same inputs give the same list and node numbers. */
export function reconcileEquipment(file: LicenceFile, probes: readonly ProbeRow[], say: Say): EquipmentList {
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
    draft.push(declaredLine(file, row, match, { expected, say }));
    if (!siteIds.has(textOf(row, 'siteId')))
      findings.push(
        breach(
          'equipment-site',
          row.key,
          say(
            `设备放置地点"${textOf(row, 'siteId')}"不是已登记的场地。`,
            `The place "${textOf(row, 'siteId')}" of the equipment is no registered site.`,
          ),
          '6.2 / 70',
        ),
      );
  }

  const machineSite = draft.find(({ seenBy }) => seenBy?.subject.startsWith('host:'))?.siteId ?? firstMachineRoom(file);
  for (const host of seen.filter((row) => row.kind === 'host' && !used.has(row))) {
    draft.push(
      seenLine(host, siteOfHost(file, host), {
        ...hardwareOf(host, say),
        name: say('服务器', 'Server'),
        category: 'application',
        use: say('运行呼叫中心平台', 'Runs the call-centre platform'),
        state: say('在用', 'In use'),
      }),
    );
    findings.push(
      breach(
        'equipment-undeclared',
        host.subject,
        say(
          `探针发现服务器 ${String(host.facts['hostname'])},设备登记中没有。`,
          `A probe found server ${String(host.facts['hostname'])}; the equipment register does not have it.`,
        ),
        '6.2 / 70',
      ),
    );
  }
  for (const part of parts) {
    const instances = seen.filter(({ kind, subject }) => kind === part.kind && (part.role?.test(subject) ?? true));
    // A part that runs several times on this machine is one line with its number.
    const [first] = instances;
    if (first !== undefined)
      draft.push({
        ...seenLine(first, machineSite, {
          ...softwareOf(first, say),
          name: inWords(part.name, say),
          category: part.category,
          use: inWords(part.use, say),
          state: say('在用', 'In use'),
        }),
        part: part.id,
        quantity: instances.length,
        standing: 'matched',
      });
  }
  draft.push(...seatLines(file, seen, { findings, declared: draft, say }));
  for (const line of draft)
    if (line.standing === 'declared-silent')
      findings.push(
        warning(
          'equipment-silent',
          line.asset,
          say(
            `登记的设备"${line.name}"(${line.asset})应由探针核实,但没有看到。`,
            `"${line.name}" (${line.asset}) is declared as seen by a probe, and none saw it.`,
          ),
          '6.2 / 70',
        ),
      );
  findings.push(...crossRules(file, draft, say));
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

function declaredLine(
  file: LicenceFile,
  row: LicenceRow,
  probe: ProbeRow | undefined,
  { expected, say }: { readonly expected: boolean; readonly say: Say },
): Omit<EquipmentLine, 'node'> {
  const category = textOf(row, 'category');
  const site = rowsOf(file, 'sites').find(({ key }) => key === textOf(row, 'siteId'));
  return {
    name: textOf(row, 'name'),
    category: category in categories ? (category as Category) : 'application',
    model: textOf(row, 'model') || (probe === undefined ? '' : hardwareOf(probe, say).model),
    quantity: numberOf(row, 'quantity'),
    maker: textOf(row, 'maker') || (probe === undefined ? '' : hardwareOf(probe, say).maker),
    obtained: [shownOf(file, 'equipment', row, 'obtained'), textOf(row, 'contractNumber')].filter((part) => part !== '').join(' '),
    use: textOf(row, 'use'),
    siteId: textOf(row, 'siteId'),
    place: [textOf(site, 'address'), textOf(row, 'rack')].filter((part) => part !== '').join(' '),
    software: textOf(row, 'software') || (probe === undefined ? '' : softwareOf(probe, say).software),
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

const hardwareOf = (row: ProbeRow, say: Say): { model: string; maker: string; software: string } => ({
  model: [word(row, 'model'), say(`${word(row, 'cores')} 核`, `${word(row, 'cores')} cores`), gibibytes(row.facts['memoryBytes'])]
    .filter((part) => part.trim() !== '')
    .join(' / '),
  maker: word(row, 'maker'),
  software: word(row, 'system'),
});
const softwareOf = (row: ProbeRow, say: Say): { model: string; maker: string; software: string } => ({
  model: say('软件', 'Software'),
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
  siteId: string,
  known: Pick<EquipmentLine, 'name' | 'category' | 'use' | 'model' | 'maker' | 'software' | 'state'>,
): Omit<EquipmentLine, 'node'> {
  return {
    ...known,
    quantity: 1,
    obtained: '',
    siteId,
    place: '',
    networkAccessLicence: '',
    asset: row.subject,
    usedFrom: '',
    responsible: '',
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
  {
    findings,
    declared,
    say,
  }: { readonly findings: Finding[]; readonly declared: readonly Omit<EquipmentLine, 'node'>[]; readonly say: Say },
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
    findings.push(
      breach(
        'seats-undeclared',
        siteId,
        say(
          `使用过的座席 ${seats.length} 个,登记的座席终端 ${terminals} 台。`,
          `${seats.length} seats were used; ${terminals} seat terminals are declared.`,
        ),
        '6.2 / 42',
      ),
    );
    return [
      {
        ...seenLine(first, siteId, {
          name: say('座席终端(未登记)', 'Seat terminals (not declared)'),
          category: 'terminal',
          use: say('座席', 'Seats'),
          model: '',
          maker: '',
          software: '',
          state: say('在用', 'In use'),
        }),
        quantity: above,
      },
    ];
  });
}

function crossRules(file: LicenceFile, lines: readonly Omit<EquipmentLine, 'node'>[], say: Say): Finding[] {
  const findings: Finding[] = [];
  const total = (category: Category): number =>
    lines.filter((line) => line.category === category).reduce((sum, { quantity }) => sum + quantity, 0);
  const activeSeats = rowsOf(file, 'seats').filter((seat) => textOf(seat, 'usedUntil') === '' && !flagOf(seat, 'remote')).length;
  if (total('terminal') < activeSeats)
    findings.push(
      breach(
        'terminals-below-seats',
        'equipment',
        say(
          `座席终端 ${total('terminal')} 台,坐席台账 ${activeSeats} 席。`,
          `${total('terminal')} seat terminals; the seat register has ${activeSeats}.`,
        ),
        '6.2 / 70',
      ),
    );
  const trunkChannels = rowsOf(file, 'trunks')
    .filter((trunk) => textOf(trunk, 'state') === 'in-use')
    .reduce((sum, trunk) => sum + numberOf(trunk, 'channels'), 0);
  const gatewayChannels = rowsOf(file, 'equipment').reduce((sum, row) => sum + numberOf(row, 'channels'), 0);
  if (gatewayChannels < trunkChannels)
    findings.push(
      breach(
        'channels-below-trunks',
        'equipment',
        say(
          `设备通道 ${gatewayChannels},中继登记通道 ${trunkChannels}。`,
          `${gatewayChannels} channels of equipment; ${trunkChannels} are declared of the trunks.`,
        ),
        '6.2 / 70',
      ),
    );
  return findings;
}
