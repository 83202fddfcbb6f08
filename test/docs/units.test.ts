import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './support/sources.js';

const folder = join(root, 'infra', 'systemd');
const units = readdirSync(folder);
const read = (unit: string): string => readFileSync(join(folder, unit), 'utf8');

test('what a unit starts is in the product, and the page of operations names each unit', () => {
  const page = readFileSync(join(root, 'docs', 'operations', 'README.md'), 'utf8');
  expect(units).toEqual(['proofline-relay.service', 'proofline.service']);
  for (const unit of units) {
    expect(page).toContain(`infra/systemd/${unit}`);
    const started = [...read(unit).matchAll(/^ExecStart=.*?((?:\/opt\/proofline\/)?infra\/\S+)/gm)].map(([, file = '']) => file);
    expect(started).toHaveLength(1);
    for (const file of started) expect(existsSync(join(root, file.replace('/opt/proofline/', '')))).toBe(true);
  }
});

test('systemd waits longer for the product than the supervisor waits for calls', () => {
  const [, stopS = '0'] = /^TimeoutStopSec=(\d+)$/m.exec(read('proofline.service')) ?? [];
  const [, drainS = '0'] = /STOP_DRAIN_S: .*default\(([\d_]+)\)/.exec(
    readFileSync(join(root, 'infra', 'supervisor', 'plan', 'settings.ts'), 'utf8'),
  ) ?? ['', '0'];
  expect(Number(drainS)).toBeGreaterThan(0);
  expect(Number(stopS)).toBeGreaterThanOrEqual(Number(drainS) + 30);
});
