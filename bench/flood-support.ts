// An outsider's flood in a process of its own, from another address of this machine: WebSockets at /sip without a ticket, and INVITEs at
// the trunk port. Prints one line of JSON with what it sent when it ends.
import { createSocket } from 'node:dgram';
import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';

const [web = '', sip = '', from = '', sockets, invites, seconds] = process.argv.slice(2);
const { hostname, port } = new URL(web);
const [sipHost = '', sipPort] = sip.split(':');
const until = performance.now() + Number(seconds) * 1_000;
const counts = { opened: 0, let: 0, invites: 0 };
const invite = (host: string, n: number): string =>
  [
    `INVITE sip:4001000@${sipHost} SIP/2.0`,
    `Via: SIP/2.0/${host};branch=z9hG4bK${n}`,
    'Max-Forwards: 70',
    `From: <sip:13800000002@x>;tag=${n}`,
    `To: <sip:4001000@${sipHost}>`,
    `Call-ID: flood-${n}`,
    'CSeq: 1 INVITE',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

const upgrade = `GET /sip?ticket=none HTTP/1.1\r\nHost: ${hostname}:${port}\r\nOrigin: ${web}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\n\r\n`;
const open = (): void => {
  if (performance.now() > until) return;
  counts.opened += 1;
  const tcp = connectTcp({ host: hostname, port: Number(port), localAddress: from });
  tcp.on('error', () => undefined);
  const socket = connect({ socket: tcp, rejectUnauthorized: false }, () => socket.write(upgrade));
  socket.on('data', (data: Buffer) => {
    if (data.toString().startsWith('HTTP/1.1 101')) counts.let += 1;
  });
  socket.on('error', () => undefined);
  // As many as were asked for are there at a time.
  socket.on('close', () => setTimeout(open, 1_000));
};
for (let i = 0; i < Number(sockets); i += 1) setTimeout(open, i / 2);

const udp = createSocket('udp4');
udp.bind(0, from, () => {
  const startedMs = performance.now();
  const tick = setInterval(() => {
    const due = ((performance.now() - startedMs) / 1_000) * Number(invites);
    for (; counts.invites < due; counts.invites += 1)
      udp.send(invite(`UDP ${from}:${udp.address().port}`, counts.invites), Number(sipPort), sipHost);
    if (performance.now() < until) return;
    clearInterval(tick);
    process.stdout.write(`${JSON.stringify(counts)}\n`, () => process.exit(0));
  }, 10);
});
