import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import dnsPacket, { type Answer, type DecodedPacket } from 'dns-packet';

const LENGTH_BYTES = 2;

/** A name server of a test, on a free port of the loopback, over UDP and TCP. Its records may be changed while it runs. */
export class NameServer implements AsyncDisposable {
  /** Each question, `TYPE name`. */
  readonly asked: string[] = [];
  /** Marks its UDP answers as truncated. */
  truncates = false;
  /** It receives questions and answers nothing. */
  isSilent = false;

  private constructor(
    private readonly udp: Socket,
    private readonly tcp: Server,
    public records: readonly Answer[],
  ) {
    udp.on('message', (data, peer) => {
      const answer = this.answer(dnsPacket.decode(data), this.truncates);
      if (answer !== undefined) udp.send(answer, peer.port, peer.address);
    });
    tcp.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        const answer = this.answer(dnsPacket.decode(data.subarray(LENGTH_BYTES)), false);
        if (answer === undefined) return;
        const length = Buffer.alloc(LENGTH_BYTES);
        length.writeUInt16BE(answer.length);
        socket.end(Buffer.concat([length, answer]));
      });
    });
  }

  static async open(records: readonly Answer[]): Promise<NameServer> {
    const tcp = createServer().listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const udp = createSocket('udp4');
    udp.bind((tcp.address() as AddressInfo).port, '127.0.0.1');
    await once(udp, 'listening');
    return new NameServer(udp, tcp, records);
  }

  /** The address in the form that a resolver takes. */
  get address(): string {
    return `127.0.0.1:${String(this.udp.address().port)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.udp.close();
    this.tcp.close();
    await once(this.tcp, 'close');
  }

  private answer({ id, questions = [] }: DecodedPacket, truncated: boolean): Buffer | undefined {
    const [question] = questions;
    if (question === undefined || this.isSilent) return undefined;
    this.asked.push(`${question.type} ${question.name}`);
    const answers = this.records.filter(({ type, name }) => type === question.type && name === question.name);
    const flags = dnsPacket.RECURSION_AVAILABLE + (truncated ? dnsPacket.TRUNCATED_RESPONSE : 0);
    return dnsPacket.encode({ type: 'response', id: id ?? 0, flags, questions: [question], answers: truncated ? [] : answers });
  }
}
