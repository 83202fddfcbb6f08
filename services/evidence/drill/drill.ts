import { seeded } from '../pack/sampler.js';

/** What a drawn item is of, in the order in which an inspection goes through them. */
export const drillTopics = ['call', 'consent', 'seat', 'staff', 'device', 'rule'] as const;
export type DrillTopic = (typeof drillTopics)[number];

/** How many are drawn of each topic; all of them where there are fewer. */
export const DRAWN: Readonly<Record<DrillTopic, number>> = { call: 4, consent: 3, seat: 3, staff: 3, device: 3, rule: 2 };

/** What the system itself finds missing at a drawn item. */
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
  /** From 1, in the order in which they are asked for. */
  readonly number: number;
  readonly topic: DrillTopic;
  /** Id of the call or consent, key of the row of the register. */
  readonly subject: string;
  /** As people know it; numbers of persons are masked. */
  readonly label: string;
  readonly gaps: readonly DrillGap[];
  /** Oldest first; the last one counts, and none is edited away. */
  readonly answers: readonly DrillAnswer[];
}

/** A mock inspection (模拟迎检): what was drawn, by which seed, and what was shown before its time was over. */
export interface Drill {
  readonly drillId: string;
  readonly seed: string;
  /** `outside`: somebody named it; `day-sheet`: the newest day sheet that left the house. `system`: nobody outside had a say in it. */
  readonly seedFrom: 'outside' | 'day-sheet' | 'system';
  readonly startedAt: Date;
  readonly dueAt: Date;
  readonly by: string;
  /** Of how many the items of a topic were drawn. */
  readonly drawnFrom: Readonly<Record<DrillTopic, number>>;
  readonly items: readonly DrillItem[];
  readonly endedAt?: Date;
  readonly revision: number;
}

/** What can be drawn of a topic; the same pool in the same order gives the same draw. */
export interface DrillPool {
  readonly count: number;
  /** The item at a place from 0. */
  readonly at: (place: number) => Promise<Omit<DrillItem, 'number' | 'topic' | 'answers'> | undefined>;
}

/** Draws by the seed: whoever has the seed and the registers of then draws the same again. */
export async function drawItems(seed: string, pools: Readonly<Record<DrillTopic, DrillPool>>): Promise<DrillItem[]> {
  const items: DrillItem[] = [];
  for (const topic of drillTopics) {
    const pool = pools[topic];
    // A stream of its own, so that one call more does not change which seats are drawn.
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

/** When it was over: ended by a person, or by its clock. Undefined while it runs. */
export function endOf({ endedAt, dueAt }: Pick<Drill, 'endedAt' | 'dueAt'>, now: Date): Date | undefined {
  return endedAt ?? (now >= dueAt ? dueAt : undefined);
}

export type DrillRefusal = 'over' | 'no-such-item' | 'note-missing';

/** The drill with one more answer, or why not. What was not shown needs its reason. */
export function answer(drill: Drill, number: number, given: DrillAnswer): { readonly drill: Drill } | { readonly refused: DrillRefusal } {
  if (endOf(drill, given.at) !== undefined) return { refused: 'over' };
  if (!drill.items.some((item) => item.number === number)) return { refused: 'no-such-item' };
  if (!given.shown && given.note.trim() === '') return { refused: 'note-missing' };
  const items = drill.items.map((item) => (item.number === number ? { ...item, answers: [...item.answers, given] } : item));
  return { drill: { ...drill, items, revision: drill.revision + 1 } };
}

/** `shown`: in time, and the system misses nothing. `missed`: not shown, shown with gaps, or not answered when the time was over. */
export type DrillVerdict = 'open' | 'shown' | 'missed';

export function verdictOf({ gaps, answers }: Pick<DrillItem, 'gaps' | 'answers'>, over: boolean): DrillVerdict {
  const last = answers.at(-1);
  if (last === undefined) return over ? 'missed' : 'open';
  return last.shown && gaps.length === 0 ? 'shown' : 'missed';
}
