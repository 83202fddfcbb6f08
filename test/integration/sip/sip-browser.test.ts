import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import { connectApp, portOf, startServer, type App, type AppDialog } from './sip-support.js';

// sip.js in Chromium, unpatched: a user of a page calls, the application answers with real WebRTC of the same page, and the page vanishes.
const SIP_JS = join(import.meta.dirname, '../../../node_modules/sip.js/lib');

let server: SipServer;
let app: App;
let files: http.Server;
let browser: Browser;
let page: Page;
const PAGE = `<!doctype html><audio id="one" autoplay></audio><script type="module">
import { SimpleUser } from '/sip.js/platform/web/index.js';
window.start = async (server) => {
  window.one = new SimpleUser(server, {
    aor: 'sip:one@centre.example',
    media: { constraints: { audio: true, video: false }, remote: { audio: document.getElementById('one') } },
    userAgentOptions: { logLevel: 'error', sessionDescriptionHandlerFactoryOptions: { iceGatheringTimeout: 500, peerConnectionConfiguration: { iceServers: [] } } },
  });
  await window.one.connect();
};
window.call = () => new Promise((resolve, reject) => {
  window.one.delegate = { onCallAnswered: () => resolve('answered'), onCallHangup: () => reject(new Error('ended')) };
  window.one.call('sip:desk@centre.example').catch(reject);
});
window.answer = async (offer) => {
  const peer = (window.peer = new RTCPeerConnection());
  window.connected = new Promise((resolve) => peer.addEventListener('connectionstatechange', () => peer.connectionState === 'connected' && resolve('connected')));
  await peer.setRemoteDescription({ type: 'offer', sdp: offer });
  for (const track of (await navigator.mediaDevices.getUserMedia({ audio: true })).getTracks()) peer.addTrack(track);
  await peer.setLocalDescription(await peer.createAnswer());
  while (peer.iceGatheringState !== 'complete') await new Promise((resolve) => peer.addEventListener('icegatheringstatechange', resolve, { once: true }));
  return peer.localDescription.sdp;
};
window.ready = true;
</script>`;

beforeAll(async () => {
  server = await startServer({ timing: {}, contacts: ['sip:127.0.0.1:0;transport=ws'], webSocketGraceMs: 100 });
  app = await connectApp(server);
  files = http.createServer((request, response) => {
    const path = normalize(request.url ?? '/');
    const content = path.startsWith('/sip.js/')
      ? readFile(join(SIP_JS, path.slice('/sip.js/'.length)))
      : Promise.resolve(Buffer.from(PAGE));
    const type = path.endsWith('.js') ? 'text/javascript' : 'text/html';
    content.then(
      (body) => response.writeHead(200, { 'Content-Type': type }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  files.listen(0, '127.0.0.1');
  await once(files, 'listening');
  const args = [
    '--no-sandbox',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
  ];
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
  page = await browser.newPage();
  await page.goto(`http://localhost:${String((files.address() as AddressInfo).port)}/`);
  await page.waitForFunction('window.ready === true');
});

afterAll(async () => {
  await browser.close();
  files.close();
  app.disconnect();
  await server.close();
});

test('a browser calls, talks and hangs up; one that vanishes is noticed', async () => {
  await page.evaluate(`window.start('ws://127.0.0.1:${String(portOf(server, 'ws'))}')`);
  const dialogs: ((dialog: AppDialog) => void)[] = [];
  const nextDialog = (): Promise<AppDialog> => new Promise((resolve) => dialogs.push(resolve));
  app.invite((request, response) => {
    expect(request.protocol).toBe('ws');
    void page
      .evaluate((offer) => (window as unknown as { answer(offer: string): Promise<string> }).answer(offer), request.body)
      .then((localSdp) => app.createUAS(request, response, { localSdp }))
      .then((dialog) => dialogs.shift()?.(dialog));
  });
  const first = nextDialog();
  expect(await page.evaluate('window.call()')).toBe('answered');
  expect(await page.evaluate('window.connected')).toBe('connected');
  const ended = once(await first, 'destroy');
  await page.evaluate('window.one.hangup()');
  await ended;
  const second = nextDialog();
  expect(await page.evaluate('window.call()')).toBe('answered');
  const noticed = once(await second, 'destroy') as Promise<[unknown, string]>;
  await page.close();
  expect((await noticed)[1]).toBe('WebSocket closed');
}, 60_000);
