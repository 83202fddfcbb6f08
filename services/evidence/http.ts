import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/people/rights.js';
import { handled, route, type Route } from '../shared/platform/http/route.js';
import type { InspectorReader } from './adapters/stores/mongo-inspector.js';
import type { CalendarDate } from '../shared/domain/time/calendar-date.js';
import { openPoints } from './checks/open-points.js';
import { noUsage, type Usage } from './checks/usage.js';
import { showFigure, showParts } from './documents/format.js';
import { localTime } from '../shared/domain/time/local-time.js';
import { demonstrationSteps } from './documents/register-documents.js';
import { stateName, type shownState, type SiteState } from './evidence-service.js';
import { missing } from './http-parts.js';
import { inWords, speak, type Language } from '../shared/domain/language.js';
import { countOnly, gather } from './pack/gather.js';
import { seeded } from '../shared/domain/seeded.js';
import { createCasesHttp, type CasesHttp } from './cases-http.js';
import { createSixHttp, type SixHttp } from './six-http.js';
import { createTemplatesHttp, type TemplatesHttp } from './templates-http.js';
import { createPacksHttp, type PacksHttp } from './packs-http.js';
import type { FilingStore, StateStore, StoredRows, Stretch } from './ports.js';
import { formulas, type Figure } from './quality/formulas.js';
import type { ShownRule } from '../shared/domain/licence/rules/rule-book.js';

/** What the round of checks saves under `figures`. */
interface LastFigures {
  readonly from: string;
  readonly to: string;
  readonly figures: readonly Figure[];
}

export interface EvidenceHttp extends PacksHttp, Omit<CasesHttp, 'findings'>, Omit<SixHttp, 'findings'>, TemplatesHttp {
  readonly states: StateStore;
  readonly filings: FilingStore;
  readonly rows: StoredRows;
  readonly calendar: { today(): CalendarDate; stretchOf(from: string, to: string): Stretch; monthOf(atMs: number): string };
  readonly stateOf: (usage: Usage, language: Language) => Promise<SiteState>;
  readonly inspector: InspectorReader;
  readonly zone: string;
  readonly rasterise: (svg: string, widthPx: number) => Promise<Uint8Array>;
  readonly drawPdf: (svg: string, upright: boolean, title: string) => Promise<Uint8Array>;
  readonly newSeed: () => string;
  /** The first number of the register, for a demonstration of the system. */
  readonly servedNumber: () => Promise<string | undefined>;
  /** The rule book as of today. */
  readonly rulesNow: (language: Language) => Promise<readonly ShownRule[]>;
}
/** A longer period belongs in a pack, which is made in the background. */
const MOST_DAYS_ON_A_PAGE = 62;

type ShownState = ReturnType<typeof shownState>;

/** The conclusions of the last round of the probes. */
export function createConclusions({ states, commands }: Pick<EvidenceHttp, 'states' | 'commands'>) {
  async function shown(language: Language): Promise<{ at: Date; value: ShownState }> {
    let found = await states.read(stateName(language));
    if (found === undefined) {
      // Right after the first start, readers request the first round and wait for it, so that it need not wait for its timer.
      await commands.send('evidence.probe-now', {}, { timeoutMs: 120_000 });
      found = await states.read(stateName(language));
    }
    if (found === undefined) throw new CallCentreError('not-found', 'The probes have no result yet. Please try again in a minute.');
    return found as { at: Date; value: ShownState };
  }
  /** The named parts of the last round's conclusions. */
  async function parts<N extends keyof ShownState>(
    { language }: { readonly language: Language },
    ...names: readonly N[]
  ): Promise<Pick<ShownState, N> & { readonly at: Date }> {
    const { at, value } = await shown(language);
    return { ...(Object.fromEntries(names.map((name) => [name, value[name]])) as Pick<ShownState, N>), at };
  }

  return { shown, parts };
}
type Conclusions = ReturnType<typeof createConclusions>;

const siteRoutes = ({ audit, commands, ...needs }: EvidenceHttp, { shown, parts }: Conclusions): Route[] => [
  route('GET /evidence/readiness', {
    reach: { kind: 'site' },
    handle: async ({ query }) => parts(query, 'selfChecks', 'findings', 'openPoints', 'today'),
  }),
  route('GET /evidence/equipment', {
    reach: { kind: 'site' },
    handle: async ({ query }) => parts(query, 'equipment', 'findings'),
  }),
  route('GET /evidence/topology', {
    reach: { kind: 'site' },
    handle: async ({ query }) => parts(query, 'topology', 'topologySvg', 'upright'),
  }),
  route('GET /evidence/application', {
    reach: { kind: 'site' },
    handle: async ({ query }) => parts(query, 'workspace'),
  }),
  route('GET /evidence/duties', {
    reach: { kind: 'site' },
    handle: async ({ query }) => parts(query, 'duties', 'today'),
  }),
  route('GET /evidence/probes', {
    reach: { kind: 'site' },
    handle: async ({ query }) => parts(query, 'probes', 'probedAt'),
  }),
  route('POST /evidence/probes/run', {
    reach: { kind: 'site' },
    handle: async ({ principal, from }) => {
      await audit({ who: principal.userId, what: 'probes.run', from, success: true });
      return commands.send('evidence.probe-now', {}, { timeoutMs: 120_000 });
    },
  }),
  ...(['svg', 'png', 'pdf'] as const).map((form) =>
    route(`GET /evidence/topology.${form}`, {
      reach: { kind: 'site' },
      handle: async ({ query, response }) => {
        const { topologySvg, upright } = (await shown(query.language)).value;
        response.type(form === 'svg' ? 'image/svg+xml' : form === 'png' ? 'image/png' : 'application/pdf');
        response.end(
          form === 'svg'
            ? topologySvg
            : form === 'png'
              ? await needs.rasterise(topologySvg, 2_400)
              : await needs.drawPdf(topologySvg, upright, speak(query.language)('网络拓扑图', 'Network topology')),
        );
        return handled;
      },
    }),
  ),
];

const qualityRoutes = ({ states, calendar, ...needs }: EvidenceHttp): Route[] => [
  route('GET /evidence/quality', {
    reach: { kind: 'site' },
    handle: async ({ query }) => {
      const say = speak(query.language);
      const shown = (figures: readonly Figure[]) =>
        figures.map((figure) => {
          const [numerator, denominator] = showParts(figure, say);
          return { ...figure, shown: { numerator, denominator, value: showFigure(figure, say) } };
        });
      if (query.from === undefined || query.to === undefined) {
        const last = (await states.read('figures'))?.value as LastFigures | undefined;
        return { formulas, ...(last === undefined ? {} : { ...last, figures: shown(last.figures) }) };
      }
      const stretch = calendar.stretchOf(query.from, query.to);
      if (stretch.untilMs - stretch.fromMs > MOST_DAYS_ON_A_PAGE * 86_400_000 || stretch.untilMs <= stretch.fromMs)
        throw new CallCentreError(
          'invalid-request',
          `Choose a period of 1 to ${MOST_DAYS_ON_A_PAGE} days; longer ones are made as a pack.`,
        );
      const { figures, traffic } = await gather({
        rows: needs.rows,
        stretch,
        monthOf: calendar.monthOf,
        keep: countOnly,
        seed: query.from,
        progress: () => undefined,
      });
      return { formulas, from: query.from, to: query.to, zone: needs.zone, figures: shown(figures), traffic };
    },
  }),
];

const filingRoutes = ({ audit, commands, ...needs }: EvidenceHttp, { parts }: Conclusions): Route[] => [
  route('GET /evidence/filing', {
    reach: { kind: 'site' },
    handle: async ({ query }) => parts(query, 'filing'),
  }),
  route('GET /evidence/filings', {
    reach: { kind: 'site' },
    handle: async () => ({ filings: await needs.filings.all() }),
  }),
  route('POST /evidence/filings', {
    reach: { kind: 'site' },
    handle: async ({ principal, body, from }) => {
      const by = principal.userId;
      const state = await needs.stateOf(noUsage, 'zh-CN');
      await audit({ who: by, what: 'filing.frozen', object: body.filedOn, from, success: true, after: state.present });
      const filingId = needs.now().toISOString();
      await needs.filings.add({ filingId, filedOn: body.filedOn, note: body.note, by, state: state.present });
      // The pages compare with the new filing from the next round on, which is requested at once and not waited for.
      commands.send('evidence.probe-now', {}, { timeoutMs: 120_000 }).catch(() => undefined);
      return { filingId, lines: Object.keys(state.present).length };
    },
  }),
];

function inspectionRoutes({ audit, calendar, inspector, ...needs }: EvidenceHttp, { shown }: Conclusions): Route[] {
  /** The reader and the time, drawn over everything that an inspector sees. */
  const watermark = (principal: Principal | undefined): string =>
    `${principal?.name ?? ''} ${localTime(needs.now().getTime(), needs.zone)} (${needs.zone})`;
  return [
    route('GET /evidence/inspector/find', {
      reach: { kind: 'site' },
      // The last four digits are visible on every page.
      looksUp: ({ query }) => (query.number.length === 4 ? undefined : query.number),
      handle: async ({ principal, query, from }) => {
        await audit({ who: principal.userId, what: 'inspector.searched', object: query.date, from, success: true });
        const { fromMs, untilMs } = calendar.stretchOf(query.date, query.date);
        return { calls: await inspector.find(query.number, fromMs, untilMs), watermark: watermark(principal) };
      },
    }),
    route('POST /evidence/inspector/draw', {
      reach: { kind: 'site' },
      handle: async ({ principal, body, from }) => {
        const seed = body.seed ?? needs.newSeed();
        await audit({ who: principal.userId, what: 'inspector.drew', object: `${body.from}..${body.to} ${seed}`, from, success: true });
        const random = seeded(seed);
        const { fromMs } = calendar.stretchOf(body.from, body.from);
        const { untilMs } = calendar.stretchOf(body.to, body.to);
        const { callId, count } = await inspector.nth(fromMs, untilMs, (many) => Math.floor(random() * many));
        return {
          seed,
          drawnFrom: count,
          call: callId === undefined ? null : await inspector.show(callId),
          watermark: watermark(principal),
        };
      },
    }),
    route('GET /evidence/inspector/calls/:callId', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params, from }) => {
        await audit({ who: principal.userId, what: 'inspector.viewed', object: params.callId, from, success: true });
        return { ...((await inspector.show(params.callId)) ?? missing('call')), watermark: watermark(principal) };
      },
    }),
    route('GET /evidence/demonstration', {
      reach: { kind: 'common' },
      handle: async ({ query }) => {
        const say = speak(query.language);
        return { steps: demonstrationSteps((await needs.servedNumber()) ?? say('服务号码', 'the service number'), say) };
      },
    }),
    route('GET /evidence/rules', {
      reach: { kind: 'common' },
      handle: async ({ query }) => ({ rules: await needs.rulesNow(query.language) }),
    }),
    route('GET /evidence/open-points', {
      reach: { kind: 'site' },
      handle: async ({ query }) => ({
        all: Object.fromEntries(Object.entries(openPoints).map(([id, words]) => [id, inWords(words, speak(query.language))])),
        open: (await shown(query.language)).value.openPoints,
      }),
    }),
  ];
}

export function createEvidenceHttp(needs: EvidenceHttp): Route[] {
  const conclusions = createConclusions(needs);
  const findings: SixHttp['findings'] = async (language) => (await conclusions.shown(language)).value.findings;
  return [
    ...siteRoutes(needs, conclusions),
    ...qualityRoutes(needs),
    ...filingRoutes(needs, conclusions),
    ...createPacksHttp(needs),
    ...createCasesHttp({ ...needs, findings }),
    createSixHttp({ ...needs, findings }),
    ...createTemplatesHttp(needs),
    ...inspectionRoutes(needs, conclusions),
  ];
}
