import type { AgentHelp } from '../shared/contracts/board.js';
import type { Intervention, ListeningReason } from '../shared/domain/listening.js';
import type { Principal } from '../shared/domain/rights.js';

/** The person behind a token whose session is alive. */
export interface WhoIs {
  (token: string): Promise<Principal | undefined>;
}

/** By which rule a supervisor gets into a call. `from`: the address of the page. */
export interface Listening {
  intervene(request: {
    readonly callId: string;
    readonly listenerId: string;
    readonly mode: Intervention;
    readonly reason?: ListeningReason | undefined;
    readonly note: string;
    readonly from: string;
  }): Promise<void>;
  leave(request: { readonly callId: string; readonly listenerId: string; readonly from: string }): Promise<void>;
}

/** The open requests for help, by agent. */
export type OpenHelp = () => ReadonlyMap<string, AgentHelp>;
