import type { Redis } from 'ioredis';
import { z } from 'zod';
import { Machine, ownMachine } from '../network/own-machine.js';
import type { Service } from './service.js';

const KEY = 'clock:reports';
const EVERY_MS = 60_000;
/** A process without a report for this long no longer runs. */
const STALE_MS = 5 * EVERY_MS;

const Report = z.object({
  offsetMs: z.number(),
  roundTripMs: z.number(),
  at: z.number(),
  roles: z.array(z.string()).default([]),
  /** Processes of an earlier version do not say it. */
  machine: Machine.optional(),
});

export interface ClockReport {
  /** The roles and the machine of the process: `telephony@cc-01`. */
  readonly name: string;
  /** How far the clock of the live state is ahead of the process's own clock, in milliseconds. */
  readonly offsetMs: number;
  readonly roundTripMs: number;
  readonly roles: readonly string[];
  readonly machine?: Machine | undefined;
}

/**
 * Every minute this process reports how far its clock differs from the clock of the live state, which all processes share, and on which
 * machine it runs.
 */
export function createClockReporter({
  valkey,
  roles,
  machine = ownMachine(),
  now = Date.now,
  failed,
}: {
  readonly valkey: Redis;
  readonly roles: readonly string[];
  readonly machine?: Machine;
  readonly now?: () => number;
  /** Called when the report could not be written. Writing is tried again a minute later. */
  readonly failed: (error: unknown) => void;
}): Service & { report(): Promise<void> } {
  const name = `${roles.join('+')}@${machine.hostname}`;
  let timer: NodeJS.Timeout | undefined;
  async function report(): Promise<void> {
    const sentAt = now();
    const [seconds, micros] = await valkey.time();
    const receivedAt = now();
    const theirs = Number(seconds) * 1_000 + Number(micros) / 1_000;
    await valkey.hset(
      KEY,
      name,
      JSON.stringify({ offsetMs: theirs - (sentAt + receivedAt) / 2, roundTripMs: receivedAt - sentAt, at: theirs, roles, machine }),
    );
  }
  const tick = (): void => void report().catch(failed);
  return {
    name: 'clock-report',
    report,
    async start() {
      tick();
      timer = setInterval(tick, EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
    },
  };
}

/** The reports of all processes from the last five minutes, by the clock of the live state. */
export async function clockReports(valkey: Redis): Promise<ClockReport[]> {
  const [[seconds], rows] = await Promise.all([valkey.time(), valkey.hgetall(KEY)]);
  const reports: ClockReport[] = [];
  for (const [name, text] of Object.entries(rows)) {
    const { at, ...sight } = Report.parse(JSON.parse(text));
    if (Number(seconds) * 1_000 - at <= STALE_MS) reports.push({ name, ...sight });
    else await valkey.hdel(KEY, name);
  }
  return reports;
}
