/**
 * Every outcome that a caller may act on, with its status at the two edges. The domain never knows a status; `api/` and
 * `signalling/` look it up here, and no status stands as a literal anywhere else.
 */
export const failures = {
  'invalid-request': { http: 400, sip: 400 },
  'not-signed-in': { http: 401, sip: 401 },
  'not-allowed': { http: 403, sip: 403 },
  /** Of the whole site, asked for by somebody whose account is for a part of it. */
  'outside-scope': { http: 403, sip: 403 },
  /** What nobody changes about the own account the way of others; there is a way of its own that asks for what the person has now. */
  'own-account': { http: 403, sip: 403 },
  /** Nobody would be left to administer the site. */
  'last-administrator': { http: 409, sip: 491 },
  /** Who asked, or whom it concerns, does not approve it. */
  'second-person-needed': { http: 403, sip: 403 },
  /** The account is too new, was touched by somebody else too lately, or was confirmed by nobody: its person approves nothing yet. */
  'not-settled': { http: 403, sip: 403 },
  'not-a-sheet': { http: 400, sip: 400 },
  'reason-required': { http: 403, sip: 403 },
  /** The agent has not acknowledged the rule of listening, and the site listens to nobody who has not. */
  'not-acknowledged': { http: 409, sip: 403 },
  /** A bulk export of so many rows has to be asked for, and approved by a second person. */
  'approval-needed': { http: 403, sip: 403 },
  'not-found': { http: 404, sip: 404 },
  'no-such-call': { http: 404, sip: 481 },
  'number-not-in-service': { http: 404, sip: 404 },
  'too-large': { http: 413, sip: 513 },
  'no-common-codec': { http: 422, sip: 488 },
  /** The other side wants its sound at an address where no party can be: this machine, everybody, nobody. */
  'media-address-not-allowed': { http: 422, sip: 488 },
  'wrong-state': { http: 409, sip: 491 },
  'already-exists': { http: 409, sip: 491 },
  /** Asked with `If-None-Match: *` to be made, and there already. */
  'not-new': { http: 412, sip: 412 },
  /** Somebody changed it after it was read. */
  'changed-meanwhile': { http: 409, sip: 491 },
  'below-legal-minimum': { http: 422, sip: 403 },
  'too-many-requests': { http: 429, sip: 503 },
  'queue-full': { http: 503, sip: 480 },
  'no-agent': { http: 503, sip: 480 },
  busy: { http: 503, sip: 486 },
  'seat-lost': { http: 409, sip: 480 },
  'not-supported': { http: 501, sip: 501 },
  /** A stored recording does not have the hash of its record. */
  'recording-damaged': { http: 409, sip: 500 },
  /** A stored file of a case does not have the hash of its record. */
  'file-damaged': { http: 409, sip: 500 },
  /** The recording is shorter than the stored one. */
  'recording-truncated': { http: 409, sip: 500 },
  /** Its object is gone from the store, and nobody has deleted it by a rule. */
  'recording-missing': { http: 410, sip: 500 },
  /** A stored row does not have the shape of its record. */
  'row-damaged': { http: 500, sip: 500 },
  'disk-full': { http: 507, sip: 503 },
  'media-relay-unavailable': { http: 503, sip: 503 },
  'service-unavailable': { http: 503, sip: 503 },
  'timed-out': { http: 504, sip: 408 },
  internal: { http: 500, sip: 500 },
  /** Which rule of calling out refused a call. */
  'outbound-purpose': { http: 403, sip: 403 },
  'outbound-stopped': { http: 403, sip: 403 },
  'outbound-number': { http: 403, sip: 403 },
  'outbound-do-not-call': { http: 403, sip: 403 },
  'outbound-consent': { http: 403, sip: 403 },
  'outbound-hours': { http: 403, sip: 403 },
  'outbound-too-often': { http: 403, sip: 403 },
  'outbound-not-dialable': { http: 403, sip: 403 },
  'outbound-kind': { http: 403, sip: 403 },
  'outbound-destination': { http: 403, sip: 403 },
  'outbound-unproven': { http: 403, sip: 403 },
  'outbound-ceiling': { http: 403, sip: 403 },
} as const satisfies Record<string, { http: number; sip: number }>;

export type FailureCode = keyof typeof failures;

/** An outcome the caller may act on. Anything else thrown is a bug and is answered as `internal`. */
export class CallCentreError extends Error {
  override readonly name = 'CallCentreError';
  constructor(
    readonly code: FailureCode,
    message: string,
    options?: ErrorOptions & { readonly details?: unknown },
  ) {
    super(message, options);
    this.details = options?.details;
  }
  /** Shown to the user: the bad fields of a form, the line of an import, the colleague who was faster. Never data of callers. */
  readonly details: unknown;
}

export const failureOf = (error: unknown): FailureCode => (error instanceof CallCentreError ? error.code : 'internal');
