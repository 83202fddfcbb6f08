// A flood in a process of its own, from another address of this machine: WebSockets at /sip and INVITEs at the trunk port, and over every
// socket that was let in. Reads what to do as JSON from its input; prints one line of JSON with what it sent when it ends.
import { createSocket } from 'node:dgram';
import { text } from 'node:stream/consumers';
import { Agent, request } from 'undici';
import { WebSocket } from 'ws';

/** What the flood is made of. */
export interface Flood {
  readonly web: string;
  readonly sip: string;
  /** The source address. */
  readonly from: string;
  readonly sockets: number;
  readonly invitesPerSecond: number;
  readonly seconds: number;
  /** Sign-ins of one person, whose tickets the sockets bring; empty: they come without. */
  readonly tokens: readonly string[];
}

export interface Flooded {
  readonly opened: number;
  /** How many of those had a ticket that the product had given. */
  readonly ticketed: number;
  readonly let: number;
  readonly mostAtOnce: number;
  readonly invites: number;
  readonly overSockets: number;
}

/** A refused socket tries again after this. */
const AGAIN_MS = { without: 1_000, ticketed: 10_000 };
/** Exactly as often as one connection may send. */
const EVERY_MS = 125;

const { web, sip, from, sockets, invitesPerSecond, seconds, tokens } = JSON.parse(await text(process.stdin)) as Flood;
const counts = { opened: 0, ticketed: 0, let: 0, mostAtOnce: 0, invites: 0, overSockets: 0 };
const untilMs = performance.now() + seconds * 1_000;
const agent = new Agent({ localAddress: from, connect: { rejectUnauthorized: false }, connections: 20 });
const [sipHost = '', sipPort] = sip.split(':');
let inside = 0;

const invite = (via: string, uri: string, n: number): string =>
  [
    `INVITE ${uri} SIP/2.0`,
    `Via: SIP/2.0/${via};branch=z9hG4bK${n}`,
    'Max-Forwards: 70',
    `From: <sip:13800000002@x>;tag=${n}`,
    `To: <${uri}>`,
    `Call-ID: flood-${n}`,
    'CSeq: 1 INVITE',
    `Contact: <sip:x@${n}.invalid;transport=ws>`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

/** The address of the seat door, with a ticket where there is a sign-in for it. */
async function doorOf(nth: number): Promise<string> {
  const token = tokens[nth % tokens.length];
  if (token === undefined) return `${web.replace('https', 'wss')}/sip?ticket=none`;
  const answer = await request(`${web}/api/seat/credential`, {
    method: 'POST',
    dispatcher: agent,
    headers: { authorization: `Bearer ${token}` },
  });
  const { webSocketUrl = '' } = (await answer.body.json()) as { webSocketUrl?: string };
  if (webSocketUrl !== '') counts.ticketed += 1;
  return webSocketUrl === '' ? `${web.replace('https', 'wss')}/sip?ticket=none` : webSocketUrl;
}

async function open(nth: number): Promise<void> {
  if (performance.now() > untilMs) return;
  const url = await doorOf(nth).catch(() => undefined);
  const again = (): void => void setTimeout(() => void open(nth), tokens.length > 0 ? AGAIN_MS.ticketed : AGAIN_MS.without);
  if (url === undefined) {
    again();
    return;
  }
  counts.opened += 1;
  const socket = new WebSocket(url, 'sip', { localAddress: from, origin: web, rejectUnauthorized: false, perMessageDeflate: false });
  let sending: NodeJS.Timeout | undefined;
  socket.on('open', () => {
    counts.let += 1;
    inside += 1;
    counts.mostAtOnce = Math.max(counts.mostAtOnce, inside);
    socket.once('close', () => (inside -= 1));
    sending = setInterval(() => {
      counts.overSockets += 1;
      socket.send(invite(`WS x${nth}.invalid`, 'sip:seat@proofline.invalid', nth * 1_000_000 + counts.overSockets));
    }, EVERY_MS);
  });
  socket.on('error', () => undefined);
  // A closed socket is replaced, so that the number asked for stays open.
  socket.on('close', () => {
    clearInterval(sending);
    again();
  });
}
for (let nth = 0; nth < sockets; nth += 1) setTimeout(() => void open(nth), nth * 2);

const udp = createSocket('udp4');
udp.bind(0, from, () => {
  const startedMs = performance.now();
  const via = `UDP ${from}:${udp.address().port}`;
  const tick = setInterval(() => {
    const due = ((performance.now() - startedMs) / 1_000) * invitesPerSecond;
    for (; counts.invites < due; counts.invites += 1)
      udp.send(invite(via, `sip:4001000@${sipHost}`, counts.invites), Number(sipPort), sipHost);
    if (performance.now() < untilMs) return;
    clearInterval(tick);
    process.stdout.write(`${JSON.stringify(counts)}\n`, () => process.exit(0));
  }, 10);
});
