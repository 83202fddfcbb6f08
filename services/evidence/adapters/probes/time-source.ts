import type { Probe } from '../../probes/probe.js';
import { ntpProbe, timeServiceProbe } from './probe-clocks.js';

const WITHIN_MS = 5_000;

/** The source of true time that this host has now: the service that sets its clock, else the first time server that answers, else `none`. */
export const createTimeSource =
  (servers: readonly string[], probes: readonly Probe[] = [timeServiceProbe(), ...servers.map((server) => ntpProbe(server))]) =>
  async (): Promise<{ readonly source: string; readonly offsetMs?: number }> => {
    const read = (probe: Probe) => probe.read(AbortSignal.timeout(WITHIN_MS)).catch(() => []);
    const readings = (await Promise.all(probes.map(read))).flat();
    const known = readings.find(({ facts }) => facts['synchronised'] === true);
    if (known === undefined) return { source: 'none' };
    const { name, offsetMs } = known.facts;
    // Whole numbers: the hash of a sheet is computed again in other languages.
    return { source: typeof name === 'string' ? name : known.subject.replace(/^clock:/, ''), offsetMs: Math.round(Number(offsetMs)) + 0 };
  };
