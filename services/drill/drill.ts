import type { DrillRefusal } from '../shared/domain/failure-details.js';
import { seeded } from '../shared/domain/seeded.js';
import type { ChosenSeed } from '../shared/domain/licence/seed.js';

/** The topics of drawn items, in the order of an inspection. */
export const drillTopics = ['call', 'consent', 'seat', 'staff', 'device', 'rule'] as const;
export type DrillTopic = (typeof drillTopics)[number];

/** The number of items that are drawn for each topic; all of them when there are fewer. */
export const DRAWN: Readonly<Record<DrillTopic, number>> = { call: 4, consent: 3, seat: 3, staff: 3, device: 3, rule: 2 };

/** What the system itself finds missing from a drawn item. */
export const drillGaps = [
  'no-recording',
  'recording-deleted',
  'no-original',
  'no-site',
  'no-account',
  'no-terminal',
  'contract-over',
  'no-confidentiality',
  'no-anti-fraud',
  'not-seen',
  'no-file',
  'review-overdue',
] as const;
export type DrillGap = (typeof drillGaps)[number];

export interface DrillAnswer {
  readonly shown: boolean;
  readonly note: string;
  readonly by: string;
  readonly at: Date;
}

export interface DrillItem {
  /** From 1, in the order of the questions. */
  readonly number: number;
  readonly topic: DrillTopic;
  /** The id of the call or consent, or the key of the row of the register. */
  readonly subject: string;
  /** The name that people know; people's numbers are masked. */
  readonly label: string;
  readonly gaps: readonly DrillGap[];
  /** Oldest first. The last answer counts, and none is removed. */
  readonly answers: readonly DrillAnswer[];
}

/** A mock inspection (模拟迎检): the drawn items, the seed, and what was shown before its time ran out. */
export interface Drill extends ChosenSeed {
  readonly drillId: string;
  readonly startedAt: Date;
  readonly dueAt: Date;
  readonly by: string;
  /** The size of the pool that the items of a topic were drawn from. */
  readonly drawnFrom: Readonly<Record<DrillTopic, number>>;
  readonly items: readonly DrillItem[];
  readonly endedAt?: Date;
  readonly revision: number;
}

/** The pool of a topic. The same pool in the same order gives the same draw. */
export interface DrillPool {
  readonly count: number;
  /** The item at an index from 0. */
  readonly at: (place: number) => Promise<Omit<DrillItem, 'number' | 'topic' | 'answers'> | undefined>;
}

/** Draws by the seed. Anybody with the seed and the registers as they were gets the same draw. */
export async function drawItems(seed: string, pools: Readonly<Record<DrillTopic, DrillPool>>): Promise<DrillItem[]> {
  const items: DrillItem[] = [];
  for (const topic of drillTopics) {
    const pool = pools[topic];
    // A separate random sequence for each topic, so that one more call does not change which seats are drawn.
    const random = seeded(`${seed} ${topic}`);
    const places = new Set<number>();
    const wanted = Math.min(DRAWN[topic], pool.count);
    while (places.size < wanted) places.add(Math.floor(random() * pool.count));
    for (const place of places) {
      const drawn = await pool.at(place);
      if (drawn !== undefined) items.push({ number: items.length + 1, topic, ...drawn, answers: [] });
    }
  }
  return items;
}

/** When it ended: by a person, or by its clock. Undefined while it runs. */
export function endOf({ endedAt, dueAt }: Pick<Drill, 'endedAt' | 'dueAt'>, now: Date): Date | undefined {
  return endedAt ?? (now >= dueAt ? dueAt : undefined);
}

export type AnswerRefusal = Extract<DrillRefusal, 'over' | 'no-such-item' | 'note-missing'>;

/** The drill with one more answer, or why the answer is refused. An item that was not shown needs a reason. */
export function answer(drill: Drill, number: number, given: DrillAnswer): { readonly drill: Drill } | { readonly refused: AnswerRefusal } {
  if (endOf(drill, given.at) !== undefined) return { refused: 'over' };
  if (!drill.items.some((item) => item.number === number)) return { refused: 'no-such-item' };
  if (!given.shown && given.note.trim() === '') return { refused: 'note-missing' };
  const items = drill.items.map((item) => (item.number === number ? { ...item, answers: [...item.answers, given] } : item));
  return { drill: { ...drill, items, revision: drill.revision + 1 } };
}

/** `shown`: in time, and the system finds nothing missing. `missed`: not shown, shown with gaps, or not answered in time. */
export type DrillVerdict = 'open' | 'shown' | 'missed';

export function verdictOf({ gaps, answers }: Pick<DrillItem, 'gaps' | 'answers'>, over: boolean): DrillVerdict {
  const last = answers.at(-1);
  if (last === undefined) return over ? 'missed' : 'open';
  return last.shown && gaps.length === 0 ? 'shown' : 'missed';
}
