import { createSocket, type Socket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { FRAME_SAMPLES } from '../room.js';

const RTP_HEADER_BYTES = 12;
const PCMA = 8;

/** The RTP socket of one party. `onAudio` gets what the relay sends; `send` makes the next packet of one SSRC. */
export interface PartySocket {
  readonly port: number;
  send(payload: Uint8Array): void;
  sendTo(target: { readonly address: string; readonly port: number }): void;
  close(): Promise<void>;
}

export async function openPartySocket({
  address,
  port,
  target,
  onAudio,
}: {
  readonly address: string;
  readonly port: number;
  readonly target: { readonly address: string; readonly port: number };
  readonly onAudio: (payload: Uint8Array) => void;
}): Promise<PartySocket> {
  const socket: Socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, address, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  socket.on('error', () => undefined);
  const ssrc = randomInt(1, 0xffff_ffff);
  let sequence = randomInt(0, 0x8000);
  let timestamp = randomInt(0, 0x8000_0000);
  let to = target;
  let closed = false;

  socket.on('message', (packet, from) => {
    // The relay sends from the port on which it receives. A datagram from elsewhere is dropped.
    if (from.port !== to.port || from.address !== to.address) return;
    if (packet.length <= RTP_HEADER_BYTES || ((packet[0] ?? 0) & 0xc0) !== 0x80 || ((packet[1] ?? 0) & 0x7f) !== PCMA) return;
    const headerBytes = RTP_HEADER_BYTES + ((packet[0] ?? 0) & 0x0f) * 4;
    onAudio(packet.subarray(headerBytes));
  });

  return {
    port: socket.address().port,
    send(payload) {
      if (closed) return;
      const packet = Buffer.alloc(RTP_HEADER_BYTES + FRAME_SAMPLES);
      packet[0] = 0x80;
      packet[1] = PCMA;
      packet.writeUInt16BE(sequence, 2);
      packet.writeUInt32BE(timestamp, 4);
      packet.writeUInt32BE(ssrc, 8);
      packet.set(payload, RTP_HEADER_BYTES);
      sequence = (sequence + 1) & 0xffff;
      timestamp = (timestamp + FRAME_SAMPLES) >>> 0;
      socket.send(packet, to.port, to.address, () => undefined);
    },
    sendTo(next) {
      to = next;
    },
    async close() {
      if (closed) return;
      closed = true;
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}
