import type { Principal } from '../shared/domain/rights.js';

/** The person behind a token whose session is alive. */
export interface WhoIs {
  (token: string): Promise<Principal | undefined>;
}
