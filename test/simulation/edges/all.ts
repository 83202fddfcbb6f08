import { admission } from './admission.js';
import { carrierDialog } from './carrier-dialog.js';
import { customers } from './customers.js';
import type { Edge } from './edge.js';
import { infoDigits } from './info-digits.js';
import { nightOfKeeping } from './night-of-keeping.js';

export const edges: readonly Edge[] = [nightOfKeeping, carrierDialog, infoDigits, admission, customers];
