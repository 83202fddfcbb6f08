import type { AnyFailureDetails, DetailedCode, FailureDetails } from './failure-details.js';

/**
 * Every failure that a caller may act on, with its HTTP and SIP status. The domain never sees a status: `api/` and `signalling/` look it up
 * here, and no status is written as a literal anywhere else.
 */
export const failures = {
  'invalid-request': { http: 400, sip: 400 },
  'not-signed-in': { http: 401, sip: 401 },
  'not-allowed': { http: 403, sip: 403 },
  /** The request concerns the whole site, and the account is limited to a part of it. */
  'outside-scope': { http: 403, sip: 403 },
  /** Nobody may change this on their own account by the administrator's route. A separate route asks for the current credential. */
  'own-account': { http: 403, sip: 403 },
  /** The change would leave the site without an administrator. */
  'last-administrator': { http: 409, sip: 491 },
  /** The person who asked for the change, or whom it concerns, may not approve it. */
  'second-person-needed': { http: 403, sip: 403 },
  /** The account may not approve yet: it is too new, was changed too recently by somebody else, or has not been confirmed. */
  'not-settled': { http: 403, sip: 403 },
  'not-a-sheet': { http: 400, sip: 400 },
  'reason-required': { http: 403, sip: 403 },
  /** The agent has not acknowledged the listening rule, and the site forbids listening to such agents. */
  'not-acknowledged': { http: 409, sip: 403 },
  /** As many supervisors as allowed are in the call. */
  'listeners-full': { http: 409, sip: 486 },
  /** A bulk export of this size needs a request that a second person approves. */
  'approval-needed': { http: 403, sip: 403 },
  'not-found': { http: 404, sip: 404 },
  'no-such-call': { http: 404, sip: 481 },
  'number-not-in-service': { http: 404, sip: 404 },
  /** A call with police, fire brigade or ambulance is ended by the people in it alone. */
  'emergency-call': { http: 403, sip: 403 },
  'too-large': { http: 413, sip: 513 },
  'no-common-codec': { http: 422, sip: 488 },
  /** The peer asks for media at an address where no party can be: this machine, a multicast address or the unspecified address. */
  'media-address-not-allowed': { http: 422, sip: 488 },
  'wrong-state': { http: 409, sip: 491 },
  /** The call is to go to the carrier's echo number, and the trunk's sheet names none. */
  'no-echo-number': { http: 409, sip: 491 },
  'already-exists': { http: 409, sip: 491 },
  /** The request carries `If-None-Match: *`, and the object already exists. */
  'not-new': { http: 412, sip: 412 },
  /** The order comes from a leader that another has followed: it carries a smaller token than one that was seen. */
  superseded: { http: 409, sip: 491 },
  /** Somebody has changed the object since it was read. */
  'changed-meanwhile': { http: 409, sip: 491 },
  'below-legal-minimum': { http: 422, sip: 403 },
  'too-many-requests': { http: 429, sip: 503 },
  'queue-full': { http: 503, sip: 480 },
  'no-agent': { http: 503, sip: 480 },
  busy: { http: 503, sip: 486 },
  /** As many agents as allowed are on this break. */
  'break-full': { http: 409, sip: 491 },
  'seat-lost': { http: 409, sip: 480 },
  'not-supported': { http: 501, sip: 501 },
  /** A stored recording does not match the hash of its record. */
  'recording-damaged': { http: 409, sip: 500 },
  /** A stored file of a case does not match the hash of its record. */
  'file-damaged': { http: 409, sip: 500 },
  /** The recording is shorter than the one in store. */
  'recording-truncated': { http: 409, sip: 500 },
  /** The object is missing from the store, and no rule deleted it. */
  'recording-missing': { http: 410, sip: 500 },
  /** A stored row does not match the shape of its record. */
  'row-damaged': { http: 500, sip: 500 },
  'disk-full': { http: 507, sip: 503 },
  'media-relay-unavailable': { http: 503, sip: 503 },
  'service-unavailable': { http: 503, sip: 503 },
  'timed-out': { http: 504, sip: 408 },
  /** No response of the carrier, not even that it has the call; or its addresses are known not to answer. */
  'carrier-silent': { http: 504, sip: 408 },
  internal: { http: 500, sip: 500 },
  /** The rule of outbound calling that refused a call. */
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

/** Code, message and options of a failure. The code decides the shape of `details`; without the right shape it does not compile. */
export type FailureArguments =
  | [code: FailureCode, message: string, options?: ErrorOptions & { readonly details?: undefined }]
  | {
      [C in DetailedCode]: [code: C, message: string, options?: ErrorOptions & { readonly details?: FailureDetails[C] | undefined }];
    }[DetailedCode];

/** A failure that the caller may act on. Any other error is a bug and is answered as `internal`. */
export class CallCentreError extends Error {
  override readonly name = 'CallCentreError';
  readonly code: FailureCode;
  /** Shown to the user: the invalid fields of a form, the line of an import, the colleague who was faster. Never data of callers. */
  readonly details: AnyFailureDetails | undefined;

  constructor(...[code, message, options]: FailureArguments) {
    super(message, options);
    this.code = code;
    this.details = options?.details;
  }

  /** The details of a failure of this code; undefined for a failure of another code and for one without details. */
  detailsOf<C extends DetailedCode>(code: C): FailureDetails[C] | undefined {
    // The constructor takes no other details for this code.
    return this.code === code ? (this.details as FailureDetails[C] | undefined) : undefined;
  }
}

export const failureOf = (error: unknown): FailureCode => (error instanceof CallCentreError ? error.code : 'internal');
