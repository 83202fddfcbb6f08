import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dingtalkSign } from '../../../services/messages/adapters/robot-providers.js';
import { smsSignature } from '../../../services/messages/adapters/http-sms-provider.js';

const SECRET = 'SEC-of-a-group-robot';

export interface Posted {
  readonly way: 'wecom' | 'dingtalk' | 'webhook';
  readonly text: string;
}

/**
 * Group robots of both office messengers and a webhook, answering as the real ones do: 200 with a code in the body. Unsigned requests are
 * refused.
 */
export class RobotServer implements AsyncDisposable {
  readonly posted: Posted[] = [];
  refused = 0;
  readonly #http: Server;

  private constructor() {
    this.#http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', 'http://robot.test');
        const body = Buffer.concat(chunks).toString();
        const errcode = this.#take(url, body, request.headers) ? 0 : 310_000;
        if (errcode !== 0) this.refused += 1;
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ errcode, errmsg: errcode === 0 ? 'ok' : 'no' }));
      });
    });
  }

  #take(url: URL, body: string, headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
    const posted = JSON.parse(body) as { readonly msgtype?: string; readonly text: { readonly content: string } | string };
    const text = typeof posted.text === 'string' ? posted.text : posted.text.content;
    const atMs = Number(url.searchParams.get('timestamp'));
    const isSigned = {
      '/wecom': url.searchParams.get('key') === 'k1' && posted.msgtype === 'text',
      '/dingtalk':
        url.searchParams.get('access_token') === 't1' &&
        url.searchParams.get('sign') === dingtalkSign(SECRET, atMs) &&
        posted.msgtype === 'text',
      '/webhook': headers['x-proofline-signature'] === smsSignature(SECRET, String(headers['x-proofline-timestamp']), body),
    }[url.pathname];
    if (isSigned !== true) return false;
    this.posted.push({ way: url.pathname.slice(1) as Posted['way'], text });
    return true;
  }

  static async start(): Promise<RobotServer> {
    const server = new RobotServer();
    await once(server.#http.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  /** Variables for the environment of a stack. */
  get env(): Record<string, string> {
    const origin = `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
    return {
      ALARM_WECOM_URL: `${origin}/wecom?key=k1`,
      ALARM_DINGTALK_URL: `${origin}/dingtalk?access_token=t1`,
      ALARM_DINGTALK_SECRET: SECRET,
      ALARM_WEBHOOK_URL: `${origin}/webhook`,
      ALARM_WEBHOOK_SECRET: SECRET,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#http.close();
    this.#http.closeAllConnections();
    await once(this.#http, 'close');
  }
}
