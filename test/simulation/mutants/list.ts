import { carriers } from './carriers.js';
import { customers } from './customers.js';
import { besides } from './edges.js';
import { flow } from './flow.js';
import { hearing } from './hearing.js';
import { help } from './help.js';
import { notes } from './notes.js';
import { outbound } from './outbound.js';
import { pages } from './pages.js';
import { parties } from './parties.js';
import { recording } from './recording.js';
import { records } from './records.js';
import { routing } from './routing.js';
import { relayFaults } from './relays.js';
import { besideOthers } from './standby.js';
import { supervision } from './supervision.js';
import { survival } from './survival.js';
import { thresholds } from './thresholds.js';
import type { Mutant } from './mutant.js';

/** The faults that are put back, one at a time. Each was in the product once, or would be the loss of one of its guards. */
export const mutants: readonly Mutant[] = [
  ...hearing,
  ...parties,
  ...flow,
  ...records,
  ...recording,
  ...outbound,
  ...carriers,
  ...help,
  ...supervision,
  ...routing,
  ...pages,
  ...survival,
  ...besides,
  ...customers,
  ...notes,
  ...thresholds,
  ...besideOthers,
  ...relayFaults,
];
