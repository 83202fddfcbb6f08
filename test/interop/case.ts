import type { CarrierOptions, InteropCentre, Talk } from './centre.js';
import { CalledCarrier, CallingCarrier, hungUp, type Step } from './scenario.js';

/** One thing that carriers do, and what the product does about it. */
export interface InteropCase {
  readonly id: string;
  readonly group: string;
  /** What the carrier does, and what is seen then. */
  readonly what: string;
  /** The program that is the carrier. */
  readonly carrier: 'sipp' | 'baresip' | 'kamailio';
  /** Sound was checked by a tone. */
  readonly sound: boolean;
  readonly run: (centre: InteropCentre) => Promise<void>;
}

type Named = readonly [id: string, what: string];

interface Incoming extends CarrierOptions {
  /** What the trunk's sheet says. */
  readonly trunk?: Parameters<InteropCentre['describedAs']>[0];
  readonly carrier?: CallingCarrier;
  readonly steps: (carrier: CallingCarrier, centre: InteropCentre) => readonly Step[];
  /** Runs while the agent talks; by default the agent hears their own tone come back. */
  readonly talk?: (centre: InteropCentre, talk: Talk) => Promise<void>;
  /** `carrier`: the scenario ends the call itself. */
  readonly endedBy?: 'agent' | 'carrier';
}

/** An inbound call that the agent takes, heard both ways and ended. */
export const incoming = (group: string, [id, what]: Named, options: Incoming): InteropCase => ({
  id,
  group,
  what,
  carrier: 'sipp',
  sound: true,
  async run(centre) {
    const { carrier = new CallingCarrier(), steps, talk = (all: InteropCentre) => all.hearsEcho(), endedBy = 'agent', trunk } = options;
    await using _sheet = await centre.describedAs(trunk ?? {});
    const queued = centre.nextQueued();
    const sipp = await centre.calling([...steps(carrier, centre), ...(endedBy === 'agent' ? [hungUp] : [])], options);
    const callId = await Promise.race([
      queued().then((event) => String(event['callId'])),
      sipp.failed().then((reason) => Promise.reject(new Error(reason))),
    ]);
    await centre.take(callId);
    await talk(centre, { callId, carrier: sipp });
    if (endedBy === 'agent') await centre.hangUp(callId);
    else await centre.rig.ended(callId);
    await sipp.finished();
  },
});

/** A carrier's request and its answer, without a conversation. */
export const asked = (
  group: string,
  [id, what]: Named,
  steps: (carrier: CallingCarrier) => readonly Step[],
  {
    carrier: newCarrier = () => new CallingCarrier(),
    trunk,
    ...more
  }: CarrierOptions & Pick<Incoming, 'trunk'> & { readonly carrier?: () => CallingCarrier } = {},
): InteropCase => ({
  id,
  group,
  what,
  carrier: 'sipp',
  sound: false,
  async run(centre) {
    await using _sheet = await centre.describedAs(trunk ?? {});
    const sipp = await centre.calling(steps(newCarrier()), more);
    await sipp.finished();
  },
});

interface Outgoing extends CarrierOptions {
  readonly steps: (carrier: CalledCarrier, centre: InteropCentre) => readonly Step[];
  readonly talk?: (centre: InteropCentre, talk: Talk) => Promise<void>;
  /** Runs before the call is connected. */
  readonly before?: (centre: InteropCentre, talk: Talk) => Promise<void>;
  readonly trunk?: Parameters<InteropCentre['sendTo']>[0];
  readonly endedBy?: 'agent' | 'carrier';
}

/** An outbound call of the agent, answered by the carrier, heard both ways and ended. */
export const outgoing = (group: string, [id, what]: Named, options: Outgoing): InteropCase => ({
  id,
  group,
  what,
  carrier: 'sipp',
  sound: true,
  async run(centre) {
    const { steps, talk = (all: InteropCentre) => all.hearsEcho(), before, trunk = {}, endedBy = 'agent' } = options;
    const { carrier, uri } = await centre.called(
      [...steps(new CalledCarrier(), centre), ...(endedBy === 'agent' ? [hungUp] : [])],
      options,
    );
    await centre.sendTo({ outboundUri: uri, furtherUris: [], ...trunk });
    const callId = await centre.dial();
    await before?.(centre, { callId, carrier });
    await Promise.race([centre.connected(callId), centre.rig.ended(callId).then(notConnected)]);
    await talk(centre, { callId, carrier });
    if (endedBy === 'agent') await centre.hangUp(callId);
    else await centre.rig.ended(callId);
    await carrier.finished();
  },
});

const notConnected = (event: Record<string, unknown>): never => {
  throw new Error(`the call ended as ${String(event['cause'])}`);
};

/** An outbound call of the agent that fails, for this cause. */
export const unsuccessful = (group: string, [id, what]: Named, options: Outgoing & { readonly cause: string }): InteropCase => ({
  id,
  group,
  what,
  carrier: 'sipp',
  sound: false,
  async run(centre) {
    const { steps, before, trunk = {}, cause } = options;
    const { carrier, uri } = await centre.called(steps(new CalledCarrier(), centre), options);
    await centre.sendTo({ outboundUri: uri, furtherUris: [], ...trunk });
    const callId = await centre.dial();
    await before?.(centre, { callId, carrier });
    const ended = await centre.rig.ended(callId);
    if (ended['cause'] !== cause) throw new Error(`the call ended as ${String(ended['cause'])}, not as ${cause}`);
    await carrier.finished();
  },
});
