import { z } from 'zod';
import { numberRuleUses } from '../../domain/numbers/number-rules.js';
import { trunkCodecs } from '../../domain/calls/trunk-codecs.js';

// What a carrier's sheet says of numbers, identity and codecs, where it differs from what the product does by itself.

const LONGEST_PREFIX = 12;
const prefix = z.string().regex(/^(?:\+?\d{0,12})?$/);

/** How the carrier writes numbers: the first rule of a use that fits a number is applied. */
export const NumberRule = z.object({
  use: z.enum(numberRuleUses),
  starts: prefix,
  length: z.int().min(3).max(21).optional(),
  remove: z.int().min(0).max(LONGEST_PREFIX),
  put: prefix,
});

/** Whom calls out come from, as the carrier wants to read it. Without it: the number shown, at our address, in From and P-Asserted-Identity. */
export const TrunkIdentity = z.object({
  /** Who stands in From: the number shown, or the digest's name of the account. */
  user: z.enum(['number', 'account']),
  /** The host of From and of the identity, where the carrier asks for its own domain. */
  domain: z
    .string()
    .max(253)
    .regex(/^[\w-]+(?:\.[\w-]+)*$/)
    .optional(),
  /** The header with the number shown: P-Asserted-Identity, P-Preferred-Identity (both RFC 3325), or neither. */
  header: z.enum(['asserted', 'preferred', 'none']),
  /** A call that goes on from a caller (transfer, overflow) names the number of ours that the caller had called (RFC 5806). */
  diversion: z.boolean(),
});
export type TrunkIdentity = z.infer<typeof TrunkIdentity>;

/** The codecs that are used on a trunk, in the order of preference. */
export const TrunkCodecs = z
  .array(z.enum(trunkCodecs))
  .min(1)
  .max(trunkCodecs.length)
  .refine((names) => new Set(names).size === names.length, 'names a codec twice')
  .refine((names) => names.some((name) => name !== 'G729'), 'needs a codec that can be offered');
