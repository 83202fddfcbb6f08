import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CommandBus, CommandInput } from '../../../services/shared/contracts/calls/commands.js';
import { Flow, ServiceNumber } from '../../../services/shared/contracts/calls/flow.js';
import { failureOf } from '../../../services/shared/domain/failure.js';
import { linearToAlaw } from '../../../services/shared/domain/sound/g711.js';
import { SAMPLE_RATE, shareOfTone, tone } from '../../../services/shared/domain/sound/tone.js';
import { alawWav } from '../../support/alaw-wav.js';
import type { FarCall, FarPhone } from '../../support/phones/far-phone.js';
import type { SipPhone } from '../../support/phones/sip-phone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { until } from '../../support/until.js';
import { BROUGHT_ABOUT_MS, type Action, type CallHistory, type Heard, type Moving, type Step } from './history.js';

const NUMBER = '4001000';
const PROMPT_HERTZ = 1_730;
/** Long enough to be detected twice in a row, also by an outside number that hears it before it is joined. */
const NOTICE_S = 1.5;
/** Each has whole periods in a tenth of a second, and none is the sum or the difference of two others. */
const HERTZ = [430, 610, 870, 1_130, 1_490, 1_930, 2_290, 2_510, 2_750, 3_010, 3_170];
/** When four talk at once each hears three: still below full scale. */
const AMPLITUDE = 0.2;
/** Share of the energy of what is heard. One of three has a third. */
const HEARD_SHARE = 0.1;
const WITHIN_MS = 4_000;
const STEADY_LOOKS = 2;

type Sounding = SipPhone['sound'];

/** Where the product did something other than the model. */
export interface Difference {
  readonly seed: number;
  readonly step: number;
  readonly action: string;
  readonly text: string;
}

/** Real SIP, relay, mixer and seats on which the histories of calls are done again. */
export class Stand implements AsyncDisposable {
  readonly #seats = new Map<string, SipPhone>();
  readonly #hertz = new Map<string, number>();
  /** Steps of which it was compared what everybody hears. */
  compared = 0;

  private constructor(
    private readonly rig: TelephonyRig,
    private readonly far: FarPhone,
  ) {}

  static async start(): Promise<Stand> {
    const far = await TelephonyRig.farPhone();
    far.behaviour = 'ring';
    const flow = { noticePromptId: 'notice', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } };
    const number = { number: NUMBER, name: NUMBER, status: 'in-service', language: 'zh-CN', flowVersion: 1, flow: Flow.parse(flow) };
    const rig = await TelephonyRig.start({ numbers: [ServiceNumber.parse(number)], trunk: { outboundUri: far.uri } });
    for (const [promptId, seconds] of [
      ['music', 5],
      ['notice', NOTICE_S],
    ] as const) {
      const file = join(rig.folder, 'prompts', 'zh-CN', `${promptId}.wav`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, alawWav(linearToAlaw(tone(PROMPT_HERTZ, seconds * SAMPLE_RATE))));
    }
    return new Stand(rig, far);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const seat of this.#seats.values()) seat.hangUp();
    await this.rig[Symbol.asyncDispose]();
    this.far.close();
  }

  /** Repeats the history from the call to its end; resolves with the first step in which something else is heard, or undefined. */
  async replay({ seed, steps }: CallHistory): Promise<Difference | undefined> {
    const named = agentsOf(steps);
    for (const agentId of named) await this.#seat(agentId);
    this.#hertz.clear();
    const { caller, callId } = await this.rig.queued(NUMBER);
    const numbers: FarCall[] = [];
    const ears = new Map<string, Sounding>([['caller', caller.sound]]);
    for (const [agentId, { sound }] of this.#seats) ears.set(`agent:${agentId}`, sound);
    caller.sound.play(this.#hertzOf('caller'), AMPLITUDE);
    // A seat with no part in the history has no tone, and must hear nothing.
    for (const [agentId, { sound }] of this.#seats)
      sound.play(named.has(agentId) ? this.#hertzOf(`agent:${agentId}`) : undefined, AMPLITUDE);
    try {
      for (const [place, { action, heard }] of steps.entries()) {
        const different = (text: string): Difference => ({ seed, step: place, action: JSON.stringify(action), text });
        const refused = await this.#act(callId, action, numbers).catch((error: unknown) => String(error));
        if (refused !== undefined) return different(refused);
        numbers.forEach(({ sound }, index) => {
          const name = `number:${index + 1}`;
          if (!ears.has(name)) sound.play(this.#hertzOf(name), AMPLITUDE);
          ears.set(name, sound);
        });
        if (heard === undefined) continue;
        this.compared += 1;
        const text = await this.#compare(ears, heard);
        if (text !== undefined) return different(text);
      }
      return undefined;
    } finally {
      caller.hangUp();
      await this.rig.ended(callId);
      for (const call of numbers) call.hangUp();
    }
  }

  /** Resolves with the reason why it could not be done, or undefined. */
  async #act(callId: string, action: Action, numbers: FarCall[]): Promise<string | undefined> {
    if (action.what === 'queued') return undefined;
    if (action.what !== 'command') return this.#far(action.what, numbers[action.place - 1]);
    const { name, input } = action;
    const target = input['target'] as { readonly to?: string } | undefined;
    const coming = target?.to === 'number' ? this.far.next() : undefined;
    const partyId = await this.#partyOf(callId, input['partyId']);
    const { offerId: _of, autoAnswer: _by, ...rest } = input;
    const given = { ...rest, callId, ...(partyId === undefined ? {} : { partyId }) };
    const send = async (): Promise<string | undefined> => {
      try {
        if (name === 'call.offer') await this.rig.offer(callId, String(input['agentId']), Number(input['ringForMs']));
        else await (this.rig.commands as CommandBus).send(name, given as CommandInput<Moving>);
        return undefined;
      } catch (error) {
        return failureOf(error);
      }
    };
    // What the previous action started, such as a leg's answer or a place in the queue, may not have come about yet.
    const refused = await until(send, (failure) => failure !== 'wrong-state', BROUGHT_ABOUT_MS + WITHIN_MS).catch(() => 'wrong-state');
    if (refused !== undefined) return `refused: ${refused}`;
    if (coming !== undefined) numbers.push(await coming);
    return undefined;
  }

  #far(what: 'number-answers' | 'number-refuses' | 'number-hangs-up', call: FarCall | undefined): string | undefined {
    if (call === undefined) return 'no such number was dialled';
    if (what === 'number-answers') this.far.answer(call);
    else if (what === 'number-refuses') this.far.refuse(call, 486);
    else call.hangUp();
    return undefined;
  }

  /** On the real system an outside number has an id of its own. */
  async #partyOf(callId: string, partyId: unknown): Promise<string | undefined> {
    if (typeof partyId !== 'string' || !partyId.startsWith('number:')) return undefined;
    const live = (await this.rig.commands.send('calls.live', {})).find((call) => call.callId === callId);
    return live?.parties.find(({ id }) => id.startsWith('number:'))?.id;
  }

  async #compare(ears: ReadonlyMap<string, Sounding>, heard: Heard): Promise<string | undefined> {
    const expected = JSON.stringify([...ears.keys()].map((name) => [name, heard[name] ?? []]));
    let [steady, now] = [0, ''];
    try {
      await until(
        () => {
          now = JSON.stringify([...ears].map(([name, sound]) => [name, this.#heardBy(sound)]));
          steady = now === expected ? steady + 1 : 0;
          return steady;
        },
        (looks) => looks >= STEADY_LOOKS,
        WITHIN_MS,
      );
      return undefined;
    } catch {
      return `heard ${now}, and the model ${expected}`;
    }
  }

  #heardBy({ newest }: Sounding): string[] {
    const parties = [...this.#hertz].flatMap(([name, hertz]) => (shareOfTone(newest, hertz) > HEARD_SHARE ? [name] : []));
    return [...parties, ...(shareOfTone(newest, PROMPT_HERTZ) > HEARD_SHARE ? ['prompt'] : [])].sort();
  }

  async #seat(agentId: string): Promise<void> {
    if (!this.#seats.has(agentId)) this.#seats.set(agentId, await this.rig.seat(agentId));
  }

  #hertzOf(name: string): number {
    const known = this.#hertz.get(name) ?? HERTZ[this.#hertz.size];
    if (known === undefined) throw new Error(`no tone is left for ${name}`);
    this.#hertz.set(name, known);
    return known;
  }
}

/** Every agent whom a history names. */
function agentsOf(steps: readonly Step[]): ReadonlySet<string> {
  const named = new Set<string>();
  for (const { action, heard } of steps) {
    for (const name of Object.keys(heard ?? {})) if (name.startsWith('agent:')) named.add(name.slice('agent:'.length));
    if (action.what !== 'command') continue;
    const { agentId, target } = action.input as { readonly agentId?: string; readonly target?: { readonly agentId?: string } };
    for (const one of [agentId, target?.agentId]) if (one !== undefined) named.add(one);
  }
  return named;
}
