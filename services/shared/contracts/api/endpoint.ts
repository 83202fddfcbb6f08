import type { z } from 'zod';
import type { FailureCode } from '../../domain/failure.js';
import type { Right } from '../../domain/people/rights.js';

/** No body: status 204. */
export const nothing = { kind: 'nothing' } as const;
/** The browser is sent on to another address. */
export const redirect = { kind: 'redirect' } as const;
/** Bytes of one of these media types, whole or as a stream. */
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

/** The schema of an answer that may be JSON. */
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

/**
 * One route of the HTTP interface, as both sides know it. Texts of an answer that are moments are ISO 8601, UTC. What every route may fail
 * with (`commonFailures`) is not repeated in `failures`.
 */
export interface Endpoint {
  readonly right: Right;
  /** For the reference: one sentence. */
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** A raw upload instead of JSON, up to so many bytes. */
  readonly uploadBytes?: number;
  readonly answer: EndpointAnswer;
  readonly failures: readonly FailureCode[];
}

export type EndpointKey = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;
export type Endpoints = Readonly<Record<EndpointKey, Endpoint>>;
