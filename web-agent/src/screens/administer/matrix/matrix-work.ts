/** Skills and queues of people as a grid: what is stored, what somebody has changed in it, and who could then take calls. */
export type Skills = Readonly<Record<string, number>>;

/** What a person holds: skills with their levels, and the queues whose list of members names them. */
export interface Held {
  readonly skills: Skills;
  readonly serves: readonly string[];
}

/** Changed cells of one person: level 0 takes the skill away. Cells that are as stored are not in it. */
interface ChangedRow {
  readonly skills: Skills;
  readonly queues: Readonly<Record<string, boolean>>;
}
export type Draft = Readonly<Record<string, ChangedRow>>;

const NO_CHANGE: ChangedRow = { skills: {}, queues: {} };

const without = <V>(record: Readonly<Record<string, V>>, key: string): Record<string, V> =>
  Object.fromEntries(Object.entries(record).filter(([each]) => each !== key));

function withRow(draft: Draft, id: string, row: ChangedRow): Draft {
  const isEmpty = Object.keys(row.skills).length + Object.keys(row.queues).length === 0;
  return isEmpty ? without(draft, id) : { ...draft, [id]: row };
}

/** The draft once this person's level is set; back at the stored level nothing is changed. */
export function withLevel(draft: Draft, id: string, held: Held, skill: string, level: number): Draft {
  const row = draft[id] ?? NO_CHANGE;
  const rest = without(row.skills, skill);
  return withRow(draft, id, { ...row, skills: (held.skills[skill] ?? 0) === level ? rest : { ...rest, [skill]: level } });
}

/** The draft once this person serves the queue, or no longer does. */
export function withQueue(draft: Draft, id: string, held: Held, queueId: string, serves: boolean): Draft {
  const row = draft[id] ?? NO_CHANGE;
  const rest = without(row.queues, queueId);
  return withRow(draft, id, { ...row, queues: held.serves.includes(queueId) === serves ? rest : { ...rest, [queueId]: serves } });
}

/** What the person holds once the draft is saved. */
export function heldAfter(held: Held, row: ChangedRow | undefined): Held {
  if (row === undefined) return held;
  const skills = Object.fromEntries(Object.entries({ ...held.skills, ...row.skills }).filter(([, level]) => level > 0));
  const kept = held.serves.filter((queueId) => row.queues[queueId] !== false);
  const added = Object.keys(row.queues).filter((queueId) => row.queues[queueId] === true && !kept.includes(queueId));
  return { skills, serves: [...kept, ...added] };
}

/** The draft without cells that somebody else has meanwhile set to the same. */
export function stillChanged(draft: Draft, heldBy: (id: string) => Held): Draft {
  return Object.fromEntries(
    Object.entries(draft).flatMap(([id, row]) => {
      const held = heldBy(id);
      const skills = Object.fromEntries(Object.entries(row.skills).filter(([skill, level]) => (held.skills[skill] ?? 0) !== level));
      const queues = Object.fromEntries(Object.entries(row.queues).filter(([queueId, on]) => held.serves.includes(queueId) !== on));
      const kept = Object.keys(skills).length + Object.keys(queues).length;
      const had = Object.keys(row.skills).length + Object.keys(row.queues).length;
      // The same row stays the same object: the grid draws only what changed.
      return kept === 0 ? [] : [[id, kept === had ? row : { skills, queues }]];
    }),
  );
}

export const cellsOf = (draft: Draft): number =>
  Object.values(draft).reduce((sum, { skills, queues }) => sum + Object.keys(skills).length + Object.keys(queues).length, 0);

export interface AskingQueue {
  readonly id: string;
  readonly members: 'everyone' | readonly string[];
  readonly skills: Skills;
}

/** Whether a call of the queue may ring at somebody who holds this; what a flow asks for besides is not known here. */
export const mayTake = (queue: AskingQueue, { skills, serves }: Held): boolean =>
  (queue.members === 'everyone' || serves.includes(queue.id)) &&
  Object.entries(queue.skills).every(([skill, level]) => (skills[skill] ?? 0) >= level);

export interface Reach {
  readonly queueId: string;
  /** Those of them who are ready at this moment. */
  readonly now: { readonly before: number; readonly after: number };
  readonly all: { readonly before: number; readonly after: number };
}

/** Of each queue that the draft changes for anybody: how many people could take its calls before and after. */
export function reachOf(
  queues: readonly AskingQueue[],
  people: readonly string[],
  heldBy: (id: string) => Held,
  draft: Draft,
  isReady: (id: string) => boolean,
): Reach[] {
  return queues.flatMap((queue) => {
    const before = people.filter((id) => mayTake(queue, heldBy(id)));
    const after = people.filter((id) => mayTake(queue, heldAfter(heldBy(id), draft[id])));
    const isSame = before.length === after.length && before.every((id) => after.includes(id));
    if (isSame) return [];
    return [
      {
        queueId: queue.id,
        now: { before: before.filter(isReady).length, after: after.filter(isReady).length },
        all: { before: before.length, after: after.length },
      },
    ];
  });
}

/** A column of the grid. */
export type Column = { readonly kind: 'skill'; readonly id: string } | { readonly kind: 'queue'; readonly id: string };

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Where a key leads in a grid of this size; undefined for every other key. */
export function cellAfter(
  { row, column }: Cell,
  { key, ctrlKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey'>,
  rows: number,
  columns: number,
): Cell | undefined {
  const within = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
  const to = (nextRow: number, nextColumn: number): Cell => ({ row: within(nextRow, rows), column: within(nextColumn, columns) });
  switch (key) {
    case 'ArrowUp':
      return to(row - 1, column);
    case 'ArrowDown':
      return to(row + 1, column);
    case 'ArrowLeft':
      return to(row, column - 1);
    case 'ArrowRight':
      return to(row, column + 1);
    case 'PageUp':
      return to(row - 10, column);
    case 'PageDown':
      return to(row + 10, column);
    case 'Home':
      return to(ctrlKey ? 0 : row, 0);
    case 'End':
      return to(ctrlKey ? rows - 1 : row, columns - 1);
    default:
      return undefined;
  }
}

/** The level that a key asks for: 1 to 9 as they are, 0 is ten, Delete takes the skill away. */
export function levelOfKey(key: string): number | undefined {
  if (key === 'Delete' || key === 'Backspace') return 0;
  if (!/^\d$/.test(key)) return undefined;
  return key === '0' ? 10 : Number(key);
}
