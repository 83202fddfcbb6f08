import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { verifierFolder } from '../../services/evidence/adapters/workshop.js';

export interface PageOutcome {
  readonly seconds: number;
  /** The largest process of a page. */
  readonly peakMb: number;
  readonly colour: 'good' | 'unsure' | 'bad';
  readonly codes: readonly string[];
}

const MOST_MS = 600_000;

/** `verify.html` from the disk in Chromium without a network: from the choice of the pack to the verdict, and what the page's process held at most. */
export async function verifyInPage(path: string, { seed, count }: { readonly seed: string; readonly count: string }): Promise<PageOutcome> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking'] });
  try {
    const page = await (await browser.newContext({ offline: true })).newPage();
    await page.goto(`file://${join(verifierFolder, 'verify.html')}`);
    await page.fill('#seed', seed);
    await page.fill('#count', count);
    const began = performance.now();
    await page.setInputFiles('#pack', path);
    await page.waitForSelector('#verdict.good, #verdict.unsure, #verdict.bad', { timeout: MOST_MS });
    const seconds = (performance.now() - began) / 1_000;
    const colour = (await page.getAttribute('#verdict', 'class')) as PageOutcome['colour'];
    const codes = await page.locator('#findings li').evaluateAll((all) => all.map((each) => each.getAttribute('data-code') ?? ''));
    return { seconds, peakMb: Math.max(...rendererPeaksMb()), colour, codes: [...new Set(codes)] };
  } finally {
    await browser.close();
  }
}

/** The most that each page process of our browser has held. */
function rendererPeaksMb(): number[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [
          {
            pid: Number(pid),
            status: readFileSync(`/proc/${pid}/status`, 'utf8'),
            command: readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
          },
        ];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
  const parentOf = new Map(processes.map(({ pid, status }) => [pid, Number(/PPid:\s+(\d+)/.exec(status)?.[1])]));
  const isOurs = (pid: number | undefined): boolean => pid !== undefined && (pid === process.pid || isOurs(parentOf.get(pid)));
  return processes
    .filter(({ pid, command }) => command.includes('--type=renderer') && isOurs(pid))
    .map(({ status }) => Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024);
}
