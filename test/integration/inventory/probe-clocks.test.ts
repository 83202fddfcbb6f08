import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { ntpProbe, partClocksProbe } from '../../../services/inventory/adapters/probes/probe-clocks.js';
import { machinesProbe } from '../../../services/inventory/adapters/probes/probe-machines.js';
import { ntpQuestion } from '../../../services/inventory/probes/clock.js';
import { ownMachine } from '../../../services/shared/platform/network/own-machine.js';
import { createClockReporter } from '../../../services/shared/platform/processes/clock-report.js';
import type { EventOf } from '../../../services/shared/events/catalogue.js';
import { until } from '../../support/until.js';
import { EvidenceSite } from '../evidence/evidence-support.js';

// A time server, a store and a process whose clock is off are found and told.

jest.setTimeout(120_000);

let timeServer: Socket;
let aheadMs = 0;
let server: string;
let site: EvidenceSite;
let valkey: Redis;
const signal = new AbortController().signal;

beforeAll(async () => {
  timeServer = createSocket('udp4');
  timeServer.on('message', (question, from) => {
    const answer = ntpQuestion(Date.now() + aheadMs);
    answer[0] = (4 << 3) | 4;
    answer[1] = 2;
    question.copy(answer, 24, 40, 48);
    ntpQuestion(Date.now() + aheadMs).copy(answer, 32, 40, 48);
    timeServer.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve) => timeServer.bind(0, '127.0.0.1', resolve));
  server = `127.0.0.1:${timeServer.address().port}`;
  site = await EvidenceSite.start({ NTP_SERVERS: server });
  valkey = new Redis(site.config.VALKEY_URL);
});

afterAll(async () => {
  valkey.disconnect();
  await (site as EvidenceSite | undefined)?.[Symbol.asyncDispose]();
  timeServer.close();
});

async function offsets(now: () => number): Promise<Record<string, number>> {
  const parts = { valkey, mongo: site.mongo, objectsUrl: site.config.S3_ENDPOINT };
  const readings = [...(await ntpProbe(server, now).read(signal)), ...(await partClocksProbe(parts, now).read(signal))];
  return Object.fromEntries(readings.map(({ subject, facts }) => [subject, Number(facts['offsetMs'])]));
}

test('the clock of this machine is set eight seconds back: every other clock is seen ahead by that much', async () => {
  aheadMs = 0;
  const seen = await offsets(() => Date.now() - 8_000);
  expect(Object.keys(seen).sort()).toEqual(['clock:document-store', 'clock:live-state', `clock:ntp:${server}`, 'clock:object-store']);
  for (const [subject, offsetMs] of Object.entries(seen))
    expect([subject, Math.abs(offsetMs - 8_000) < (subject === 'clock:object-store' ? 1_500 : 400)]).toEqual([subject, true]);
});

test('a process on a machine whose clock is off is named, a right one is not off', async () => {
  const failed = (error: unknown): void => {
    throw error;
  };
  await createClockReporter({ valkey, roles: ['telephony'], now: () => Date.now() + 30_000, failed }).report();
  await createClockReporter({ valkey, roles: ['routing'], failed }).report();
  const seen = await offsets(Date.now);
  const of = (role: string): number => Object.entries(seen).find(([subject]) => subject.startsWith(`clock:process:${role}@`))?.[1] ?? NaN;
  expect(Math.abs(of('telephony') - 30_000)).toBeLessThan(400);
  expect(Math.abs(of('routing'))).toBeLessThan(400);
});

test('the machines of a cluster stand in the probes with their roles; what no longer reports does not; containers are one machine', async () => {
  await valkey.del('clock:reports');
  const failed = (error: unknown): void => {
    throw error;
  };
  const own = ownMachine();
  const other = { ...own, hostname: 'cc-02', bootId: 'other', addresses: ['10.9.0.2'] };
  const hourAgo = { time: async () => [String(Math.floor(Date.now() / 1_000) - 3_600), '0'], hset: valkey.hset.bind(valkey) };
  await createClockReporter({ valkey, roles: ['api'], failed }).report();
  await createClockReporter({ valkey, roles: ['routing'], machine: { ...own, hostname: 'container-7' }, failed }).report();
  await createClockReporter({ valkey, roles: ['telephony', 'cases'], machine: other, failed }).report();
  await createClockReporter({ valkey, roles: ['api'], machine: { ...other, hostname: 'container-8' }, failed }).report();
  await createClockReporter({
    ...{ valkey: hourAgo as unknown as Redis, roles: ['mixer'], machine: { ...other, hostname: 'cc-03', bootId: 'third' }, failed },
  }).report();
  const seen = await machinesProbe(valkey, own, '1').read(signal);
  expect(seen.map(({ subject }) => subject).sort()).toEqual([
    'host:cc-02',
    ...['process:api@cc-02', 'process:cases@cc-02', 'process:telephony@cc-02'],
  ]);
  expect(seen.find(({ kind }) => kind === 'host')?.facts).toMatchObject({ addresses: ['10.9.0.2'], cores: own.cores, system: own.system });
  await site.commands.send('evidence.probe-now', {}, { timeoutMs: 30_000 });
  const { equipment } = (await site.ask('get', '/evidence/equipment', { query: { language: 'zh-CN' } })) as {
    readonly equipment: readonly { readonly asset: string; readonly name: string; readonly standing: string }[];
  };
  expect(equipment.filter(({ asset }) => asset.endsWith('cc-02')).map(({ name, standing }) => `${name} ${standing}`)).toEqual(
    expect.arrayContaining(['服务器 seen-not-declared', '呼叫控制与 IVR（cc-02） matched']),
  );
});

test('drift raises one alarm when it is found, stands in the probes and among the findings, and again after it was right', async () => {
  await valkey.del('clock:reports');
  const raised: EventOf<'notice.raised'>[] = [];
  const stop = await site.bus.follow((delivered) => {
    if (delivered.name === 'notice.raised' && delivered.event.code === 'clock-drift') raised.push(delivered.event);
  });
  const round = (): Promise<unknown> => site.commands.send('evidence.probe-now', {}, { timeoutMs: 30_000 });
  const shown = async <T>(path: string): Promise<T> => (await site.ask('get', path, { query: { language: 'en' } })) as T;
  const state = async () => ({
    ...(await shown<{ findings: { rule: string; subject: string }[] }>('/evidence/readiness')),
    ...(await shown<{ probes: { subject: string; kind: string }[] }>('/evidence/probes')),
  });
  aheadMs = 0;
  await round();
  expect((await state()).findings.filter(({ rule }) => rule.startsWith('clock'))).toEqual([]);
  expect((await state()).probes.map(({ subject }) => subject)).toEqual(expect.arrayContaining([`clock:ntp:${server}`, 'clock:live-state']));

  aheadMs = 12_000;
  await round();
  await round();
  expect((await state()).findings.filter(({ rule }) => rule === 'clock-drift')).toMatchObject([{ subject: `clock:ntp:${server}` }]);
  aheadMs = 0;
  await round();
  aheadMs = -12_000;
  await round();
  await until(
    () => raised.length,
    (count) => count === 2,
  );
  expect(raised[0]?.text['en']).toContain(server);
  await stop();
});
