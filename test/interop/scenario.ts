// Scenarios of sipp, made from the messages that a carrier sends and expects. sipp fills in what stands in brackets.

/** A part of a scenario, in sipp's XML. */
export type Step = string;

export interface Message {
  readonly headers?: readonly string[];
  /** Without it the message has no body. */
  readonly body?: string;
}

const inAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const text = (lines: readonly string[], { headers = [], body = '' }: Message, type = 'application/sdp'): string => {
  const typed = headers.some((header) => header.startsWith('Content-Type')) || body === '' ? [] : [`Content-Type: ${type}`];
  return [...lines, ...headers, ...typed, 'Content-Length: [len]', '', body].join('\n');
};

const send = (message: string, attributes = ''): Step => `<send ${attributes}><![CDATA[\n${message}\n]]></send>`;

/** A description of PCMA audio with digits at 101, on the port where sipp listens. */
export function sdp({
  payloads = '8 101',
  maps = ['8 PCMA/8000', '101 telephone-event/8000'],
  lines = [],
  address = '[media_ip]',
  port = '[media_port]',
  version = 1,
  more = [],
}: {
  readonly payloads?: string;
  readonly maps?: readonly string[];
  readonly lines?: readonly string[];
  readonly address?: string;
  readonly port?: string;
  readonly version?: number;
  /** Further m-lines with their attributes. */
  readonly more?: readonly string[];
} = {}): string {
  const rtpmaps = maps.map((map) => `a=rtpmap:${map}`);
  return [
    'v=0',
    `o=carrier 4711 ${String(version)} IN IP4 [local_ip]`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${payloads}`,
    ...rtpmaps,
    ...lines,
    ...more,
  ].join('\n');
}

/** What to look for in a received message; the call fails when it is missing, or with `absent` when it is there. */
export interface Check {
  readonly header?: string;
  readonly pattern: string;
  readonly absent?: boolean;
}

let variables = 0;

const check = ({ header, pattern, absent }: Check): string => {
  variables += 1;
  const place = header === undefined ? 'search_in="msg"' : `search_in="hdr" header="${header}:"`;
  const verdict = absent === true ? 'check_it_inverse="true"' : 'check_it="true"';
  return `<ereg regexp="${inAttribute(pattern)}" ${place} ${verdict} assign_to="v${String(variables)}"/>`;
};

const actions = (checks: readonly Check[], more = ''): string =>
  checks.length === 0 && more === '' ? '' : `<action>${checks.map(check).join('')}${more}</action>`;

export const recv = (request: string, ...checks: readonly Check[]): Step => `<recv request="${request}">${actions(checks)}</recv>`;
export const recvOptional = (request: string): Step => `<recv request="${request}" optional="true"/>`;
/** Expects a response; the dialog's route is learned from it. */
export const response = (status: number, ...checks: readonly Check[]): Step =>
  `<recv response="${String(status)}" rrs="true">${actions(checks)}</recv>`;
export const maybe = (...statuses: readonly number[]): Step =>
  statuses.map((status) => `<recv response="${String(status)}" optional="true"/>`).join('');
export const pause = (forMs: number): Step => `<pause milliseconds="${String(forMs)}"/>`;
/** Marks how far the scenario has come; `Sipp.reached` waits for it. */
export const mark = (name: string): Step => `<nop><action><log message="${name} [call_id]"/></action></nop>`;
/** Waits until `Sipp.go` lets it continue. */
export const waitAt = (name: string): Step => mark(name) + '<recv request="NOTIFY"/>';
export const play = (file: string): Step => `<nop><action><exec play_pcap_audio="${file}"/></action></nop>`;

const VIA = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]';
const CONTACT = 'Contact: <sip:carrier@[local_ip]:[local_port];transport=[transport]>';

/** A carrier that calls us. */
export class CallingCarrier {
  #cseq = 0;
  constructor(
    private readonly dialled = '4001000',
    private readonly from = '"A caller" <sip:13800000001@carrier.test>',
  ) {}

  #head(method: string, uri: string, cseq: number, via = VIA): string[] {
    return [
      `${method} ${uri} SIP/2.0`,
      via,
      `From: ${this.from};tag=c[call_number]`,
      `To: <sip:${this.dialled}@[remote_ip]>[peer_tag_param]`,
      'Call-ID: [call_id]',
      `CSeq: ${String(cseq)} ${method}`,
      CONTACT,
      'Max-Forwards: 70',
    ];
  }

  /** The first INVITE; `uri` is another way to write the called number. */
  invite({ uri = `sip:${this.dialled}@[remote_ip]:[remote_port]`, ...message }: Message & { readonly uri?: string } = {}): Step {
    this.#cseq += 1;
    return send(text(this.#head('INVITE', uri, this.#cseq), { body: sdp(), ...message }), 'retrans="500"');
  }
  ack(message: Message = {}): Step {
    return send(text(this.#head('ACK', '[next_url]', this.#cseq), message));
  }
  /** The ACK for a final response that is not a 2xx, in the transaction of its INVITE. */
  ackRefusal(): Step {
    return send(text(this.#head('ACK', `sip:${this.dialled}@[remote_ip]:[remote_port]`, this.#cseq, '[last_Via:]'), {}));
  }
  /** `after`: how many messages ago the INVITE was. */
  cancel(after: number): Step {
    const via = VIA.replace('[branch]', `[branch-${String(after)}]`);
    const head = this.#head('CANCEL', `sip:${this.dialled}@[remote_ip]:[remote_port]`, this.#cseq, via);
    return send(text(head, {}));
  }
  /** A request within the dialog. */
  request(method: string, message: Message = {}): Step {
    this.#cseq += 1;
    return send(text(this.#head(method, '[next_url]', this.#cseq), message), 'retrans="500"');
  }
  /** A request outside any dialog. */
  outside(method: string, message: Message = {}): Step {
    this.#cseq += 1;
    return send(text(this.#head(method, `sip:${this.dialled}@[remote_ip]:[remote_port]`, this.#cseq), message), 'retrans="500"');
  }
}

const KEEP = [
  ['Via', '.*', 'via'],
  ['From', '.*', 'from'],
  ['To', '.*', 'to'],
  ['CSeq', '.*', 'cseq'],
] as const;

/** A carrier that we call. */
export class CalledCarrier {
  #cseq = 0;
  constructor(private readonly tag = 'called') {}

  /** Waits for our INVITE; OPTIONS that probe the carrier are answered meanwhile. */
  invited(...checks: readonly Check[]): Step {
    const kept = KEEP.map(
      ([header, pattern, name]) => `<ereg regexp="${pattern}" search_in="hdr" header="${header}:" assign_to="${name}"/>`,
    );
    kept.push('<ereg regexp="&lt;([^&gt;]*)&gt;" search_in="hdr" header="Contact:" assign_to="contact,target"/>');
    return (
      '<recv request="OPTIONS" optional="true" next="options"/>' +
      `<recv request="INVITE">${actions(checks, `${kept.join('')}<log message="invited [call_id]"/>`)}</recv>`
    );
  }
  /** Waits for our next INVITE of the same call, after a challenge. */
  again(...checks: readonly Check[]): Step {
    return this.invited(...checks).replace('<recv request="OPTIONS" optional="true" next="options"/>', '');
  }
  /** A response to the INVITE; `tag` is that of another branch of a forked call. */
  respond(status: number, { tag = this.tag, ...message }: Message & { readonly tag?: string } = {}): Step {
    const lines = [
      `SIP/2.0 ${String(status)} Reason`,
      'Via:[$via]',
      'From:[$from]',
      `To:[$to];tag=${tag}`,
      'Call-ID: [call_id]',
      'CSeq:[$cseq]',
      CONTACT,
    ];
    return send(text(lines, message), status >= 200 ? 'retrans="500"' : '');
  }
  /** The 200 with a session description. */
  answer(body = sdp(), headers: readonly string[] = []): Step {
    return this.respond(200, { body, headers });
  }
  /** A request within the dialog. */
  request(method: string, message: Message = {}): Step {
    this.#cseq += 1;
    return send(text(this.#head(method, this.#cseq), message), 'retrans="500"');
  }
  ack(message: Message = {}): Step {
    return send(text(this.#head('ACK', this.#cseq), message));
  }

  #head(method: string, cseq: number): string[] {
    return [
      `${method} [$target] SIP/2.0`,
      VIA,
      `From:[$to];tag=${this.tag}`,
      'To:[$from]',
      'Call-ID: [call_id]',
      `CSeq: ${String(cseq)} ${method}`,
      CONTACT,
      'Max-Forwards: 70',
    ];
  }
}

/** A response to the latest request within a dialog. */
export const ok = (message: Message = {}, status = 200): Step =>
  send(
    text(
      [`SIP/2.0 ${String(status)} Reason`, '[last_Via:]', '[last_From:]', '[last_To:]', '[last_Call-ID:]', '[last_CSeq:]', CONTACT],
      message,
    ),
  );
/** We end the call. */
export const hungUp: Step = recv('BYE') + ok();

/** The whole file of a carrier's scenario. */
export function scenario(steps: readonly Step[]): string {
  const body = steps.join('\n');
  const isCalled = body.includes('next="options"');
  const declared = [...new Set([...body.matchAll(/assign_to="([^"]+)"/g)].flatMap(([, names = '']) => names.split(',')))];
  const reference = declared.length === 0 ? '' : `<Reference variables="${declared.join(',')}"/>`;
  const options = isCalled
    ? `<nop next="end"/><label id="options"/>${send(
        'SIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:];tag=options\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n',
      )}<label id="end"/>`
    : '';
  return `<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE scenario SYSTEM "sipp.dtd">\n<scenario name="interop">\n${body}\n${options}\n${reference}\n</scenario>\n`;
}
