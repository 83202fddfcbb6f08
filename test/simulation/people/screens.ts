import type { WallPage, WallShow } from '../../../services/api/adapters/wall-show.js';
import type { ThresholdMark } from '../../../services/shared/contracts/queues/threshold.js';
import type { AgentRow, BoardName } from '../../../services/shared/contracts/queues/board.js';
import type { QueueSnapshot } from '../../../services/shared/contracts/calls/commands.js';
import { WALL_OVER } from '../../../services/shared/contracts/queues/wall.js';
import { boardAfter, type BoardChange, type BoardPicture } from '../../../services/shared/domain/board.js';
import { afterChange, afterEnd, afterPicture, newWall, type WallState } from '../../../web-agent/src/screens/wall/wall-state.js';
import { WALL_TOKEN } from '../models/chats.js';
import type { ApiRole } from '../roles/api.js';
import type { World } from '../world.js';

const AGAIN_MS = 1_000;
/** A screen whose address is not in use asks again once a minute (docs/adr/0074). */
const AFTER_END_MS = 60_000;
const followed = ['board:agents', 'board:queues', 'board:thresholds'] as const;
type Row = AgentRow | QueueSnapshot | ThresholdMark;
const idOf = (row: Row): string => ('agentId' in row ? row.agentId : 'queueId' in row ? row.queueId : row.thresholdId);

/** A page that shows the boards alone, without a seat. Written after web-agent/src/session/boards.ts. */
export class BoardPage {
  readonly rows = new Map<BoardName, Map<string, Row>>();
  readonly #versions = new Map<string, number>();
  #opened = 0;
  /** The call whose page is open beside the boards, and since when. */
  followed: { readonly callId: string; readonly sinceMs: number } | undefined;
  #connected: { readonly gateway: ApiRole; readonly face: Parameters<ApiRole['ask']>[0] } | undefined;

  constructor(
    private readonly world: World,
    readonly userId: string,
  ) {
    this.#open();
  }

  agents(): readonly AgentRow[] | undefined {
    return this.#of('board:agents') as AgentRow[] | undefined;
  }
  queues(): readonly QueueSnapshot[] | undefined {
    return this.#of('board:queues') as QueueSnapshot[] | undefined;
  }
  marks(): readonly ThresholdMark[] | undefined {
    return this.#of('board:thresholds') as ThresholdMark[] | undefined;
  }
  #of(name: BoardName): Row[] | undefined {
    const rows = this.rows.get(name);
    return rows === undefined ? undefined : [...rows.values()];
  }

  #open(): void {
    const { world } = this;
    const { gateway } = world.gateway;
    if (gateway === undefined) {
      world.scheduler.after(AGAIN_MS, () => this.#open());
      return;
    }
    const id = `board-${this.userId}-${(this.#opened += 1)}`;
    const face = gateway.connect({
      id,
      data: { principal: world.staff.principalOf(this.userId), from: '' },
      receive: (name, payload) => {
        if (name === 'fact') world.notes.isTold({ userId: this.userId, as: 'page' }, payload);
        const board = followed.find((each) => each === name);
        if (board !== undefined) this.#change(gateway, face, board, payload as BoardChange);
      },
      dropped: () => {
        this.rows.clear();
        this.followed = undefined;
        this.#connected = undefined;
        world.scheduler.after(AGAIN_MS, () => this.#open());
      },
    });
    this.#connected = { gateway, face };
    for (const name of followed) if (name !== 'board:thresholds' || world.thresholds.areUsed) this.#read(gateway, face, name);
  }

  /** Opens the page of a call. */
  async follow(callId: string): Promise<void> {
    const connected = this.#connected;
    this.followed = undefined;
    const ack = await connected?.gateway.ask(connected.face, 'call:follow', { callId, on: true });
    if (ack?.ok === true && connected === this.#connected) this.followed = { callId, sinceMs: this.world.scheduler.nowMs };
  }

  #read(gateway: ApiRole, face: Parameters<ApiRole['ask']>[0], name: BoardName): void {
    void gateway.ask(face, name, { on: true }).then((ack) => {
      if (ack.ok) this.#picture(name, ack.data as BoardPicture<Row>);
      else if (gateway.process.alive) this.world.scheduler.after(AGAIN_MS, () => this.#read(gateway, face, name));
    });
  }

  #picture(name: BoardName, { version, rows }: BoardPicture<Row>): void {
    this.rows.set(name, new Map(rows.map((row) => [idOf(row), row])));
    this.#versions.set(name, version);
  }

  #change(gateway: ApiRole, face: Parameters<ApiRole['ask']>[0], name: BoardName, change: BoardChange): void {
    const version = this.#versions.get(name) ?? 0;
    if (change.version === version + 1) {
      this.rows.set(name, boardAfter(this.rows.get(name) ?? new Map<string, Row>(), change));
      this.#versions.set(name, change.version);
    } else if (change.version !== version) this.#read(gateway, face, name);
  }
}

/** A screen in the hall that nobody touches and that recovers by itself. Its state is the product's own (web-agent/src/screens/wall). */
export class WallScreen {
  state: WallState = newWall;
  #show: { readonly show: WallShow; readonly gateway: ApiRole } | undefined;
  #page: WallPage | undefined;
  #notBeforeMs = 0;

  constructor(private readonly world: World) {
    this.#look();
  }

  get isUp(): boolean {
    return this.#page !== undefined && this.#show?.gateway.process.alive === true;
  }

  #look(): void {
    const { world } = this;
    world.scheduler.after(AGAIN_MS, () => {
      this.#look();
      const { gateway } = world.gateway;
      const isShown = this.#page !== undefined && this.#show?.gateway === gateway;
      if (gateway === undefined || isShown || world.scheduler.nowMs < this.#notBeforeMs) return;
      this.#enter(gateway);
    });
  }

  #enter(gateway: ApiRole): void {
    const show = gateway.walls;
    const page: WallPage = {
      from: 'hall',
      picture: (picture) => this.#told(page, (state) => afterPicture(state, picture, this.world.scheduler.nowMs)),
      change: (change) => this.#told(page, (state) => afterChange(state, change, this.world.scheduler.nowMs)),
      over: () => this.#told(page, afterEnd),
    };
    this.#page = page;
    this.#show = { show, gateway };
    void show.enter(WALL_TOKEN, page).then((refusal) => {
      if (refusal === undefined || this.#page !== page) return;
      if (refusal === WALL_OVER) this.#over();
      this.#page = undefined;
    });
  }

  #over(): void {
    this.state = afterEnd(this.state);
    this.#notBeforeMs = this.world.scheduler.nowMs + AFTER_END_MS;
  }

  /** What is on its way when the process dies comes too late. */
  #told(page: WallPage, act: (state: WallState) => WallState | undefined): void {
    this.world.scheduler.after(this.world.latency(), () => {
      if (this.#page !== page) return;
      const next = act(this.state);
      this.state = next ?? newWall;
      if (next === undefined || next.over) {
        if (next !== undefined) this.#over();
        this.#show?.show.leave(page);
        this.#page = undefined;
      }
    });
  }
}
