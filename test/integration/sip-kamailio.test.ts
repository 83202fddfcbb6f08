import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SipServer } from '../../infra/embedded/sip/index.js';
import { SDP, connectApp, portOf, startServer, type App, type AppDialog, type AppRequest, type AppResponse } from './sip-support.js';

// Kamailio (a Debian package) stands between two servers as a record-routing proxy, as it does in front of a cluster.
let folder: string;
let port: number;
let kamailio: ChildProcess;
let near: SipServer;
let far: SipServer;
let caller: App;
let callee: App;

const CONFIG = (listenPort: number): string => `
debug=0
log_stderror=yes
fork=yes
children=1
tcp_children=1
auto_aliases=no
disable_tls=yes
listen=udp:127.0.0.1:${String(listenPort)}
listen=tcp:127.0.0.1:${String(listenPort)}
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "maxfwd.so"
loadmodule "sanity.so"
loadmodule "siputils.so"
loadmodule "pv.so"
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (!sanity_check("17895", "7")) { exit; }
  if (method == "CANCEL") { if (t_check_trans()) { t_relay(); } exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (method == "ACK") { if (t_check_trans()) { t_relay(); } exit; }
    sl_send_reply("404", "Not here");
    exit;
  }
  record_route();
  t_relay();
}
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kamailio-'));
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  ({ port } = probe.address() as net.AddressInfo);
  probe.close();
  await once(probe, 'close');
  await writeFile(join(folder, 'kamailio.cfg'), CONFIG(port));
  // -m and -M keep its memory small; its working folder is ours, so that it leaves nothing behind.
  kamailio = spawn('kamailio', ['-f', join(folder, 'kamailio.cfg'), '-DD', '-E', '-m', '32', '-M', '4', '-Y', folder, '-w', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  kamailio.stderr?.on('data', (data: Buffer) => (complaint += data.toString()));
  kamailio.on('error', () => (complaint += 'kamailio cannot be started: install the Debian package kamailio'));
  for (;;) {
    const socket = net.connect(port, '127.0.0.1');
    const up = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => {
        resolve(true);
      });
      socket.once('error', () => {
        resolve(false);
      });
    });
    socket.destroy();
    if (up) return;
    if (kamailio.exitCode !== null || kamailio.pid === undefined) throw new Error(complaint);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

afterAll(async () => {
  if (kamailio.exitCode === null) {
    const exited = once(kamailio, 'exit');
    kamailio.kill('SIGTERM');
    await exited;
  }
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  [near, far] = await Promise.all([startServer({ timing: {} }), startServer({ timing: {} })]);
  [caller, callee] = await Promise.all([connectApp(near), connectApp(far)]);
});

afterEach(async () => {
  caller.disconnect();
  callee.disconnect();
  await Promise.all([near.close(), far.close()]);
});

describe.each(['udp', 'tcp'] as const)('through Kamailio over %s', (protocol) => {
  const dial = (callbacks: object = {}): Promise<AppDialog> =>
    caller.createUAC(
      `sip:queue@127.0.0.1:${String(portOf(far, protocol))};transport=${protocol}`,
      { localSdp: SDP, proxy: `sip:127.0.0.1:${String(port)};transport=${protocol}` },
      callbacks,
    );

  test('a call is made, modified from both sides and ended by the far one', async () => {
    const answered = new Promise<AppDialog>((resolve, reject) => {
      callee.invite((request, response) => {
        expect(request.get('Record-Route')).toContain(String(port));
        callee.createUAS(request, response, { localSdp: SDP }).then(resolve, reject);
      });
    });
    const dialog = await dial();
    const uas = await answered;
    await once(uas, 'ack');
    uas.on('modify', (_request: AppRequest, response: AppResponse) => {
      response.send(200, { body: SDP });
    });
    expect(await dialog.modify(SDP.replace('a=sendrecv', 'a=sendonly'))).toContain('m=audio');
    expect(await uas.modify(SDP)).toContain('m=audio');
    const info = await dialog.request({ method: 'INFO', headers: { 'Content-Type': 'text/plain' }, body: 'x' });
    expect(info.status).toBe(200);
    const ended = once(dialog, 'destroy');
    await uas.destroy();
    await ended;
  });

  test('a ringing call is cancelled', async () => {
    callee.invite((_request, response) => {
      response.send(180);
    });
    let sent: AppRequest | undefined;
    const call = dial({ cbRequest: (_error: unknown, request: AppRequest) => (sent = request), cbProvisional: () => sent?.cancel() });
    await expect(call).rejects.toMatchObject({ status: 487 });
  });

  test('a refusal comes through', async () => {
    callee.invite((_request, response) => {
      response.send(603);
    });
    await expect(dial()).rejects.toMatchObject({ status: 603 });
  });
});
