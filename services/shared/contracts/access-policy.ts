import { z } from 'zod';
import { roles } from '../domain/people/rights.js';

/** A network in CIDR notation (RFC 4632, RFC 4291 section 2.3) or one address. */
export const network = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]);

/** The sign-in policy of the security administrator. A role without a list may sign in from anywhere. */
export const AccessPolicy = z.object({ networks: z.partialRecord(z.enum(roles), z.array(network).max(50)) });
export type AccessPolicy = z.infer<typeof AccessPolicy>;
