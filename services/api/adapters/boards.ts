import type { AgentRow, BoardName, BoardRows } from '../../shared/contracts/board.js';
import type { CommandBus, LiveCall } from '../../shared/contracts/commands.js';
import { boardDifference, type BoardChange, type BoardPicture } from '../../shared/domain/board.js';
import type { Clock } from '../../shared/domain/clock.js';
import { isPerson } from '../../shared/domain/proof.js';
import { withinScope } from '../../shared/domain/rights.js';
import type { EventOf } from '../../shared/events/catalogue.js';
import type { PageServer, PageSocket } from './page-server.js';

/** An empty change says that the board is alive; a page that hears nothing for ten seconds shows its rows in grey. */
const BEAT_MS = 4_000;
/** What a seat measured is of the call that goes on for so long. */
const QUALITY_MS = 10_000;

interface Board<Row> {
  readonly idOf: (row: Row) => string;
  readonly queuesOf: (row: Row) => readonly string[];
  readonly read: () => Promise<readonly Row[]>;
}

/** Those who see the same part of a board: they share one picture, one version and one difference. */
interface Audience<Row> {
  readonly room: string;
  readonly sees: (row: Row) => boolean;
  version: number;
  rows: ReadonlyMap<string, Row>;
  sentAtMs: number;
}

export interface LiveBoards {
  /** The picture as it is now; what changes from then on is sent to the page. */
  follow<N extends BoardName>(socket: PageSocket, name: N): Promise<BoardPicture<BoardRows[N]>>;
  leave(socket: PageSocket, name: BoardName): Promise<void>;
  measured(sample: EventOf<'seat.quality'>): void;
  /** Sends what became different to those who follow. */
  publish(): Promise<void>;
}

/** The live boards of queues and agents: each page is sent the part that its person sees, once, and then what changes. */
export function createBoards({
  io,
  commands,
  clock,
}: {
  readonly io: PageServer;
  readonly commands: CommandBus;
  readonly clock: Clock;
}): LiveBoards {
  const qualities = new Map<string, EventOf<'seat.quality'> & { readonly heardAtMs: number }>();

  function qualityOf(agentId: string): Pick<AgentRow, 'quality'> {
    const sample = qualities.get(agentId);
    if (sample === undefined || clock.nowMs() - sample.heardAtMs > QUALITY_MS) return {};
    const { mos, lossPercent } = sample;
    return { quality: { lossPercent: Math.round(lossPercent), ...(mos === undefined ? {} : { mos: Math.round(mos * 10) / 10 }) } };
  }

  async function agentRows(): Promise<AgentRow[]> {
    const [agents, calls] = await Promise.all([commands.send('agents.list', {}), commands.send('calls.live', {})]);
    const byId = new Map(calls.map((call) => [call.callId, call]));
    return agents
      .filter(({ agentId }) => isPerson(agentId))
      .map((agent) => {
        const call = byId.get(agent.callId ?? '');
        return { ...agent, ...(call === undefined ? {} : { call: shownOf(call), ...qualityOf(agent.agentId) }) };
      });
  }

  const boards: { readonly [N in BoardName]: ReturnType<typeof createBoard<BoardRows[N]>> } = {
    'board:queues': createBoard({ io, clock }, 'board:queues', {
      idOf: ({ queueId }) => queueId,
      queuesOf: ({ queueId }) => [queueId],
      read: () => commands.send('queues.list', {}),
    }),
    'board:agents': createBoard({ io, clock }, 'board:agents', {
      idOf: ({ agentId }) => agentId,
      queuesOf: ({ queues }) => queues,
      read: agentRows,
    }),
  };
  let publishing = false;

  return {
    follow: (socket, name) => boards[name].follow(socket),
    leave: async (socket, name) => boards[name].leave(socket),
    measured(sample) {
      qualities.set(sample.agentId, { ...sample, heardAtMs: clock.nowMs() });
    },
    async publish() {
      if (publishing) return;
      publishing = true;
      try {
        // One board whose owner is away does not hold up the other.
        const [queues, agents] = await Promise.allSettled([boards['board:queues'].publish(), boards['board:agents'].publish()]);
        for (const each of [queues, agents]) if (each.status === 'rejected') throw each.reason;
      } finally {
        publishing = false;
      }
    },
  };
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

function createBoard<Row extends object>(
  { io, clock }: { readonly io: PageServer; readonly clock: Clock },
  name: BoardName,
  { idOf, queuesOf, read }: Board<Row>,
) {
  const audiences = new Map<string, Audience<Row>>();

  function audienceOf({ data }: PageSocket): Audience<Row> {
    const { queues } = data.principal.scope;
    const room = `${name}:${JSON.stringify([...queues].sort())}`;
    let found = audiences.get(room);
    if (found === undefined) {
      const sees = (row: Row): boolean => queues.length === 0 || queuesOf(row).some((queueId) => withinScope(queues, queueId));
      audiences.set(room, (found = { room, sees, version: 0, rows: new Map(), sentAtMs: 0 }));
    }
    return found;
  }

  function renew(audience: Audience<Row>, all: readonly Row[]): void {
    const rows = new Map(all.filter(audience.sees).map((row) => [idOf(row), row]));
    const { put, gone } = boardDifference(audience.rows, rows);
    if (put.length + gone.length === 0 && clock.nowMs() - audience.sentAtMs < BEAT_MS) return;
    audience.rows = rows;
    audience.version += 1;
    audience.sentAtMs = clock.nowMs();
    const change: BoardChange = { version: audience.version, put, gone };
    io.to(audience.room).emit(name, change);
  }

  return {
    async follow(socket: PageSocket): Promise<BoardPicture<Row>> {
      const all = await read();
      const audience = audienceOf(socket);
      renew(audience, all);
      await socket.join(audience.room);
      return { version: audience.version, rows: [...audience.rows.values()] };
    },
    leave: async (socket: PageSocket): Promise<void> => socket.leave(audienceOf(socket).room),
    async publish(): Promise<void> {
      for (const { room } of audiences.values()) if ((io.sockets.adapter.rooms.get(room)?.size ?? 0) === 0) audiences.delete(room);
      if (audiences.size === 0) return;
      const all = await read();
      for (const audience of audiences.values()) renew(audience, all);
    },
  };
}
