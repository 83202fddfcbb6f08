import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import { SDP, connectApp, portOf, startServer, type App, type AppDialog } from './sip-support.js';
import { freeUdpPort } from '../../support/free-ports.js';

// sipp (Debian's sip-tester) as the peer: its own parser, its own retransmissions.
let folder: string;
let server: SipServer;
let app: App;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sipp-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  server = await startServer({ timing: {} });
  app = await connectApp(server);
});

afterEach(async () => {
  app.disconnect();
  await server.close();
});

interface Running {
  readonly port: number;
  /** Resolves when every call has ended as the scenario says; otherwise rejects with sipp's screen. */
  readonly finished: Promise<void>;
  stop(): void;
}

async function sipp(args: readonly string[]): Promise<Running> {
  const port = await freeUdpPort('127.0.0.1');
  const child = spawn('sipp', ['-i', '127.0.0.1', '-p', String(port), '-nostdin', '-timeout', '30', '-timeout_error', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output = (output + data.toString()).slice(-4_000)));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const finished = new Promise<void>((resolve, reject) => {
    child.once('error', () => {
      reject(new Error('sipp cannot be started: install the Debian package sip-tester'));
    });
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`sipp ended with ${String(code)}\n${output}`));
    });
  });
  finished.catch(() => undefined);
  return { port, finished, stop: () => child.kill('SIGKILL') };
}

const target = (): string => `127.0.0.1:${String(portOf(server, 'udp'))}`;

function answerAll(options: object = { localSdp: SDP }): { ended: number; dialogs: AppDialog[] } {
  const seen = { ended: 0, dialogs: [] as AppDialog[] };
  app.invite((request, response) => {
    app.createUAS(request, response, options).then(
      (dialog) => {
        seen.dialogs.push(dialog);
        dialog.on('destroy', () => (seen.ended += 1));
      },
      () => undefined,
    );
  });
  return seen;
}

/** A message of a scenario, with the headers that nearly all have. */
function message(start: string, cseq: string, options: { to?: string; extra?: string[]; sdp?: boolean; branch?: string } = {}): string {
  const body = options.sdp === true ? SDP.trimEnd().split('\r\n') : [];
  return [
    `<![CDATA[`,
    start,
    `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=${options.branch ?? '[branch]'}`,
    'From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[call_number]',
    `To: <sip:service@[remote_ip]:[remote_port]>${options.to ?? '[peer_tag_param]'}`,
    'Call-ID: [call_id]',
    `CSeq: ${cseq}`,
    'Contact: <sip:sipp@[local_ip]:[local_port]>',
    'Max-Forwards: 70',
    ...(options.extra ?? []),
    ...(options.sdp === true ? ['Content-Type: application/sdp'] : []),
    'Content-Length: [len]',
    '',
    ...body,
    ']]>',
  ].join('\n');
}

const INVITE = 'INVITE sip:service@[remote_ip]:[remote_port] SIP/2.0';
const request = (method: string): string => `${method} sip:service@[remote_ip]:[remote_port] SIP/2.0`;
const send = (text: string, attributes = 'retrans="500"'): string => `<send ${attributes}>${text}</send>`;

async function scenario(name: string, steps: readonly string[]): Promise<string> {
  const file = join(folder, `${name}.xml`);
  await writeFile(file, `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="${name}">\n${steps.join('\n')}\n</scenario>\n`);
  return file;
}

test('UAC: a hundred calls at fifty a second', async () => {
  const seen = answerAll();
  const calls = await sipp(['-sn', 'uac', target(), '-r', '50', '-m', '100', '-d', '100']);
  await calls.finished;
  expect(seen.ended).toBe(100);
  expect(app.idle).toBe(true);
});

test('UAS: fifty calls out, ended by the application', async () => {
  const far = await sipp(['-sn', 'uas', '-m', '50']);
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      const dialog = await app.createUAC(`sip:x@127.0.0.1:${String(far.port)}`, { localSdp: SDP });
      await dialog.destroy();
    }),
  );
  await far.finished;
});

test('B2BUA: fifty calls through both sides', async () => {
  const far = await sipp(['-sn', 'uas', '-m', '50']);
  app.invite((incoming, response) => {
    app.createB2BUA(incoming, response, `sip:x@127.0.0.1:${String(far.port)}`, { localSdpB: incoming.body }).then(
      ({ uas, uac }) => {
        uas.on('destroy', () => void uac.destroy());
        uac.on('destroy', () => void uas.destroy());
      },
      () => undefined,
    );
  });
  const near = await sipp(['-sn', 'uac', target(), '-r', '25', '-m', '50', '-d', '100']);
  await Promise.all([near.finished, far.finished]);
});

test('lost packets: every fifth one, and all calls get through', async () => {
  answerAll();
  const calls = await sipp(['-sn', 'uac', target(), '-r', '20', '-m', '20', '-d', '100', '-lost', '20']);
  await calls.finished;
}, 60_000);

test('3pcc: a call without an offer gets ours, and the answer comes in the ACK', async () => {
  const answers: string[] = [];
  app.invite((incoming, response) => {
    expect(incoming.body).toBe('');
    void app.createUAS(incoming, response, { localSdp: SDP }).then((dialog) => {
      dialog.on('ack', (ack: { body: string }) => answers.push(ack.body));
    });
  });
  const file = await scenario('3pcc', [
    send(message(INVITE, '1 INVITE', { to: '' })),
    '<recv response="100" optional="true"/>',
    '<recv response="200" rtd="true"/>',
    send(message(request('ACK'), '1 ACK', { sdp: true }), ''),
    '<pause milliseconds="100"/>',
    send(message(request('BYE'), '2 BYE')),
    '<recv response="200"/>',
  ]);
  const calls = await sipp(['-sf', file, target(), '-m', '5', '-r', '5']);
  await calls.finished;
  expect(answers).toHaveLength(5);
  expect(answers[0]).toContain('m=audio');
});

test('cancel: twenty calls given up while they ring', async () => {
  app.invite((_incoming, response) => {
    response.send(180);
  });
  const ringing = await scenario('ringing', [
    send(message(INVITE, '1 INVITE', { to: '', sdp: true, branch: 'z9hG4bKcancel[call_number]' })),
    '<recv response="100" optional="true"/>',
    '<recv response="180"/>',
    send(message(request('CANCEL'), '1 CANCEL', { to: '', branch: 'z9hG4bKcancel[call_number]' })),
    '<recv response="200"/>',
    '<recv response="487"/>',
    send(message(request('ACK'), '1 ACK', { branch: 'z9hG4bKcancel[call_number]' }), ''),
  ]);
  const calls = await sipp(['-sf', ringing, target(), '-m', '20', '-r', '20']);
  await calls.finished;
});

test('PRACK: a reliable 183 before the answer', async () => {
  app.invite((incoming, response) => {
    response.send(183, { headers: { Require: '100rel' }, body: SDP }, undefined, () => {
      void app.createUAS(incoming, response, { localSdp: SDP });
    });
  });
  const file = await scenario('prack', [
    send(message(INVITE, '1 INVITE', { to: '', sdp: true, extra: ['Supported: 100rel'] })),
    '<recv response="100" optional="true"/>',
    '<recv response="183"><action><ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" check_it="true" assign_to="1"/></action></recv>',
    send(message(request('PRACK'), '2 PRACK', { extra: ['RAck: [$1] 1 INVITE'] })),
    '<recv response="200"/>',
    '<recv response="200"/>',
    send(message(request('ACK'), '1 ACK'), ''),
    send(message(request('BYE'), '3 BYE')),
    '<recv response="200"/>',
  ]);
  const calls = await sipp(['-sf', file, target(), '-m', '10', '-r', '10']);
  await calls.finished;
});

test('UPDATE and session timer: refreshed by the caller, granted by the server', async () => {
  answerAll();
  const file = await scenario('update', [
    send(message(INVITE, '1 INVITE', { to: '', sdp: true, extra: ['Supported: timer', 'Session-Expires: 120;refresher=uac'] })),
    '<recv response="100" optional="true"/>',
    '<recv response="200"><action><ereg regexp="120;refresher=uac" search_in="hdr" header="Session-Expires:" check_it="true" assign_to="1"/><log message="[$1]"/></action></recv>',
    send(message(request('ACK'), '1 ACK'), ''),
    send(message(request('UPDATE'), '2 UPDATE', { extra: ['Supported: timer', 'Session-Expires: 120;refresher=uac'] })),
    '<recv response="200"><action><ereg regexp="120;refresher=uac" search_in="hdr" header="Session-Expires:" check_it="true" assign_to="2"/><log message="[$2]"/></action></recv>',
    send(message(request('BYE'), '3 BYE')),
    '<recv response="200"/>',
  ]);
  const calls = await sipp(['-sf', file, target(), '-m', '5', '-r', '5']);
  await calls.finished;
});

test('UPDATE glare: an offer of theirs while an earlier one is open is refused with 500', async () => {
  app.invite((incoming, response) => {
    void app.createUAS(incoming, response, { localSdp: SDP }).then((dialog) => {
      // Never answered, so that the peer's second UPDATE meets the first.
      dialog.on('update', () => undefined);
    });
  });
  const file = await scenario('glare', [
    send(message(INVITE, '1 INVITE', { to: '', sdp: true })),
    '<recv response="100" optional="true"/>',
    '<recv response="200"/>',
    send(message(request('ACK'), '1 ACK'), ''),
    send(message(request('UPDATE'), '2 UPDATE', { sdp: true }), ''),
    '<pause milliseconds="50"/>',
    send(message(request('UPDATE'), '3 UPDATE', { sdp: true })),
    '<recv response="500"><action><ereg regexp="[0-9]+" search_in="hdr" header="Retry-After:" check_it="true" assign_to="1"/><log message="[$1]"/></action></recv>',
    send(message(request('BYE'), '4 BYE')),
    '<recv response="200"/>',
  ]);
  const calls = await sipp(['-sf', file, target(), '-m', '1']);
  await calls.finished;
});

test('registration with digest: challenged, then accepted by what the application computes', async () => {
  let accepted = 0;
  app.register((incoming, response) => {
    if (!incoming.has('Authorization')) {
      response.send(401, { headers: { 'WWW-Authenticate': 'Digest realm="centre", nonce="n0nce", algorithm=MD5' } });
      return;
    }
    const fields = new Map(
      [...incoming.get('Authorization').matchAll(/(\w+)="?([^",]+)"?/g)].map(([, name = '', value = '']) => [name, value]),
    );
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const expected = md5(`${md5('seat:centre:pw')}:n0nce:${md5(`REGISTER:${fields.get('uri') ?? ''}`)}`);
    accepted += fields.get('response') === expected ? 1 : 0;
    response.send(fields.get('response') === expected ? 200 : 403, { headers: { Contact: `${incoming.get('Contact')};expires=60` } });
  });
  const register = (seq: number, extra: string[]): string =>
    send(message('REGISTER sip:[remote_ip]:[remote_port] SIP/2.0', `${String(seq)} REGISTER`, { to: '', extra }));
  const file = await scenario('register', [
    register(1, []),
    '<recv response="401" auth="true"/>',
    register(2, ['[authentication username=seat password=pw]']),
    '<recv response="200"/>',
  ]);
  const calls = await sipp(['-sf', file, target(), '-m', '20', '-r', '20']);
  await calls.finished;
  expect(accepted).toBe(20);
});
