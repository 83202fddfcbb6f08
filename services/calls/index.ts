import type { Service } from '../shared/platform/processes/service.js';
import { createArriving } from './running/arriving.js';
import { callCommands } from './call-commands.js';
import { createCallParts, type CallsDependencies } from './running/call-parts.js';
import { createCallsService } from './calls-service.js';
import type { createDirectory } from './numbers/directory.js';
import { createLeaderFence } from './leader-fence.js';
import { followMedia } from './media/media-news.js';
import type { IncomingCall, IncomingSeat } from './ports.js';
import { createTakingOver } from './running/taking-over.js';
import { createTestKeys } from './dialling/test-keys.js';

export type { CallMedia, Dialler, IncomingCall, IncomingSeat, Leg, LeavingGate, OutgoingLeg, RecordingLedger } from './ports.js';
export { createCallsPlatform } from './adapters/platform.js';
export { createCallRoutes } from './http.js';
export { createCallReach } from './records/call-reach.js';
export { createCallNotesErasure } from './adapters/mongo-notes.js';
export { createCallExport } from './records/call-export.js';
export { rehashedCalls, respellListedCallers } from './adapters/number-forms.js';
export { seedCalls } from './adapters/seed.js';
export { createNumberStore, type NumberStore } from './adapters/mongo-numbers.js';
export { waysOutOf } from './numbers/directory.js';

export interface Calls {
  readonly service: Service;
  /** Called by signalling for each call that it let in. */
  invited(incoming: IncomingCall): Promise<void>;
  seatInvited(incoming: IncomingSeat): Promise<void>;
  /**
   * Once signalling is connected, before anything else: continues what an earlier process left. Commands are answered from then on. False
   * when what was left could not be read.
   */
  takeUp(): Promise<boolean>;
  /** Another process continues the calls: no new ones are taken, and each is brought to a state in which it can be taken over. */
  leave(): Promise<void>;
  readonly directory: ReturnType<typeof createDirectory>;
}

/** The life of calls: decides, and tells signalling and media what to do. */
export function createCalls(deps: CallsDependencies): Calls {
  const { media, commands, log } = deps;
  const { clock, newId, liveState, expectedTests } = deps.platform;
  const testKeys = createTestKeys();
  const { nowMs, after: later } = clock;
  const parts = createCallParts(deps);
  const { outbox, directory, calendar, seats, occupations, ear, director, controller } = parts;
  const { adoptDialog, siteTimeZone } = deps;
  const takeOver = createTakingOver({ media, director, controller, seats, liveState, adoptDialog, outbox, later, nowMs, log });
  const arrive = createArriving({ directory, calendar, siteTimeZone, controller, expectedTests, newId, nowMs, log });
  const running = createCallsService(deps, parts);
  followMedia(deps, { controller, seats, ear, director, testKeys, log });

  return {
    directory,
    service: running.service,
    async invited(incoming) {
      await (running.isClosed() ? incoming.refuse('service-unavailable') : arrive(incoming));
    },
    seatInvited: (incoming) => seats.invited(incoming),
    async takeUp() {
      const isRead = await takeOver();
      // An order that the process before would have refused is refused by this one too.
      const fence = createLeaderFence(await liveState.routingToken().catch(() => 0));
      // Not earlier: a command about a call that is still to be taken over would find it missing and treat it as ended.
      running.atEnd(
        await commands.serve(
          callCommands({
            controller,
            seats,
            media,
            directory,
            outbound: deps.outbound,
            occupations,
            commands,
            status: running.status,
            readAgain: running.readAgain,
            recordOf: deps.platform.recordOf,
            hashNumber: deps.hashNumber,
            newId,
            expectedTests,
            fence,
            testKeys,
            isClosed: running.isClosed,
            nowMs,
          }),
        ),
      );
      return isRead;
    },
    leave: running.leave,
  };
}
