import { expect, test } from '@jest/globals';
import { layOutTopology } from './adapters/elk-layout.js';
import { layOutHere } from './adapters/layout-engine.js';
import { speak } from '../shared/domain/language.js';
import type { LicenceFile } from '../shared/domain/licence/licence-file.js';
import type { ProbeRow } from '../shared/domain/licence/probe-row.js';
import { reconcileEquipment } from './equipment.js';
import { topologySvg } from './topology-svg.js';
import { drawTopology } from './topology.js';

const layOut = layOutTopology(layOutHere);

const say = speak('zh-CN');

function site(seats: number): { file: LicenceFile; probes: ProbeRow[] } {
  const registers: Record<string, Record<string, unknown>[]> = {
    sites: [
      { key: 'MR', kind: 'machine-room', name: '机房', address: '甲路1号', networks: ['10.1.0.0/24'] },
      { key: 'HALL', kind: 'seat-hall', name: '大厅', address: '甲路2号', networks: ['10.2.0.0/16'] },
    ],
    equipment: [
      { key: 'FW', name: '防火墙', category: 'firewall', quantity: 1, siteId: 'MR', state: 'in-use' },
      { key: 'SW', name: '核心交换机', category: 'network', quantity: 1, siteId: 'MR', state: 'in-use' },
      { key: 'PC', name: '终端', category: 'terminal', quantity: seats, siteId: 'HALL', state: 'in-use' },
    ],
    seats: Array.from({ length: seats }, (_, i) => ({ key: String(101 + i), siteId: 'HALL', usedFrom: '2024-01-01' })),
    trunks: [{ key: 'T1', state: 'in-use', carrier: '运营商', channels: 30, permittedCallers: ['4001000'], addresses: ['198.51.100.7'] }],
    numbers: [{ key: '4001000', trunkId: 'T1' }],
  };
  const file = Object.fromEntries(
    Object.entries(registers).map(([name, rows]) => [
      name,
      { title: { zh: name, en: name }, columns: [], rows: rows.map((values) => ({ key: String(values['key']), values, shown: [] })) },
    ]),
  );
  const row = (kind: ProbeRow['kind'], subject: string, facts: ProbeRow['facts'] = {}): ProbeRow => ({
    at: new Date(0),
    probe: kind,
    outcome: 'answered',
    durationMs: 1,
    subject,
    kind,
    facts,
    raw: '',
    rawSha256: '',
  });
  const probes = [
    row('sip-server', 'sip-server:10.1.0.5:5060'),
    row('relay', 'relay:10.1.0.5:22222'),
    ...['telephony', 'routing', 'recorder', 'api'].map((name) => row('process', `process:${name}`, { name })),
    row('document-store', 'document-store:10.1.0.5:27018'),
    row('connection', 'connection:telephony:out', { process: 'telephony', remotePort: 27_018, incoming: false }),
    row('trunk-use', 'trunk:T1', { calls: 5 }),
    ...Array.from({ length: seats }, (_, i) => row('seat', `seat:a${i}`, { address: `10.2.${i >> 8}.${i & 255}` })),
  ];
  return { file, probes };
}

const draw = ({ file, probes }: ReturnType<typeof site>) => drawTopology(file, reconcileEquipment(file, probes, say), probes, say);

test('a part that stands by on another machine is joined to the parts of the one for which it stands by', () => {
  const { file, probes } = site(5);
  const [like] = probes;
  if (like === undefined) throw new Error('no probes');
  const standby: ProbeRow[] = [
    { ...like, probe: 'machines', kind: 'host', subject: 'host:cc-02', facts: { hostname: 'cc-02', addresses: ['10.1.0.6'] } },
    {
      ...like,
      kind: 'process',
      subject: 'process:telephony@cc-02',
      facts: { name: 'telephony', process: 'telephony@cc-02', host: 'cc-02' },
    },
  ];
  const { nodes, edges } = draw({ file, probes: [...probes, ...standby] });
  const of = (name: string): string => nodes.find(({ lines }) => lines[0] === name)?.id ?? '';
  const [first, second] = [of('呼叫控制与 IVR'), of('呼叫控制与 IVR（cc-02）')];
  const joined = (id: string): string[] => edges.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : [])).sort();
  expect(joined(first)).toHaveLength(4);
  expect(joined(second)).toEqual(joined(first));
  // The machine itself is not declared, and drawn as such.
  expect(nodes.find(({ lines }) => lines[0] === '服务器')).toMatchObject({ standing: 'seen-not-declared', frame: 'site:MR/core' });
});

test('the carrier stands with channels and permitted callers, and its line is solid because calls used it', () => {
  const trunk = draw(site(5)).edges.find(({ kind }) => kind === 'trunk');
  expect(trunk).toMatchObject({ from: 'trunk:T1', observed: true });
  expect(trunk?.lines.join(' ')).toContain('允许主叫 4001000');
});

test('a connection that was seen is solid, one of the design alone is dashed', () => {
  const { edges, nodes } = draw(site(5));
  const edge = (label: string) => edges.find(({ lines }) => lines[0] === label);
  expect(edge('话单')?.observed).toBe(true);
  expect(edge('读写')?.observed).toBe(false);
  expect(nodes.filter(({ category }) => category === 'unknown')).toEqual([]);
});

test('a peer that belongs to no trunk and no site is drawn as unknown and found', () => {
  const { file, probes } = site(5);
  const stranger = {
    ...probes[0]!,
    kind: 'connection' as const,
    subject: 'c',
    facts: { process: 'api', incoming: true, localPort: 8443, remoteAddress: '203.0.113.9' },
  };
  const topology = draw({
    file,
    probes: [...probes, stranger, { ...stranger, facts: { ...stranger.facts, remoteAddress: '198.51.100.7' } }],
  });
  expect(topology.findings.map(({ rule, subject }) => `${rule} ${subject}`)).toEqual(['peer-undeclared 203.0.113.9']);
});

test('names cannot break out of the drawing', async () => {
  const { file, probes } = site(5);
  const hostile = {
    ...file,
    sites: { ...file['sites']!, rows: file['sites']!.rows.map((row) => ({ ...row, values: { ...row.values, name: '<script>"&' } })) },
  };
  const svg = topologySvg(
    await layOut(draw({ file: hostile, probes })),
    {
      company: '<b>',
      licence: '',
      date: '',
      version: '',
      note: '',
    },
    say,
  );
  expect(svg).not.toMatch(/<script|<b>/);
});
