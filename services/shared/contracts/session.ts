import { z } from 'zod';
import { roles } from '../domain/people/rights.js';

export const SignIn = z.object({
  name: z.string().trim().min(1).max(64),
  password: z.string().min(1).max(256),
  /** Six digits of the authenticator, or a recovery code; asked for by `totp-required`. */
  code: z.string().max(32).optional(),
});
export type SignIn = z.infer<typeof SignIn>;

/** The account as its owner and the pages see it. */
export const Profile = z.object({
  userId: z.string(),
  name: z.string(),
  displayName: z.string(),
  roles: z.array(z.enum(roles)),
  rights: z.array(z.string()),
  mustChangePassword: z.boolean(),
  totpEnrolled: z.boolean(),
  /** The second factor has to be set up before anything else can be done. */
  mustSetUpTotp: z.boolean(),
  /** The second factor is missing, and until then that is let pass. */
  totpGraceUntil: z.iso.datetime().optional(),
  /** Without a movement of the person for so long, the page signs out. */
  idleMs: z.int().positive(),
  /** The site's zone (IANA): pages show times and count days in it, as documents do. */
  siteZone: z.string(),
  /** What others did with the account, or ask to do, that the person has not seen yet. */
  notices: z.array(z.object({ at: z.iso.datetime(), what: z.enum(['roles', 'reset', 'confirm']), done: z.boolean(), byName: z.string() })),
  /** What the account is restricted to; an empty list does not restrict. */
  scope: z.object({
    queues: z.array(z.string()),
    clientUnits: z.array(z.string()),
    sites: z.array(z.string()),
    teams: z.array(z.string()).optional(),
  }),
  /** The team of the person, by its names; none of whoever is in none. */
  team: z.object({ id: z.string(), name: z.object({ 'zh-CN': z.string(), en: z.string().optional() }) }).optional(),
});
export type Profile = z.infer<typeof Profile>;

/** The refresh token travels only in an http-only, same-site cookie. */
export const SignedIn = z.object({ accessToken: z.string(), expiresAt: z.iso.datetime(), profile: Profile });
export type SignedIn = z.infer<typeof SignedIn>;

/** What a seat needs for its SIP session: lives as long as the sign-in and is worth nothing elsewhere. */
export const SeatCredential = z.object({
  username: z.string(),
  password: z.string(),
  realm: z.string(),
  /** `wss://` of this origin with a ticket for one connection: every connection needs a credential of its own. */
  webSocketUrl: z.string(),
  /** The address that the seat invites, `sip:seat@...`. */
  target: z.string(),
  codec: z.enum(['pcma', 'opus']),
});
export type SeatCredential = z.infer<typeof SeatCredential>;

/** Each error of the HTTP interface. `code` is a FailureCode. */
export const Problem = z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() });
export type Problem = z.infer<typeof Problem>;
