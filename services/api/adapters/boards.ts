import type { AgentHelp, AgentRow, BoardName, BoardRows } from '../../shared/contracts/queues/board.js';
import type { AgentSnapshot, CommandBus, LiveCall, QueueSnapshot } from '../../shared/contracts/calls/commands.js';
import type { ThresholdMark } from '../../shared/contracts/queues/threshold.js';
import type { ScopeRow } from '../../shared/contracts/queues/scope-row.js';
import { scopeBoards, type ScopeBoardName } from '../../shared/domain/figures/scope-rows.js';
import { boardDifference, type BoardChange, type BoardPicture } from '../../shared/domain/board.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import { isPerson } from '../../shared/domain/proof.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import type { EventOf } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { PlaceReach } from '../../shared/platform/reach/place-reach.js';
import { isScoped, teamsOf, withinReach, type ReachOf } from '../../shared/platform/reach/reach.js';
import { withChannels } from '../../shared/platform/events/trunk-channels.js';
import { createRowReach } from '../../shared/platform/reach/row-reach.js';
import type { OpenHelp } from '../ports.js';
import { createMissedRings } from './missed-rings.js';
import { createQualities, type MeasuredLine } from './board-quality.js';
import type { PageServer, PageSocket } from './page-server.js';
import type { UserId } from '../../shared/domain/ids.js';

/** An empty change means that the board is alive. A page without news for ten seconds shows its rows in grey. */
const BEAT_MS = 4_000;

/** How often the reach of a scope is computed again: queues and numbers move between clients. */
const VIEW_MS = 2_000;
/** If telephony does not answer by then, the agents have no calls in this turn. */
const CALLS_WITHIN_MS = 1_000;

/** The part of a board item that a person sees; undefined when it lies outside the scope. */
type View<Item, Row> = (item: Item) => Row | undefined;

interface Board<Item, Row> {
  readonly idOf: (row: Row) => string;
  readonly read: () => Promise<readonly Item[]>;
  /** Returns the same text for everybody with the same scope. */
  readonly viewOf: (principal: Principal) => Promise<View<Item, Row>>;
  /** Fields of a row that are hidden from some readers of the shared board. */
  readonly personal?: PersonalView<Row>;
}

interface PersonalView<Row> {
  /** Whether these fields of a row contain anything that is hidden from somebody. */
  readonly concerns: (fields: object) => boolean;
  /** The fields as a person sees them; `own` is that person's row, if there is one. */
  readonly shown: <F extends object>(fields: F, id: string, userId: UserId, own: Row | undefined) => F;
}

/** Readers with the same scope. They share one set of rows, one version and one change. */
interface Audience<Item, Row> {
  readonly room: string;
  view: Promise<View<Item, Row>> | undefined;
  viewedAtMs: number;
  /** Any of them. */
  readonly principal: Principal;
  publishing: boolean;
  version: number;
  rows: ReadonlyMap<string, Row>;
  sentAtMs: number;
}

/** An agent with the open request for help, and the agent's call when telephony has reported it. */
interface SeatedAgent {
  readonly agent: AgentSnapshot;
  readonly call: LiveCall | undefined;
  readonly help: AgentHelp | undefined;
  readonly missed: number;
}

export interface LiveBoards {
  /** The current rows; later changes are sent to the page. */
  follow<N extends BoardName>(socket: PageSocket, name: N): Promise<BoardPicture<BoardRows[N]>>;
  leave(socket: PageSocket, name: BoardName): Promise<void>;
  measured(sample: EventOf<'seat.quality'>): void;
  lineMeasured(side: MeasuredLine): void;
  rang(event: EventOf<'call.offer-ended'>): void;
  /** Sends the changes to the followers. */
  publish(): Promise<void>;
}

export interface BoardsDependencies {
  readonly io: PageServer;
  readonly commands: CommandBus;
  readonly places: Pick<PlaceReach, 'agents' | 'queues'>;
  readonly reachOf: ReachOf;
  readonly openHelp: OpenHelp;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The live boards of queues and agents. Each page gets the part that its person may see, once, and then the changes. */
export function createBoards({ io, commands, places, reachOf, openHelp, clock, log }: BoardsDependencies): LiveBoards {
  const missed = createMissedRings(() => clock.nowMs());
  const qualities = createQualities(() => clock.nowMs());

  async function liveCalls(): Promise<readonly LiveCall[]> {
    return commands.send('calls.live', {}, { timeoutMs: CALLS_WITHIN_MS }).catch((error: unknown) => {
      log.debug({ err: error }, 'agents are shown without their calls');
      return [];
    });
  }

  async function seatedAgents(): Promise<readonly SeatedAgent[]> {
    const [agents, calls] = await Promise.all([commands.send('agents.list', {}), liveCalls()]);
    const byId = new Map(calls.map((call) => [call.callId, call]));
    const helps = openHelp();
    return agents
      .filter(({ agentId }) => isPerson(agentId))
      .map((agent) => ({
        agent,
        call: byId.get(agent.callId ?? ''),
        help: helps.get(agent.agentId),
        missed: missed.of(agent.agentId),
      }));
  }

  const rowOf = ({ agent, call, help, missed: rings }: SeatedAgent): AgentRow => ({
    ...agent,
    ...(rings === 0 ? {} : { missed: rings }),
    ...(help === undefined ? {} : { help }),
    ...(call === undefined ? {} : { call: shownOf(call), ...qualities.of(agent.agentId, call.callId) }),
  });

  /** Agents of the person's queues and teams, with the calls that `GET /calls/live` would show; without a scope, everybody. */
  async function agentView(principal: Principal): Promise<View<SeatedAgent, AgentRow>> {
    if (!isScoped(principal)) return rowOf;
    const [isOwn, isSeen, reach] = await Promise.all([places.queues(principal, 'read'), places.agents(principal), reachOf(principal)]);
    return ({ agent, call, help, missed: rings }) => {
      if (!isSeen(agent)) return undefined;
      const queues = agent.queues.filter(isOwn);
      if (call !== undefined && withinReach(reach, call)) return rowOf({ agent: { ...agent, queues }, call, help, missed: rings });
      // A call that has ended, or is unknown now, may have belonged to another client.
      const { callId: _call, undisposedCallId: _undisposed, ...rest } = agent;
      return rowOf({ agent: { ...rest, queues }, call: undefined, help, missed: rings });
    };
  }

  const boards = {
    'board:queues': createBoard<QueueSnapshot, BoardRows['board:queues']>({ io, clock }, 'board:queues', {
      idOf: ({ queueId }) => queueId,
      read: () => commands.send('queues.list', {}),
      async viewOf(principal) {
        const isOwn = await places.queues(principal, 'read');
        return (queue) => (isOwn(queue.queueId) ? queue : undefined);
      },
    }),
    'board:agents': createBoard<SeatedAgent, BoardRows['board:agents']>({ io, clock }, 'board:agents', {
      idOf: ({ agentId }) => agentId,
      read: seatedAgents,
      viewOf: agentView,
      personal: withoutOwnListeners,
    }),
    'board:thresholds': createBoard<ThresholdMark, ThresholdMark>({ io, clock }, 'board:thresholds', {
      idOf: ({ thresholdId }) => thresholdId,
      read: () => commands.send('thresholds.list', {}),
      viewOf: (principal) => thresholdView({ places, reachOf }, principal),
    }),
    ...createScopeBoards({ io, clock, commands, reachOf }),
  } satisfies { readonly [N in BoardName]: unknown };
  const following: { readonly [N in BoardName]: Followed<BoardRows[N]> } = boards;

  return {
    follow: (socket, name) => following[name].follow(socket),
    leave: async (socket, name) => following[name].leave(socket),
    measured: (sample) => qualities.ofSeat(sample),
    lineMeasured: (side) => qualities.ofLine(side),
    rang: (event) => missed.heard(event),
    async publish() {
      // A board whose owner is down does not hold up the others.
      await allOf(Object.values(boards).map((board) => board.publish()));
    },
  };
}

/** For a queue, number, client unit or team that the person sees. The whole centre, and single agents, only for people who see everything. */
async function thresholdView(
  { places, reachOf }: Pick<BoardsDependencies, 'places' | 'reachOf'>,
  principal: Principal,
): Promise<View<ThresholdMark, ThresholdMark>> {
  if (!isScoped(principal)) return (mark) => mark;
  const [isOwn, { numbers }] = await Promise.all([places.queues(principal, 'read'), reachOf(principal)]);
  const { clientUnits } = principal.scope;
  return (mark) => {
    const { of, id } = mark.scope;
    const isSeen =
      (of === 'queue' && isOwn(id)) ||
      (of === 'team' && teamsOf(principal).includes(id)) ||
      (of === 'number' && numbers?.includes(id) === true) ||
      (of === 'client-unit' && clientUnits.includes(id));
    return isSeen ? mark : undefined;
  };
}

/** The boards of numbers, trunks, client units, teams and agents. */
function createScopeBoards({ io, clock, commands, reachOf }: Pick<BoardsDependencies, 'io' | 'clock' | 'commands' | 'reachOf'>) {
  const rowReach = createRowReach(reachOf, () => clock.nowMs());
  const board = (name: ScopeBoardName): Followed<ScopeRow> =>
    createBoard<ScopeRow, ScopeRow>({ io, clock }, name, {
      idOf: ({ id }) => id,
      read: async () => withChannels(commands, await commands.send('figures.list', { of: scopeBoards[name] })),
      async viewOf(principal) {
        const isSeen = await rowReach(principal);
        return (row) => (isSeen(row) ? row : undefined);
      },
    });
  return {
    'board:numbers': board('board:numbers'),
    'board:trunks': board('board:trunks'),
    'board:client-units': board('board:client-units'),
    'board:teams': board('board:teams'),
    'board:answering': board('board:answering'),
  } satisfies Readonly<Record<ScopeBoardName, unknown>>;
}

/** Waits for all of them, then fails with the first failure. */
async function allOf(turns: readonly Promise<void>[]): Promise<void> {
  for (const turn of await Promise.allSettled(turns)) if (turn.status === 'rejected') throw turn.reason;
}

const shownOf = ({ callId, state, direction, callerMasked, queueId, heldSince, listeners }: LiveCall): NonNullable<AgentRow['call']> => ({
  callId,
  state,
  direction,
  callerMasked,
  ...(queueId === undefined ? {} : { queueId }),
  ...(heldSince === undefined ? {} : { heldSince }),
  ...(listeners === undefined ? {} : { listeners }),
});

const nothingPersonal = { concerns: () => false, shown: <F>(fields: F): F => fields };

/** On the board, a person in a call does not see who is listening to it: the card of the call shows what the rule allows. */
const withoutOwnListeners: PersonalView<AgentRow> = {
  concerns: (fields) => callIn(fields)?.listeners !== undefined,
  shown(fields, agentId, userId, own) {
    const call = callIn(fields);
    if (call === undefined || (agentId !== userId && call.callId !== own?.callId)) return fields;
    const { listeners: _listeners, ...rest } = call;
    return { ...fields, call: rest };
  },
};

const callIn = (fields: object): AgentRow['call'] => ('call' in fields ? ((fields as Partial<AgentRow>).call ?? undefined) : undefined);

interface Followed<Row> {
  follow(socket: PageSocket): Promise<BoardPicture<Row>>;
  leave(socket: PageSocket): Promise<void>;
  publish(): Promise<void>;
}

function createBoard<Item, Row extends object>(
  { io, clock }: Pick<BoardsDependencies, 'io' | 'clock'>,
  name: BoardName,
  { idOf, read, viewOf, personal = nothingPersonal }: Board<Item, Row>,
): Followed<Row> {
  const audiences = new Map<string, Audience<Item, Row>>();

  function roomOf({ data }: PageSocket): string {
    const { queues, clientUnits, sites, teams = [] } = data.principal.scope;
    return `${name}:${JSON.stringify([queues, clientUnits, sites, teams].map((list) => [...list].sort()))}`;
  }

  function audienceOf(socket: PageSocket): Audience<Item, Row> {
    const room = roomOf(socket);
    const { principal } = socket.data;
    let found = audiences.get(room);
    if (found === undefined) {
      const nowMs = clock.nowMs();
      // Versions begin at the current time, so that a page cannot mistake a change of these rows for one of an earlier set.
      found = {
        room,
        principal,
        view: undefined,
        viewedAtMs: 0,
        publishing: false,
        version: nowMs,
        rows: new Map(),
        sentAtMs: 0,
      };
      audiences.set(room, found);
    }
    return found;
  }

  async function viewNow(audience: Audience<Item, Row>): Promise<View<Item, Row>> {
    if (audience.view === undefined || clock.nowMs() - audience.viewedAtMs >= VIEW_MS) {
      audience.viewedAtMs = clock.nowMs();
      audience.view = viewOf(audience.principal);
    }
    return audience.view;
  }

  /** The current rows within the scope. Existing followers get the changes. */
  async function renew(audience: Audience<Item, Row>, reading: Promise<readonly Item[]>): Promise<void> {
    const [view, all] = await Promise.all([viewNow(audience), reading]);
    const seen = all.flatMap((item) => view(item) ?? []);
    const rows = new Map(seen.map((row) => [idOf(row), row]));
    const { put, gone } = boardDifference(audience.rows, rows);
    if (put.length + gone.length === 0 && clock.nowMs() - audience.sentAtMs < BEAT_MS) return;
    audience.rows = rows;
    audience.version += 1;
    audience.sentAtMs = clock.nowMs();
    publishChange(audience, { version: audience.version, put, gone });
  }

  const shownTo = <F extends object>({ rows }: Audience<Item, Row>, userId: UserId, id: string, fields: F): F =>
    personal.concerns(fields) ? personal.shown(fields, id, userId, rows.get(userId)) : fields;

  /** One change for all readers of the rows, unless some of it is hidden from somebody. */
  function publishChange(audience: Audience<Item, Row>, change: BoardChange): void {
    const { room } = audience;
    if (!change.put.some(([, fields]) => personal.concerns(fields))) {
      io.to(room).emit(name, change);
      return;
    }
    for (const socketId of io.sockets.adapter.rooms.get(room) ?? []) {
      const socket = io.sockets.sockets.get(socketId);
      if (socket === undefined) continue;
      const { userId } = socket.data.principal;
      socket.emit(name, { ...change, put: change.put.map(([id, fields]) => [id, shownTo(audience, userId, id, fields)] as const) });
    }
  }

  async function publishTo(audience: Audience<Item, Row>, reading: Promise<readonly Item[]>): Promise<void> {
    audience.publishing = true;
    await renew(audience, reading).finally(() => (audience.publishing = false));
  }

  return {
    async follow(socket) {
      const audience = audienceOf(socket);
      // Joins before anything is awaited: a page that stops following in the meantime then leaves a room it has already joined.
      await socket.join(audience.room);
      await renew(audience, read());
      const { userId } = socket.data.principal;
      return { version: audience.version, rows: [...audience.rows.values()].map((row) => shownTo(audience, userId, idOf(row), row)) };
    },
    leave: async (socket) => socket.leave(roomOf(socket)),
    async publish() {
      for (const { room } of audiences.values()) if ((io.sockets.adapter.rooms.get(room)?.size ?? 0) === 0) audiences.delete(room);
      // An audience whose scope takes long to compute does not hold up the others.
      const free = [...audiences.values()].filter(({ publishing }) => !publishing);
      if (free.length === 0) return;
      const reading = read();
      await allOf(free.map((audience) => publishTo(audience, reading)));
    },
  };
}
