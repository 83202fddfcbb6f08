import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { snmpProbe } from '../../../services/inventory/adapters/probes/probe-snmp.js';
import { readSnmpTargets, type SnmpTarget } from '../../../services/inventory/adapters/probes/snmp-targets.js';
import { reconcileEquipment } from '../../../services/inventory/equipment.js';
import { runProbes } from '../../../services/inventory/probes/probe.js';
import type { ProbeRow } from '../../../services/shared/domain/licence/probe-row.js';
import { speak } from '../../../services/shared/domain/language.js';
import { until } from '../../support/until.js';
import { freeUdpPort } from '../../support/free-ports.js';

const HOST = '127.0.0.1';
let folder = '';
let agent: ChildProcess;
let port = 0;
let silent: Socket;

/** Debian's own SNMP agent, which here speaks for a switch with an inventory and for a UPS. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proofline-snmp-'));
  port = await freeUdpPort(HOST);
  await writeFile(
    join(folder, 'snmpd.conf'),
    [
      `agentAddress udp:${HOST}:${port}`,
      'rocommunity read-only-word 127.0.0.1',
      'createUser reader SHA-256 "an auth key of the test" AES "a privacy key of the test"',
      'rouser reader authpriv',
      'sysName switch-3f',
      'sysLocation Rack B2',
      'override 1.3.6.1.2.1.47.1.1.1.1.10.1 octet_str "V5.2"',
      'override 1.3.6.1.2.1.47.1.1.1.1.11.1 octet_str "SN-0042"',
      'override 1.3.6.1.2.1.47.1.1.1.1.12.1 octet_str "Maker"',
      'override 1.3.6.1.2.1.47.1.1.1.1.13.1 octet_str "S5735-L48"',
      'override 1.3.6.1.2.1.33.1.2.4.0 integer 97',
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  await Promise.all([
    writeFile(join(folder, 'community'), 'read-only-word\n', { mode: 0o600 }),
    writeFile(join(folder, 'wrong'), 'another word\n', { mode: 0o600 }),
    writeFile(join(folder, 'auth'), 'an auth key of the test\n', { mode: 0o600 }),
    writeFile(join(folder, 'priv'), 'a privacy key of the test\n', { mode: 0o600 }),
  ]);
  agent = spawn('snmpd', ['-f', '-Lo', '-C', '-c', join(folder, 'snmpd.conf'), '-p', join(folder, 'pid'), '-I', '-smux'], {
    env: { ...process.env, SNMP_PERSISTENT_DIR: folder, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
    stdio: 'ignore',
  });
  await once(agent, 'spawn');
  const [target] = await targets([{ name: 'switch', version: '2c', communityFile: 'community' }]);
  await until(
    () => probed(target),
    ([row]) => row?.outcome === 'answered',
  );
  silent = createSocket('udp4').bind(0, HOST);
  await once(silent, 'listening');
}, 60_000);

afterAll(async () => {
  silent.close();
  agent.kill();
  if (agent.exitCode === null) await once(agent, 'exit');
  await rm(folder, { recursive: true, force: true });
});

describe('the SNMP probe', () => {
  test('reads a device by v2c: inventory, interfaces, place, and the raw answer with its hash', async () => {
    const [row] = await probed((await targets([{ name: 'switch', version: '2c', communityFile: 'community' }]))[0]);
    expect(row).toMatchObject({ outcome: 'answered', kind: 'snmp', subject: 'snmp:switch', probe: 'snmp:switch' });
    expect(row?.facts).toMatchObject({
      address: HOST,
      name: 'switch-3f',
      location: 'Rack B2',
      serial: 'SN-0042',
      maker: 'Maker',
      model: 'S5735-L48',
      software: 'V5.2',
      upsChargePercent: 97,
    });
    expect(row?.facts['interfaces']).toBeGreaterThan(0);
    expect(row?.facts['upsModel']).toBeUndefined();
    expect(row?.rawSha256).toBe(sha256Hex(row?.raw ?? ''));
  });

  test('reads a device by v3 with authentication and privacy', async () => {
    const [row] = await probed(
      (await targets([{ name: 'secure', version: '3', user: 'reader', authKeyFile: 'auth', privKeyFile: 'priv' }]))[0],
    );
    expect(row).toMatchObject({ outcome: 'answered', facts: { name: 'switch-3f', model: 'S5735-L48' } });
  });

  test('a wrong key or community is a failed row, without the word', async () => {
    const [community, key] = await targets([
      { name: 'a', version: '2c', communityFile: 'wrong' },
      { name: 'b', version: '3', user: 'reader', authKeyFile: 'wrong', privKeyFile: 'priv' },
    ]);
    const rows = [...(await probed(community)), ...(await probed(key))];
    expect(rows.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
    expect(JSON.stringify(rows)).not.toContain('another word');
  });

  test('a device that never answers is cut in its time, and its row says so', async () => {
    const [target] = await targets([{ name: 'silent', port: silent.address().port, version: '2c', communityFile: 'community' }]);
    const began = performance.now();
    const [row] = await probed(target, 700);
    expect(row).toMatchObject({ outcome: 'timed-out', subject: 'snmp:silent' });
    expect(performance.now() - began).toBeLessThan(2_500);
  });

  test('a declared switch that answers stands confirmed with what it said; another is named as not declared', async () => {
    const rows = await probed((await targets([{ name: 'switch', version: '2c', communityFile: 'community' }]))[0]);
    const declared = {
      key: 'SW-1',
      name: '交换机',
      category: 'network',
      quantity: 1,
      siteId: 'MR',
      serialNumber: 'SN-0042',
      state: 'in-use',
    };
    expect(linesOf([declared], rows)).toMatchObject([{ standing: 'matched', model: 'S5735-L48', software: 'V5.2' }]);
    expect(linesOf([], rows)).toMatchObject([{ standing: 'seen-not-declared', name: 'switch-3f', maker: 'Maker', category: 'network' }]);
  });

  test('a bad list is refused with the field and no value; a name stands there once', async () => {
    await expect(targets([{ name: 'x', version: '2c' }])).rejects.toThrow('0.communityFile');
    await expect(targets([{ name: 'x', version: '1', communityFile: 'community' }])).rejects.toThrow('0.version');
    const twice = { name: 'x', version: '2c', communityFile: 'community' };
    await expect(targets([twice, twice])).rejects.toThrow('twice');
  });
});

async function targets(list: readonly object[]): Promise<SnmpTarget[]> {
  const path = join(folder, 'targets.json');
  await writeFile(path, JSON.stringify(list.map((each) => ({ address: HOST, port, ...each }))));
  return readSnmpTargets(path);
}

const probed = (target: SnmpTarget | undefined, timeoutMs = 6_000): Promise<ProbeRow[]> =>
  target === undefined
    ? Promise.resolve([])
    : runProbes([snmpProbe(target)], {
        now: () => new Date(),
        sha256Hex,
        timeoutMs,
        after: (ms) => {
          let timer: NodeJS.Timeout | undefined;
          const passed = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
          return { passed, cancel: () => clearTimeout(timer) };
        },
      });

const linesOf = (equipment: readonly Record<string, unknown>[], rows: readonly ProbeRow[]) => {
  const register = (values: readonly Record<string, unknown>[]) => ({
    title: { zh: '', en: '' },
    columns: [],
    rows: values.map((each) => ({ key: String(each['key']), values: each, shown: [] })),
  });
  const sites = [{ key: 'MR', kind: 'machine-room', name: '机房' }];
  return reconcileEquipment({ sites: register(sites), equipment: register(equipment) }, rows, speak('zh-CN')).lines;
};

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
