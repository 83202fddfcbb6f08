#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isLogLevel, jsonLog } from './log.js';
import { parseHandlerUrl } from './drachtio/request-handler.js';
import { startSipServer, type SipServerOptions } from './server.js';

const USAGE =
  'usage: sip-server --admin HOST:PORT (--secret-file FILE | --secret S) --contact sip:HOST:PORT;transport=udp,tcp [--contact ...] [--tls-cert FILE --tls-key FILE] [--admin-tls] [--outbound tcp://HOST:PORT | --http-handler URL [--http-method GET|POST]] [--tls-ca FILE] [--tls-verify servers|clients ...] [--name-server ADDRESS ...] [--metrics HOST:PORT] [--trusted ADDRESS ...] [--spammer TEXT ...] [--user-agent-options-auto-respond TEXT] [--peers FILE] [--strict-dialogs] [--forget-dialogs] [--log-level debug|info|warn|error|silent]';

class UsageError extends Error {}

function address(text: string, option: string): { host: string; port: number } {
  const match = /^\[?([^\s\]]+?)\]?:(\d{1,5})$/.exec(text);
  if (!match || Number(match[2]) > 65_535) throw new UsageError(`${option} looks like 127.0.0.1:9022`);
  return { host: match[1] ?? '', port: Number(match[2]) };
}

function readOptions(): SipServerOptions {
  const { values } = parseArgs({
    options: {
      admin: { type: 'string' },
      secret: { type: 'string' },
      'secret-file': { type: 'string' },
      contact: { type: 'string', multiple: true },
      'tls-cert': { type: 'string' },
      'tls-key': { type: 'string' },
      'admin-tls': { type: 'boolean', default: false },
      'tls-ca': { type: 'string' },
      'tls-verify': { type: 'string', multiple: true, default: [] },
      outbound: { type: 'string' },
      'http-handler': { type: 'string' },
      'http-method': { type: 'string', default: 'GET' },
      'name-server': { type: 'string', multiple: true, default: [] },
      metrics: { type: 'string' },
      trusted: { type: 'string', multiple: true, default: [] },
      spammer: { type: 'string', multiple: true, default: [] },
      'user-agent-options-auto-respond': { type: 'string' },
      peers: { type: 'string' },
      'strict-dialogs': { type: 'boolean', default: false },
      'forget-dialogs': { type: 'boolean', default: false },
      'log-level': { type: 'string', default: 'info' },
    },
  });
  const secret = values['secret-file'] === undefined ? values.secret : readFileSync(values['secret-file'], 'utf8').trim();
  const cert = values['tls-cert'];
  const key = values['tls-key'];
  const level = values['log-level'];
  if (values.admin === undefined || secret === undefined || secret === '' || !values.contact) throw new UsageError(USAGE);
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('--tls-cert and --tls-key go together');
  if (values['admin-tls'] && cert === undefined) throw new UsageError('--admin-tls needs --tls-cert and --tls-key');
  if (!isLogLevel(level)) throw new UsageError('--log-level is debug, info, warn, error or silent');
  const handler = values['http-handler'];
  const answersOptionsOf = values['user-agent-options-auto-respond'];
  const method = values['http-method'];
  if (method !== 'GET' && method !== 'POST') throw new UsageError('--http-method is GET or POST');
  if (handler !== undefined && values.outbound !== undefined) throw new UsageError('--http-handler and --outbound exclude each other');
  if (values['tls-verify'].some((who) => who !== 'servers' && who !== 'clients'))
    throw new UsageError('--tls-verify is servers or clients');
  const verify = { verifyServers: values['tls-verify'].includes('servers'), verifyClients: values['tls-verify'].includes('clients') };
  const ca = values['tls-ca'] === undefined ? {} : { ca: readFileSync(values['tls-ca']) };
  return {
    admin: { ...address(values.admin, '--admin'), tls: values['admin-tls'] },
    ...(values.outbound === undefined ? {} : { outbound: values.outbound }),
    secret,
    contacts: values.contact,
    strictDialogs: values['strict-dialogs'],
    forgetDialogs: values['forget-dialogs'],
    limits: { trusted: values.trusted, spammers: values.spammer.filter((text) => text !== '') },
    ...(answersOptionsOf === undefined || answersOptionsOf === '' ? {} : { answersOptionsOf }),
    ...(values.peers === undefined ? {} : { peersFile: values.peers }),
    ...(values.metrics === undefined ? {} : { metrics: address(values.metrics, '--metrics') }),
    ...(cert !== undefined && key !== undefined ? { tls: { cert: readFileSync(cert), key: readFileSync(key), ...ca, ...verify } } : {}),
    ...(handler === undefined ? {} : { handler: { url: parseHandlerUrl(handler), method } }),
    nameServers: values['name-server'],
    log: jsonLog(level, (line) => process.stderr.write(line)),
  };
}

/** One clear sentence about the reason why the server could not start. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return 'The SIP server could not start.';
  const { code, address: host, port, path } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE') return `The address ${host ?? ''}:${String(port ?? '')} is already in use.`;
  if (code === 'EADDRNOTAVAIL') return `The address ${host ?? ''} is not one of this machine.`;
  if (code === 'EACCES') return `No permission for ${host ?? path ?? ''}${port === undefined ? '' : `:${String(port)}`}.`;
  if (code === 'ENOENT') return `The file ${path ?? ''} does not exist.`;
  return error.message;
}

async function main(): Promise<void> {
  const server = await startSipServer(readOptions());
  process.stdout.write(`${JSON.stringify({ ready: true, admin: server.admin, metrics: server.metrics, listeners: server.listeners })}\n`);
  const stop = (): void => {
    void server.close().then(() => {
      process.exit(0);
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${sentence(error)}\n`);
  process.exit(1);
});
