import { createHash, randomBytes } from 'node:crypto';
import type { WallTokens } from '../ports.js';

const TOKEN_BYTES = 32;

/** With this many random bytes, no slow hash is needed. */
export const wallTokens: WallTokens = {
  make: () => randomBytes(TOKEN_BYTES).toString('base64url'),
  hashOf: (token) => createHash('sha256').update(token).digest('hex'),
};
