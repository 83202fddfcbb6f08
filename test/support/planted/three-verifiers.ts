import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { chromium } from 'playwright-core';
import { verifyPacks } from '../../../services/evidence/adapters/pack-chain.js';
import { verifierFolder } from '../../../services/evidence/adapters/workshop.js';
import { plantedChain, type PlantedChain } from './planted-chain.js';
import { plantedPack } from './planted-packs.js';
import type { Planted } from './planted.js';

type Colour = 'green' | 'amber' | 'red' | 'no-pack';
interface Said {
  readonly colour: Colour;
  readonly codes: readonly string[];
}

/** What the inspector types; nothing where a text is empty. */
interface Typed {
  readonly key: string;
  readonly sheet: string;
  readonly seed: string;
  readonly count: string;
}

interface ThreeVerifiers {
  judge(name: string, planted: Planted): Promise<void>;
  judgeChain(name: string, planted: PlantedChain): Promise<void>;
  close(): Promise<void>;
}

/**
 * What each of the three verifiers says of a planted pack: the page in a browser without a network, the command line, and the script with
 * nothing but Python's standard library.
 */
export async function openThreeVerifiers(): Promise<ThreeVerifiers> {
  const verifier = `file://${join(verifierFolder, 'verify.html')}`;
  const folder = await mkdtemp(join(tmpdir(), 'proofline-planted-'));
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking'] });

  const context = await browser.newContext({ offline: true });
  const opened = await context.newPage();

  async function page(paths: readonly string[], { key, sheet, seed, count }: Typed): Promise<Said> {
    // A new document each time: nothing of the pack before is left.
    await opened.goto(verifier);
    await opened.fill('#expected', key);
    await opened.fill('#told', sheet);
    await opened.fill('#seed', seed);
    await opened.fill('#count', count);
    await opened.setInputFiles('#pack', [...paths]);
    await opened.waitForSelector('#verdict.good, #verdict.bad, #verdict.unsure', { timeout: 120_000 });
    const { verdict, codes } = await opened.evaluate(() => ({
      verdict: document.querySelector('#verdict')?.className ?? '',
      codes: [...document.querySelectorAll<HTMLElement>('#findings li')].map(({ dataset }) => dataset['code'] ?? ''),
    }));
    const colour = ({ good: 'green', unsure: 'amber', bad: 'red' } as const)[verdict as 'good' | 'unsure' | 'bad'];
    return colour === 'red' && codes.length === 0 ? { colour: 'no-pack', codes } : { colour, codes: sorted(codes) };
  }

  async function compare(paths: readonly string[], typed: Typed, same: Said): Promise<void> {
    const [inPage, inProduct, inScript] = await Promise.all([page(paths, typed), commandLine(paths, typed), script(paths, typed)]);
    expect({ page: inPage, commandLine: inProduct, script: inScript }).toEqual({ page: same, commandLine: same, script: same });
  }

  return {
    async judge(name, { expected, codes, ...plant }) {
      const { path, fingerprint, fingerprintSm2, lastSheet } = await plantedPack(folder, name.replaceAll(/[^a-z0-9]+/gi, '-'), plant);
      const key = plant.fingerprint === 'none' ? '' : plant.fingerprint === 'sm2' ? fingerprintSm2 : fingerprint;
      const sheet = plant.told === undefined ? '' : lastSheet;
      const typed = { key, sheet, seed: plant.seed ?? '', count: plant.count?.toString() ?? '' };
      await compare([path], typed, { colour: expected, codes: sorted(codes ?? []) });
    },
    async judgeChain(name, planted) {
      const { paths, fingerprint } = await plantedChain(folder, name.replaceAll(/[^a-z0-9]+/gi, '-'), planted);
      const typed = { key: planted.fingerprint === 'none' ? '' : fingerprint, sheet: '', seed: '', count: '' };
      await compare(paths, typed, { colour: planted.expected, codes: sorted(planted.codes ?? []) });
    },
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const sorted = (codes: readonly string[]): string[] => [...new Set(codes)].sort();

async function commandLine(paths: readonly string[], { key, sheet, seed, count }: Typed): Promise<Said> {
  try {
    const { colour, packs, chain } = await verifyPacks(paths, {
      ...(key === '' ? {} : { trustedFingerprint: key }),
      ...(sheet === '' ? {} : { toldSheet: sheet }),
      ...(seed === '' ? {} : { toldSeed: seed }),
      ...(count === '' ? {} : { toldCount: Number(count) }),
    });
    return { colour, codes: sorted([...packs.flatMap(({ findings }) => findings), ...chain].map(({ code }) => code)) };
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid-request' });
    return { colour: 'no-pack', codes: [] };
  }
}

function script(paths: readonly string[], { key, sheet, seed, count }: Typed): Promise<Said> {
  const words = [
    join(verifierFolder, 'recompute.py'),
    ...paths,
    ...(key === '' ? [] : ['--key', key]),
    ...(sheet === '' ? [] : ['--sheet', sheet]),
    ...(seed === '' ? [] : ['--seed', seed]),
    ...(count === '' ? [] : ['--drawn', count]),
  ];
  return new Promise((resolve) => {
    // Without the data of time zones, as on Windows.
    execFile('python3', ['-I', '-S', ...words], { env: { PYTHONTZPATH: '' } }, (error, stdout) => {
      const colour = (paths.length > 1 ? /^all \d+ packs: (green|amber|red)$/m : /^verdict: (green|amber|red)$/m).exec(stdout)?.[1] as
        | Colour
        | undefined;
      const codes = [...stdout.matchAll(/^([a-z0-9-]+): .* \/ /gm)].map(([, code = '']) => code);
      expect(error?.code ?? 0).toBe(colour === undefined ? 2 : { green: 0, amber: 3, red: 1, 'no-pack': 2 }[colour]);
      resolve(colour === undefined ? { colour: 'no-pack', codes: [] } : { colour, codes: sorted(codes) });
    });
  });
}
