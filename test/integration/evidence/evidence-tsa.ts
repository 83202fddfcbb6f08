import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A time-stamp authority: OpenSSL's, behind HTTP as RFC 3161 §3.4 describes. */
export interface TimeStampAuthority extends AsyncDisposable {
  readonly url: string;
  /** Its root, with which a stamp is checked. */
  readonly rootFile: string;
}

const settings = (folder: string): string => `
[ tsa ]
default_tsa = here
[ here ]
serial = ${folder}/serial
signer_cert = ${folder}/tsa.pem
certs = ${folder}/root.pem
signer_key = ${folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
[ stamping ]
extendedKeyUsage = critical,timeStamping
`;

export async function startTimeStampAuthority(): Promise<TimeStampAuthority> {
  const folder = await mkdtemp(join(tmpdir(), 'proofline-tsa-'));
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]) => run('openssl', args);
  await writeFile(file('openssl.cnf'), settings(folder));
  await writeFile(file('serial'), '01\n');
  const key = ['-newkey', 'rsa:2048', '-nodes', '-config', '/dev/null'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-subj',
    '/CN=Test root',
    '-keyout',
    file('root.key'),
    '-out',
    file('root.pem'),
    '-days',
    '2',
    '-addext',
    'basicConstraints=critical,CA:TRUE',
  );
  await openssl('req', '-new', ...key, '-subj', '/O=Test/CN=Test stamps', '-keyout', file('tsa.key'), '-out', file('tsa.csr'));
  const issuer = ['-CA', file('root.pem'), '-CAkey', file('root.key'), '-CAcreateserial', '-days', '2'];
  await openssl(
    'x509',
    '-req',
    '-in',
    file('tsa.csr'),
    ...issuer,
    '-extfile',
    file('openssl.cnf'),
    '-extensions',
    'stamping',
    '-out',
    file('tsa.pem'),
  );

  let asked = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const name = `${(asked += 1)}`;
      await writeFile(file(`${name}.tsq`), Buffer.concat(parts));
      await openssl('ts', '-reply', '-config', file('openssl.cnf'), '-queryfile', file(`${name}.tsq`), '-out', file(`${name}.tsr`));
      const answer = await readFile(file(`${name}.tsr`));
      response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(answer);
    })().catch(() => response.writeHead(500).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    rootFile: file('root.pem'),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
