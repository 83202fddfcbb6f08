import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import { z } from 'zod';
import { clockReports } from '../../../shared/platform/processes/clock-report.js';
import { ntpQuestion, readChronyTracking, readNtpAnswer, sightOf, type ClockSight } from '../../probes/clock.js';
import type { Probe } from '../../probes/probe.js';
import type { Facts, Reading } from '../../../shared/domain/licence/probe-row.js';
import { systemClock } from '../../../shared/platform/processes/system-clock.js';

const run = promisify(execFile);
const NTP_PORT = 123;
/** systemd-timesyncd touches this file when it has set the clock (systemd-timesyncd.service(8)). */
/** It does not say how far the clock is from true time. */
export const TIMESYNCD = 'systemd-timesyncd';
const TIMESYNCD_MARK = '/run/systemd/timesync/synchronized';

type Now = () => number;

const reading = (subject: string, facts: Facts): Reading => ({ subject, kind: 'clock', facts, raw: JSON.stringify(facts) });
const sighted = ({ offsetMs, roundTripMs }: ClockSight): Facts => ({
  offsetMs: Math.round(offsetMs * 100) / 100,
  roundTripMs: Math.round(roundTripMs * 100) / 100,
});

/** Asks one time server (SNTP, RFC 5905 §14). `server` is a host, with `:port` if it is not 123. */
export const ntpProbe = (server: string, now: Now = systemClock.nowMs): Probe => ({
  name: `clock:ntp:${server}`,
  async read(signal) {
    const url = new URL(`ntp://${server}`);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.connect(url.port === '' ? NTP_PORT : Number(url.port), host, resolve);
      });
      const sentAtMs = now();
      const answer = await new Promise<ReturnType<typeof readNtpAnswer>>((resolve, reject) => {
        socket.on('error', reject);
        socket.on('message', (packet) => {
          try {
            resolve(readNtpAnswer(packet, sentAtMs, now()));
          } catch (error) {
            reject(error instanceof Error ? error : new Error('unreadable'));
          }
        });
        signal.addEventListener('abort', () => reject(new Error('cut')), { once: true });
        socket.send(ntpQuestion(sentAtMs));
      });
      return [reading(`clock:ntp:${server}`, { ...sighted(answer), stratum: answer.stratum, synchronised: true })];
    } finally {
      socket.close();
    }
  },
});

/** The service that sets this machine's clock: chrony, otherwise systemd-timesyncd; when neither does, a row that says so. */
export const timeServiceProbe = (): Probe => ({
  name: 'clock:time-service',
  async read(signal) {
    const tracking = await run('chronyc', ['-c', 'tracking'], { signal, timeout: 3_000 }).then(
      ({ stdout }) => readChronyTracking(stdout),
      () => undefined,
    );
    if (tracking !== undefined) return [reading('clock:time-service', tracking)];
    const isSet = await access(TIMESYNCD_MARK).then(
      () => true,
      () => false,
    );
    return [reading('clock:time-service', { name: isSet ? TIMESYNCD : 'none', offsetMs: 0, roundTripMs: 0, synchronised: isSet })];
  },
});

const Hello = z.object({ localTime: z.date() });

/** The clocks of the stores and of the product's processes, on all machines, compared with the clock here. */
export const partClocksProbe = (
  { valkey, mongo, objectsUrl }: { readonly valkey: Redis; readonly mongo: Connection; readonly objectsUrl: string },
  now: Now = systemClock.nowMs,
): Probe => ({
  name: 'clock:parts',
  async read(signal) {
    const timed = async (ask: () => Promise<number>): Promise<ClockSight> => {
      const sentAtMs = now();
      const theirsMs = await ask();
      return sightOf(sentAtMs, theirsMs, now());
    };
    const [live, documents, objects, reports] = await Promise.all([
      timed(async () => {
        const [seconds, micros] = await valkey.time();
        return Number(seconds) * 1_000 + Number(micros) / 1_000;
      }),
      timed(async () => Hello.parse(await mongo.db?.admin().command({ hello: 1 })).localTime.getTime()),
      timed(async () => {
        const answer = await fetch(objectsUrl, { method: 'HEAD', signal, redirect: 'manual' });
        const dated = Date.parse(answer.headers.get('date') ?? '');
        // The header has whole seconds, so on average half a second has passed.
        return Number.isNaN(dated) ? Number.NaN : dated + 500;
      }).catch(() => undefined),
      clockReports(valkey),
    ]);
    return [
      reading('clock:live-state', sighted(live)),
      reading('clock:document-store', sighted(documents)),
      ...(objects === undefined || Number.isNaN(objects.offsetMs)
        ? []
        : [reading('clock:object-store', sighted({ ...objects, roundTripMs: objects.roundTripMs + 1_000 }))]),
      // A process reports how far the live state's clock is from its own, which is the difference as seen from here.
      ...reports.map(({ name, offsetMs, roundTripMs }) =>
        reading(`clock:process:${name}`, sighted({ offsetMs: live.offsetMs - offsetMs, roundTripMs: live.roundTripMs + roundTripMs })),
      ),
    ];
  },
});
