import type { Log } from '../log.js';
import type { Flow } from '../transport/flow.js';
import type { TransactionLayer } from '../transaction/layer.js';
import type { Transports } from '../transport/transports.js';
import type { CallRecords, Routes } from './application.js';
import type { Paths } from './paths.js';
import type { Peers } from './peers.js';
import type { ReliableResponses } from './reliable-responses.js';
import type { Sessions } from './session.js';

/** The parts that both sides of the user agent share. */
export interface Stack {
  readonly transactions: TransactionLayer;
  readonly transports: Transports;
  readonly sessions: Sessions;
  readonly paths: Paths;
  readonly peers: Peers;
  /** Somebody other than its peer sent a request in a dialog. */
  readonly foreign: (flow: Flow) => void;
  readonly routes: Routes;
  readonly records: CallRecords;
  readonly reliable: ReliableResponses;
  readonly log: Log;
}
