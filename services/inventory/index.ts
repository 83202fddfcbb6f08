import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { Say } from '../shared/domain/language.js';
import type { EquipmentList } from '../shared/domain/licence/equipment-list.js';
import type { LicenceFile } from '../shared/domain/licence/licence-file.js';
import type { ProbeRow } from '../shared/domain/licence/probe-row.js';
import type { TitleBlock, Topology } from '../shared/domain/licence/topology.js';
import type { Route } from '../shared/platform/http/route.js';
import { ownMachine } from '../shared/platform/network/own-machine.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import type { Config } from '../shared/platform/settings/config.js';
import { productVersion } from '../shared/platform/settings/product-version.js';
import type { ObjectClient } from '../shared/platform/stores/objects.js';
import { inThread, layOutTopology, remembering } from './adapters/elk-layout.js';
import { createSnapshots } from './adapters/mongo-snapshots.js';
import { ntpProbe, partClocksProbe, timeServiceProbe } from './adapters/probes/probe-clocks.js';
import { hostProbe, logsProbe, processProbe, socketProbe } from './adapters/probes/probe-host.js';
import { machinesProbe } from './adapters/probes/probe-machines.js';
import {
  certificateProbe,
  documentStoreProbe,
  liveStateProbe,
  objectStoreProbe,
  relayProbe,
  sipProbe,
  softwareProbe,
} from './adapters/probes/probe-servers.js';
import { snmpProbe } from './adapters/probes/probe-snmp.js';
import { readSnmpTargets } from './adapters/probes/snmp-targets.js';
import { reconcileEquipment } from './equipment.js';
import { createInventoryHttp } from './http.js';
import type { LinesUsed, SeatReadings, SnapshotStore } from './ports.js';
import { linesUsed } from './probes/lines-used.js';
import { runProbes, type Probe, type ProbeRunner } from './probes/probe.js';
import { standsUpright } from './topology-page.js';
import { topologySvg } from './topology-svg.js';
import { drawTopology } from './topology.js';

export { ntpProbe } from './adapters/probes/probe-clocks.js';
export { createTimeSource } from './adapters/probes/time-source.js';

export interface InventoryDependencies {
  readonly mongo: Connection;
}

/** What the probes found, and what follows from it and the registers. */
export interface Inventory extends Pick<SnapshotStore, 'latest'> {
  reconcile(file: LicenceFile, probes: readonly ProbeRow[], say: Say): { readonly equipment: EquipmentList; readonly topology: Topology };
  draw(topology: Topology, title: TitleBlock, say: Say): Promise<{ readonly svg: string; readonly upright: boolean }>;
}

export interface ProbeDependencies extends InventoryDependencies {
  readonly config: Config;
  readonly objects: ObjectClient;
  readonly commands: CommandBus;
  readonly valkey: Redis;
  readonly seats: SeatReadings;
  /** How long a probe may take. Default: 6 s. */
  readonly probeTimeoutMs?: number;
  /** The clock of the rows. Default: the machine's. */
  readonly now?: () => Date;
}

const PROBE_TIMEOUT_MS = 6_000;
const SEATS_MS = 30 * 86_400_000;
const systemNow = (): Date => new Date();
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

export function createInventory({ mongo }: InventoryDependencies): Inventory {
  const layOut = layOutTopology(remembering(inThread));
  return {
    latest: createSnapshots(mongo).latest,
    reconcile(file, probes, say) {
      const equipment = reconcileEquipment(file, probes, say);
      return { equipment, topology: drawTopology(file, equipment, probes, say) };
    },
    async draw(topology, title, say) {
      const placed = await layOut(topology);
      return { svg: topologySvg(placed, title, say), upright: standsUpright(placed) };
    },
  };
}

export const createInventoryRoutes = ({ mongo }: InventoryDependencies): Route[] => createInventoryHttp(createSnapshots(mongo));

/** Runs all probes, stores their rows together with the lines that calls used, and gives the number of rows. */
export function createProbeRound(needs: ProbeDependencies): (used: LinesUsed) => Promise<number> {
  const { now = systemNow } = needs;
  const snapshots = createSnapshots(needs.mongo);
  const probes = probesOf(needs);
  const runner: ProbeRunner = {
    now,
    sha256Hex,
    timeoutMs: needs.probeTimeoutMs ?? PROBE_TIMEOUT_MS,
    after: (ms) => {
      let timer: NodeJS.Timeout | undefined;
      const passed = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
      return { passed, cancel: () => clearTimeout(timer) };
    },
  };
  return async (used) => {
    const rows = [...(await runProbes(probes, runner)), ...linesUsed(used, runner, now())];
    await snapshots.save(rows, now());
    return rows.length;
  };
}

const probesOf = ({ config, mongo, objects, commands, valkey, seats }: ProbeDependencies): Probe[] => [
  hostProbe(),
  processProbe(config.PROOFLINE_HOME, process.ppid, productVersion()),
  socketProbe(config.PROOFLINE_HOME, process.ppid),
  machinesProbe(valkey, ownMachine(), productVersion()),
  ...config.RTPENGINE_URLS.map(relayProbe),
  sipProbe(config.SIP_TRUNK_ADDRESS, commands),
  documentStoreProbe(mongo),
  objectStoreProbe(objects, config),
  liveStateProbe(valkey, config.VALKEY_URL),
  softwareProbe('ffmpeg', '-version'),
  logsProbe(config.PROOFLINE_HOME),
  timeServiceProbe(),
  ...config.NTP_SERVERS.map((server) => ntpProbe(server)),
  ...(config.SNMP_TARGETS_FILE === undefined ? [] : readSnmpTargets(config.SNMP_TARGETS_FILE).map(snmpProbe)),
  partClocksProbe({ valkey, mongo, objectsUrl: config.S3_ENDPOINT }),
  ...(config.TLS_CERT_FILE === undefined ? [] : [certificateProbe(config.TLS_CERT_FILE)]),
  { name: 'seats', read: () => seats(new Date(systemClock.nowMs() - SEATS_MS)) },
];
