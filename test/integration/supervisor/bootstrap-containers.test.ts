import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { XMLParser } from 'fast-xml-parser';
import { Redis } from 'ioredis';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../../../services/shared/platform/settings/config.js';
import { readSettings } from '../../../infra/supervisor/plan/settings.js';
import { freePort, stopProcess } from '../recording/recording-support.js';

const root = join(import.meta.dirname, '..', '..', '..');

const Compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string().optional(),
      command: z.array(z.string()).default([]),
      entrypoint: z.array(z.string()).default([]),
      build: z.union([z.string(), z.object({ context: z.string(), dockerfile: z.string() })]).optional(),
      environment: z.record(z.string(), z.coerce.string()).default({}),
      volumes: z.array(z.string()).default([]),
      ports: z.array(z.string()).default([]),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
    }),
  ),
  volumes: z.record(z.string(), z.unknown()),
});
const compose = Compose.parse(parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8')));

/** `${NAME:-value}` as compose fills it when NAME is not set. */
const filled = (environment: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value.replace(/\$\{\w+:?-([^}]*)\}/g, '$1')]));

const environment = filled(compose.services['app']?.environment ?? {});

describe('the compose file', () => {
  test('gives the product all five real servers, so that it starts none of its own', () => {
    expect(Object.values(readSettings(environment).elsewhere)).toEqual([true, true, true, true, true]);
  });

  test('gives the roles a configuration that they take', () => {
    const given = {
      TOKEN_KEY: 'k'.repeat(32),
      SEAT_KEY: 's'.repeat(16),
      MASTER_KEY: 'm'.repeat(43),
      S3_ACCESS_KEY: 'access',
      S3_SECRET_KEY: 'secret-key',
    };
    const files = Object.fromEntries(Object.entries(environment).filter(([name]) => !name.endsWith('_FILE')));
    expect(() => readConfig({ ...files, ...given, DRACHTIO_SECRET: 'secret-key' })).not.toThrow();
  });

  test('holds no secret: each comes from a file', () => {
    for (const { environment: variables } of Object.values(compose.services))
      for (const name of Object.keys(variables)) if (/_(?:SECRET|PASSWORD|KEY)(?:_|$)/.test(name)) expect(name).toMatch(/_FILE$/);
  });

  test('opens the stores to this host alone', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('names versions, files and volumes that exist', () => {
    for (const { image, build, volumes, depends_on } of Object.values(compose.services)) {
      if (build === undefined) expect(image).toMatch(/:[\w.-]*\d|trixie-slim$/);
      if (typeof build === 'object') expect(existsSync(join(root, build.dockerfile))).toBe(true);
      for (const volume of volumes) {
        const source = volume.split(':')[0] ?? '';
        if (source.startsWith('./')) expect(existsSync(join(root, source))).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
      for (const name of Object.keys(depends_on)) expect(Object.keys(compose.services)).toContain(name);
    }
  });

  const hasCompose = spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0;
  // Where the command is missing, the tests above stand in for it.
  if (hasCompose)
    test('is taken by docker compose itself', () => {
      const { status, stderr } = spawnSync('docker', ['compose', 'config', '--quiet'], { cwd: root, encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(status).toBe(0);
    });
});

/**
 * Runs a container's script with a folder in place of `/secrets` and `/run`, and with substitutes for programs that this machine may lack.
 */
function runScript(script: string, folder: string, programs: Readonly<Record<string, string>>, args: readonly string[] = []): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const text = readFileSync(join(root, 'infra', script), 'utf8').replace(/(?<![\w])\/(secrets|run)\//g, `${folder}/$1/`);
  for (const name of ['secrets', 'run']) mkdirSync(join(folder, name), { recursive: true });
  const { status, stdout, stderr } = spawnSync('sh', ['-s', ...args], {
    input: text,
    encoding: 'utf8',
    env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` },
  });
  expect({ script, status, stderr }).toEqual({ script, status: 0, stderr: '' });
  return stdout;
}

describe('what each server is given', () => {
  let folder: string;
  const secret = (name: string): string => readFileSync(join(folder, 'secrets', name), 'utf8').trim();

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'compose-'));
    // Who owns a file in a volume is a matter of the containers' users.
    runScript('compose/first-start.sh', folder, { chown: 'exit 0' }, [join(folder, 'secrets')]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('secrets are made once and never changed', () => {
    const names = ['drachtio', 's3-access-key', 's3-secret-key', 'documents-password', 'valkey-password', 'mongo-keyfile'];
    const before = names.map(secret);
    for (const [index, text] of before.entries()) expect({ name: names[index], length: text.length >= 20 }).toMatchObject({ length: true });
    // MongoDB takes a key of 6 to 1,024 characters of base64.
    expect(secret('mongo-keyfile')).toMatch(/^[A-Za-z0-9+/=]{6,1024}$/);
    runScript('compose/first-start.sh', folder, { chown: 'exit 0' }, [join(folder, 'secrets')]);
    expect(names.map(secret)).toEqual(before);
  });

  test('valkey-server starts with what stands there, and asks for the password', async () => {
    const [program = '', config = '', ...args] = compose.services['valkey']?.command ?? [];
    const port = await freePort();
    const child = spawn(
      program,
      [config.replace('/secrets', join(folder, 'secrets')), ...args, '--port', String(port), '--bind', '127.0.0.1'],
      {
        cwd: folder,
        stdio: 'ignore',
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      },
    );
    const client = new Redis({ port, password: secret('valkey-password'), maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    const stranger = new Redis({ port, lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
    stranger.on('error', () => undefined);
    try {
      expect(await client.ping()).toBe('PONG');
      expect(await client.config('GET', 'appendfsync', 'maxmemory-policy')).toEqual(
        expect.arrayContaining(['appendfsync', 'everysec', 'maxmemory-policy', 'noeviction']),
      );
      await expect(stranger.get('x')).rejects.toThrow(/NOAUTH|closed/);
    } finally {
      client.disconnect();
      stranger.disconnect();
      await stopProcess(child);
    }
  });

  test('SeaweedFS gets a list of who may do what, and options that it has', () => {
    const printed = runScript('seaweedfs/run.sh', folder, { weed: 'printf "%s\\n" "$@"' });
    const Identities = z.strictObject({
      identities: z.tuple([
        z.strictObject({
          name: z.string(),
          credentials: z.tuple([
            z.strictObject({ accessKey: z.literal(secret('s3-access-key')), secretKey: z.literal(secret('s3-secret-key')) }),
          ]),
          actions: z.array(z.enum(['Admin', 'Read', 'Write', 'List', 'Tagging'])),
        }),
      ]),
    });
    expect(() => Identities.parse(JSON.parse(readFileSync(join(folder, 'run', 's3.json'), 'utf8')))).not.toThrow();
    const [command, ...options] = printed.trim().split('\n');
    expect(command).toBe('server');
    // Names from the release's weed/command/server.go.
    const known = ['dir', 'ip', 'ip.bind', 'volume.max', 'filer', 's3', 's3.port', 's3.config'];
    for (const option of options) expect(known).toContain(option.replace(/^-/, '').replace(/=.*$/, ''));
    expect(printed).not.toContain(secret('s3-secret-key'));
  });

  test('drachtio-server gets elements that it reads, and no secret that counts', () => {
    const text = readFileSync(join(root, 'infra', 'drachtio', 'drachtio.conf.xml'), 'utf8');
    const parsed: unknown = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      isArray: (name) => name === 'contact',
    }).parse(text);
    // What src/drachtio-config.cpp of drachtio-server reads; it skips unknown elements in silence.
    const contact = z.string().regex(/^sip:127\.0\.0\.1:\d+;transport=(udp,tcp|udp|ws)$/);
    const Configuration = z.strictObject({
      drachtio: z.strictObject({
        admin: z.strictObject({ '#text': z.literal('127.0.0.1'), '@port': z.string(), '@secret': z.literal('set-by-DRACHTIO_SECRET') }),
        'request-handlers': z.literal(''),
        sip: z.strictObject({ contacts: z.strictObject({ contact: z.array(contact) }), 'udp-mtu': z.number() }),
        cdrs: z.literal(false),
        logging: z.strictObject({
          console: z.literal(''),
          loglevel: z.enum(['notice', 'error', 'warning', 'info', 'debug']),
          'sofia-loglevel': z.number(),
        }),
      }),
    });
    const { drachtio } = Configuration.parse(parsed);
    const ports = drachtio.sip.contacts.contact.map((each) => Number(/:(\d+);/.exec(each)?.[1]));
    const told = ['SIP_TRUNK_ADDRESS', 'SIP_WEBSOCKET_URL', 'SIP_TEST_ADDRESS'].map((name) =>
      Number(/:(\d+)$/.exec(environment[name] ?? '')?.[1]),
    );
    expect(ports).toEqual(told);
    expect(environment['DRACHTIO_URL']).toBe(`tcp://127.0.0.1:${drachtio.admin['@port']}`);
  });

  test('mongod gets options that it has', () => {
    const [program, ...args] = compose.services['mongodb']?.command ?? [];
    expect(program).toBe('mongod');
    // From the reference of mongod 8.0.
    const known = ['--replSet', '--keyFile', '--bind_ip_all'];
    for (const option of args.filter((each) => each.startsWith('-'))) expect(known).toContain(option);
    expect(environment['MONGODB_URI']).toContain(`replicaSet=${args[args.indexOf('--replSet') + 1] ?? ''}`);
  });
});

test('the example for Kamailio is a configuration that Kamailio takes', () => {
  const text = readFileSync(join(root, 'infra', 'kamailio', 'kamailio.cfg'), 'utf8').replaceAll(
    '/etc/kamailio/',
    `${join(root, 'infra', 'kamailio')}/`,
  );
  const { status, stderr } = spawnSync('kamailio', ['-c', '-f', '-'], { input: text, encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
});

test('scripts for containers are scripts that a shell takes', () => {
  for (const script of ['rtpengine/run.sh', 'drachtio/run.sh', 'seaweedfs/run.sh', 'compose/first-start.sh', 'compose/mongo-health.sh']) {
    const { status, stderr } = spawnSync('bash', ['-n', join(root, 'infra', script)], { encoding: 'utf8' });
    expect({ script, status, stderr }).toEqual({ script, status: 0, stderr: '' });
  }
});
