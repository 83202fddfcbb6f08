import { describe, expect, test } from '@jest/globals';
import { homeOf } from './home.js';
import { makePlan, type Plan } from './plan.js';
import { choosePorts } from './ports.js';
import { RELAY_READING } from './relay-reading.js';
import { roles } from './roles.js';
import { secretFiles, type SecretPaths } from './secrets.js';
import { readSettings } from './settings.js';

const secretOf = (name: string): string => `/home/p/secrets/${name}`;
const secrets = Object.fromEntries(Object.entries(secretFiles).map(([key, file]) => [key, secretOf(file)])) as unknown as SecretPaths;

const planOf = (env: NodeJS.ProcessEnv = {}, valkeySocket?: string): Plan =>
  makePlan({
    settings: readSettings({ PROOFLINE_HOME: '/home/p', ...env }),
    ports: choosePorts({}, 20_000),
    home: homeOf('/home/p'),
    secrets,
    valkeySocket,
    certificate: { certFile: '/c.pem', keyFile: '/k.pem' },
    dist: '/app/dist',
    node: '/bin/node',
  });

const namesOf = ({ processes }: Plan): string[] => processes.map(({ name }) => name);

describe('what is started', () => {
  test('everything, and one process a role', () => {
    expect(namesOf(planOf())).toEqual(['valkey', 'documents', 'objects', 'rtpengine', 'sip', ...roles]);
  });

  test('in the small layout all roles share a process', () => {
    const plan = planOf({ PROOFLINE_LAYOUT: 'one' });
    expect(namesOf(plan)).toEqual(['valkey', 'documents', 'objects', 'rtpengine', 'sip', 'roles']);
    expect(plan.processes.at(-1)?.env['ROLES']?.split(',').sort()).toEqual([...roles].sort());
  });

  test('a machine of several runs the roles that it is given', () => {
    const plan = planOf({ ROLES: 'recorder, mixer' });
    expect(namesOf(plan).slice(5)).toEqual(['recorder', 'mixer']);
    expect(plan.bindings.some(({ name }) => name === 'web')).toBe(false);
  });

  test.each([
    ['VALKEY_URL', 'redis://v', 'valkey', 'VALKEY_URL'],
    ['MONGODB_URI', 'mongodb://m', 'documents', 'MONGODB_URI'],
    ['S3_ENDPOINT', 'http://s', 'objects', 'S3_ACCESS_KEY_FILE'],
    ['DRACHTIO_URL', 'tcp://d:9022', 'sip', 'DRACHTIO_SECRET_FILE'],
    ['RTPENGINE_URLS', 'udp://r:22222', 'rtpengine', 'RTPENGINE_PCAP_DIR'],
  ])(
    '%s set: nothing is started for it, its ports are not asked for, its variables are left to the site',
    (name, value, part, variable) => {
      const plan = planOf({ [name]: value });
      expect(namesOf(plan)).not.toContain(part);
      expect(plan.roleEnv).not.toHaveProperty(variable);
      expect(plan.bindings.some((binding) => binding.name.startsWith(part))).toBe(false);
    },
  );
});

test('what may wait comes after calls when the machine is full', () => {
  expect(planOf().processes.flatMap(({ name, niceness }) => (niceness === undefined ? [] : [name]))).toEqual(['objects', 'cases']);
});

test('stores, relay and SIP are ready before a role starts, the live state before the relay; callers and people come last', () => {
  const stageOf = Object.fromEntries(planOf().processes.map(({ name, stage }) => [name, stage]));
  for (const part of ['valkey', 'documents', 'objects', 'sip']) expect(stageOf[part]).toBe(0);
  expect(stageOf['valkey']).toBeLessThan(stageOf['rtpengine'] ?? 0);
  expect(stageOf['rtpengine']).toBeLessThan(stageOf['recorder'] ?? 0);
  expect(stageOf['recorder']).toBeLessThan(stageOf['telephony'] ?? 0);
  expect(stageOf['routing']).toBeLessThan(stageOf['api'] ?? 0);
});

test('secrets reach the processes as files', () => {
  const { processes, roleEnv } = planOf();
  for (const { args } of processes) expect(args).not.toContain('--secret');
  for (const [name, value] of Object.entries(roleEnv))
    if (/SECRET|PASSWORD|_KEY(?:_|$)/.test(name)) {
      expect(name).toMatch(/_FILE$/);
      expect(value).toMatch(/^\//);
    }
});

test('a terminal in a locale that is not installed does not keep Debian programs from starting', () => {
  const envOf = Object.fromEntries(planOf().processes.map(({ name, env }) => [name, env]));
  expect(envOf['valkey']).toMatchObject({ LC_ALL: 'C.UTF-8' });
  expect(envOf['rtpengine']).toMatchObject({ LC_ALL: 'C.UTF-8' });
});

test('every port of the plan is under its base', () => {
  const { bindings } = planOf();
  expect(bindings.every(({ port }) => port >= 20_000 && port < 21_000)).toBe(true);
  expect(bindings.filter(({ name }) => name === 'sip').map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
});

test('keys of a relay elsewhere are heard where the site said; those of our own relay on its port', () => {
  const keysOf = (env: NodeJS.ProcessEnv): unknown => planOf(env).bindings.filter(({ name }) => name === 'dtmfLog');
  const elsewhere = { RTPENGINE_URLS: 'udp://10.0.0.9:22222', DTMF_LISTEN: '10.0.0.5:700' };
  const heard = { name: 'dtmfLog', transport: 'udp', variable: 'DTMF_LISTEN' };
  expect(keysOf(elsewhere)).toEqual([{ ...heard, host: '10.0.0.5', port: 700 }]);
  expect(keysOf({ ...elsewhere, DTMF_LISTEN: '' })).toEqual([{ ...heard, host: '127.0.0.1', port: 22_230 }]);
  expect(keysOf({ ...elsewhere, ROLES: 'recorder' })).toEqual([]);
  expect(keysOf({ DTMF_LISTEN: '10.0.0.5:700' })).toEqual([{ name: 'dtmfLog', host: '127.0.0.1', port: 20_010, transport: 'udp' }]);
});

test('the relay keeps silent calls, writes its witness and listens for control on loopback only', () => {
  const args = planOf({ RTPENGINE_INTERFACE: 'outer/10.0.0.1!203.0.113.7' }).processes.find(({ name }) => name === 'rtpengine')?.args ?? [];
  expect(args).toContain('--timeout=3600');
  expect(args).toContain(RELAY_READING);
  expect(args).toContain('--recording-method=pcap');
  expect(args.filter((arg) => arg.startsWith('--interface='))).toEqual([
    '--interface=outer/10.0.0.1!203.0.113.7',
    '--interface=inner/127.0.0.2',
  ]);
  expect(args.filter((arg) => arg.startsWith('--listen-'))).toEqual(['--listen-ng=127.0.0.1:20007']);
});

test('an address of the network shows in the addresses that are printed', () => {
  expect(planOf({ WEB_HOST: '0.0.0.0' }).urls['web']).toBe('https://localhost:20000');
  expect(planOf({ WEB_HOST: '10.1.2.3' }).urls['web']).toBe('https://10.1.2.3:20000');
  expect(planOf({ SIP_HOST: 'fd00::1' }).urls['sip']).toBe('sip:[fd00::1]:20001');
});

test('parties on loopback are those of a trial whose relay is on loopback itself', () => {
  const networksOf = (env: NodeJS.ProcessEnv): string | undefined => planOf(env).roleEnv['MEDIA_PEER_NETWORKS'];
  expect(networksOf({})).toBe('127.0.0.0/8,::1/128');
  expect(networksOf({ MEDIA_ADDRESS: '10.0.0.1' })).toBe('');
  expect(networksOf({ RTPENGINE_INTERFACE: 'outer/10.0.0.1' })).toBe('');
  expect(networksOf({ RTPENGINE_URLS: 'udp://10.0.0.2:22222' })).toBe('');
  expect(networksOf({ MEDIA_PEER_NETWORKS: '10.0.0.1' })).toBe('10.0.0.1');
});

test('the relay keeps its calls in a database of the live state, does not hang with it, and gets its password by no argument', () => {
  const relayOf = (env: NodeJS.ProcessEnv = {}) => planOf(env).processes.find(({ name }) => name === 'rtpengine');
  expect(relayOf()?.args).toEqual(
    expect.arrayContaining(['--redis=127.0.0.1:20006/1', '--redis-cmd-timeout=100', '--redis-allowed-errors=1', '--redis-disable-time=5']),
  );
  expect(relayOf()?.secretEnv).toEqual({ RTPENGINE_REDIS_AUTH_PW: secretOf('valkey-password') });
  expect(relayOf()?.env).toMatchObject({ LD_PRELOAD: 'libjemalloc.so.2' });
  expect(relayOf()?.capturesFolder).toBe('/home/p/pcap/pcaps');
  const elsewhere = { VALKEY_URL: 'redis://:word@10.0.0.9:6379', RTPENGINE_VALKEY_DB: '3' };
  expect(relayOf(elsewhere)?.args).toContain('--redis=10.0.0.9:6379/3');
  expect(relayOf(elsewhere)?.args.join(' ')).not.toContain('word');
  expect(relayOf(elsewhere)?.env).toMatchObject({ RTPENGINE_REDIS_AUTH_PW: 'word' });
  // The relay speaks no TLS to the live state.
  expect(relayOf({ VALKEY_URL: 'rediss://10.0.0.9:6379' })?.args.some((arg) => arg.startsWith('--redis'))).toBe(false);
});

test('the roles reach the own live state by its socket; its port is there for the relay, and nobody is met at it', () => {
  const plan = planOf({}, '/home/p d/run/valkey.sock');
  const [valkey] = plan.processes;
  expect(valkey?.args.join(' ')).toContain('--port 20006 --unixsocket /home/p d/run/valkey.sock --unixsocketperm 700');
  expect(valkey?.readiness).toMatchObject({ at: { path: '/home/p d/run/valkey.sock' } });
  expect(plan.roleEnv['VALKEY_URL']).toBe('redis://127.0.0.1:20006?path=%2Fhome%2Fp%20d%2Frun%2Fvalkey.sock');
  expect(plan.bindings.some(({ name }) => name === 'valkey')).toBe(true);
  expect(planOf().roleEnv['VALKEY_URL']).toBe('redis://127.0.0.1:20006');
  expect(planOf().processes[0]?.args.join(' ')).not.toContain('unixsocket');
});

test('with a relay elsewhere nothing needs a port of the own live state', () => {
  const plan = planOf({ RTPENGINE_URLS: 'udp://10.0.0.2:22222' }, '/s');
  expect(plan.processes[0]?.args.join(' ')).toContain('--port 0 --unixsocket /s');
  expect(plan.bindings.some(({ name }) => name === 'valkey')).toBe(false);
  expect(plan.roleEnv['VALKEY_URL']).toBe('redis://127.0.0.1:0?path=%2Fs');
});

test('only the process on which calls rest is drained', () => {
  const holders = (env: NodeJS.ProcessEnv): string[] => planOf(env).processes.flatMap(({ name, holdsCalls }) => (holdsCalls ? [name] : []));
  expect(holders({})).toEqual(['telephony']);
  expect(holders({ PROOFLINE_LAYOUT: 'one' })).toEqual(['roles']);
  expect(holders({ ROLES: 'recorder' })).toEqual([]);
});

test('the authorities of the site are trusted by every process that connects to something outside', () => {
  const plan = makePlan({
    settings: readSettings({ PROOFLINE_HOME: '/home/p' }),
    ports: choosePorts({}, 20_000),
    home: homeOf('/home/p'),
    secrets,
    certificate: { certFile: '/c.pem', keyFile: '/k.pem' },
    authoritiesFile: '/home/p/run/authorities.pem',
    dist: '/app/dist',
    node: '/bin/node',
  });
  const trusting = plan.processes.flatMap(({ name, env }) => (env['NODE_EXTRA_CA_CERTS'] === '/home/p/run/authorities.pem' ? [name] : []));
  // Stores and relay accept connections and open none.
  expect(trusting).toEqual(['sip', ...roles]);
  expect(planOf().roleEnv).not.toHaveProperty('NODE_EXTRA_CA_CERTS');
});

test('seats reach the SIP server where the site says, and dialogs of a telephony that is gone are another machine’s only where the live state is shared', () => {
  const argsOf = (plan: Plan): readonly string[] => plan.processes.find(({ name }) => name === 'sip')?.args ?? [];
  const shared = planOf({ VALKEY_URL: 'redis://v', SIP_WEBSOCKET_HOST: '10.0.0.11' });
  expect(argsOf(shared)).toContain('sip:10.0.0.11:20002;transport=ws;door=seat');
  expect(argsOf(shared)).toContain('--forget-dialogs');
  expect(shared.roleEnv['SIP_WEBSOCKET_URL']).toBe('ws://10.0.0.11:20002');
  expect(shared.bindings.find(({ name }) => name === 'sipWebSocket')?.host).toBe('10.0.0.11');
  expect(argsOf(planOf())).toContain('sip:127.0.0.1:20002;transport=ws;door=seat');
  expect(argsOf(planOf())).not.toContain('--forget-dialogs');
});
