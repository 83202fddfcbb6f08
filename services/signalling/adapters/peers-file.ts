import { rename, writeFile } from 'node:fs/promises';
import type { Trunk } from '../../shared/contracts/calls/flow.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { hostOf, trunkPlaces } from '../../shared/platform/network/trunk-hosts.js';
import { addressesOf } from '../addresses.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';

const LOOK_EVERY_MS = 1_000;

/** Writes the file from which the running embedded SIP server learns who the trunks are. */
export interface PeersFile {
  start(): Promise<void>;
  stop(): void;
}

/** What the SIP server knows about a trunk. `tls`: the trunk uses only TLS. */
interface ServerPeer {
  readonly addresses: readonly string[];
  readonly tls?: { readonly servers: readonly string[]; readonly certificate?: string };
}

/** The addresses of each enabled trunk: its sources, and its destinations where they are addresses. */
export const peersOf = (trunks: readonly Trunk[]): { readonly peers: readonly ServerPeer[] } => ({
  peers: trunks
    .filter(({ enabled }) => enabled)
    .map((trunk) => {
      const { transport, certificate } = trunk;
      const hosts = addressesOf(trunk).map(({ uri }) => hostOf(uri));
      const tls = { servers: hosts, ...(certificate === undefined ? {} : { certificate }) };
      return {
        addresses: trunkPlaces(trunk),
        ...(transport === 'tls' ? { tls } : {}),
      };
    }),
});

export function createPeersFile({
  file,
  trunks,
  log,
}: {
  readonly file: string;
  readonly trunks: () => readonly Trunk[];
  readonly log: Logger;
}): PeersFile {
  let written = '';
  let stopLooking = (): void => undefined;

  async function write(): Promise<void> {
    const text = JSON.stringify(peersOf(trunks()));
    if (text === written) return;
    const draft = `${file}.new`;
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, file);
    written = text;
  }

  const attempt = (): Promise<void> =>
    write().catch((error: unknown) => log.error({ err: error }, 'the list of trunks could not be sent to the SIP server'));

  return {
    async start() {
      await attempt();
      stopLooking = systemClock.every(LOOK_EVERY_MS, () => void attempt());
    },
    stop: () => stopLooking(),
  };
}
