import Srf from 'drachtio-srf';

// The application of the SIP benchmark, in a process of its own: as trivial as it can be. Arguments: admin port, `uas` or `b2bua`, target.
interface Dialog {
  on(event: 'destroy', listener: () => void): void;
  destroy(): Promise<unknown>;
}
interface App {
  on(event: string, listener: () => void): void;
  connect(options: object): void;
  invite(handler: (request: { body: string }, response: object) => void): void;
  register(handler: (request: { get(name: string): string }, response: { send(status: number, options: object): void }) => void): void;
  createUAS(request: object, response: object, options: object): Promise<Dialog>;
  createB2BUA(request: object, response: object, uri: string, options: object): Promise<{ uas: Dialog; uac: Dialog }>;
}

const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n';
const [port = '', role = '', target = ''] = process.argv.slice(2);
const app = new (Srf as unknown as new () => App)();
app.on('error', () => undefined);
app.on('connect', () => process.stdout.write('connected\n'));
app.connect({ host: '127.0.0.1', port: Number(port), secret: 'bench' });
app.register((request, response) => {
  response.send(200, { headers: { Contact: `${request.get('Contact')};expires=600` } });
});
app.invite((request, response) => {
  if (role === 'uas') {
    app.createUAS(request, response, { localSdp: SDP }).catch(() => undefined);
    return;
  }
  app.createB2BUA(request, response, target, { localSdpB: request.body }).then(
    ({ uas, uac }) => {
      uas.on('destroy', () => void uac.destroy().catch(() => undefined));
      uac.on('destroy', () => void uas.destroy().catch(() => undefined));
    },
    () => undefined,
  );
});
