import { inWords, type Say, type Words } from '../../shared/domain/language.js';
import { UNDECLARED_SEATS, type EquipmentList } from '../../shared/domain/licence/equipment-list.js';
import type { Topology } from '../../shared/domain/licence/topology.js';
import { rowsOf, type LicenceFile } from '../../shared/domain/licence/licence-file.js';
import type { CalendarDate } from '../../shared/domain/time/calendar-date.js';
import { cite } from '../../shared/domain/licence/rules/rule-book.js';
import { changesDue } from './changes.js';
import { toBeConfirmed } from './open-points.js';

/** What is filed with the authority, as comparable lines: `seats/101` -> its words. */
export type FiledState = Readonly<Record<string, string>>;

/** A filing, frozen for ever. */
export interface Filing {
  readonly filingId: string;
  readonly filedOn: CalendarDate;
  readonly note: string;
  readonly by: string;
  readonly state: FiledState;
}

export interface Difference {
  readonly subject: string;
  /** The subject in words: `坐席台账 101`. */
  readonly what: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly filed: string;
  readonly now: string;
  /** The day on which the watch first saw it. */
  readonly since: CalendarDate;
  /** Its legal day; empty when there is none, or while the register `changes` lacks the date from which it runs. */
  readonly fileBy: string;
}

/** The separator of the cells of a line. */
const CELLS = ' | ';
/** Registers that a filing contains. Staff may change without a filing; the annual report files their number. */
const filedRegisters = ['company', 'licence', 'shareholders', 'sites', 'numbers', 'trunks', 'seats'] as const;
/**
 * The current state in the terms of a filing: registers, equipment, and the edges of the drawing. A new software version is not a change.
 */
export function presentState(file: LicenceFile, equipment: EquipmentList, topology: Topology): FiledState {
  const state: Record<string, string> = {};
  for (const register of filedRegisters)
    for (const row of rowsOf(file, register)) state[`${register}/${row.key}`] = row.shown.filter((cell) => cell !== '').join(CELLS);
  for (const line of equipment.lines)
    state[`equipment/${line.filedAs ?? line.asset}`] = [line.name, line.model, `×${line.quantity}`, line.place]
      .filter((part) => part !== '')
      .join(CELLS);
  const name = (id: string): string => topology.nodes.find((node) => node.id === id)?.lines[0] ?? id;
  for (const edge of topology.edges)
    // A part that is merely not observed at this moment is not a change of the plan.
    state[`topology/${name(edge.from)} → ${name(edge.to)}`] = edge.lines.join(CELLS) || edge.kind;
  return state;
}

interface FilingWatch {
  readonly firstSeen: Readonly<Record<string, CalendarDate>>;
  readonly today: CalendarDate;
  /** Gives the registers their names. */
  readonly file: LicenceFile;
  /** Gives names to parts of a filing whose ids mean nothing to people. */
  readonly lines: EquipmentList['lines'];
  readonly say: Say;
}

/** Filings of the first versions contain undeclared seats under the id of one of them. */
const ONE_OF_THEM = 'seat:';

const others: Readonly<Record<string, Words>> = {
  equipment: { zh: '设备', en: 'Equipment' },
  topology: { zh: '网络拓扑', en: 'Topology' },
};

function inWordsOf(subject: string, { file, lines, say }: Pick<FilingWatch, 'file' | 'lines' | 'say'>): string {
  const [kind = '', key = ''] = subject.split(/\/(.*)/s);
  if (kind === 'equipment' && (key.startsWith(UNDECLARED_SEATS) || key.startsWith(ONE_OF_THEM))) {
    const line = lines.find(({ filedAs }) => filedAs === key);
    const site = key.startsWith(UNDECLARED_SEATS) ? key.slice(UNDECLARED_SEATS.length) : '';
    if (line !== undefined) return `${line.name}${say('：', ': ')}${line.asset}`;
    return say(`坐席终端（未登记）${site}`, `Seat terminals (not declared) ${site}`).trim();
  }
  const title = others[kind] ?? file[kind]?.title;
  return title === undefined ? subject : `${inWords(title, say)} ${key}`;
}

/** The differing cells of a changed line: a trunk has twenty cells, and usually only one of them has changed. */
function whatChanged(before: string, now: string): Pick<Difference, 'filed' | 'now'> {
  const [old, fresh] = [before.split(CELLS), now.split(CELLS)];
  const without = (cells: readonly string[], others: readonly string[]): string => {
    const left = [...others];
    return cells
      .filter((cell) => {
        const at = left.indexOf(cell);
        if (at >= 0) left.splice(at, 1);
        return at < 0;
      })
      .join(CELLS);
  };
  const changed = { filed: without(old, fresh), now: without(fresh, old) };
  // The same cells in a different order.
  return changed.filed === '' && changed.now === '' ? { filed: before, now } : changed;
}

/** Filings of earlier versions contain the software of a line between its quantity and its place. */
function withoutSoftware(filed: string, now: string): boolean {
  const [before, present] = [filed.split(CELLS), now.split(CELLS)];
  const quantity = present.findIndex((cell) => /^×\d+$/.test(cell));
  const shorter = before.filter((_cell, at) => at !== quantity + 1);
  return quantity >= 0 && before.length === present.length + 1 && shorter.join(CELLS) === now;
}

/**
 * The day by which a difference must be filed: a change of the plan before it is made, a change of the company or the licence by its legal
 * day.
 */
function fileByOf(subject: string, since: CalendarDate, file: LicenceFile): string {
  const [kind] = subject.split('/');
  if (kind === 'topology') return since;
  const days = changesDue(file).flatMap(({ register, dueOn }) => (register === kind ? [dueOn] : []));
  return days.sort()[0] ?? '';
}

/** The legal days of a filing, as a document names them. */
export const legalDays = (say: Say): string =>
  say(
    `组网技术方案变更前须报告，出自 2004 年通知，是否现行有效${toBeConfirmed(say)}。公司与许可证的变更自作出决定之日（${cite('order-42-28', say)}）或完成公司登记之日（${cite('order-42-29', say)}）起 30 日内报批；日期未登记的，不显示期限。`,
    `A change of the network plan is reported before it is made (notice of 2004; whether it is in force is ${toBeConfirmed(say)}). A change of company or licence is filed within 30 days of its decision (${cite('order-42-28', say)}) or of the completed registration (${cite('order-42-29', say)}); without these dates no day is shown.`,
  );

/** Compares with the filing. `firstSeen` has the first day of each difference; a difference that is missing from it begins today. */
export function compareWithFiling(filed: FiledState, present: FiledState, watch: FilingWatch): Difference[] {
  const { firstSeen, today } = watch;
  const subjects = [...new Set([...Object.keys(filed), ...Object.keys(present)])].sort();
  return subjects.flatMap((subject): Difference[] => {
    const [before, now] = [filed[subject], present[subject]];
    if (before === now || (subject.startsWith('equipment/') && withoutSoftware(before ?? '', now ?? ''))) return [];
    const since = firstSeen[subject] ?? today;
    return [
      {
        subject,
        what: inWordsOf(subject, watch),
        change: before === undefined ? 'added' : now === undefined ? 'removed' : 'changed',
        ...(before === undefined || now === undefined ? { filed: before ?? '', now: now ?? '' } : whatChanged(before, now)),
        since,
        fileBy: fileByOf(subject, since, watch.file),
      },
    ];
  });
}
