import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../../services/shared/platform/config.js';
import { readSettings } from '../../infra/supervisor/settings.js';

const root = join(import.meta.dirname, '..', '..');

const Compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string().optional(),
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
  // Where the command is missing the tests above stand for it.
  if (hasCompose)
    test('is taken by docker compose itself', () => {
      const { status, stderr } = spawnSync('docker', ['compose', 'config', '--quiet'], { cwd: root, encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(status).toBe(0);
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
