import type { DialPermit } from '../shared/domain/calls/dial-permit.js';
import type { Trunk } from '../shared/contracts/calls/flow.js';
import type { TrunkState } from '../shared/contracts/trunks/trunk-state.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import { newId } from '../shared/platform/stores/new-id.js';
import type { NumberHash } from '../shared/platform/reach/number-hash.js';
import type { Health, Service } from '../shared/platform/processes/service.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import { createDnsNames } from './adapters/dns-names.js';
import { createDrachtioStack } from './adapters/drachtio.js';
import { readWire } from './adapters/traces/wire-tap.js';
import { createPeersFile } from './adapters/peers-file.js';
import type { SeatCall, TrunkCall } from './doors/call-in.js';
import { createCredentials } from './doors/credentials.js';
import { createSeatDoor } from './doors/seat-door.js';
import { createTestDoor } from './doors/test-door.js';
import { createTrunkDoor, trunkFlood } from './doors/trunk-door.js';
import { mayContinue } from './peer.js';
import type { SeatOwner, SipDialog, TrunkBook } from './ports.js';
import { createDialler, type Dialling } from './dialler.js';
import { createLocator, type Names } from './locator.js';
import { createRegistrations } from './trunks/registrations.js';
import { createSharedLoad, type SharedChannels } from './trunks/shared-load.js';
import { createTrunkLoad } from './trunks/trunk-load.js';
import { trunkStates } from './trunks/trunk-state.js';
import type { WayMemory } from './way-memory.js';
import { createWays } from './ways.js';
import type { TraceStore } from './trace/trace.js';
import { createTracer, tracedDoors } from './trace/tracer.js';
import type { TrunkId } from '../shared/domain/ids.js';

export type { SeatCall, TrunkCall } from './doors/call-in.js';
export { watchTrunks } from './trunks/trunk-watch.js';
export { createSipTraces } from './adapters/traces/sip-traces.js';
export { createValkeyChannels } from './adapters/valkey-channels.js';
export { createValkeyWays } from './adapters/valkey-ways.js';

export interface SignallingDependencies {
  readonly drachtioUrl: string;
  readonly drachtioSecret: string;
  /** Local ports of the SIP server for seats and for test calls. All other ports belong to trunks. */
  readonly doors: { readonly seatPort: number; readonly testPort: number; readonly testAddress: string };
  readonly seatKey: string;
  readonly seatOwner: SeatOwner;
  readonly trunks: () => TrunkBook;
  /** The file from which the SIP server learns who the trunks are; undefined when it reads none. */
  readonly peersFile?: string | undefined;
  /** Uses up a permit; false when it is unknown, used or expired. */
  readonly redeem: (permit: DialPermit) => boolean;
  /** The INVITE of a used permit was not sent. */
  readonly notSent: (permit: DialPermit) => void;
  /** The trunk of this permit answered after the call had moved on to another way. That call was ended at once. */
  readonly onAnsweredLate?: (permit: DialPermit) => void;
  readonly onTrunkCall: (call: TrunkCall) => Promise<void>;
  readonly onSeatCall: (call: SeatCall) => Promise<void>;
  /** Where requested SIP traces are stored, and how numbers are compared. Without it nothing is traced. */
  readonly traces?: { readonly store: TraceStore; readonly hashNumber: NumberHash } | undefined;
  /** Where all processes count the channels of trunks. Without it this process counts only its own. */
  readonly channels?: SharedChannels;
  /** Does not return when this process may act no more: asked before each message in and out. */
  readonly mayAct?: () => void;
  readonly log: Logger;
  readonly nowMs?: () => number;
  /** Looks up the servers of carriers. Without it the system's name servers are used. */
  readonly names?: Names;
  /** What earlier processes knew of the carriers' addresses. Without it each process begins with nothing. */
  readonly wayMemory?: WayMemory;
}

/** The SIP edge: accepts INVITEs by their door, and makes outbound calls through trunks. */
export function createSignalling(deps: SignallingDependencies): {
  readonly service: Service;
  readonly dialler: Dialling;
  /** Takes over a dialog of an earlier process; undefined when it is gone. */
  adopt(dialogId: string, ended: () => void): Promise<SipDialog | undefined>;
  /** The enabled trunks at this moment. */
  trunkStates(): TrunkState[];
} {
  const { log, nowMs = systemClock.nowMs } = deps;
  const digestOf = (trunkId: TrunkId): Trunk['digest'] => deps.trunks().trunk(trunkId)?.digest;
  const tracer =
    deps.traces && createTracer({ ...deps.traces, ...tracedDoors(deps), read: readWire, clock: { ...systemClock, nowMs }, log });
  const seen = tracer && ((frame: string): void => tracer.seen(frame));
  const stack = createDrachtioStack({
    url: deps.drachtioUrl,
    secret: deps.drachtioSecret,
    doors: deps.doors,
    credentials: digestOf,
    seen,
    mayAct: deps.mayAct,
    log,
  });
  const registrations = createRegistrations({ trunks: () => deps.trunks().trunks(), register: (wish) => stack.register(wish), nowMs, log });

  const ways = waysOf({ ...deps, nowMs }, (uri, withinMs) => stack.ask(uri, withinMs));

  const clock = { ...systemClock, nowMs };
  const local = createTrunkLoad({ talking: (trunkId) => stack.dialogsOf(trunkId).length, every: clock.every, nowMs });
  const shared =
    deps.channels &&
    createSharedLoad({
      ...{ local, channels: deps.channels, clock, newToken: newId, log },
      dialogsOf: (trunkId) => stack.dialogsOf(trunkId),
      trunks: () => deps.trunks().trunks(),
    });
  const load = shared ?? local;

  const peersFile =
    deps.peersFile === undefined ? undefined : createPeersFile({ file: deps.peersFile, trunks: () => deps.trunks().trunks(), log });

  /** The SIP server checks certificates when it reads who the trunks are. Another server does not know the certificate of a trunk. */
  function isProvable({ id, certificate }: Trunk): boolean {
    const provable = certificate === undefined || deps.peersFile !== undefined;
    if (!provable) log.error({ trunkId: id }, 'this SIP server does not compare the certificates of trunks');
    return provable;
  }

  const credentials = createCredentials({ seatKey: deps.seatKey, seatOwner: deps.seatOwner, nowMs, log });
  const flood = trunkFlood(nowMs);
  const common = { ...deps, credentials, flood, nowMs, log };
  const seat = createSeatDoor(common);
  const test = createTestDoor(common);
  const trunk = createTrunkDoor({ ...common, load, isProvable, cameIn: (trunkId, address) => ways.cameIn(trunkId, address) });
  /** The door decides what an INVITE can be; its own claims come after that. */
  const doors = { seat, test, trunk };

  return {
    service: {
      name: 'signalling',
      async start() {
        await peersFile?.start();
        tracer?.start();
        await stack.start({
          invite: (invite) => doors[invite.door](invite),
          // It opens nothing. Carriers and our own probe use it to ask whether we are up.
          options: (request) => request.accept({ Accept: 'application/sdp' }),
          mayContinue: (peer, source) => mayContinue(peer, source, deps.trunks().trunks()),
        });
        registrations.start();
        ways.start();
        shared?.start();
      },
      async stop(ending) {
        peersFile?.stop();
        ways.stop();
        shared?.stop();
        await registrations.stop(ending);
        await stack.stop(ending);
        await tracer?.stop();
      },
      health: async () => healthOf({ stack, registered: registrations.state(), ofTrunks: ways.view() }),
    },
    adopt: (dialogId, ended) => stack.adopt(dialogId, ended),
    trunkStates: () => trunkStates({ trunks: deps.trunks().trunks(), ways: ways.view(), registrations: registrations.view(), load }),
    dialler: createDialler({
      trunk: (trunkId) => deps.trunks().trunk(trunkId),
      redeem: deps.redeem,
      notSent: deps.notSent,
      isProvable,
      ways,
      load,
      send: (one) => stack.dial(one),
      onAnsweredLate: deps.onAnsweredLate,
      onSent: (sipCallId, permit) => tracer?.leaving(sipCallId, permit, permit.trunkId),
      log,
    }),
  };
}

/** Which addresses of the carriers answer: as they say themselves, and as earlier processes knew. */
const waysOf = (
  { trunks, names = createDnsNames(), wayMemory, nowMs, log }: SignallingDependencies & { readonly nowMs: () => number },
  ask: (uri: string, withinMs: number) => Promise<number | undefined>,
) => createWays({ trunks: () => trunks().trunks(), locator: createLocator({ names, nowMs, log }), ask, memory: wayMemory, nowMs, log });

/** Problems with the SIP server and the carriers, and the state that a page shows. */
function healthOf({
  stack: { connected, dialogs, foreignRequests },
  registered,
  ofTrunks,
}: {
  readonly stack: Pick<ReturnType<typeof createDrachtioStack>, 'connected' | 'dialogs' | 'foreignRequests'>;
  readonly registered: ReturnType<ReturnType<typeof createRegistrations>['state']>;
  readonly ofTrunks: ReturnType<ReturnType<typeof createWays>['view']>;
}): Health {
  const silent = Object.values(ofTrunks).some((all) => all.length > 0 && all.every(({ state }) => state === 'down'));
  const reasons = [
    !connected && 'the SIP server is not reachable',
    Object.values(registered).some((state) => state !== 'registered') && 'a carrier does not accept the registration of its trunk',
    silent && 'a carrier does not answer at any address of its trunk',
  ];
  const reason = reasons.find((text) => text !== false);
  return {
    ok: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    facts: { dialogs, foreignRequests, registrations: registered, ways: ofTrunks },
  };
}
