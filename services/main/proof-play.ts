import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Agent, request } from 'undici';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { Role } from '../shared/domain/people/rights.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { Service } from '../shared/platform/processes/service.js';
import type { CallId, UserId } from '../shared/domain/ids.js';

const SESSION_MS = 60_000;
const TIMEOUT_MS = 15_000;

export interface ProofPlayOptions {
  readonly config: Config;
  readonly commands: CommandBus;
  /** A session of the product itself: its token, and how to end it. */
  readonly openSession: (who: {
    readonly userId: UserId;
    readonly name: string;
    readonly roles: readonly Role[];
    readonly lastsMs: number;
  }) => Promise<{ readonly token: string; end(): Promise<void> }>;
}

/** Serves `proof.play`: the last stage of a test call uses the same path as a supervisor's browser, including certificate and audit row. */
export function createProofPlay({ config, commands, openSession }: ProofPlayOptions): Service {
  let stopServing: () => Promise<void> = async () => undefined;
  const certificate = config.TLS_CERT_FILE;
  const host = config.WEB_HOST === '0.0.0.0' || config.WEB_HOST === '::' ? '127.0.0.1' : config.WEB_HOST;
  const origin = config.WEB_ORIGIN ?? `${certificate === undefined ? 'http' : 'https'}://${host}:${config.WEB_PORT}`;

  async function play(callId: CallId): Promise<{ status: number; sizeBytes: number; sha256: string }> {
    const who = { userId: 'system:proof-player', name: 'Proof call', roles: ['inspector'] as const, lastsMs: SESSION_MS };
    const session = await openSession(who);
    // The certificate of this site is trusted in addition to the public ones; any other is refused.
    const ca = certificate === undefined ? [] : [...rootCertificates, readFileSync(certificate, 'utf8')];
    const dispatcher = new Agent({ connect: { ...(ca.length === 0 ? {} : { ca }), timeout: TIMEOUT_MS } });
    try {
      const answer = await request(`${origin}/api/recordings/${encodeURIComponent(callId)}/audio`, {
        dispatcher,
        headers: { authorization: `Bearer ${session.token}` },
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
      });
      const bytes = new Uint8Array(await answer.body.arrayBuffer());
      return { status: answer.statusCode, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    } finally {
      await session.end();
      await dispatcher.close();
    }
  }

  return {
    name: 'proof-play',
    async start() {
      stopServing = await commands.serve({ 'proof.play': ({ callId }) => play(callId) });
    },
    stop: () => stopServing(),
  };
}
