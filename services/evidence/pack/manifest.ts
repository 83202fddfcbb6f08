/** A file of a pack. `rows` counts the lines of a CSV after its head: a cut row is named as such. */
export interface PackedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly rows?: number;
}

/** The query that a file of rows was read with, in words that can be run again. */
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
  readonly files: readonly PackedFile[];
  readonly queries: readonly PackedQuery[];
  readonly openPoints: readonly string[];
  /** Stands only when the machine's clock showed less than at the pack before: `madeAt` is not to be relied on then. */
  readonly clock?: 'before-the-last-pack';
  /** Which rows it holds beside those of the figures; packs of before name none, and hold none. */
  readonly holds?: readonly string[];
  /** Of the documents: `zh-CN` or `en`. */
  readonly language?: string;
}

export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'manifest.sig';
/** Optional: what a time-stamp authority answered for the manifest (RFC 3161, DER). */
export const STAMP = 'manifest.tsr';

/** The bytes that are signed: the same manifest gives the same text on any machine. */
export const manifestText = (manifest: Manifest): string =>
  `${JSON.stringify({ ...manifest, files: [...manifest.files].sort((a, b) => (a.name < b.name ? -1 : 1)) }, undefined, 1)}\n`;

export interface SignatureFile {
  readonly algorithm: 'Ed25519';
  /** base64, over the bytes of manifest.json. */
  readonly signature: string;
}

/** Something that is wrong (red) with a pack, or not certain (amber), with the sentence that an inspector reads out. */
export interface ContentFinding {
  readonly code: string;
  readonly level: 'red' | 'amber';
  /** The file, row, day or figure that it is about. */
  readonly subject: string;
  readonly zh: string;
  readonly en: string;
}

/** What a verifier says of a whole pack, content and all. */
export interface PackVerdict extends Verdict {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  readonly keyFingerprint: string;
  /** Green only when nothing is wrong and the key is the one that was told; amber when something could not be compared. */
  readonly colour: 'green' | 'amber' | 'red';
  /** All that makes it amber or red, in the words of `verify.html`. */
  readonly findings: readonly ContentFinding[];
}

export interface Verdict {
  readonly ok: boolean;
  readonly signature: 'valid' | 'invalid' | 'missing';
  /** When and by whom the manifest was stamped; `invalid` when the stamp is not over this manifest, which no whole pack has. */
  readonly stamp: { readonly at: Date; readonly authority: string } | 'invalid' | 'none';
  readonly problems: readonly {
    readonly file: string;
    readonly problem: 'changed' | 'missing' | 'not-listed' | 'rows-cut';
    readonly detail: string;
  }[];
}

/** What was found in the archive against what the manifest lists. Pure. */
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
  const listed = new Set([...manifest.files.map(({ name }) => name), MANIFEST, SIGNATURE, STAMP]);
  for (const name of found.keys())
    if (!listed.has(name)) problems.push({ file: name, problem: 'not-listed', detail: 'in the archive, but not listed' });
  return { ok: problems.length === 0 && signature === 'valid' && stamp !== 'invalid', signature, stamp, problems };
}
