import { z } from 'zod';
import { numberRuleUses } from '../../domain/numbers/number-rules.js';
import { trunkCodecs } from '../../domain/calls/trunk-codecs.js';

// How the carrier's data sheet treats numbers, identity and codecs where it differs from the product's defaults.

const LONGEST_PREFIX = 12;
const prefix = z.string().regex(/^(?:\+?\d{0,12})?$/);

/** How the carrier writes numbers. For each use, the first rule that fits a number is applied. */
export const NumberRule = z.object({
  use: z.enum(numberRuleUses),
  starts: prefix,
  length: z.int().min(3).max(21).optional(),
  remove: z.int().min(0).max(LONGEST_PREFIX),
  put: prefix,
});

/**
 * How the carrier wants to read the caller of an outbound call. Without it: the number that is shown, at our address, in From and
 * P-Asserted-Identity.
 */
export const TrunkIdentity = z.object({
  /** The user part of From: the number that is shown, or the digest name of the account. */
  user: z.enum(['number', 'account']),
  /** The host in From and in the identity, when the carrier requires its own domain. */
  domain: z
    .string()
    .max(253)
    .regex(/^[\w-]+(?:\.[\w-]+)*$/)
    .optional(),
  /** The header with the number that is shown: P-Asserted-Identity, P-Preferred-Identity (both RFC 3325), or none. */
  header: z.enum(['asserted', 'preferred', 'none']),
  /** A leg that continues a caller's call (transfer, overflow) names our number that the caller had called (RFC 5806). */
  diversion: z.boolean(),
  /**
   * `none` is sent as Privacy to a carrier that asks for the header (RFC 3323). No other value exists: whoever is called must see who calls.
   */
  privacy: z.literal('none').optional(),
});
export type TrunkIdentity = z.infer<typeof TrunkIdentity>;

/** The carrier's echo or test number, as it is dialled. */
export const EchoNumber = z.string().regex(/^\+?[0-9]{3,20}$/);

/** The codecs of a trunk, in order of preference. */
export const TrunkCodecs = z
  .array(z.enum(trunkCodecs))
  .min(1)
  .max(trunkCodecs.length)
  .refine((names) => new Set(names).size === names.length, 'names a codec twice')
  .refine((names) => names.some((name) => name !== 'G729'), 'needs a codec that can be offered');
