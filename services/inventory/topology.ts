import { breach, warning, type Finding } from '../shared/domain/licence/finding.js';
import { inWords, listed, type Say, type Words } from '../shared/domain/language.js';
import {
  inNetworks,
  listOf,
  numberOf,
  rowsOf,
  shownOf,
  siteOfAddress,
  textOf,
  type LicenceFile,
} from '../shared/domain/licence/licence-file.js';
import type { ProbeRow } from '../shared/domain/licence/probe-row.js';
import type { EquipmentLine, EquipmentList, Category, PartId } from '../shared/domain/licence/equipment-list.js';
import type { EdgeKind, Frame, Topology, TopologyEdge, TopologyNode } from '../shared/domain/licence/topology.js';

const zoneOf: Readonly<Record<Category, string>> = {
  firewall: 'access',
  gateway: 'access',
  pbx: 'access',
  ivr: 'core',
  acd: 'core',
  recorder: 'core',
  application: 'core',
  database: 'data',
  storage: 'data',
  backup: 'data',
  network: 'network',
  power: 'network',
  terminal: 'seats',
};
const zoneTitles: Readonly<Record<string, Words>> = {
  access: { zh: '接入区（安全域边界）', en: 'Access zone (security border)' },
  core: { zh: '核心业务区', en: 'Core zone' },
  data: { zh: '数据区', en: 'Data zone' },
  network: { zh: '网络与动力', en: 'Network and power' },
  seats: { zh: '坐席区', en: 'Seats' },
};

/** How the parts communicate by design, from the carrier's edge inwards. The probes say which of these connections they saw. */
const design: readonly { from: PartId; to: PartId; label: Words; kind: EdgeKind }[] = [
  { from: 'sip', to: 'telephony', label: { zh: '信令控制', en: 'signalling control' }, kind: 'signalling' },
  { from: 'relay', to: 'telephony', label: { zh: '媒体控制', en: 'media control' }, kind: 'signalling' },
  { from: 'telephony', to: 'routing', label: { zh: '排队/应答', en: 'queue/answer' }, kind: 'signalling' },
  { from: 'relay', to: 'recorder', label: { zh: '录音镜像', en: 'copies of voice' }, kind: 'media' },
  { from: 'relay', to: 'mixer', label: { zh: '混音', en: 'mixing' }, kind: 'media' },
  { from: 'recorder', to: 'objects', label: { zh: '归档', en: 'archive' }, kind: 'data' },
  { from: 'telephony', to: 'documents', label: { zh: '话单', en: 'call records' }, kind: 'data' },
  { from: 'cases', to: 'documents', label: { zh: '投诉/登记', en: 'complaints/registers' }, kind: 'data' },
  { from: 'api', to: 'documents', label: { zh: '读写', en: 'read/write' }, kind: 'data' },
  { from: 'sip', to: 'api', label: { zh: '坐席信令 WSS', en: 'seat signalling WSS' }, kind: 'signalling' },
  { from: 'routing', to: 'live', label: { zh: '状态/事件', en: 'states/events' }, kind: 'data' },
];

export function drawTopology(file: LicenceFile, equipment: EquipmentList, probes: readonly ProbeRow[], say: Say): Topology {
  const findings: Finding[] = [];
  const frames = new Map<string, Frame>();
  const frame = (siteId: string, zone: string): string => {
    const site = rowsOf(file, 'sites').find(({ key }) => key === siteId);
    const parent = `site:${siteId}`;
    if (!frames.has(parent))
      frames.set(parent, {
        id: parent,
        title:
          site === undefined
            ? say('未登记场地', 'Site not registered')
            : `${textOf(site, 'name')}\n${textOf(site, 'address')}${exitOf(site.key)}`,
      });
    const id = `${parent}/${zone}`;
    if (!frames.has(id)) frames.set(id, { id, title: zoneTitles[zone] === undefined ? zone : inWords(zoneTitles[zone], say), parent });
    return id;
  };
  const exitOf = (siteId: string): string => {
    const site = rowsOf(file, 'sites').find(({ key }) => key === siteId);
    const exit = textOf(site, 'internetExit');
    return exit === '' ? '' : `\n${say('互联网出口：', 'Internet exit: ')}${exit} ${numberOf(site, 'bandwidthMbps')} Mbit/s`;
  };

  const nodes: TopologyNode[] = equipment.lines
    .filter(({ category }) => category !== 'terminal')
    .map((line) => ({
      id: line.node,
      number: line.node,
      lines: labelOf(line),
      frame: frame(line.siteId, zoneOf[line.category]),
      standing: line.standing,
      category: line.category,
      ...(line.part === undefined ? {} : { part: line.part }),
    }));
  const edges: TopologyEdge[] = [];
  const partNode = (id: PartId): TopologyNode | undefined => nodes.find(({ part }) => part === id);
  const seats = seatGroups(file, equipment, probes, { frame, say });
  nodes.push(...seats);

  for (const { from, to, label, kind } of design)
    for (const [source, target] of pairsOf(nodes, from, to))
      edges.push({
        from: source.id,
        to: target.id,
        lines: [inWords(label, say)],
        kind,
        observed: connected(equipment, probes, source, target),
      });
  const entrance = nodes.find(({ category }) => category === 'firewall');
  const [sip, relay, web] = [partNode('sip'), partNode('relay'), partNode('api')];
  if (entrance !== undefined)
    for (const [target, label, kind] of [
      [sip, 'SIP', 'signalling'],
      [relay, 'RTP', 'media'],
    ] as const)
      if (target !== undefined) edges.push({ from: entrance.id, to: target.id, lines: [label], kind, observed: false });

  drawTrunks(file, probes, { frames, nodes, edges }, entrance ?? sip, say);
  edges.push(...siteLines(nodes, seats, { web, relay, say }));
  findings.push(...drawStrangers(strangersOf(file, probes), { frames, nodes, edges }, { sip, web }, say));
  if (rowsOf(file, 'trunks').length === 0)
    findings.push(
      warning(
        'no-trunk',
        'trunks',
        say('没有登记任何中继，拓扑图缺少运营商。', 'No trunk is registered: the topology lacks its carriers.'),
        '6.3 / 48',
      ),
    );
  // Seats of a remote site make identical edges; one is enough.
  const once = new Map(edges.map((edge) => [`${edge.from}>${edge.to}>${edge.lines.join()}`, edge]));
  return { nodes, edges: [...once.values()], frames: [...frames.values()], findings };
}

/** A part that stands by on another machine is joined to the same parts as the one for which it stands by. */
function pairsOf(nodes: readonly TopologyNode[], from: PartId, to: PartId): [TopologyNode, TopologyNode][] {
  const [sources, targets] = [from, to].map((id) => nodes.filter(({ part }) => part === id));
  const [source, ...moreSources] = sources ?? [];
  const [target, ...moreTargets] = targets ?? [];
  if (source === undefined || target === undefined) return [];
  return [
    [source, target],
    ...moreSources.map((each) => [each, target] as [TopologyNode, TopologyNode]),
    ...moreTargets.map((each) => [source, each] as [TopologyNode, TopologyNode]),
  ];
}

interface Drawing {
  readonly frames: Map<string, Frame>;
  readonly nodes: TopologyNode[];
  readonly edges: TopologyEdge[];
}

/** The carriers, and their trunks to `target`. */
function drawTrunks(
  file: LicenceFile,
  probes: readonly ProbeRow[],
  { frames, nodes, edges }: Drawing,
  target: TopologyNode | undefined,
  say: Say,
): void {
  for (const trunk of rowsOf(file, 'trunks')) {
    if (textOf(trunk, 'state') !== 'in-use') continue;
    const id = `trunk:${trunk.key}`;
    if (!frames.has('carriers'))
      frames.set('carriers', { id: 'carriers', title: say('公用通信网 · 接入运营商', 'Public network · carriers') });
    const calls = probes.find(({ kind, subject }) => kind === 'trunk-use' && subject === id);
    nodes.push({
      id,
      number: '',
      lines: [
        textOf(trunk, 'carrier'),
        say('接入位置：', 'Access point: ') + textOf(trunk, 'accessPoint'),
        `${say('合同', 'Contract')} ${textOf(trunk, 'contractNumber')}`,
      ],
      frame: 'carriers',
      standing: calls === undefined ? 'declared-silent' : 'matched',
      category: 'carrier',
    });
    const numbers = rowsOf(file, 'numbers').filter((number) => textOf(number, 'trunkId') === trunk.key);
    if (target !== undefined)
      edges.push({
        from: id,
        to: target.id,
        lines: [
          `${trunk.key} · ${shownOf(file, 'trunks', trunk, 'lineType')} · ${numberOf(trunk, 'channels')} ${say('路', 'channels')} · ${shownOf(file, 'trunks', trunk, 'direction')}`,
          `${say('号码', 'Numbers')} ${
            listed(
              numbers.map(({ key }) => key),
              say,
            ) || say('（未登记）', '(not registered)')
          }`,
          `${say('允许主叫', 'Permitted callers')} ${listed(listOf(trunk, 'permittedCallers'), say) || say('(无)', '(none)')}`,
        ],
        kind: 'trunk',
        observed: calls !== undefined,
      });
  }
}

/** Peers that belong to no trunk and no site: each is drawn and counts as a breach. */
function drawStrangers(
  strangers: ReturnType<typeof strangersOf>,
  { frames, nodes, edges }: Drawing,
  { sip, web }: { readonly sip: TopologyNode | undefined; readonly web: TopologyNode | undefined },
  say: Say,
): Finding[] {
  const findings: Finding[] = [];
  for (const { address, port } of strangers) {
    frames.set('unknown', { id: 'unknown', title: say('未登记的对端', 'Peers not registered') });
    const id = `unknown:${address}`;
    if (nodes.some((node) => node.id === id)) continue;
    nodes.push({
      id,
      number: '',
      lines: [address, say('未登记', 'not registered')],
      frame: 'unknown',
      standing: 'seen-not-declared',
      category: 'unknown',
    });
    const target = port === 'sip' ? sip : web;
    if (target !== undefined)
      edges.push({ from: id, to: target.id, lines: [say('未登记的连接', 'unregistered connection')], kind: 'signalling', observed: true });
    findings.push(
      breach(
        'peer-undeclared',
        address,
        say('有来自未登记地址的连接，不属于任何中继或场地网段。', 'A connection comes from an address of no trunk and no site.'),
        '6.3 / 71',
      ),
    );
  }
  return findings;
}

function labelOf(line: EquipmentLine): string[] {
  const title = line.quantity > 1 ? `${line.name} ×${line.quantity}` : line.name;
  const detail = line.software !== '' && line.seenBy !== undefined ? line.software : line.model;
  const address =
    line.seenBy === undefined ? '' : (/:((?:\d{1,3}\.){3}\d{1,3}:\d+|\[.*\]:\d+|[a-z0-9.-]+:\d+)$/.exec(line.seenBy.subject)?.[1] ?? '');
  return [title, detail, address].filter((text) => text !== '');
}

/** How other sites are connected to the core: seats by the switch of their site, and a site without seats by its own switch. */
function siteLines(
  nodes: readonly TopologyNode[],
  seats: readonly TopologyNode[],
  { web, relay, say }: { readonly web: TopologyNode | undefined; readonly relay: TopologyNode | undefined; readonly say: Say },
): TopologyEdge[] {
  const siteOf = ({ frame }: TopologyNode): string => frame.split('/')[0] ?? '';
  const switches = nodes.filter(({ category }) => category === 'network');
  const coreOf = (wire: TopologyNode | undefined): TopologyNode | undefined =>
    switches.find((node) => node !== wire && /核心|core/i.test(node.lines[0] ?? ''));
  const edges: TopologyEdge[] = [];
  for (const group of seats) {
    const wire = switches.find((node) => siteOf(node) === siteOf(group));
    const observed = group.seats?.some((online) => online) ?? false;
    const path = [group, wire, coreOf(wire)].filter((node) => node !== undefined);
    path.slice(1).forEach((node, i) => edges.push({ from: path[i]?.id ?? group.id, to: node.id, lines: [], kind: 'seat', observed }));
    const last = path.at(-1) ?? group;
    if (web !== undefined) edges.push({ from: last.id, to: web.id, lines: ['HTTPS/WSS'], kind: 'seat', observed });
    if (relay !== undefined) edges.push({ from: last.id, to: relay.id, lines: [say('SRTP 语音', 'SRTP voice')], kind: 'media', observed });
  }
  const core = coreOf(undefined);
  const led = new Set([...seats.map(siteOf), ...(core === undefined ? [] : [siteOf(core)])]);
  for (const wire of switches) {
    if (core === undefined || led.has(siteOf(wire))) continue;
    led.add(siteOf(wire));
    edges.push({ from: wire.id, to: core.id, lines: [], kind: 'data', observed: false });
  }
  return edges;
}

/** Seats as groups by site: single seats up to eight, then a block with one dot each. */
function seatGroups(
  file: LicenceFile,
  { lines }: EquipmentList,
  probes: readonly ProbeRow[],
  { frame, say }: { readonly frame: (siteId: string, zone: string) => string; readonly say: Say },
): TopologyNode[] {
  const online = probes.filter(({ kind }) => kind === 'seat');
  const terminals = lines.filter(({ category }) => category === 'terminal');
  const declared = rowsOf(file, 'seats').filter((seat) => textOf(seat, 'usedUntil') === '');
  const sites = new Set([...declared.map((seat) => textOf(seat, 'siteId')), ...terminals.map(({ siteId }) => siteId)]);
  const addressOf = (row: ProbeRow): string => (typeof row.facts['address'] === 'string' ? row.facts['address'] : '');
  return [...sites].map((siteId) => {
    const numbers = declared.filter((seat) => textOf(seat, 'siteId') === siteId).map(({ key }) => key);
    const seen = online.filter((row) => (siteOfAddress(file, addressOf(row)) ?? [...sites][0]) === siteId).length;
    const count = Math.max(numbers.length, seen);
    const line = terminals.find((terminal) => terminal.siteId === siteId);
    const range = numbers.length > 1 ? `${numbers[0] ?? ''}–${numbers.at(-1) ?? ''}` : (numbers[0] ?? '');
    return {
      id: line?.node ?? `seats:${siteId}`,
      number: line?.node ?? '',
      lines: [
        say('坐席终端', 'Seat terminals'),
        say(`坐席 ${range} 共 ${numbers.length} 席`, `Seats ${range}, ${numbers.length} in all`),
        say(`在线或近期使用 ${seen} 席`, `${seen} on line or used of late`),
      ],
      frame: frame(siteId, 'seats'),
      standing: seen > numbers.length ? 'seen-not-declared' : 'matched',
      category: 'terminal' as const,
      seats: Array.from({ length: count }, (_, i) => i < seen),
    };
  });
}

/** Whether a live connection between the processes of two nodes was seen, in either direction. */
function connected({ lines }: EquipmentList, probes: readonly ProbeRow[], source: TopologyNode, target: TopologyNode): boolean {
  const subjectOf = (node: TopologyNode): string => lines.find((line) => line.node === node.id)?.seenBy?.subject ?? '';
  const portOf = (node: TopologyNode): number => Number(/:(\d+)$/.exec(subjectOf(node))?.[1] ?? 0);
  /** The process with this role. In the small layout one process has all roles. */
  const processOf = (node: TopologyNode): string => {
    const subject = subjectOf(node);
    const facts = probes.find((probe) => probe.kind === 'process' && probe.subject === subject)?.facts;
    const name = facts?.['process'] ?? facts?.['name'];
    return typeof name === 'string' ? name : '';
  };
  const pair = (from: TopologyNode, to: TopologyNode): boolean =>
    processOf(from) !== '' &&
    portOf(to) !== 0 &&
    probes.some(({ kind, facts }) => kind === 'connection' && facts['process'] === processOf(from) && facts['remotePort'] === portOf(to));
  const seen = source.standing === 'matched' && target.standing === 'matched';
  const sameProcess = processOf(source) !== '' && processOf(source) === processOf(target);
  // Parts that communicate only by events or datagrams keep no connection: all that can be seen is that both run.
  const both = (kinds: readonly string[]): boolean => kinds.includes(source.category) && kinds.includes(target.category);
  return pair(source, target) || pair(target, source) || (seen && (sameProcess || both(['gateway', 'recorder', 'acd', 'ivr', 'pbx'])));
}

const PRIVATE_LOOPBACK = ['127.0.0.0/8'];

function strangersOf(file: LicenceFile, probes: readonly ProbeRow[]): { address: string; port: 'sip' | 'web' }[] {
  const known = [
    ...PRIVATE_LOOPBACK,
    ...rowsOf(file, 'sites').flatMap((site) => listOf(site, 'networks')),
    ...rowsOf(file, 'trunks').flatMap((trunk) => listOf(trunk, 'addresses')),
    ...rowsOf(file, 'seats').flatMap((seat) => (textOf(seat, 'address') === '' ? [] : [textOf(seat, 'address')])),
  ];
  return probes
    .filter(({ kind, facts }) => kind === 'connection' && facts['incoming'] === true)
    .flatMap(({ facts }): { address: string; port: 'sip' | 'web' }[] => {
      const address = typeof facts['remoteAddress'] === 'string' ? facts['remoteAddress'] : '';
      const loopback6 = address === '::1' || address === '::' || address === '';
      return loopback6 || inNetworks(address, known) ? [] : [{ address, port: facts['localPort'] === 5_060 ? 'sip' : 'web' }];
    });
}
