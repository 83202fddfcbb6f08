import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificate } from './certificates.js';

/** How callers come: with UDP and RTP, or with SRTP and one TLS connection for all the callers of one `SippCallers` call. */
export type Line = 'clear' | 'encrypted';

/** The keys and the suite are sipp's own. */
const profileOf: Readonly<Record<Line, readonly [profile: string, keys: string]>> = {
  clear: ['RTP/AVP', ''],
  encrypted: ['RTP/SAVP', '\n    a=crypto:[cryptotag1audio] [cryptosuiteaescm128sha1801audio] inline:[cryptokeyparams1audio]'],
};

const transportOf: Readonly<Record<Line, string>> = { clear: 'UDP', encrypted: 'TLS' };

const scenario = (line: Line, number: string, sound: string | undefined): string => `<?xml version="1.0" encoding="ISO-8859-1"?>
<scenario name="caller">
  <send retrans="500"><![CDATA[
    INVITE sip:${number}@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/${transportOf[line]} [local_ip]:[local_port];branch=[branch]
    From: <sip:13800000002@[local_ip]>;tag=[call_number]
    To: <sip:${number}@[remote_ip]>
    Call-ID: [call_id]
    CSeq: 1 INVITE
    Contact: <sip:sipp@[local_ip]:[local_port];transport=${transportOf[line].toLowerCase()}>
    Max-Forwards: 70
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=sipp 1 1 IN IP4 [local_ip]
    s=-
    c=IN IP4 [media_ip]
    t=0 0
    m=audio [rtpstream_audio_port] ${profileOf[line][0]} 8 101
    a=rtpmap:8 PCMA/8000
    a=rtpmap:101 telephone-event/8000
    a=fmtp:101 0-15${profileOf[line][1]}

  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200" rrs="true" rtd="1"/>
  <send><![CDATA[
    ACK [next_url] SIP/2.0
    Via: SIP/2.0/${transportOf[line]} [local_ip]:[local_port];branch=[branch]
    From: <sip:13800000002@[local_ip]>;tag=[call_number]
    To: <sip:${number}@[remote_ip]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 1 ACK
    Max-Forwards: 70
    [routes]
    Content-Length: 0

  ]]></send>
${sound === undefined ? '' : `  <nop><action><exec rtp_stream="${sound},-1,8"/></action></nop>`}
  <recv request="BYE" timeout="60000"/>
  <send><![CDATA[
    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:]
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]></send>
</scenario>
`;

/** What callers are. `silent`: they send no sound; others do from the answer until they are hung up on, in clear alone: sipp dies of more than a few encrypted streams. */
export type Callers = { readonly line: 'clear'; readonly silent?: boolean } | { readonly line: 'encrypted'; readonly silent: true };

/** Callers of a queue made by sipp. */
export class SippCallers {
  constructor(
    private readonly about: {
      readonly folder: string;
      readonly number: string;
      readonly host: string;
      readonly ports: Readonly<Record<string, number>>;
      readonly certificate: Certificate;
    },
  ) {}

  /**
   * This many calls at a rate, at most `atOnce` of them at a time; resolves with how many sipp counts as failed and how long all took.
   * Fails when sipp dies.
   */
  async call(
    rate: number,
    total: number,
    { line, silent = false }: Callers = { line: 'clear' },
    atOnce = 5_000,
  ): Promise<{ readonly failed: number; readonly seconds: number }> {
    const { folder, number, host, ports, certificate } = this.about;
    const own = await mkdtemp(join(folder, 'sipp-'));
    const [sound, file] = [join(own, 'sound.raw'), join(own, 'caller.xml')];
    await writeFile(sound, Buffer.alloc(8_000, 0x55));
    await writeFile(file, scenario(line, number, silent ? undefined : sound));
    const wrap = line === 'clear' ? undefined : await wrapped({ host, port: ports['sipTls'] ?? 0, certificate });
    const args = [
      ...['-sf', file, '-r', String(rate), '-m', String(total), '-l', String(atOnce), '-i', host, '-mi', host],
      ...['-min_rtp_port', '50000', '-max_rtp_port', '59998', '-trace_stat', '-fd', '1', '-nostdin', '-timeout', '200'],
      ...(wrap === undefined ? [] : ['-t', 't1']),
    ];
    const startedAtMs = performance.now();
    const sipp = spawn('sipp', [...args, `${host}:${wrap?.port ?? ports['sip'] ?? 0}`], { cwd: own, stdio: 'ignore' });
    const [, signal] = (await once(sipp, 'exit')) as [number | null, string | null];
    if (signal !== null) throw new Error(`sipp ended by ${signal}`);
    wrap?.close();
    const seconds = (performance.now() - startedAtMs) / 1_000;
    const statistics = (await readdir(own)).find((name) => name.endsWith('_.csv'));
    const [head = '', ...rows] = statistics === undefined ? [] : (await readFile(join(own, statistics), 'utf8')).trim().split('\n');
    await rm(own, { recursive: true });
    return { failed: Number(rows.at(-1)?.split(';')[head.split(';').indexOf('FailedCall(C)')] ?? total), seconds };
  }
}

/** A port whose clear traffic goes on over TLS: sipp's own TLS ends a connection whose handshake takes longer than one check of it. */
async function wrapped({ host, port, certificate }: { readonly host: string; readonly port: number; readonly certificate: Certificate }) {
  const [cert, key] = await Promise.all([readFile(certificate.certFile), readFile(certificate.keyFile)]);
  const server = createServer({ noDelay: true }, (inside) => {
    const outside = connect({ host, port, cert, key, rejectUnauthorized: false });
    outside.setNoDelay(true);
    for (const [one, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
    }
  });
  server.listen(0, host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}
