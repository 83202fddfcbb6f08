import { carrierProxy, startKamailio } from '../support/phones/kamailio.js';
import { Baresip, type BaresipOptions } from '../support/phones/baresip.js';
import { BaresipSound } from '../support/phones/baresip-sound.js';
import { until } from '../support/until.js';
import type { InteropCase } from './case.js';
import { AGENT_HERTZ, CARRIER_HERTZ, type InteropCentre } from './centre.js';

// Whole SIP stacks as the carrier: baresip as its telephone, and Kamailio as its proxy and registrar in front of one.

const CALLER = '13800000001';
const CALLED_WITHIN_MS = 20_000;
const HEARD_WITHIN_MS = 5_000;
const ACCOUNT = { username: 'site1', password: 'interop-secret' } as const;

interface Telephone {
  readonly phone: Baresip;
  readonly uri: string;
}

/** A telephone in the carrier's network that sends back what it hears. */
async function telephone(centre: InteropCentre, account: string, more: Partial<BaresipOptions> = {}): Promise<Telephone> {
  const { port } = centre.ports();
  const { carrier, command } = centre.network;
  const phone = await Baresip.start({
    folder: centre.newFolder(`phone-${String(port)}`),
    account: `<sip:${CALLER}@${carrier}>;regint=0;catchall=yes;${account}`,
    at: { host: carrier, sipPort: port, command },
    ...more,
  });
  centre.atEnd(() => phone.stop());
  return { phone, uri: `sip:${carrier}:${String(port)}` };
}

const ours = (centre: InteropCentre, transport: 'udp' | 'tcp' = 'udp'): string => {
  const port = centre.rig.sip.listeners.find(({ protocol }) => protocol === transport)?.port ?? 0;
  return `sip:4001000@${centre.network.own}:${String(port)}${transport === 'tcp' ? ';transport=tcp' : ''}`;
};

/** The telephone calls us and the agent takes the call. */
async function calledBy(centre: InteropCentre, { phone }: Telephone, uri: string): Promise<string> {
  const queued = centre.nextQueued();
  phone.command('dial', uri);
  const callId = String((await queued())['callId']);
  await centre.take(callId);
  return callId;
}

async function dials(centre: InteropCentre, uri: string, more: Parameters<InteropCentre['sendTo']>[0] = {}): Promise<string> {
  await centre.sendTo({ outboundUri: uri, ...more });
  return centre.dial();
}

async function agentHangsUp(centre: InteropCentre, callId: string, { phone }: Telephone): Promise<void> {
  await centre.hangUp(callId);
  await phone.event('CALL_CLOSED');
}

async function phoneHangsUp(centre: InteropCentre, callId: string, { phone }: Telephone): Promise<void> {
  phone.command('hangup');
  const { by, cause } = await centre.rig.ended(callId);
  if (by !== 'caller') throw new Error(`ended as ${String(cause)} by ${String(by)}`);
}

/** One that plays a tone and keeps what it hears: the bridge that others have for their sound is silent after a hold. */
async function tonePhone(centre: InteropCentre): Promise<Telephone & { readonly sound: BaresipSound }> {
  const sound = await BaresipSound.of(centre.newFolder(`tone-${String(centre.ports().port)}`), CARRIER_HERTZ);
  const there = await telephone(centre, PCMA, { modules: ['aufile'], settings: [...sound.settings, 'sip_verify_server no'] });
  return { ...there, sound };
}

/** While it holds, its tone is gone; afterwards both tones are back. Its player begins a new file at each re-INVITE. */
async function holdsAndResumes(centre: InteropCentre, { phone, sound }: Awaited<ReturnType<typeof tonePhone>>): Promise<void> {
  const carrierHears = (isHeard: boolean): Promise<unknown> =>
    until(
      () => sound.heard(AGENT_HERTZ),
      (share) => share > 0.8 === isHeard,
      HEARD_WITHIN_MS,
    );
  centre.seat.sound.play(AGENT_HERTZ);
  await Promise.all([centre.hearsCarrier(), carrierHears(true)]);
  phone.command('hold');
  await Promise.all([centre.falls(CARRIER_HERTZ), carrierHears(false)]);
  phone.command('resume');
  await Promise.all([centre.hearsCarrier(), carrierHears(true)]);
}

const PCMA = 'answermode=auto;audio_codecs=pcma';

type Run = InteropCase['run'];
const ofBaresip = (id: string, what: string, run: Run, sound = true): InteropCase => ({
  ...{ id, group: 'baresip', what, carrier: 'baresip', sound },
  run,
});

const BARESIP: readonly InteropCase[] = [
  ofBaresip('baresip-calls', 'calls us in PCMA, and hangs up', async (centre) => {
    await centre.asUsual();
    const there = await telephone(centre, PCMA);
    const callId = await calledBy(centre, there, ours(centre));
    await centre.hearsEcho();
    await phoneHangsUp(centre, callId, there);
  }),
  ofBaresip('baresip-called', 'is called, and the agent hangs up', async (centre) => {
    const there = await telephone(centre, PCMA);
    const callId = await dials(centre, there.uri);
    await centre.connected(callId);
    await centre.hearsEcho();
    await agentHangsUp(centre, callId, there);
  }),
  ofBaresip('baresip-tcp', 'is called over TCP', async (centre) => {
    const there = await telephone(centre, PCMA);
    const callId = await dials(centre, `${there.uri};transport=tcp`);
    await centre.connected(callId);
    await centre.hearsEcho();
    await agentHangsUp(centre, callId, there);
  }),
  ofBaresip('baresip-g722', 'is called and takes G.722, first on the sheet', async (centre) => {
    const there = await telephone(centre, 'answermode=auto;audio_codecs=g722', { modules: ['g722'] });
    const callId = await dials(centre, there.uri, { codecs: ['G722', 'PCMA'] });
    await centre.connected(callId);
    await centre.hearsEcho();
    await agentHangsUp(centre, callId, there);
  }),
  ofBaresip('baresip-holds', 'is called, holds (sendonly) and resumes: both tones stop and come back', async (centre) => {
    const there = await tonePhone(centre);
    const callId = await dials(centre, there.uri);
    await centre.connected(callId);
    await holdsAndResumes(centre, there);
    await agentHangsUp(centre, callId, there);
  }),
  ofBaresip('baresip-holds-in', 'calls us, holds (sendonly) and resumes: both tones stop and come back', async (centre) => {
    await centre.asUsual();
    const there = await tonePhone(centre);
    const callId = await calledBy(centre, there, ours(centre));
    await holdsAndResumes(centre, there);
    await agentHangsUp(centre, callId, there);
  }),
  ofBaresip(
    'baresip-rings',
    'rings, and the agent calls off: CANCEL',
    async (centre) => {
      const there = await telephone(centre, 'answermode=manual;audio_codecs=pcma');
      const callId = await dials(centre, there.uri);
      await there.phone.event('CALL_INCOMING');
      await centre.ringing(callId);
      await agentHangsUp(centre, callId, there);
    },
    false,
  ),
];

/** Kamailio at the edge of the carrier with a telephone behind it; every call of ours is challenged, and stays on its route. */
async function proxied(centre: InteropCentre, account: string): Promise<Telephone & { readonly proxy: string }> {
  const { carrier, command } = centre.network;
  const { port } = centre.ports();
  const there = await telephone(centre, account);
  const config = carrierProxy({ host: carrier, port, ours: '4001000', farUri: there.uri, ...ACCOUNT });
  const kamailio = await startKamailio(() => config, { host: carrier, port, command });
  centre.atEnd(async () => kamailio[Symbol.asyncDispose]());
  return { ...there, proxy: `sip:${carrier}:${String(port)}` };
}

const ofKamailio = (id: string, what: string, run: Run, sound = true): InteropCase => ({
  ...{ id, group: 'kamailio', what, carrier: 'kamailio', sound },
  run,
});

const KAMAILIO: readonly InteropCase[] = [
  ofKamailio('kamailio-registers', 'takes our registration, and sends a call to where we registered', async (centre) => {
    const there = await proxied(centre, PCMA);
    await centre.sendTo({ outboundUri: there.proxy, registers: true, digest: ACCOUNT });
    await until(
      async () => centre.rig.trunkStates().find(({ trunkId }) => trunkId === 'carrier')?.registration,
      (state) => state === 'registered',
      CALLED_WITHIN_MS,
    );
    const callId = await calledBy(centre, there, `sip:4001000@${there.proxy.slice('sip:'.length)}`);
    await centre.hearsEcho();
    await phoneHangsUp(centre, callId, there);
  }),
  ofKamailio('kamailio-called', 'asks for our digest, and the call and its BYE go along its route', async (centre) => {
    const there = await proxied(centre, PCMA);
    const callId = await dials(centre, there.proxy, { digest: ACCOUNT });
    await centre.connected(callId);
    await centre.hearsEcho();
    await agentHangsUp(centre, callId, there);
  }),
  ofKamailio('kamailio-hangs-up', 'brings the BYE of the telephone behind it', async (centre) => {
    const there = await proxied(centre, PCMA);
    const callId = await dials(centre, there.proxy, { digest: ACCOUNT });
    await centre.connected(callId);
    await centre.hearsEcho();
    await phoneHangsUp(centre, callId, there);
  }),
  ofKamailio(
    'kamailio-cancel',
    'passes the CANCEL of the agent on to the telephone that rings',
    async (centre) => {
      const there = await proxied(centre, 'answermode=manual;audio_codecs=pcma');
      const callId = await dials(centre, there.proxy, { digest: ACCOUNT });
      await there.phone.event('CALL_INCOMING');
      await centre.ringing(callId);
      await agentHangsUp(centre, callId, there);
    },
    false,
  ),
  ofKamailio(
    'kamailio-busy',
    'passes on that the telephone is busy: ends as far-busy',
    async (centre) => {
      const there = await proxied(centre, 'answermode=manual;audio_codecs=pcma');
      const callId = await dials(centre, there.proxy, { digest: ACCOUNT });
      await there.phone.event('CALL_INCOMING');
      await centre.ringing(callId);
      there.phone.command('hangup');
      const { cause } = await centre.rig.ended(callId);
      if (cause !== 'far-busy') throw new Error(`the call ended as ${String(cause)}`);
    },
    false,
  ),
];

export const casesOfStacks: readonly InteropCase[] = [...BARESIP, ...KAMAILIO];
