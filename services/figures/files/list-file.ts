import type { ReportForm } from '../../shared/domain/figures/report.js';
import { named, speak, type Language, type Say } from '../../shared/domain/language.js';
import { agentReasonWords } from '../../shared/domain/people/agent-state-words.js';
import type { Scope } from '../../shared/domain/people/rights.js';
import type { Reads } from '../../shared/records/reads.js';
import type { RenderReport, ReportHeading, SiteDays } from '../ports.js';
import { assertHolds, mediaTypeOf, type ReportFile } from './report-file.js';
import { listSheet, type ListColumn, type ListSheetNeeds } from './list-sheet.js';

export interface ListFileRequest {
  readonly from: string;
  readonly to: string;
  readonly form: ReportForm;
  readonly language: Language;
}

export interface ListFileNeeds {
  readonly reads: Pick<Reads, 'accounts' | 'queues'>;
  readonly days: SiteDays;
  /** The reasons for breaks that the site has set. */
  readonly breakReasons: () => Promise<readonly { readonly id: string; readonly name: Readonly<Record<Language, string>> }[]>;
  readonly headingOf: () => Promise<ReportHeading>;
  readonly render: RenderReport;
  readonly now: () => Date;
}

/** What a file of a list is made of. */
export interface ListContent<Row> extends Pick<ListSheetNeeds<Row>, 'title' | 'rows' | 'formulas'> {
  readonly columns: readonly ListColumn<Row>[];
  readonly foot: (say: Say) => readonly string[];
}

export interface ListNames {
  /** Why an agent was in a state: the name of a break, or whose act it was. */
  readonly reason: (reason: string) => string;
  readonly agent: (agentId: string) => string;
  readonly queue: (queueId: string) => string;
  readonly timeText: (atMs: number) => string;
}

export interface ListFileOrder<Row> {
  /** The beginning of the file's name. */
  readonly list: string;
  readonly request: ListFileRequest;
  readonly asker: { readonly name: string; readonly scope: Scope };
  readonly read: (names: ListNames, say: Say) => Promise<ListContent<Row>>;
}
export type MakeListFile = <Row>(order: ListFileOrder<Row>) => Promise<ReportFile>;

/** Makes files of lists. Like those of reports one after the other, from the first read on. */
export function createListFiles({ reads, days, breakReasons, headingOf, render, now }: ListFileNeeds): MakeListFile {
  async function namesIn(language: Language): Promise<ListNames> {
    const [queues, accounts, breaks] = await Promise.all([
      reads.queues.find({}, { fields: ['name'] }),
      reads.accounts.find({}, { fields: ['displayName'] }),
      breakReasons(),
    ]);
    const queueNames = new Map<string, string>(queues.map(({ _id, name }) => [_id, name[language]]));
    const breakNames = new Map(breaks.map(({ id, name }) => [id, name[language]]));
    const agentNames = new Map<string, string>(accounts.map(({ _id, displayName }) => [_id, displayName]));
    return {
      reason: (reason) => breakNames.get(reason) ?? named(agentReasonWords, reason, speak(language)),
      agent: (id) => agentNames.get(id) ?? id,
      queue: (id) => queueNames.get(id) ?? id,
      timeText: days.secondText,
    };
  }

  async function make<Row>({ list, request, asker, read }: ListFileOrder<Row>): Promise<ReportFile> {
    const { from, to, form, language } = request;
    const { span } = days.daysOf(from, to);
    const say = speak(language);
    const { foot, ...content } = await read(await namesIn(language), say);
    const about = { span, madeAt: now(), madeBy: asker.name, partOf: asker.scope, timeText: days.timeText, zone: days.zone };
    const sheet = listSheet({ ...content, ...about, foot: foot(say) }, language, say);
    assertHolds(form, sheet, 0);
    const { bytes, sha256 } = await render(sheet, form, await headingOf());
    return { bytes, sha256, fileName: `${list}_${from}_${to}.${form}`, mediaType: mediaTypeOf[form], rows: sheet.rows.length };
  }

  let last: Promise<unknown> = Promise.resolve();
  return (order) => {
    const made = last.then(() => make(order));
    last = made.catch(() => undefined);
    return made;
  };
}
