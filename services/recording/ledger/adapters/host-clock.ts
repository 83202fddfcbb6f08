import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { systemClock } from '../../../shared/platform/processes/system-clock.js';
import type { ClockMark } from '../clock-watch.js';

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** The clock of this host, and the time since its start, which nobody can set. */
export const readHostClock = (): ClockMark => ({
  wallMs: systemClock.nowMs(),
  steadyMs: uptime() * 1_000,
  boot: readFileSync(BOOT_ID, 'utf8').trim(),
});
