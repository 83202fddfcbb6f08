import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Flow, type ServiceNumber, type Trunk } from '../../services/shared/contracts/calls/flow.js';
import { openSecondNetwork, type SecondNetwork } from '../support/phones/second-network.js';
import type { SipPhone } from '../support/phones/sip-phone.js';
import { TelephonyRig } from '../support/servers/telephony-rig.js';
import { until } from '../support/until.js';
import { scenario, type Step } from './scenario.js';
import { Sipp } from './sipp.js';

export const AGENT_HERTZ = 1_300;
/** Nine whole waves fit in a packet, so reordered packets make the same tone. */
export const CARRIER_HERTZ = 450;
export const OUTSIDE = '02160000001';
/** The called person is told of the recording first. */
const CONNECTED_WITHIN_MS = 20_000;
const HEARD_WITHIN_MS = 5_000;
const AGENT = 'anna';

const queueOf = (queueId: string): object => ({ kind: 'queue', queueId });
const number = (digits: string, flow: unknown, more: Partial<ServiceNumber> = {}): ServiceNumber => ({
  number: digits,
  name: digits,
  status: 'in-service',
  language: 'zh-CN',
  flowVersion: 1,
  flow: Flow.parse({ noticePromptId: 'beep', ...(flow as object) }),
  testCallers: [],
  ...more,
});
const menu = {
  start: 'menu',
  steps: {
    menu: { kind: 'menu', promptId: 'beep', keys: { '5': { goTo: 'five', label: 'five' } }, waitMs: 10_000, otherwise: 'none' },
    five: queueOf('five'),
    none: { kind: 'hang-up', cause: 'completed' },
  },
};

export interface Talk {
  readonly callId: string;
  readonly carrier: Sipp;
}

/** How the carrier's side is started. */
export interface CarrierOptions {
  readonly transport?: 'udp' | 'tcp';
  /** False where the scenario sends sound of its own. */
  readonly echoes?: boolean;
}

const NOTHING_SAID = {
  ...{ digest: undefined, registers: undefined, numberRules: undefined, identity: undefined, codecs: undefined, digits: undefined },
  trustsIdentity: false,
} as const;

/** The product's telephony with one agent, and a carrier in a network of its own. */
export class InteropCentre implements AsyncDisposable {
  #cases = 0;
  readonly #carriers: Sipp[] = [];
  readonly #ends: (() => Promise<void>)[] = [];

  private constructor(
    readonly rig: TelephonyRig,
    readonly seat: SipPhone,
    readonly network: SecondNetwork & { readonly carrier: string },
    readonly folder: string,
  ) {}

  static async open(): Promise<InteropCentre> {
    const opened = openSecondNetwork();
    // On the loopback, the address next to ours belongs to the inner legs.
    const network = opened.kind === 'namespace' ? opened : { ...opened, carrier: opened.stranger };
    try {
      const rig = await TelephonyRig.start({
        numbers: [
          number('4001000', { start: 'service', steps: { service: queueOf('service') } }),
          number('4001001', menu),
          number('4001002', { start: 'service', steps: { service: queueOf('service') } }, { status: 'out-of-service' }),
        ],
        callerSilentMs: 60_000,
        network,
      });
      return new InteropCentre(rig, await rig.seat(AGENT), network, mkdtempSync(join(tmpdir(), 'interop-')));
    } catch (error) {
      network.close();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const carrier of this.#carriers) carrier.close();
    await this.rig[Symbol.asyncDispose]();
    this.network.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A folder for a program of the carrier. */
  newFolder(name: string): string {
    const folder = this.file(name);
    mkdirSync(folder);
    return folder;
  }
  /** Runs when the case is over, the newest first. */
  atEnd(end: () => Promise<void>): void {
    this.#ends.unshift(end);
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  /** One port of the carrier for signalling and one for sound, neither used before. */
  ports(): { readonly port: number; readonly mediaPort: number } {
    this.#cases += 1;
    return { port: 5_060 + this.#cases, mediaPort: 12_000 + 10 * this.#cases };
  }

  /** Starts a carrier that calls us. */
  calling(steps: readonly Step[], { transport = 'udp', echoes = true }: CarrierOptions = {}): Promise<Sipp> {
    const { rig, network, folder } = this;
    const port = rig.sip.listeners.find((each) => each.protocol === transport)?.port ?? 0;
    return this.#start({ network, folder, xml: scenario(steps), remote: { address: network.own, port }, transport, echoes });
  }

  /** A carrier that waits for our call; `uri` is its address. */
  async called(steps: readonly Step[], { transport = 'udp', echoes = true }: CarrierOptions = {}): Promise<{ carrier: Sipp; uri: string }> {
    const { network, folder } = this;
    const ports = this.ports();
    const carrier = await this.#start({ network, folder, xml: scenario(steps), transport, echoes }, ports);
    return { carrier, uri: `sip:${network.carrier}:${String(ports.port)}${transport === 'tcp' ? ';transport=tcp' : ''}` };
  }

  async #start(options: Omit<Parameters<typeof Sipp.start>[0], 'name' | 'port' | 'mediaPort'>, ports = this.ports()): Promise<Sipp> {
    const carrier = await Sipp.start({ ...options, ...ports, name: `case-${String(ports.port)}` });
    this.#carriers.push(carrier);
    return carrier;
  }

  /** Resolves with the next event of this name that was not there before. */
  #after(name: Parameters<TelephonyRig['event']>[0]): () => Promise<Record<string, unknown>> {
    const known = new Set(this.rig.events.filter((each) => each.name === name).map(({ event }) => event));
    return () => this.rig.event(name, (event) => !known.has(event));
  }

  /** The next call that comes in, when it is queued. */
  nextQueued(): () => Promise<Record<string, unknown>> {
    return this.#after('call.queued');
  }
  nextArrived(): () => Promise<Record<string, unknown>> {
    return this.#after('call.arrived');
  }

  /** The agent takes a queued call. */
  async take(callId: string): Promise<void> {
    await this.rig.offer(callId, AGENT);
    await this.rig.commands.send('call.answer', { callId, agentId: AGENT });
  }

  /** Sends the trunk's calls there from now on. */
  async sendTo(trunk: { readonly [Field in keyof Trunk]?: Trunk[Field] | undefined }): Promise<void> {
    await this.rig.changeTrunk({ furtherUris: [], ...NOTHING_SAID, ...trunk });
  }

  /** The trunk as it is without a sheet. */
  async asUsual(): Promise<void> {
    await this.rig.changeTrunk(NOTHING_SAID);
  }

  /** Applies this sheet of the carrier to inbound calls until the case is over. */
  async describedAs(sheet: Partial<Pick<Trunk, 'numberRules' | 'codecs' | 'trustsIdentity'>>): Promise<AsyncDisposable> {
    if (Object.keys(sheet).length > 0) await this.rig.changeTrunk({ ...NOTHING_SAID, ...sheet });
    return { [Symbol.asyncDispose]: async () => this.rig.changeTrunk(NOTHING_SAID) };
  }

  /** The agent dials a number outside. */
  async dial(): Promise<string> {
    const { callId } = await this.rig.commands.send('call.dial', { agentId: AGENT, number: OUTSIDE, purpose: 'enquiry' });
    return callId;
  }
  connected(callId: string): Promise<Record<string, unknown>> {
    return this.rig.event('call.connected', (event) => event['callId'] === callId, CONNECTED_WITHIN_MS);
  }
  /** Waits until the far side rings, or has gone further already. */
  async ringing(callId: string): Promise<void> {
    await until(
      () => this.state(callId),
      (state) => state !== 'dialling',
      20_000,
    );
  }
  async state(callId: string): Promise<string | undefined> {
    const calls = await this.rig.commands.send('calls.live', { agentId: AGENT });
    return calls.find((each) => each.callId === callId)?.state;
  }

  /** The carrier sends back what it hears: the agent's own tone comes back when sound flows both ways. */
  async hearsEcho(): Promise<void> {
    this.seat.sound.play(AGENT_HERTZ);
    await this.seat.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
  }
  async hearsCarrier(): Promise<void> {
    await this.seat.sound.untilHears(CARRIER_HERTZ, HEARD_WITHIN_MS);
  }
  /** Waits until the seat no longer hears the tone. */
  async falls(hertz: number): Promise<void> {
    const hears = (): Promise<boolean> =>
      this.seat.sound.untilHears(hertz, 200).then(
        () => true,
        () => false,
      );
    await until(hears, (heard) => !heard, 6_000);
  }

  /** The agent presses digits. */
  async sendKeys(callId: string, keys: string): Promise<void> {
    await this.rig.commands.send('call.send-keys', { callId, agentId: AGENT, keys });
  }

  async hangUp(callId: string): Promise<void> {
    await this.rig.commands.send('call.hang-up', { callId, agentId: AGENT });
    await this.rig.ended(callId);
  }

  /** Between two cases: nothing of the one before is heard or goes on. */
  async quiet(): Promise<void> {
    this.seat.sound.play(undefined);
    for (const carrier of this.#carriers.splice(0)) carrier.close();
    const left = await this.rig.commands.send('calls.live', { agentId: AGENT });
    for (const { callId } of left) await this.hangUp(callId).catch(() => undefined);
    for (const end of this.#ends.splice(0)) await end();
  }
}
