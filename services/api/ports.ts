import type { AgentHelp } from '../shared/contracts/queues/board.js';
import type { WallRow } from '../shared/contracts/queues/wall.js';
import type { Intervention, ListeningReason } from '../shared/domain/calls/listening.js';
import type { Principal } from '../shared/domain/people/rights.js';
import type { CallId } from '../shared/domain/ids.js';

/** The person behind a token whose session is alive. */
export interface WhoIs {
  (token: string): Promise<Principal | undefined>;
}

/** The rules by which a supervisor gets into a call. `from`: the address of the page. */
export interface Listening {
  intervene(request: {
    readonly callId: CallId;
    readonly listenerId: string;
    readonly mode: Intervention;
    readonly reason?: ListeningReason | undefined;
    readonly note: string;
    readonly from: string;
  }): Promise<void>;
  leave(request: { readonly callId: CallId; readonly listenerId: string; readonly from: string }): Promise<void>;
}

/** The open requests for help, by agent. */
export type OpenHelp = () => ReadonlyMap<string, AgentHelp>;

/** A wall that may be shown now; only its owner knows more about it. */
export interface OpenWall {
  readonly wallId: string;
}

export interface Walls<W extends OpenWall = OpenWall> {
  /** The wall behind a token, with the rights and the scope that its maker has now; undefined when it may not be shown now. */
  find(token: string): Promise<W | undefined>;
  /**
   * Whether a token belongs to the address of a wall, as the addresses were a few seconds ago: many tokens cost the store no more queries
   * than one.
   */
  isInUse(token: string): Promise<boolean>;
  /** The rows that the walls show now, in the order of the walls. */
  read(walls: readonly W[]): Promise<readonly (readonly WallRow[])[]>;
}
