import { admission } from './admission.js';
import { backups } from './backups/backups.js';
import { carrierDialog } from './carrier-dialog.js';
import { customers } from './customers.js';
import type { Edge } from './edge.js';
import { infoDigits } from './info-digits.js';
import { nightOfKeeping } from './night-of-keeping.js';
import { relays } from './relays/relays.js';
import { standby } from './standby/standby.js';

/** The newest last: each draws its randomness after those before it. */
export const edges: readonly Edge[] = [nightOfKeeping, carrierDialog, infoDigits, admission, customers, standby, backups, relays];
