import type { z } from 'zod';
import type { FailureCode } from '../../domain/failure.js';
import type { Right } from '../../domain/people/rights.js';

/** No body: status 204. */
export const nothing = { kind: 'nothing' } as const;
/** A redirect of the browser. */
export const redirect = { kind: 'redirect' } as const;
/** Bytes of one of these media types, complete or as a stream. */
export const file = <M extends string>(...mediaTypes: readonly [M, ...M[]]) => ({ kind: 'file', mediaTypes }) as const;
/** JSON or a file, depending on the request. */
export const fileOr = <S extends z.ZodType, M extends string>(json: S, ...mediaTypes: readonly [M, ...M[]]) =>
  ({ kind: 'file', mediaTypes, json }) as const;

export interface FileAnswer {
  readonly kind: 'file';
  readonly mediaTypes: readonly string[];
  readonly json?: z.ZodType;
}
export type EndpointAnswer = z.ZodType | typeof nothing | typeof redirect | FileAnswer;

/** The schema of the JSON answer; undefined for an answer that is never JSON. */
export const jsonOf = (answer: EndpointAnswer): z.ZodType | undefined =>
  '_zod' in answer ? answer : answer.kind === 'file' ? answer.json : undefined;

/** Failures of a command to telephony. */
export const commandFailures = [
  'busy',
  'disk-full',
  'media-relay-unavailable',
  'no-such-call',
  'not-found',
  'timed-out',
  'wrong-state',
] as const satisfies readonly FailureCode[];

/** The failures with which the gate may refuse a call out, and those of a seat that is to be rung. */
export const dialFailures = [
  'busy',
  'outbound-ceiling',
  'outbound-consent',
  'outbound-destination',
  'outbound-do-not-call',
  'outbound-hours',
  'outbound-kind',
  'outbound-not-dialable',
  'outbound-number',
  'outbound-purpose',
  'outbound-stopped',
  'outbound-too-often',
  'outbound-unproven',
  'seat-lost',
] as const satisfies readonly FailureCode[];

/**
 * One route of the HTTP interface, known to both sides. Times in answers are ISO 8601 text, UTC. `failures` does not repeat the failures
 * that every route has (`commonFailures`).
 */
export interface Endpoint {
  readonly right: Right;
  /** One sentence for the reference. */
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** The route takes a raw upload of at most this many bytes instead of JSON. */
  readonly uploadBytes?: number;
  readonly answer: EndpointAnswer;
  readonly failures: readonly FailureCode[];
}

export type EndpointKey = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;
export type Endpoints = Readonly<Record<EndpointKey, Endpoint>>;
