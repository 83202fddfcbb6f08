import { createHash, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import { forgetSession, rememberSession, seatPassword } from '../shared/platform/events/live-sessions.js';
import { mediaRangesOf } from '../shared/platform/network/media-ports.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import type { Service } from '../shared/platform/processes/service.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import { TEST_CALLER, testDoorPassword } from '../shared/platform/network/sip-doors.js';
import type { Reads } from '../shared/records/reads.js';
import { createMongoProofs } from './adapters/mongo-proofs.js';
import { createMongoTrunkTests } from './adapters/mongo-trunk-tests.js';
import { createVoices } from './adapters/voices.js';
import { SipPhone, type PhoneOptions } from './adapters/sip-phone.js';
import { createProofRoutes as routesOf } from './http.js';
import { serveSheets, type SheetNeeds } from './sheets.js';
import {
  SYSTEM_CALLER,
  type ProofCall,
  type ProofStage,
  type ProofTelephones,
  type ProofWitnesses,
  type RecordingReader,
} from './ports.js';
import { watchEvents } from './event-watch.js';
import { makePracticeCall, PRACTICE_AT_MOST_MS } from './practice-call.js';
import { makeProofCall } from './proof-call.js';
import { createTrunkTests } from './trunk-tests.js';
import type { CallId } from '../shared/domain/ids.js';

export type { ProofCall, ProofRecording, ProofStage, RecordingReader } from './ports.js';

const CANARY_EVERY_MS = 15 * 60_000;
const SEAT_SESSION_MS = 120_000;
const TEST_SOUND_MS = 30_000;

export interface ProofSheetDependencies extends Pick<SheetNeeds, 'config' | 'commands' | 'openSigner' | 'holder'> {
  readonly mongo: Connection;
}

export interface ProofCallDependencies {
  readonly config: Config;
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly mongo: Connection;
  readonly reads: Pick<Reads, 'calls'>;
  readonly valkey: Redis;
  readonly recordings: RecordingReader;
  readonly witnesses: ProofWitnesses;
  readonly log: Logger;
}

/**
 * Serves `practice.call` and `proof.run`, and makes a proof call as a canary every 15 minutes: its rows are the availability evidence. One
 * call at a time.
 */
export function createProofCalls({
  config,
  bus,
  commands,
  mongo,
  reads,
  valkey,
  recordings,
  witnesses,
  log,
}: ProofCallDependencies): Service {
  const proofs = createMongoProofs(mongo);
  const voices = createVoices(reads.calls);
  const telephones = createTelephones(config, valkey);
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  let running: Promise<ProofCall> | undefined;
  let practising = false;
  let stopServing: () => Promise<void> = async () => undefined;
  let endCanary = (): void => undefined;

  let turn: Promise<unknown> = Promise.resolve();
  /** Proof calls and trunk tests share a seat, so they run one after the other. */
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const parts = { bus, commands, telephones, voices, newId: randomUUID, now: () => new Date(), monotonicMs: () => performance.now(), wait };
  const tests = createTrunkTests({ needs: { ...parts, soundMs: TEST_SOUND_MS }, store: createMongoTrunkTests(mongo), alone, log });

  const onStage = (stage: ProofStage): void => {
    bus
      .publish('proof.stage', { at: new Date().toISOString(), ...stage })
      .catch((error: unknown) => log.debug({ err: error }, 'stage not told'));
  };
  const made = (origin: string, over?: Parameters<typeof makeProofCall>[3]): Promise<ProofCall> =>
    alone(() => makeProofCall({ ...parts, recordings, witnesses, proofs }, origin, onStage, over));
  /** A request during a running proof call gets the result of that call, unless it asks for another route. */
  const run = (origin: string, over?: Parameters<typeof makeProofCall>[3]): Promise<ProofCall> => {
    if (over !== undefined) return made(origin, over);
    running ??= made(origin).finally(() => (running = undefined));
    return running;
  };

  async function practise(number: string): Promise<{ status: number; callId?: CallId }> {
    if (practising) throw new CallCentreError('wrong-state', 'A practice call is in progress.');
    practising = true;
    const watched = await watchEvents(bus, PRACTICE_AT_MOST_MS);
    const finished = async (): Promise<void> => {
      practising = false;
      await watched.stop();
    };
    try {
      const { status, callId, over } = await makePracticeCall({ telephones, watched, wait }, number);
      over.then(finished).catch((error: unknown) => log.debug({ err: error }, 'a practice call could not be filed'));
      return { status, ...(callId === undefined ? {} : { callId }) };
    } catch (error) {
      await finished();
      throw error;
    }
  }

  return {
    name: 'proof-calls',
    async start() {
      stopServing = await commands.serve({
        'practice.call': async ({ number }) => practise(number),
        'trunk.test': (order) => tests.start(order),
        'trunk.tests': () => tests.newest(),
        'proof.run': async ({ origin, trunkId, end }) => {
          const { at, linesDown, ...rest } = await run(origin, trunkId === undefined ? undefined : await tests.wayOf(trunkId, end));
          const down = linesDown === undefined ? {} : { linesDown: [...linesDown] };
          return { ...rest, ...down, at: at.toISOString(), stages: [...rest.stages] };
        },
      });
      endCanary = systemClock.every(CANARY_EVERY_MS, () => {
        run('canary').then(
          ({ ok, totalMs }) =>
            ok ? log.info({ totalMs }, 'canary call proved') : log.error({ totalMs }, 'canary call failed: see the proof calls page'),
          (error: unknown) => log.error({ err: error }, 'canary call could not be made'),
        );
      });
    },
    async stop() {
      endCanary();
      await stopServing();
    },
  };
}

/** Serves `proof.sheet`: the signed sheet of a proof call. */
export const createProofSheets = ({ mongo, ...needs }: ProofSheetDependencies): Service =>
  serveSheets({ ...needs, proofs: createMongoProofs(mongo), sha256Hex: (text) => createHash('sha256').update(text).digest('hex') });

export const createProofRoutes = (needs: { readonly mongo: Connection; readonly commands: CommandBus; readonly audit: Audit }): Route[] =>
  routesOf({ ...needs, proofs: createMongoProofs(needs.mongo) });

function createTelephones(config: Config, valkey: Redis): ProofTelephones {
  // A SIP entry point of its own: what comes in there is recognised by a secret and is recorded as a test call.
  const door = config.SIP_TEST_ADDRESS;
  const { hostname, port } = new URL(`udp://${door}`);
  const server = { address: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
  const options = (from: string): PhoneOptions => ({ server, local: server.address, from, avoidPorts: mediaRangesOf(config) });
  return {
    caller: (number) =>
      SipPhone.open(
        {
          ...options(`sip:${SYSTEM_CALLER}@${door}`),
          credential: { username: TEST_CALLER, password: testDoorPassword(config.SEAT_KEY) },
        },
        `sip:${number}@${door}`,
      ),
    async seat(agentId, sessionId) {
      await rememberSession(
        valkey,
        sessionId,
        { userId: agentId, name: 'Proof seat', roles: ['agent'], scope: { queues: [], sites: [], clientUnits: [] } },
        SEAT_SESSION_MS,
      );
      const phone = await SipPhone.open(
        {
          ...options(`sip:${sessionId}@proofline.invalid`),
          credential: { username: sessionId, password: seatPassword(config.SEAT_KEY, sessionId) },
        },
        `sip:seat@${door}`,
      );
      void phone.ended.then(() => forgetSession(valkey, sessionId).catch(() => undefined));
      return phone;
    },
  };
}
