import { z } from 'zod';
import { roles } from '../domain/people/rights.js';
import { UserId } from './ids.js';

export const SignIn = z.object({
  name: z.string().trim().min(1).max(64),
  password: z.string().min(1).max(256),
  /** Six digits of the authenticator, or a recovery code. Requested by `totp-required`. */
  code: z.string().max(32).optional(),
});
export type SignIn = z.infer<typeof SignIn>;

/** The account as its owner and the pages see it. */
export const Profile = z.object({
  userId: UserId,
  name: z.string(),
  displayName: z.string(),
  roles: z.array(z.enum(roles)),
  rights: z.array(z.string()),
  mustChangePassword: z.boolean(),
  totpEnrolled: z.boolean(),
  /** The second factor must be set up before anything else. */
  mustSetUpTotp: z.boolean(),
  /** The second factor is missing, which is tolerated until this time. */
  totpGraceUntil: z.iso.datetime().optional(),
  /** The page signs out after this time without activity of the person. */
  idleMs: z.int().positive(),
  /** The zone of the site (IANA). Pages show times and count days in it, as documents do. */
  siteZone: z.string(),
  /** What others did to the account, or asked to do, and the person has not seen yet. */
  notices: z.array(
    z.object({ at: z.iso.datetime(), what: z.enum(['roles', 'reset', 'confirm', 'grants']), done: z.boolean(), byName: z.string() }),
  ),
  /** The scope of the account. An empty list restricts nothing. */
  scope: z.object({
    queues: z.array(z.string()),
    clientUnits: z.array(z.string()),
    sites: z.array(z.string()),
    teams: z.array(z.string()).optional(),
  }),
  /** The names of the person's team; missing without one. */
  team: z.object({ id: z.string(), name: z.object({ 'zh-CN': z.string(), en: z.string().optional() }) }).optional(),
});
export type Profile = z.infer<typeof Profile>;

/** The refresh token travels only in an http-only, same-site cookie. */
export const SignedIn = z.object({ accessToken: z.string(), expiresAt: z.iso.datetime(), profile: Profile });
export type SignedIn = z.infer<typeof SignedIn>;

/** The credentials of a seat's SIP session. They live as long as the sign-in and are useless elsewhere. */
export const SeatCredential = z.object({
  username: z.string(),
  password: z.string(),
  realm: z.string(),
  /** `wss://` of this origin with a ticket for one connection. Every connection needs its own ticket. */
  webSocketUrl: z.string(),
  /** The address that the seat invites, `sip:seat@...`. */
  target: z.string(),
  codec: z.enum(['pcma', 'opus']),
});
export type SeatCredential = z.infer<typeof SeatCredential>;
