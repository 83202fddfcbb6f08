import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { smsSignature } from '../../../services/messages/adapters/http-sms-provider.js';

export interface ReceivedText {
  readonly id: string;
  readonly to: string;
  readonly text: string;
}

export interface ReceivedLetter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

const SECRET = 'a secret of the SMS gateway';

const textOf = (content: string | ArrayBuffer | Uint8Array): string =>
  typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)).toString('utf8');

/** Waits for the next item that fits, including those that came before. */
class Inbox<T> {
  readonly all: T[] = [];
  readonly #waiting = new Set<() => void>();

  push(item: T): void {
    this.all.push(item);
    for (const look of [...this.#waiting]) look();
  }

  async find(fits: (item: T) => boolean, withinMs = 60_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`no message came within ${withinMs} ms`));
      }, withinMs);
      const look = (): void => {
        const found = this.all.find(fits);
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** A mail server (SMTP) and an SMS gateway (signed HTTP) as a site has them. Both refuse the first try of each message for the moment. */
export class MessageServers implements AsyncDisposable {
  readonly mails = new Inbox<ReceivedLetter>();
  readonly texts = new Inbox<ReceivedText>();
  /** Addresses that are refused for good. */
  readonly unknown = new Set<string>();
  refusedForNow = 0;
  badSignatures = 0;
  readonly #seen = new Set<string>();
  readonly #smtp: SMTPServer;
  readonly #http: Server;

  private constructor() {
    this.#smtp = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onRcptTo: ({ address }, _session, done) => {
        if (this.unknown.has(address)) done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }));
        else if (this.#firstTry(`mail ${address}`)) done(Object.assign(new Error('come back later'), { responseCode: 451 }));
        else done();
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          PostalMime.parse(Buffer.concat(chunks)).then(({ subject = '', text = '', messageId = '', attachments }) => {
            const files = attachments.map(({ filename, content }) => ({ name: filename ?? '', text: textOf(content) }));
            this.mails.push({ to: session.envelope.rcptTo[0]?.address ?? '', subject, text, messageId, files });
            done();
          }, done);
        });
      },
    });
    this.#http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const signed = smsSignature(SECRET, String(request.headers['x-proofline-timestamp']), body);
        const text = JSON.parse(body) as ReceivedText;
        const status =
          request.headers['x-proofline-signature'] !== signed ? 401 : this.unknown.has(text.to) ? 422 : this.#firstTry(text.id) ? 503 : 200;
        if (status === 401) this.badSignatures += 1;
        if (status === 200) this.texts.push(text);
        response.writeHead(status).end();
      });
    });
  }

  #firstTry(key: string): boolean {
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    this.refusedForNow += 1;
    return true;
  }

  static async start(): Promise<MessageServers> {
    const servers = new MessageServers();
    const smtp = servers.#smtp.listen(0, '127.0.0.1');
    servers.#http.listen(0, '127.0.0.1');
    await Promise.all([once(smtp, 'listening'), once(servers.#http, 'listening')]);
    return servers;
  }

  /** Variables for the environment of a stack. */
  get env(): Record<string, string> {
    return {
      SMTP_URL: `smtp://127.0.0.1:${(this.#smtp.server.address() as AddressInfo).port}`,
      SMTP_FROM: 'Care <care@centre.test>',
      SMS_URL: `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/messages`,
      SMS_SECRET: SECRET,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#http.close();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#smtp.close(resolve));
  }
}
