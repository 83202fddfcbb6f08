import type { Draw } from './draw.js';

/** A file of a pack. `rows` counts the lines of a CSV file after its header, so that a shortened file is noticed. */
export interface PackedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly rows?: number;
}

/** The query that the rows of the file were read with, as text that can be run again. */
export interface PackedQuery {
  readonly file: string;
  readonly text: string;
  readonly sha256: string;
}

export interface Manifest {
  readonly format: 'proofline-pack/1';
  readonly number: number;
  readonly packId: string;
  readonly kind: string;
  readonly period: { readonly from: string; readonly to: string; readonly zone: string };
  /** UTC, ISO 8601. */
  readonly madeAt: string;
  readonly productVersion: string;
  readonly company: string;
  readonly licence: string;
  readonly dataSha256: string;
  /** SHA-256 of the manifest of the pack before this one; null for the first. */
  readonly previous: string | null;
  /** Ed25519, SPKI, base64. */
  readonly publicKey: string;
  /** SM2, SPKI, base64. Early packs have none, and no second signature. */
  readonly publicKeySm2?: string;
  readonly files: readonly PackedFile[];
  readonly queries: readonly PackedQuery[];
  readonly openPoints: readonly string[];
  /** Set only when the machine's clock was behind the previous pack: then `madeAt` is unreliable. */
  readonly clock?: 'before-the-last-pack';
  /** The rows that the pack contains besides those of the figures. Early packs name and contain none. */
  readonly holds?: readonly string[];
  /** The language of the documents: `zh-CN` or `en`. */
  readonly language?: string;
  /** Only when the pack was ordered with drawn recordings: how they were drawn. */
  readonly drawn?: Draw;
}

export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'manifest.sig';
/** The second signature over the same bytes, when the manifest names a key for it. */
export const SM2_SIGNATURE = 'manifest.sm2';
/** Optional: the answer of a time-stamp authority for the manifest (RFC 3161, DER). */
export const STAMP = 'manifest.tsr';

/** The signed bytes: the same manifest gives the same text on any machine. */
export const manifestText = (manifest: Manifest): string =>
  `${JSON.stringify({ ...manifest, files: [...manifest.files].sort((a, b) => (a.name < b.name ? -1 : 1)) }, undefined, 1)}\n`;

export interface SignatureFile {
  readonly algorithm: 'Ed25519' | 'SM2-SM3';
  /** base64, over the bytes of manifest.json. */
  readonly signature: string;
}

/** A problem (red) or an uncertainty (amber) of a pack, with the sentence that an inspector reads. */
export interface ContentFinding {
  readonly code: string;
  readonly level: 'red' | 'amber';
  /** The file, row, day or figure in question. */
  readonly subject: string;
  readonly zh: string;
  readonly en: string;
}

/** A verifier's verdict on a whole pack with its content. */
export interface PackVerdict extends Verdict {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  readonly keyFingerprint: string;
  /** Green only when nothing is wrong and the key is the expected one; amber when something could not be compared. */
  readonly colour: 'green' | 'amber' | 'red';
  /** All reasons for amber or red, in the words of `verify.html`. */
  readonly findings: readonly ContentFinding[];
}

export interface Verdict {
  readonly ok: boolean;
  readonly signature: 'valid' | 'invalid' | 'missing';
  /**
   * When and by whom the manifest was stamped. `invalid`: the stamp does not belong to this manifest, which never happens in an intact
   * pack.
   */
  readonly stamp: { readonly at: Date; readonly authority: string } | 'invalid' | 'none';
  readonly problems: readonly {
    readonly file: string;
    readonly problem: 'changed' | 'missing' | 'not-listed' | 'rows-cut';
    readonly detail: string;
  }[];
}

/** Compares the content of the archive with the manifest. Pure. */
export function judge(
  manifest: Manifest,
  found: ReadonlyMap<string, Omit<PackedFile, 'name'>>,
  signature: Verdict['signature'],
  stamp: Verdict['stamp'] = 'none',
): Verdict {
  const problems: Verdict['problems'][number][] = [];
  for (const { name, bytes, sha256, rows } of manifest.files) {
    const file = found.get(name);
    if (file === undefined) problems.push({ file: name, problem: 'missing', detail: 'listed, but not in the archive' });
    else if (rows !== undefined && file.rows !== undefined && file.rows !== rows)
      problems.push({ file: name, problem: 'rows-cut', detail: `${file.rows} rows, listed ${rows}` });
    else if (file.sha256 !== sha256 || file.bytes !== bytes)
      problems.push({ file: name, problem: 'changed', detail: `${file.bytes} bytes, listed ${bytes}` });
  }
  const second = manifest.publicKeySm2 === undefined ? [] : [SM2_SIGNATURE];
  const listed = new Set([...manifest.files.map(({ name }) => name), MANIFEST, SIGNATURE, ...second, STAMP]);
  for (const name of found.keys())
    if (!listed.has(name)) problems.push({ file: name, problem: 'not-listed', detail: 'in the archive, but not listed' });
  return { ok: problems.length === 0 && signature === 'valid' && stamp !== 'invalid', signature, stamp, problems };
}
