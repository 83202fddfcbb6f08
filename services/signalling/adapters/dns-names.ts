import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { getServers } from 'node:dns';
import { connect, isIPv6 } from 'node:net';
import dnsPacket, { type Answer, type DecodedPacket } from 'dns-packet';
import { CallCentreError } from '../../shared/domain/failure.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';
import type { Found, Names } from '../locator.js';

const ANSWER_WITHIN_MS = 1_000;
const TRIES = 2;
const DNS_PORT = 53;
const SECOND_MS = 1_000;
const MAX_ID = 0xffff;
/** Over TCP a name server puts the length of a message before it, in two bytes (RFC 1035 section 4.2.2). */
const LENGTH_BYTES = 2;

type RecordType = 'SRV' | 'NAPTR' | 'A' | 'AAAA';

interface NameServer {
  readonly host: string;
  readonly port: number;
}

/** `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:5353`, as Node.js lists them. */
function serverOf(text: string): NameServer {
  if (isIPv6(text)) return { host: text, port: DNS_PORT };
  const [, v6, v4, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  return { host: v6 ?? v4 ?? text, port: port === undefined ? DNS_PORT : Number(port) };
}

/** Records with their times to live, from the system's name servers. Node's own resolver gives no times for SRV and NAPTR. */
export function createDnsNames(servers: () => readonly string[] = getServers): Names {
  return {
    srv: (name) =>
      records('SRV', name, (answer) =>
        answer.type === 'SRV'
          ? [{ target: answer.data.target, port: answer.data.port, priority: answer.data.priority ?? 0, weight: answer.data.weight ?? 0 }]
          : [],
      ),
    naptr: (name) => records('NAPTR', name, (answer) => (answer.type === 'NAPTR' ? [answer.data] : [])),
    async addresses(name) {
      const found = await records('A', name, (answer) => (answer.type === 'A' ? [answer.data] : []));
      return found.records.length > 0 ? found : records('AAAA', name, (answer) => (answer.type === 'AAAA' ? [answer.data] : []));
    },
  };

  async function records<Row>(type: RecordType, name: string, rowOf: (answer: Answer) => Row[]): Promise<Found<Row>> {
    const { answers = [] } = await asked(type, name);
    const found = answers.map((answer) => ({ rows: rowOf(answer), isAlias: answer.type === 'CNAME', ttlS: ttlOf(answer) }));
    const rows = found.flatMap((each) => each.rows);
    // An alias expires by its own time, however long its target lives.
    const ttlsS = found.filter((each) => each.isAlias || each.rows.length > 0).map(({ ttlS }) => ttlS);
    return { records: rows, ttlMs: rows.length === 0 ? undefined : Math.min(...ttlsS) * SECOND_MS };
  }

  async function asked(type: RecordType, name: string): Promise<DecodedPacket> {
    let failure: unknown;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      for (const server of servers().map(serverOf)) {
        try {
          const answer = await overUdp(server, type, name);
          return answer.flag_tc ? await overTcp(server, type, name) : answer;
        } catch (error) {
          failure = error;
        }
      }
    }
    throw new CallCentreError('service-unavailable', 'No name server answers', { cause: failure });
  }
}

const ttlOf = (answer: Answer): number => ('ttl' in answer ? (answer.ttl ?? 0) : 0);

const queryOf = (id: number, type: RecordType, name: string) => ({
  type: 'query' as const,
  id,
  flags: dnsPacket.RECURSION_DESIRED,
  questions: [{ type, name }],
});

/** Undefined when the message does not answer this question. Fails when the server cannot answer it. */
function answerOf(data: Buffer, id: number, type: string, name: string): DecodedPacket | undefined {
  const packet = dnsPacket.decode(data);
  const [question] = packet.questions ?? [];
  const isOurs = packet.flag_qr && packet.id === id && question?.type === type && question.name.toLowerCase() === name.toLowerCase();
  if (!isOurs) return undefined;
  const { rcode } = packet as DecodedPacket & { readonly rcode: string };
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') throw new CallCentreError('service-unavailable', `The name server says ${rcode}`);
  return packet;
}

function overUdp({ host, port }: NameServer, type: RecordType, name: string): Promise<DecodedPacket> {
  // A connected socket on its own port, and an unguessable id: a forged answer does not match.
  const id = randomInt(MAX_ID);
  const query = dnsPacket.encode(queryOf(id, type, name));
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  return new Promise<DecodedPacket>((resolve, reject) => {
    const stopTimer = systemClock.after(ANSWER_WITHIN_MS, () =>
      reject(new CallCentreError('timed-out', 'The name server does not answer')),
    );
    socket.once('close', stopTimer);
    socket.on('error', reject);
    socket.on('message', (data) => settle(data, { id, type, name }, resolve, reject));
    socket.once('connect', () => socket.send(query));
    // Without a callback: a callback would get the error of a network that is down, instead of the listener above.
    socket.connect(port, host);
  }).finally(() => socket.close());
}

/** A message that does not answer the question is skipped: the right one may still arrive. */
function settle(
  data: Buffer,
  { id, type, name }: { readonly id: number; readonly type: RecordType; readonly name: string },
  resolve: (answer: DecodedPacket) => void,
  reject: (error: unknown) => void,
): void {
  try {
    const answer = answerOf(data, id, type, name);
    if (answer !== undefined) resolve(answer);
  } catch (error) {
    reject(error);
  }
}

/** Used when the answer is too long for a datagram. */
function overTcp({ host, port }: NameServer, type: RecordType, name: string): Promise<DecodedPacket> {
  const id = randomInt(MAX_ID);
  const socket = connect({ host, port });
  return new Promise<DecodedPacket>((resolve, reject) => {
    let heard = Buffer.alloc(0);
    const stopTimer = systemClock.after(ANSWER_WITHIN_MS, () =>
      reject(new CallCentreError('timed-out', 'The name server does not answer')),
    );
    socket.once('close', () => {
      stopTimer();
      reject(new CallCentreError('service-unavailable', 'The name server hung up'));
    });
    socket.once('error', reject);
    socket.once('connect', () => socket.write(dnsPacket.streamEncode(queryOf(id, type, name))));
    socket.on('data', (data: Buffer) => {
      heard = Buffer.concat([heard, data]);
      if (heard.length < LENGTH_BYTES || heard.length < LENGTH_BYTES + heard.readUInt16BE(0)) return;
      settle(heard.subarray(LENGTH_BYTES), { id, type, name }, resolve, reject);
    });
  }).finally(() => socket.destroy());
}
