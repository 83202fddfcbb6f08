/** The file of a pack with the jumps of the clock that no day sheet carries yet, beside those that the audit log has. */
export const JUMPS = 'clock-jumps.json';
/** The entry in the manifest's `holds` for a pack with that file: then it may not be left out. */
export const HOLDS_JUMPS = 'jumps';

/** The host's clock then showed `at`, which is `byMs` later than time had passed (earlier when negative). */
export interface NotedJump {
  readonly at: string;
  readonly byMs: number;
}

/** A jump as the recorder of the jumps keeps it until a sheet carries it. */
export interface StoredJump extends NotedJump {
  /** The audit log did not take it yet. */
  readonly isOwed?: true;
}

/** A row `clock.jumped` of the audit log. */
export interface AuditedJump extends NotedJump {
  /** Of the row. */
  readonly number: number;
}

/** The jumps of the clock that no sheet carries, and where the sheets before a day end; wired by the composition root. */
export type OpenJumpsReader = (day: string) => Promise<{
  readonly open: readonly StoredJump[];
  /** The newest row of the audit log that a sheet before that day names; 0 without one. */
  readonly after: number;
  /** Jumps on sheets before that day whose rows in the audit log may be younger. */
  readonly carried: readonly NotedJump[];
}>;

export interface ClockJumps {
  /** The newest row of the audit log when the sheet before the period was sealed; 0 without one. */
  readonly after: number;
  /** On no sheet yet. */
  readonly open: readonly StoredJump[];
  /** The rows after that one, and those of open jumps. */
  readonly audited: readonly AuditedJump[];
}

/** The clock as a sheet of the pack has it. */
interface Clocked {
  readonly clock?: { readonly jumps: readonly object[]; readonly moreJumps: number };
}

const keyOf = ({ at, byMs }: NotedJump): string => `${at} ${byMs}`;
const isJump = (jump: object): jump is NotedJump => 'at' in jump && 'byMs' in jump;
const keysOf = (jumps: readonly NotedJump[]): ReadonlySet<string> => new Set(jumps.map(keyOf));

/**
 * The jumps of a pack that begins on a day. The audit log is read first, and the sheets of the pack must be read later: a jump stands in the
 * store before the audit log has it, and on its sheet before the store forgets that it was open.
 */
export async function clockJumpsFrom(
  day: string,
  { auditedJumps, openJumps }: { readonly auditedJumps: () => Promise<readonly AuditedJump[]>; readonly openJumps: OpenJumpsReader },
): Promise<ClockJumps> {
  const all = await auditedJumps();
  const { open, after, carried } = await openJumps(day);
  const [onEarlier, isOpen] = [keysOf(carried), keysOf(open)];
  const audited = all.filter((jump) => isOpen.has(keyOf(jump)) || (jump.number > after && !onEarlier.has(keyOf(jump))));
  return { after, open, audited };
}

/**
 * Where the stored jumps and the audit log contradict each other. `removed`: the audit log has a jump that neither the store nor a sheet of
 * the pack has; sheets that only count some of their jumps may account for as many. `unaudited`: the store has one that the audit log took,
 * as it says itself, and does not have.
 */
export function jumpsDiffer(
  { open, audited }: ClockJumps,
  sheets: readonly Clocked[],
): { readonly removed: readonly NotedJump[]; readonly unaudited: readonly NotedJump[] } {
  const clocks = sheets.flatMap(({ clock }) => clock ?? []);
  const known = keysOf([...open, ...clocks.flatMap(({ jumps }) => jumps.filter(isJump))]);
  const counted = clocks.reduce((sum, { moreJumps }) => sum + moreJumps, 0);
  const removed = audited.filter((jump) => !known.has(keyOf(jump)));
  const noted = keysOf(audited);
  return {
    removed: removed.length > counted ? removed : [],
    unaudited: open.filter((jump) => jump.isOwed !== true && !noted.has(keyOf(jump))),
  };
}
