import type { DrillRefusal } from '../shared/domain/failure-details.js';
import { CallCentreError } from '../shared/domain/failure.js';
import { inWords, speak, type Say } from '../shared/domain/language.js';
import type { Document, Letterhead } from '../shared/domain/licence/document.js';
import { handled, route, type Audit, type Route } from '../shared/platform/http/route.js';
import type { CalendarDate } from '../shared/domain/time/calendar-date.js';
import { localTime } from '../shared/domain/time/local-time.js';
import { holderOf } from '../shared/domain/licence/licence-file.js';
import type { EquipmentNow, LicenceFileReader } from './ports.js';
import type { DrillStore } from './adapters/mongo-drills.js';
import { recordPools, type DrillReads } from './adapters/record-pools.js';
import { answer, drawItems, drillTopics, endOf, verdictOf, type AnswerRefusal, type Drill, type DrillTopic } from './drill.js';
import { registerPools } from './drill-pools.js';
import { drillReport } from './drill-report.js';
import { seedOf, seedUntil, type NamedSeed, type SeedSources } from '../shared/domain/licence/seed.js';
import { askWords, gapWords, topicWords } from './drill-words.js';

export interface DrillHttp extends SeedSources {
  readonly drills: DrillStore;
  readonly drillReads: DrillReads;
  readonly licenceFile: LicenceFileReader;
  readonly calendar: { today(): CalendarDate };
  readonly audit: Audit;
  readonly now: () => Date;
  readonly zone: string;
  /** Keeps a seed that an inspector names. */
  readonly keepSeed: (seed: NamedSeed) => Promise<void>;
  readonly equipmentNow: EquipmentNow;
  readonly renderDocx: (document: Document, letterhead: Letterhead) => Promise<Uint8Array>;
  readonly version: string;
}

const MINUTE_MS = 60_000;
/** The number of past days whose calls can be drawn. */
const CALLS_MS = 90 * 86_400_000;

const refusalWords: Readonly<Record<AnswerRefusal, string>> = {
  over: 'The time of this drill is over; no more answers are accepted.',
  'no-such-item': 'There is no such item in this drill.',
  'note-missing': 'Please say why it could not be shown.',
};

function noDrill(): never {
  throw new CallCentreError('not-found', 'There is no such drill.');
}

const refused = (why: DrillRefusal, words: string): CallCentreError =>
  new CallCentreError('wrong-state', words, { details: { refused: why } });

/** A drill as pages show it, in the words of a language. */
function shownDrill(drill: Drill, now: Date, say: Say) {
  const end = endOf(drill, now);
  const items = drill.items.map(({ gaps, ...item }) => ({
    ...item,
    answers: item.answers.map((given) => ({ ...given, at: given.at })),
    topicWords: inWords(topicWords[item.topic], say),
    asks: inWords(askWords[item.topic], say),
    gaps: gaps.map((gap) => inWords(gapWords[gap], say)),
    verdict: verdictOf({ gaps, answers: item.answers }, end !== undefined),
  }));
  const { endedAt: _endedAt, ...rest } = drill;
  return { ...rest, ...(end === undefined ? {} : { endedAt: end }), items };
}

/** A new drill. The store reports whether another one took its number meanwhile. */
export async function beginDrill(
  seed: string | undefined,
  minutes: number,
  by: string,
  needs: Omit<DrillHttp, 'audit' | 'keepSeed' | 'renderDocx' | 'version'>,
): Promise<Drill> {
  const { drills, licenceFile, calendar, now, zone } = needs;
  const startedAt = now();
  const today = calendar.today();
  const prefix = `MN-${today.replaceAll('-', '')}-`;
  // Counted before checking for a running drill: one that begins in between takes this number, and the store refuses the second.
  const before = await drills.countOf(prefix);
  const earlier = await drills.newest();
  if (earlier.some((drill) => endOf(drill, startedAt) === undefined)) throw refused('running', 'A drill is running; end it first.');
  const named = await needs.namedSeed();
  // A seed is used for one drill: afterwards everybody knows what it draws.
  const isUsed = earlier.some(({ seedBy }) => seedBy !== undefined && seedBy.at.getTime() === named?.at.getTime());
  const unused = isUsed ? undefined : named;
  if (unused !== undefined && seed !== undefined && ![unused.seed, ''].includes(seed.trim()))
    throw refused('seed-named', 'An inspector has named a seed: the next drill must use it.');
  const [file, equipment, chosen] = await Promise.all([
    licenceFile.read('zh-CN'),
    needs.equipmentNow('zh-CN'),
    seedOf(seed, { ...needs, namedSeed: async () => unused }),
  ]);
  const pools = {
    ...registerPools(file, equipment, today),
    ...(await recordPools(needs.drillReads, {
      sinceMs: startedAt.getTime() - CALLS_MS,
      now: startedAt,
      timeOf: (at) => localTime(at.getTime(), zone),
    })),
  };
  const items = await drawItems(chosen.seed, pools);
  if (items.length === 0) throw refused('nothing-to-draw', 'There is nothing to draw: registers and records are empty.');
  const drill: Drill = {
    drillId: `${prefix}${String(before + 1).padStart(2, '0')}`,
    ...chosen,
    startedAt,
    dueAt: new Date(startedAt.getTime() + minutes * MINUTE_MS),
    by,
    drawnFrom: Object.fromEntries(drillTopics.map((topic) => [topic, pools[topic].count])) as Record<DrillTopic, number>,
    items,
    revision: 1,
  };
  return drill;
}

/** The seed that an inspector names, and that everybody reads. */
const seedRoutes = ({ audit, now, namedSeed, keepSeed }: Pick<DrillHttp, 'audit' | 'now' | 'namedSeed' | 'keepSeed'>): Route[] => [
  route('GET /evidence/seed', {
    reach: { kind: 'site' },
    handle: async () => {
      const named = await namedSeed();
      return { seed: named === undefined ? null : { ...named, until: seedUntil(named) } };
    },
  }),
  route('POST /evidence/seed', {
    reach: { kind: 'site' },
    handle: async ({ principal, body, from }) => {
      const named: NamedSeed = { seed: body.seed, by: principal.userId, name: principal.name, at: now() };
      // Logged before it is kept: a seed that nobody likes stays known.
      await audit({ who: principal.userId, what: 'inspector.seed-named', object: body.seed, from, success: true });
      await keepSeed(named);
      return { seed: { ...named, until: seedUntil(named) } };
    },
  }),
];

/** Mock inspections (模拟迎检): drawn by a seed from outside, timed, and ended with the rectification report. */
export function createDrillHttp(needs: DrillHttp): Route[] {
  const { drills, audit, now } = needs;
  const found = async (drillId: string): Promise<Drill> => (await drills.one(drillId)) ?? noDrill();
  return [
    route('GET /evidence/drills', {
      reach: { kind: 'site' },
      handle: async ({ query }) => {
        const say = speak(query.language);
        const at = now();
        return { now: at, drills: (await drills.newest()).map((drill) => shownDrill(drill, at, say)) };
      },
    }),
    ...seedRoutes(needs),
    route('POST /evidence/drills', {
      reach: { kind: 'site' },
      handle: async ({ principal, body, from }) => {
        const drill = await beginDrill(body.seed, body.minutes, principal.userId, needs);
        // Logged before the drill is stored, so that a draw that nobody likes stays known.
        await audit({
          who: principal.userId,
          what: 'drill.started',
          object: `${drill.drillId} ${drill.seed}`.slice(0, 128),
          from,
          success: true,
        });
        if (!(await drills.add(drill))) throw refused('running', 'Somebody else has just begun a drill.');
        return { drillId: drill.drillId };
      },
    }),
    route('POST /evidence/drills/:drillId/items/:number', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, body, from }) => {
        const drill = await found(params.drillId);
        const given = { shown: body.shown, note: body.note, by: principal.userId, at: now() };
        const answered = answer(drill, params.number, given);
        if ('refused' in answered) throw refused(answered.refused, refusalWords[answered.refused]);
        await audit({
          who: principal.userId,
          what: 'drill.answered',
          object: `${drill.drillId} ${params.number}`,
          from,
          success: true,
          after: { shown: body.shown },
        });
        if (!(await drills.replace(answered.drill)))
          throw new CallCentreError('changed-meanwhile', 'Somebody has answered in the meantime; load it again.');
        return { number: params.number };
      },
    }),
    route('POST /evidence/drills/:drillId/end', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, from }) => {
        const drill = await found(params.drillId);
        const at = now();
        if (endOf(drill, at) !== undefined) throw refused('over', refusalWords.over);
        await audit({ who: principal.userId, what: 'drill.ended', object: drill.drillId, from, success: true });
        if (!(await drills.replace({ ...drill, endedAt: at, revision: drill.revision + 1 })))
          throw new CallCentreError('changed-meanwhile', 'Somebody has answered in the meantime; load it again.');
        return { drillId: drill.drillId };
      },
    }),
    route('GET /evidence/drills/:drillId/report.docx', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, query: { language }, from, response }) => {
        const drill = await found(params.drillId);
        const at = now();
        if (endOf(drill, at) === undefined) throw refused('running', 'The drill is still running; its report is made when it is over.');
        const say = speak(language);
        const holder = holderOf(await needs.licenceFile.read(language));
        const company = holder.company || say('（未登记公司）', '(company not registered)');
        const document = drillReport(drill, company, needs.zone, at, say);
        await audit({ who: principal.userId, what: 'drill.reported', object: drill.drillId, from, success: true });
        const bytes = await needs.renderDocx(document, {
          company,
          licence: holder.licence,
          version: needs.version,
          date: needs.calendar.today(),
          reference: drill.drillId,
          language,
          dataSha256: '',
          handedIn: true,
        });
        response
          .attachment(`${document.fileName}.docx`)
          .type('application/vnd.openxmlformats-officedocument.wordprocessingml.document')
          .end(bytes);
        return handled;
      },
    }),
  ];
}
