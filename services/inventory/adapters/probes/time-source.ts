import type { Probe } from '../../probes/probe.js';
import { ntpProbe, TIMESYNCD, timeServiceProbe } from './probe-clocks.js';

const WITHIN_MS = 5_000;

/**
 * The source of true time that this host has now: the service that sets its clock, else the first time server that answers, else `none`. The
 * offset is one that was measured: systemd-timesyncd knows none, so it is that of the first server, or missing.
 */
export const createTimeSource =
  (servers: readonly string[], probes: readonly Probe[] = [timeServiceProbe(), ...servers.map((server) => ntpProbe(server))]) =>
  async (): Promise<{ readonly source: string; readonly offsetMs?: number }> => {
    const read = (probe: Probe) => probe.read(AbortSignal.timeout(WITHIN_MS)).catch(() => []);
    const readings = (await Promise.all(probes.map(read))).flat();
    const known = readings.find(({ facts }) => facts['synchronised'] === true);
    if (known === undefined) return { source: 'none' };
    const { name } = known.facts;
    const source = typeof name === 'string' ? name : known.subject.replace(/^clock:/, '');
    const measured = readings.find(({ facts }) => facts['synchronised'] === true && facts['name'] !== TIMESYNCD);
    if (measured === undefined) return { source };
    // Whole numbers: the hash of a sheet is computed again in other languages.
    return { source, offsetMs: Math.round(Number(measured.facts['offsetMs'])) + 0 };
  };
