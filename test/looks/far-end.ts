import type { BrowserContext, WebSocketRoute } from 'playwright-core';

const EMPTY_SOUND = ['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=-', 't=0 0', 'm=audio 9 UDP/TLS/RTP/SAVPF 0', 'c=IN IP4 127.0.0.1', ''].join(
  '\r\n',
);

/** The other end of a seat's line, of which a tape holds nothing: it takes every call and every end. */
export function answerSeat(socket: WebSocketRoute): void {
  socket.onMessage((message) => {
    const text = message.toString();
    const method = /^([A-Z]+) sip/.exec(text)?.[1];
    if (method === undefined || method === 'ACK') return;
    const header = (name: string): string =>
      text
        .split('\r\n')
        .filter((line) => line.startsWith(`${name}: `))
        .join('\r\n');
    const to = header('To').includes(';tag=') ? header('To') : `${header('To')};tag=far`;
    const body = method === 'INVITE' ? EMPTY_SOUND : '';
    socket.send(
      [
        'SIP/2.0 200 OK',
        header('Via'),
        header('From'),
        to,
        header('Call-ID'),
        header('CSeq'),
        'Contact: <sip:far@looks.test;transport=ws>',
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${String(body.length)}`,
        '',
        body,
      ].join('\r\n'),
    );
  });
}

/** A peer connection that is connected as soon as it is answered, and carries nothing: its figures are the same in each picture. */
export const standInPeers = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    class StandIn extends EventTarget {
      signalingState = 'stable';
      connectionState = 'new';
      iceConnectionState = 'new';
      iceGatheringState = 'complete';
      localDescription: RTCSessionDescriptionInit | null = null;
      remoteDescription: RTCSessionDescriptionInit | null = null;
      readonly #transceivers: object[] = [];

      addTrack(track: MediaStreamTrack): object {
        const sender = { track, replaceTrack: () => Promise.resolve() };
        this.#transceivers.push({ direction: 'sendrecv', sender, receiver: { track: null }, stop: () => undefined });
        return sender;
      }
      getTransceivers(): object[] {
        return this.#transceivers;
      }
      getSenders(): object[] {
        return this.#transceivers.map((each) => (each as { sender: object }).sender);
      }
      getReceivers(): object[] {
        return [];
      }
      createOffer(): Promise<RTCSessionDescriptionInit> {
        return Promise.resolve({ type: 'offer', sdp: 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n' });
      }
      setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
        this.localDescription = description;
        this.signalingState = 'have-local-offer';
        return Promise.resolve();
      }
      setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
        this.remoteDescription = description;
        this.signalingState = 'stable';
        this.connectionState = 'connected';
        this.dispatchEvent(new Event('connectionstatechange'));
        return Promise.resolve();
      }
      getStats(): Promise<Map<string, object>> {
        return Promise.resolve(new Map<string, object>());
      }
      close(): void {
        this.connectionState = 'closed';
      }
    }
    Object.assign(globalThis, { RTCPeerConnection: StandIn });
  });
