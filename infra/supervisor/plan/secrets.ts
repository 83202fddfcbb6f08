import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Files under `secrets/`, each 0600 and made at the first start. */
export const secretFiles = {
  drachtio: 'drachtio',
  s3AccessKey: 's3-access-key',
  s3SecretKey: 's3-secret-key',
  /** The embedded object store's list of who may do what. */
  s3Credentials: 's3-credentials.json',
  documents: 'documents-password',
  token: 'token-key.pem',
  /** Password of the live state; its server reads it from a file in its own format. */
  valkey: 'valkey-password',
  valkeyConfig: 'valkey.conf',
  seat: 'seat-key',
  master: 'master-key',
  admin: 'admin-password',
} as const;

export type SecretPaths = Readonly<Record<keyof typeof secretFiles, string>>;

/** Letters and digits that cannot be mistaken for each other when a password is typed from a terminal. */
const READABLE = 'abcdefghijkmnpqrstuvwxyz23456789';

const readable = (length: number): string => Array.from(randomBytes(length), (byte) => READABLE[byte % READABLE.length] ?? 'x').join('');

function makers(paths: SecretPaths): Record<keyof typeof secretFiles, () => string> {
  return {
    drachtio: () => randomBytes(24).toString('base64url'),
    s3AccessKey: () => `PL${readable(18).toUpperCase()}`,
    s3SecretKey: () => randomBytes(30).toString('base64url'),
    s3Credentials: () =>
      JSON.stringify([
        {
          accessKey: readFileSync(paths.s3AccessKey, 'utf8').trim(),
          secretKey: readFileSync(paths.s3SecretKey, 'utf8').trim(),
          policy: 'admin',
        },
      ]),
    documents: () => randomBytes(24).toString('base64url'),
    token: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim(),
    valkey: () => randomBytes(24).toString('base64url'),
    valkeyConfig: () => `requirepass ${readFileSync(paths.valkey, 'utf8').trim()}`,
    seat: () => randomBytes(32).toString('base64url'),
    master: () => randomBytes(32).toString('base64'),
    admin: () => [4, 4, 4, 4].map(readable).join('-'),
  };
}

/** Writes so that a crash leaves either the whole file or none. */
export function writePrivateFile(file: string, text: string): void {
  const draft = `${file}.new`;
  const handle = openSync(draft, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, file);
}

const names = Object.keys(secretFiles) as (keyof typeof secretFiles)[];

export const secretPathsIn = (folder: string): SecretPaths =>
  Object.fromEntries(names.map((name) => [name, join(folder, secretFiles[name])])) as Record<keyof typeof secretFiles, string>;

/**
 * Makes the secrets that are missing; those that exist are never changed. `firstRun` tells that the administrator's password is new: on a machine
 * that was given the keys of another one, and no password of stores, the accounts exist already.
 */
export function ensureSecrets(folder: string): { readonly paths: SecretPaths; readonly firstRun: boolean } {
  const paths = secretPathsIn(folder);
  const isAnother = existsSync(paths.token) && !existsSync(paths.documents);
  const firstRun = !existsSync(paths.admin) && !isAnother;
  const make = makers(paths);
  for (const name of names) if (!existsSync(paths[name])) writePrivateFile(paths[name], `${make[name]()}\n`);
  return { paths, firstRun };
}
