import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import type { Certificate } from './certificates.js';
import { until } from '../until.js';

interface Place {
  readonly address: string;
  readonly port: number;
}

/** openssl (s_client, s_server) with a connection: what is written goes over it, what comes is kept. */
export class OpensslPeer implements Disposable {
  received = '';
  readonly ended: Promise<'ended'>;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    child.stdout.on('data', (data: Buffer) => (this.received += data.toString()));
    child.stdin.on('error', () => undefined);
    child.stderr.resume();
    this.ended = once(child, 'exit').then(() => 'ended' as const);
  }

  /** Connects to a server that must have a certificate of `authority` for its address. */
  static client({
    shown,
    from,
    to,
    authority,
  }: {
    readonly shown: Certificate | undefined;
    readonly from: string;
    readonly to: Place;
    readonly authority: Certificate;
  }): OpensslPeer {
    const own = shown === undefined ? [] : ['-cert', shown.certFile, '-key', shown.keyFile];
    const believes = ['-CAfile', authority.certFile, '-verify_return_error', '-verify_ip', to.address];
    return new OpensslPeer(
      spawn('openssl', ['s_client', '-quiet', '-connect', `${to.address}:${to.port}`, '-bind', `${from}:0`, ...own, ...believes]),
    );
  }

  static server({ certFile, keyFile }: Certificate, { address, port }: Place): OpensslPeer {
    return new OpensslPeer(spawn('openssl', ['s_server', '-quiet', '-accept', `${address}:${port}`, '-cert', certFile, '-key', keyFile]));
  }

  write(text: string): void {
    this.child.stdin.write(text);
  }

  until(pattern: RegExp): Promise<string> {
    return until(
      () => pattern.exec(this.received)?.[0] ?? '',
      (found) => found !== '',
    );
  }

  [Symbol.dispose](): void {
    this.child.kill();
  }
}
