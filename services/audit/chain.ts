/**
 * One stored row of the audit log. `before` and `after` are digests, because the audit log must not become a second copy of personal data.
 */
export interface AuditRow {
  /** Counts from 1 without gaps. */
  readonly number: number;
  readonly at: string;
  readonly who: string;
  readonly what: string;
  readonly object?: string;
  readonly from?: string;
  readonly success: boolean;
  readonly reason?: string;
  readonly before?: string;
  readonly after?: string;
  /** The hash of the row before. The first row has 64 zeros. */
  readonly previous: string;
  readonly hash: string;
}

/** The content of a row, without its place in the chain. */
export type AuditContent = Pick<AuditRow, 'who' | 'what' | 'object' | 'from' | 'success' | 'reason' | 'before' | 'after'>;

export type Sha256Hex = (text: string | Uint8Array) => string;

export const FIRST_PREVIOUS = '0'.repeat(64);

/** The fields that the hash of a row covers, in a fixed order. The previous hash is one of them. */
export function textOfRow(row: Omit<AuditRow, 'hash'>): string {
  const { number, at, who, what, object, from, success, reason, before, after, previous } = row;
  return JSON.stringify([
    number,
    at,
    who,
    what,
    object ?? null,
    from ?? null,
    success,
    reason ?? null,
    before ?? null,
    after ?? null,
    previous,
  ]);
}

export function hashRow(row: Omit<AuditRow, 'hash'>, sha256Hex: Sha256Hex): string {
  return sha256Hex(textOfRow(row));
}

/** A row as the check sees it. With ten million rows, splitting each into its fields would be too slow. */
export interface Link {
  readonly number: number;
  readonly previous: string;
  readonly hash: string;
  /** The text of `textOfRow` in UTF-8; undefined when the stored document does not have the form of a row. */
  readonly text: string | Uint8Array | undefined;
}

export function linkOf(row: AuditRow): Link {
  return { number: row.number, previous: row.previous, hash: row.hash, text: textOfRow(row) };
}

/** A head of the chain as it was stored outside the database. */
export interface Anchor {
  readonly number: number;
  readonly hash: string;
  readonly at: string;
}

export interface ChainVerdict {
  readonly rows: number;
  /** No row was changed, and each row names the one before it. */
  readonly integrity: { readonly ok: boolean; readonly firstBadRow?: number };
  /** No row is missing, neither in the middle nor at the end. */
  readonly completeness: { readonly ok: boolean; readonly missing: readonly number[]; readonly cutTailBelow?: number };
}

/**
 * Checks rows that arrive in batches, ordered by number, against anchors stored elsewhere. Integrity and completeness are reported
 * separately. Two different anchors of one row break integrity: one of them was forged.
 */
export async function checkChain(
  batches: AsyncIterable<Iterable<Link>>,
  anchors: readonly Anchor[],
  { sha256Hex, firstKept = 1 }: { readonly sha256Hex: Sha256Hex; readonly firstKept?: number },
): Promise<ChainVerdict> {
  const anchored = new Map<number, string[]>();
  for (const { number, hash } of anchors) anchored.set(number, [...(anchored.get(number) ?? []), hash]);
  const missing: number[] = [];
  let count = 0;
  let expected = firstKept;
  let previous: string | undefined = firstKept === 1 ? FIRST_PREVIOUS : undefined;
  let firstBadRow: number | undefined;
  for await (const rows of batches) for (const row of rows) look(row);

  function look(row: Link): void {
    count += 1;
    for (; expected < row.number && missing.length < 1000; expected += 1) missing.push(expected);
    const gap = missing.length > 0 && missing.at(-1) === row.number - 1;
    const bad =
      row.text === undefined ||
      sha256Hex(row.text) !== row.hash ||
      (previous !== undefined && !gap && row.previous !== previous) ||
      anchored.get(row.number)?.some((hash) => hash !== row.hash) === true;
    if (bad) firstBadRow ??= row.number;
    previous = row.hash;
    expected = row.number + 1;
  }
  let newestAnchor = 0;
  for (const number of anchored.keys()) newestAnchor = Math.max(newestAnchor, number);
  const cut = newestAnchor >= expected ? newestAnchor : undefined;
  return {
    rows: count,
    integrity: { ok: firstBadRow === undefined, ...(firstBadRow === undefined ? {} : { firstBadRow }) },
    completeness: { ok: missing.length === 0 && cut === undefined, missing, ...(cut === undefined ? {} : { cutTailBelow: cut }) },
  };
}

/** The shortest retention of the audit log (Cybersecurity Law Art. 23(3): six months). */
export const MINIMUM_KEEP_DAYS = 184;

/**
 * The row at which the chain may begin: the newest row that was recorded as the first kept one and is confirmed by an anchor at least the
 * minimum retention older. Otherwise the chain begins with row 1, and missing rows there are missing.
 */
export function firstKeptOf(marks: readonly Anchor[], anchors: readonly Anchor[]): number {
  const aged = (mark: Anchor): boolean =>
    anchors.some(
      ({ number, hash, at }) =>
        number === mark.number && hash === mark.hash && Date.parse(mark.at) - Date.parse(at) >= MINIMUM_KEEP_DAYS * 86_400_000,
    );
  return marks.filter(aged).reduce((first, { number }) => Math.max(first, number), 1);
}
