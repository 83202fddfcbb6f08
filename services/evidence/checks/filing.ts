import { inWords, type Say, type Words } from '../../shared/domain/language.js';
import { UNDECLARED_SEATS, type EquipmentList } from '../inventory/equipment.js';
import type { Topology } from '../inventory/topology.js';
import { rowsOf, type LicenceFile } from '../licence-file.js';
import { addDays, type CalendarDate } from './calendar-date.js';

/** What is handed to the authority, as lines that can be compared: `seats/101` -> its words. */
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
  readonly fileBy: CalendarDate;
}

/** Between the cells of a line. */
const CELLS = ' | ';
/** Registers that a filing holds. Staff come and go without a filing; their number is filed by the annual report. */
const filedRegisters = ['company', 'licence', 'sites', 'numbers', 'trunks', 'seats'] as const;
/** Regulation: a change of name, address or representative within 30 days; the network plan before it goes live [G/T]. */
const FILE_WITHIN_DAYS = 30;

/** The present state in the terms of a filing: registers, equipment with software versions, and the edges of the drawing. */
export function presentState(file: LicenceFile, equipment: EquipmentList, topology: Topology): FiledState {
  const state: Record<string, string> = {};
  for (const register of filedRegisters)
    for (const row of rowsOf(file, register)) state[`${register}/${row.key}`] = row.shown.filter((cell) => cell !== '').join(CELLS);
  for (const line of equipment.lines)
    state[`equipment/${line.filedAs ?? line.asset}`] = [line.name, line.model, `×${line.quantity}`, line.software, line.place]
      .filter((part) => part !== '')
      .join(CELLS);
  const name = (id: string): string => topology.nodes.find((node) => node.id === id)?.lines[0] ?? id;
  for (const edge of topology.edges)
    // What is only not observed at this moment is no change of the plan.
    state[`topology/${name(edge.from)} → ${name(edge.to)}`] = edge.lines.join(CELLS) || edge.kind;
  return state;
}

interface FilingWatch {
  readonly firstSeen: Readonly<Record<string, CalendarDate>>;
  readonly today: CalendarDate;
  /** Gives the registers their names. */
  readonly file: LicenceFile;
  /** Gives its words to what a filing holds under a name that says nothing to people. */
  readonly lines: EquipmentList['lines'];
  readonly say: Say;
}

/** Filings of the first versions hold undeclared seats under the id of one of them. */
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

/** Of a line that changed, the cells that are not the same: a trunk has twenty, and mostly one of them changed. */
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
  // The same cells in another order.
  return changed.filed === '' && changed.now === '' ? { filed: before, now } : changed;
}

/** Compares with what was filed. `firstSeen` remembers since when each difference stands; what it lacks begins today. */
export function compareWithFiling(filed: FiledState, present: FiledState, watch: FilingWatch): Difference[] {
  const { firstSeen, today } = watch;
  const subjects = [...new Set([...Object.keys(filed), ...Object.keys(present)])].sort();
  return subjects.flatMap((subject): Difference[] => {
    const [before, now] = [filed[subject], present[subject]];
    if (before === now) return [];
    const since = firstSeen[subject] ?? today;
    return [
      {
        subject,
        what: inWordsOf(subject, watch),
        change: before === undefined ? 'added' : now === undefined ? 'removed' : 'changed',
        ...(before === undefined || now === undefined ? { filed: before ?? '', now: now ?? '' } : whatChanged(before, now)),
        since,
        fileBy: subject.startsWith('topology/') ? since : addDays(since, FILE_WITHIN_DAYS),
      },
    ];
  });
}
