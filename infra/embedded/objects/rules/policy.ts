import { S3Error } from '../protocol/s3-error.js';

/**
 * What a credential may do. `writer` adds objects and lengthens retention but can neither delete nor bypass a lock;
 * in a bucket without versioning an overwrite still replaces, as in S3, so keep what must last in a versioned bucket.
 * Lists are S3 action names with `*` as a wildcard, e.g. `["s3:Get*", "s3:PutObjectLegalHold"]`.
 */
export type Policy = 'admin' | 'writer' | 'reader' | readonly string[];

export interface Credential {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly policy: Policy;
  /** The buckets the policy covers; every bucket when left out. */
  readonly buckets?: readonly string[];
}

const reader = ['s3:Get*', 's3:List*'];
const named = {
  admin: ['s3:*'],
  writer: [...reader, 's3:PutObject', 's3:PutObjectTagging', 's3:PutObjectRetention', 's3:AbortMultipartUpload'],
  reader,
} as const satisfies Record<string, readonly string[]>;

const matches = (pattern: string, action: string): boolean =>
  pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : pattern === action;

/** Whether the credential's policy allows an S3 action on a bucket ('' for the service itself). */
export function allows(credential: Credential, action: string, bucket: string): boolean {
  if (bucket !== '' && credential.buckets !== undefined && !credential.buckets.includes(bucket)) return false;
  const actions = typeof credential.policy === 'string' ? named[credential.policy] : credential.policy;
  return actions.some((pattern) => matches(pattern, action));
}

/** @throws S3Error `AccessDenied` */
export function requireAllowed(credential: Credential, action: string, bucket: string): void {
  if (!allows(credential, action, bucket)) throw new S3Error('AccessDenied');
}

/** Checks what was read from a credentials file. @throws Error that names the place and never a secret */
export function parseCredentials(value: unknown): Credential[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new Error('The credentials file must hold a JSON list with at least one credential.');
  const seen = new Set<string>();
  return value.map((item: unknown, index) => {
    const entry = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
    const { accessKey, secretKey, policy, buckets } = entry;
    const place = `Credential ${index + 1} of the credentials file`;
    if (typeof accessKey !== 'string' || accessKey.length < 3) throw new Error(`${place} needs an accessKey of at least 3 characters.`);
    if (typeof secretKey !== 'string' || secretKey.length < 8) throw new Error(`${place} needs a secretKey of at least 8 characters.`);
    if (seen.has(accessKey)) throw new Error(`${place} repeats an accessKey.`);
    seen.add(accessKey);
    if (!isPolicy(policy)) throw new Error(`${place} needs a policy: "admin", "writer", "reader" or a list of S3 actions.`);
    if (buckets !== undefined && !isTextList(buckets)) throw new Error(`${place}: buckets must be a list of names.`);
    return { accessKey, secretKey, policy, ...(buckets === undefined ? {} : { buckets }) };
  });
}

const isTextList = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');
const isPolicy = (value: unknown): value is Policy => value === 'admin' || value === 'writer' || value === 'reader' || isTextList(value);
