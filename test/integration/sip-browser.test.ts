import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { SipServer } from '../../infra/embedded/sip/index.js';
import { connectApp, portOf, startServer, type App, type AppDialog } from './sip-support.js';

// sip.js in Chromium, unpatched: two users of one page register, talk through a B2BUA with real WebRTC, and vanish.
const SIP_JS = join(import.meta.dirname, '../../node_modules/sip.js/lib');

let server: SipServer;
let app: App;
let files: http.Server;
let browser: Browser;
let page: Page;
const contacts = new Map<string, string>();
const gone: string[] = [];
let bothGone: () => void = () => undefined;

const PAGE = `<!doctype html><audio id="one" autoplay></audio><audio id="two" autoplay></audio><script type="module">
import { SimpleUser } from '/sip.js/platform/web/index.js';
window.start = async (server) => {
  const user = (name, delegate) => new SimpleUser(server, {
    aor: 'sip:' + name + '@centre.example', delegate,
    media: { constraints: { audio: true, video: false }, remote: { audio: document.getElementById(name) } },
    userAgentOptions: { logLevel: 'error', sessionDescriptionHandlerFactoryOptions: { iceGatheringTimeout: 500, peerConnectionConfiguration: { iceServers: [] } } },
  });
  const ended = new Promise((resolve) => { window.ended = () => resolve(); });
  window.two = user('two', { onCallReceived: () => window.two.answer(), onCallHangup: () => window.ended() });
  window.one = user('one', {});
  window.whenEnded = ended;
  for (const each of [window.one, window.two]) { await each.connect(); await each.register(); }
};
window.call = () => new Promise((resolve, reject) => {
  window.one.delegate = { onCallAnswered: () => resolve('answered'), onCallHangup: () => reject(new Error('ended')) };
  window.one.call('sip:two@centre.example').catch(reject);
});
window.ready = true;
</script>`;

beforeAll(async () => {
  server = await startServer({ timing: {}, contacts: ['sip:127.0.0.1:0;transport=ws'], webSocketGraceMs: 100 });
  app = await connectApp(server);
  app.register((request, response) => {
    const user = /sip:(\w+)@/.exec(request.get('To'))?.[1] ?? '';
    if (request.source === 'application') {
      gone.push(user);
      if (gone.length === 2) bothGone();
      return;
    }
    const contact = /<([^>]+)>/.exec(request.get('Contact'))?.[1] ?? '';
    contacts.set(user, contact);
    response.send(200, { headers: { Contact: `<${contact}>;expires=60` } });
  });
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

test('two browsers register, talk and hang up; their end is noticed', async () => {
  await page.evaluate(`window.start('ws://127.0.0.1:${String(portOf(server, 'ws'))}')`);
  expect([...contacts.keys()].sort()).toEqual(['one', 'two']);
  expect(contacts.get('two')).toContain('.invalid');
  const bridged = new Promise<{ uas: AppDialog; uac: AppDialog }>((resolve, reject) => {
    app.invite((request, response) => {
      expect(request.protocol).toBe('ws');
      app.createB2BUA(request, response, contacts.get('two') ?? '', { localSdpB: request.body }).then(resolve, reject);
    });
  });
  expect(await page.evaluate('window.call()')).toBe('answered');
  const { uas, uac } = await bridged;
  uas.on('destroy', () => void uac.destroy().catch(() => undefined));
  await page.evaluate('window.one.hangup()');
  await page.evaluate('window.whenEnded');
  const noticed = new Promise<void>((resolve) => (bothGone = resolve));
  await page.close();
  await noticed;
  expect([...gone].sort()).toEqual(['one', 'two']);
}, 60_000);
