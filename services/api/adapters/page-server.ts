import type { Server, Socket } from 'socket.io';
import type { Ack, FromPage, ToPage } from '../../shared/contracts/calls/seat-socket.js';
import type { Principal } from '../../shared/domain/people/rights.js';

export type PageServer = Server<
  Record<FromPage, (payload: unknown, ack?: (answer: Ack) => void) => void>,
  ToPage,
  Record<string, never>,
  PageData
>;
export type PageSocket = Socket<
  Record<FromPage, (payload: unknown, ack?: (answer: Ack) => void) => void>,
  ToPage,
  Record<string, never>,
  PageData
>;

export interface PageData {
  principal: Principal;
  /** The address of the client, for the audit log. */
  from: string;
  /** Set once the page has taken the seat. */
  seat?: boolean;
}
