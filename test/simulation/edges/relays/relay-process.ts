import { looksLikeBencode, readBencode, writeBencode } from '../../../../services/shared/platform/network/bencode.js';
import type { NgRequest } from '../../../../services/shared/platform/network/rtpengine-ng.js';
import type { Random } from '../../random.js';
import { channel, type Scheduler } from '../../scheduler.js';
import { RelayWriter, type LiveMemory, type Subscriber } from './relay-memory-store.js';

/** One leg as a relay has it, and as it writes it to the live state. */
export interface RelayLeg {
  readonly id: string;
  readonly outerPort: number;
  readonly innerPort: number;
  /** The names of its two sides. */
  readonly tags: readonly [outer: string, inner: string];
  /** Where the inner side sends, `address:port`. */
  towards: string;
  /** Whether the party hears nothing but what is played to it. */
  blocked: boolean;
}

interface Held {
  readonly leg: RelayLeg;
  /** Since when this process counts its packets. */
  readonly sinceMs: number;
  /** Endless playback goes on until it is stopped; it is not in the live state. */
  playing: boolean;
  /** Of the partner until packets or a command come for it. A relay hears nothing of the changes of a leg that it has for its own. */
  own: boolean;
}

/** The addresses of a relay, which a pair shares, and its next free port. */
export interface RelayPlace {
  readonly name: string;
  readonly outer: string;
  readonly inner: string;
  nextPort: number;
}

const INNER_TAGS: ReadonlySet<string> = new Set(['far', 'core']);
const PACKET_MS = 20;

class Refusal extends Error {}

/**
 * One rtpengine process, as ADR 0024 and ADR 0088 describe it: what it answers to each command, what it writes to the live state, and what
 * it has again after its start. One of a pair knows the legs of its partner too.
 */
export class RelayProcess implements Subscriber {
  readonly startedMs: number;
  readonly legs = new Map<string, Held>();
  alive = true;
  /** Its control answers nothing until then; sound goes on. */
  hungUntilMs = -Infinity;
  /** How many checks it has answered. */
  looks = 0;
  /** Commands are taken in the order in which they came. */
  readonly #inbox: ReturnType<typeof channel>;
  readonly #answers = new Map<string, string>();
  readonly #writer: RelayWriter;

  constructor(
    readonly place: RelayPlace,
    private readonly memory: LiveMemory,
    private readonly scheduler: Scheduler,
    private readonly random: Random,
    isPair: boolean,
  ) {
    this.startedMs = scheduler.nowMs;
    this.#inbox = channel(scheduler);
    this.#writer = new RelayWriter(memory, scheduler);
    for (const leg of memory.legsOf(place.name).values()) this.#restore(leg);
    if (isPair) memory.subscribe(place.name, this);
  }

  kill(): void {
    this.alive = false;
    this.memory.unsubscribe(this.place.name, this);
  }

  written(leg: RelayLeg): void {
    if (this.legs.get(leg.id)?.own !== true) this.#restore(leg);
  }
  deleted(legId: string): void {
    if (this.legs.get(legId)?.own !== true) this.legs.delete(legId);
  }
  #restore(leg: RelayLeg): void {
    this.legs.set(leg.id, { leg: { ...leg }, sinceMs: this.scheduler.nowMs, playing: false, own: false });
  }
  /** The packets of all parties come here from now on. */
  takeOver(): void {
    for (const held of this.legs.values()) held.own = true;
  }

  /** Takes one datagram. `answer` may be called late. */
  receive(datagram: Buffer, answer: (datagram: Buffer) => void): void {
    const space = datagram.indexOf(' ');
    const cookie = datagram.toString('latin1', 0, space);
    const waitMs = Math.max(0, this.hungUntilMs - this.scheduler.nowMs);
    this.#inbox(waitMs + this.random.unit(), () => {
      if (!this.alive) return;
      const known = this.#answers.get(cookie);
      if (known !== undefined) {
        answer(Buffer.from(known));
        return;
      }
      const body = datagram.subarray(space + 1);
      const isBencode = looksLikeBencode(body);
      const { reply, tookMs } = this.#execute((isBencode ? readBencode(body) : JSON.parse(body.toString())) as NgRequest);
      const text = `${cookie} ${isBencode ? writeBencode(reply) : JSON.stringify(reply)}`;
      this.#answers.set(cookie, text);
      this.scheduler.after(tookMs, () => {
        if (this.alive) answer(Buffer.from(text));
      });
    });
  }

  #execute(request: NgRequest): { readonly reply: object; readonly tookMs: number } {
    try {
      let tookMs = 0;
      const done = this.#do(request, (work) => (tookMs += this.#writer.write(work)));
      return { reply: { result: 'ok', ...done }, tookMs };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { reply: { result: 'error', 'error-reason': error.message }, tookMs: 0 };
    }
  }

  #do(request: NgRequest, write: (work: () => void) => void): object {
    const { command, 'call-id': id = '' } = request;
    switch (command) {
      case 'statistics': {
        const uptime = Math.floor(this.scheduler.nowMs / 1_000) - Math.floor(this.startedMs / 1_000);
        this.looks += 1;
        return {
          statistics: { totalstatistics: { uptime: String(uptime) }, controlstatistics: { totalstatscount: String(this.looks - 1) } },
        };
      }
      case 'list':
        return { calls: [...this.legs.keys()].slice(0, request.limit ?? 32) };
      case 'offer':
        return {
          sdp: this.#described(
            this.legs.has(id) ? this.#get(id) : this.#made(id, request['from-tag'] ?? ''),
            request,
            request['from-tag'] ?? '',
            write,
          ),
        };
      case 'answer':
        return { sdp: this.#described(this.#get(id), request, request['to-tag'] ?? '', write) };
      case 'query':
        return this.#counts(this.#get(id));
      case 'delete': {
        const counts = this.#counts(this.#get(id));
        const remove = (): void => {
          this.legs.delete(id);
          this.#writer.write(() => this.memory.remove(this.place.name, this, id));
        };
        const delayS = request['delete-delay'] ?? 0;
        if (delayS === 0) remove();
        else this.scheduler.after(delayS * 1_000, () => this.alive && remove());
        return counts;
      }
      case 'play media': {
        const held = this.#get(id);
        held.playing = request.blob !== undefined || (request['repeat-times'] ?? 1) > 1;
        held.leg.blocked = true;
        return { duration: 1_000 };
      }
      case 'stop media': {
        const held = this.#get(id);
        if (!held.playing) throw new Refusal('Not currently playing media');
        held.playing = false;
        held.leg.blocked = false;
        return {};
      }
      default:
        this.#get(id);
        return {};
    }
  }

  #get(id: string): Held {
    const held = this.legs.get(id);
    if (held === undefined) throw new Refusal('Unknown call-ID');
    held.own = true;
    return held;
  }

  #made(id: string, side: string): Held {
    const { place } = this;
    place.nextPort += 4;
    const tags = INNER_TAGS.has(side) ? (['B', side] as const) : ([side, side === 'web' ? 'core' : 'far'] as const);
    const leg: RelayLeg = { id, outerPort: place.nextPort, innerPort: place.nextPort + 2, tags, towards: 'nobody', blocked: false };
    const held: Held = { leg, sinceMs: this.scheduler.nowMs, playing: false, own: true };
    this.legs.set(id, held);
    return held;
  }

  /** Takes the description of one side, and answers with its own for the other. */
  #described({ leg }: Held, { sdp = '', flags = [] }: NgRequest, side: string, write: (work: () => void) => void): string {
    const isInner = INNER_TAGS.has(side);
    if (isInner) leg.towards = endpointOf(sdp);
    if (!flags.includes('no-redis-update')) write(() => this.memory.put(this.place.name, this, leg));
    return isInner ? descriptionOf(this.place.outer, leg.outerPort) : descriptionOf(this.place.inner, leg.innerPort);
  }

  /** Everybody speaks all the time. */
  #counts({ leg, sinceMs }: Held): object {
    const packets = Math.floor((this.scheduler.nowMs - sinceMs) / PACKET_MS);
    const side = (tagOf: string, port: number): readonly [string, object] => [
      tagOf,
      {
        tag: tagOf,
        medias: [
          {
            streams: [
              {
                'local port': port,
                'last packet': Math.floor(this.scheduler.nowMs / 1_000),
                'ingress SSRCs': packets === 0 ? [] : [{ SSRC: port, packets, 'last RTP seq': packets % 65_536 }],
                stats: { packets, bytes: packets * 172, errors: 0 },
                stats_out: { packets, bytes: packets * 172, errors: 0 },
              },
            ],
          },
        ],
      },
    ];
    const [outer, inner] = leg.tags;
    return { tags: Object.fromEntries([side(outer, leg.outerPort), side(inner, leg.innerPort)]) };
  }
}

const descriptionOf = (address: string, port: number): string =>
  [
    'v=0',
    `o=- 1 1 IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 8 101`,
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=sendrecv',
    '',
  ].join('\r\n');

/** A party's own description: where it is. */
export const partySdp = (port: number): string => descriptionOf('198.51.100.7', port);

function endpointOf(sdp: string): string {
  const [, address = ''] = /^c=IN IP4 (\S+)/m.exec(sdp) ?? [];
  const [, port = ''] = /^m=audio (\d+)/m.exec(sdp) ?? [];
  return `${address}:${port}`;
}
