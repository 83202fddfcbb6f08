import { expect, test } from '@jest/globals';
import { speak } from '../shared/domain/language.js';
import type { LicenceFile, LicenceRow } from '../shared/domain/licence/licence-file.js';
import type { ProbeRow } from '../shared/domain/licence/probe-row.js';
import { reconcileEquipment } from './equipment.js';

const say = speak('zh-CN');
function file(registers: Record<string, Record<string, unknown>[]>): LicenceFile {
  return Object.fromEntries(
    Object.entries(registers).map(([name, rows]) => [
      name,
      {
        title: { zh: name, en: name },
        columns: [],
        rows: rows.map((values): LicenceRow => ({ key: String(values['key']), values, shown: [] })),
      },
    ]),
  );
}

const host: ProbeRow = {
  at: new Date(0),
  probe: 'host',
  outcome: 'answered',
  durationMs: 1,
  subject: 'host:cc',
  kind: 'host',
  facts: { hostname: 'cc', addresses: ['10.0.0.1'] },
  raw: '',
  rawSha256: '',
};

const seatOf = (account: string, more: Record<string, string> = {}): ProbeRow => ({
  ...host,
  probe: 'seats',
  subject: `seat:0191-${account}`,
  kind: 'seat',
  facts: { agentId: `0191-${account}`, account, person: '', firstSeenOn: '2026-11-20', address: '10.0.9.1', ...more },
});

test('many seats are counted, three of them named', () => {
  const { lines } = reconcileEquipment(
    file({}),
    ['a', 'b', 'c', 'd', 'e'].map((account) => seatOf(account)),
    speak('en'),
  );
  expect(lines.map(({ asset }) => asset)).toEqual([
    'a, first seen 2026-11-20; b, first seen 2026-11-20; c, first seen 2026-11-20 and 2 more',
  ]);
});

test('equipment: what is seen but not declared, and what is declared but silent', () => {
  const declared = { key: 'SRV', name: '服务器', category: 'application', quantity: 1, siteId: 'S', state: 'in-use' };
  const sites = [{ key: 'S', kind: 'machine-room' }];
  const standing = (equipment: Record<string, unknown>[]): string[] =>
    reconcileEquipment(file({ sites, equipment }), [host], say).lines.map((line) => `${line.asset} ${line.standing}`);
  expect(standing([])).toEqual(['host:cc seen-not-declared']);
  expect(standing([{ ...declared, address: '10.0.0.1' }])).toEqual(['SRV matched']);
  expect(standing([{ ...declared, probed: 'host:other' }])).toEqual(['SRV declared-silent', 'host:cc seen-not-declared']);
  expect(standing([{ ...declared, category: 'power' }])).toContain('SRV by-hand');
});

test('equipment: a probe that gave no answer is told apart from one that saw nothing', () => {
  const declared = { key: 'SRV', name: '服务器', category: 'application', quantity: 1, siteId: 'S', state: 'in-use' };
  const silentProbe = (probe: string, outcome: 'timed-out' | 'failed' = 'timed-out'): ProbeRow => ({
    ...{ ...host, probe, outcome, subject: probe, kind: 'probe', facts: {} },
  });
  const found = (probed: string, ...probes: ProbeRow[]): string[] =>
    reconcileEquipment(file({ sites: [{ key: 'S' }], equipment: [{ ...declared, probed }] }), probes, say)
      .findings.filter(({ subject }) => subject === 'SRV')
      .map(({ text }) => text);
  const noAnswer = [expect.stringContaining('探针未答复')];
  const notSeen = ['登记的设备“服务器”（SRV）应由探针核实，但没有看到。'];
  expect(found('host', silentProbe('host'))).toEqual(noAnswer);
  expect(found('host:cc-02', host, silentProbe('machines', 'failed'))).toEqual(noAnswer);
  expect(found('sip-server', silentProbe('sip-server'))).toEqual(noAnswer);
  expect(found('snmp:core-switch', silentProbe('snmp:core-switch'))).toEqual(noAnswer);
  expect(found('relay', silentProbe('relay:10.0.0.1:22222'))).toEqual(noAnswer);
  // Another relay that is silent says nothing of this one.
  expect(found('relay:10.0.0.9:22222', silentProbe('relay:10.0.0.1:22222'))).toEqual(notSeen);
  expect(found('host:cc-02', host)).toEqual(notSeen);
});

test('equipment: every machine of a cluster, and its parts that stand by, is a line of its own at its own site', () => {
  const sites = [
    { key: 'A', kind: 'machine-room', networks: ['10.0.0.0/24'] },
    { key: 'B', kind: 'machine-room', networks: ['10.9.0.0/24'] },
  ];
  const other = { ...host, probe: 'machines', subject: 'host:cc-02', facts: { hostname: 'cc-02', addresses: ['10.9.0.2'] } };
  const process = (name: string, more: ProbeRow['facts'] = {}): ProbeRow => ({
    ...{ ...host, kind: 'process', subject: `process:${name}` },
    facts: { name, process: name, version: '1', ...more },
  });
  const relay = (address: string): ProbeRow => ({
    ...host,
    probe: 'relay',
    kind: 'relay',
    subject: `relay:${address}:22222`,
    facts: { address, name: 'rtpengine' },
  });
  const probes = [
    host,
    other,
    process('telephony'),
    process('telephony@cc-02', { host: 'cc-02' }),
    ...['10.0.0.1', '10.9.0.2', '10.9.0.3'].map(relay),
  ];
  const declared = {
    key: 'SRV-2',
    name: '备用服务器',
    category: 'application',
    quantity: 1,
    siteId: 'B',
    state: 'in-use',
    probed: 'host:cc-02',
  };
  const linesOf = (equipment: Record<string, unknown>[], seen: readonly ProbeRow[]): string[] =>
    reconcileEquipment(file({ sites, equipment }), seen, say).lines.map(({ name, asset, siteId, quantity, standing }) =>
      [name, asset, siteId, quantity, standing].join(' '),
    );
  expect(linesOf([declared], probes)).toEqual([
    '备用服务器 SRV-2 B 1 matched',
    '服务器 host:cc A 1 seen-not-declared',
    '服务器 host:10.9.0.3 B 1 seen-not-declared',
    '媒体网关 relay:10.0.0.1:22222 A 1 matched',
    '媒体网关（cc-02） relay:10.9.0.2:22222 B 1 matched',
    '媒体网关（10.9.0.3） relay:10.9.0.3:22222 B 1 matched',
    '呼叫控制与 IVR process:telephony A 1 matched',
    '呼叫控制与 IVR（cc-02） process:telephony@cc-02 B 1 matched',
  ]);
  // A machine that no longer reports is silent.
  expect(linesOf([declared], [host, process('telephony')])[0]).toBe('备用服务器 SRV-2 B 1 declared-silent');
});
