import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import { startKamailio, type Kamailio } from '../../support/phones/kamailio.js';
import { SDP, connectApp, portOf, startServer, type App, type AppDialog, type AppRequest, type AppResponse } from './sip-support.js';

// Kamailio (a Debian package) stands between two servers as a record-routing proxy, as it does in front of a cluster.
let kamailio: Kamailio;
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
  kamailio = await startKamailio(CONFIG);
});

afterAll(async () => {
  await kamailio[Symbol.asyncDispose]();
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
      { localSdp: SDP, proxy: `sip:127.0.0.1:${String(kamailio.port)};transport=${protocol}` },
      callbacks,
    );

  test('a call is made, modified from both sides and ended by the far one', async () => {
    const answered = new Promise<AppDialog>((resolve, reject) => {
      callee.invite((request, response) => {
        expect(request.get('Record-Route')).toContain(String(kamailio.port));
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
