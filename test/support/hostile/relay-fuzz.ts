import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMedia } from '../../../services/media/index.js';
import { failureOf } from '../../../services/shared/domain/failure.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { createNgClient } from '../../../services/shared/platform/network/rtpengine-ng.js';
import { hostileSdp, seeded } from './hostile-sdp.js';
import { relayRange } from '../servers/relay-range.js';
import { freeUdpPort } from '../free-ports.js';

const HOST = '127.0.0.1';
const AT_ONCE = 8;
/** One leg in this many also hears a prompt: a bad packet time does its harm in transcoding. */
const PLAYED_EVERY = 4;

export interface FuzzOutcome {
  readonly descriptions: number;
  /** Taken by the relay. */
  readonly taken: number;
  /** Refused at the door, by failure code. */
  readonly refused: Readonly<Record<string, number>>;
  /** How often the relay's process died. */
  readonly deaths: number;
  /** Descriptions that were being handled when it died. */
  readonly suspects: readonly string[];
}

/**
 * Sends descriptions made from `seed` through the product's door (reader, writer, anchors) into a relay of its own: as offers of callers and of
 * seats, as new offers in a call, and as answers to our own offers; some legs also get a prompt and are joined.
 */
export async function fuzzRelay({
  seed,
  count,
  untilMs = Number.POSITIVE_INFINITY,
  prompt,
}: {
  readonly seed: number;
  readonly count: number;
  /** The time at which to end sooner. */
  readonly untilMs?: number;
  readonly prompt: string;
}): Promise<FuzzOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'relay-fuzz-'));
  const [ngPort, dtmfPort] = [await freeUdpPort(HOST), await freeUdpPort(HOST)];
  const url = `udp://${HOST}:${ngPort}`;
  const relay = startRelay(ngPort, dtmfPort, folder);
  const ng = createNgClient(url);
  const media = createMedia({
    pingLiveState: async () => undefined,
    onLiveStateLost: () => undefined,
    relayUrls: [url],
    dtmfListen: `${HOST}:${dtmfPort}`,
    seatCodec: 'opus',
    callerSilentMs: 60_000,
    peers: {
      allowedNetworks: ['127.0.0.9/32'],
      ownAddresses: () => [HOST],
      ownBroadcasts: () => [],
      innerAddresses: ['127.0.0.2'],
      ownPorts: new Set([ngPort, dtmfPort]),
      testCallAddress: undefined,
      ownRanges: [],
      relayAddresses: [],
      ownServers: [],
    },
    onStrangers: () => undefined,
    log: silentLogger,
  });
  const refused: Record<string, number> = {};
  const inWork = new Map<string, string>();
  let [sent, taken] = [0, 0];
  const hasDied = (): boolean => relay.exitCode !== null || relay.signalCode !== null;
  const random = seeded(seed);

  async function attempt(exchange: () => Promise<unknown>): Promise<boolean> {
    try {
      await exchange();
      taken += 1;
      return true;
    } catch (error) {
      const code = failureOf(error);
      if (code === 'internal') throw error;
      refused[code] = (refused[code] ?? 0) + 1;
      return false;
    }
  }

  async function leg(number: number): Promise<void> {
    const id = `fuzz-${seed}-${number}`;
    const { anchors } = media;
    const [first, second] = [hostileSdp(random), hostileSdp(random)];
    sent += 2;
    inWork.set(id, `${first}\n${second}`);
    const kind = (['caller', 'seat', 'dialled'] as const)[number % 3] ?? 'caller';
    const up = await attempt(async () => {
      if (kind !== 'dialled') return anchors.accept({ id, kind, sdp: first, behindNat: number % 5 === 0 });
      await anchors.invite({ id, captured: true });
      return anchors.inviteAnswered(id, first);
    });
    // A party whose only codec the relay cannot encode hears no prompt: that is refused, and counted.
    if (up && number % PLAYED_EVERY === 0) await attempt(() => anchors.play(id, prompt, 1));
    if (up && number % 2 === 0) await anchors.echo(id, true);
    if (anchors.has(id)) await attempt(() => (up ? anchors.reoffer(id, second) : anchors.inviteAnswered(id, second)));
    else sent -= 1;
    await anchors.release(id);
    if (!hasDied()) inWork.delete(id);
  }

  try {
    await ng.send({ command: 'ping' }, { timeoutMs: 8_000 });
    let number = 0;
    const worker = async (): Promise<void> => {
      while (sent < count && !hasDied() && Date.now() < untilMs) await leg((number += 1));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker)).catch((error: unknown) => {
      // A relay that has died fails whatever was being handled; anything else is a fault of the door.
      if (!hasDied()) throw error;
    });
    if (!hasDied()) await ng.send({ command: 'ping' }, { timeoutMs: 8_000 });
    return { descriptions: sent, taken, refused, deaths: hasDied() ? 1 : 0, suspects: [...inWork.values()] };
  } finally {
    ng.close();
    await media.service.stop();
    await ended(relay);
    rmSync(folder, { recursive: true, force: true });
  }
}

function startRelay(ngPort: number, dtmfPort: number, folder: string): ChildProcess {
  const { min, max } = relayRange(800);
  return spawn(
    'rtpengine',
    [
      ...['--config-file=none', '--table=-1', '--foreground', '--log-stderr', '--log-level=1', '--num-threads=2'],
      ...[`--interface=outer/${HOST}`, '--interface=inner/127.0.0.2', `--listen-ng=${HOST}:${ngPort}`],
      ...[`--port-min=${min}`, `--port-max=${max}`, `--dtmf-log-dest=${HOST}:${dtmfPort}`],
      ...['--measure-rtp', '--mos=CQ', `--recording-dir=${folder}`, '--recording-method=pcap'],
    ],
    { stdio: 'ignore' },
  );
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}
