import { z } from 'zod';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/rights.js';
import { handled, route, type Route } from '../shared/platform/route.js';
import type { InspectorReader } from './adapters/mongo-inspector.js';
import type { CalendarDate } from './checks/calendar-date.js';
import { openPoints } from './checks/open-points.js';
import { noUsage, type Usage } from './checks/usage.js';
import { localTime, showFigure, showParts } from './documents/format.js';
import { demonstrationSteps } from './documents/register-documents.js';
import { stateName, type SiteState } from './evidence-service.js';
import { day, missing, period, personOf } from './http-parts.js';
import { inWords, languages, speak, type Language } from '../shared/domain/language.js';
import { countOnly, gather } from './pack/gather.js';
import { seeded } from './pack/sampler.js';
import { createPacksHttp, type PacksHttp } from './packs-http.js';
import type { FilingStore, SnapshotStore, StateStore, StoredRows, Stretch } from './ports.js';
import { formulas } from './quality/formulas.js';

export interface EvidenceHttp extends PacksHttp {
  readonly states: StateStore;
  readonly snapshots: SnapshotStore;
  readonly filings: FilingStore;
  readonly rows: StoredRows;
  readonly calendar: { today(): CalendarDate; stretchOf(from: string, to: string): Stretch; monthOf(atMs: number): string };
  readonly stateOf: (usage: Usage, language: Language) => Promise<SiteState>;
  readonly inspector: InspectorReader;
  readonly zone: string;
  readonly rasterise: (svg: string, widthPx: number) => Promise<Uint8Array>;
  readonly drawPdf: (svg: string, upright: boolean, title: string) => Promise<Uint8Array>;
  readonly newSeed: () => string;
  /** The first number of the register, for whoever demonstrates the system. */
  readonly servedNumber: () => Promise<string | undefined>;
}

/** The language of what the system says; what people entered stays as they wrote it. */
const inLanguage = z.object({ language: z.enum(languages).default('zh-CN') });
/** Longer periods belong into a pack, which is made in the background. */
const MOST_DAYS_ON_A_PAGE = 62;

interface ShownState {
  readonly topologySvg: string;
  readonly upright: boolean;
  readonly [part: string]: unknown;
}

export function createEvidenceHttp(needs: EvidenceHttp): Route[] {
  const { states, commands, audit, calendar, inspector } = needs;

  async function shown(language: Language): Promise<{ at: Date; value: ShownState }> {
    let found = await states.read(stateName(language));
    if (found === undefined) {
      // Right after the first start: whoever looks waits for the first round, which then need not wait for its time.
      await commands.send('evidence.probe-now', {}, { timeoutMs: 120_000 });
      found = await states.read(stateName(language));
    }
    if (found === undefined)
      throw new CallCentreError('not-found', 'The probes have not concluded anything yet. Please try again in a minute.');
    return found as { at: Date; value: ShownState };
  }
  const part = (path: string, summary: string, ...names: readonly string[]): Route =>
    route({
      method: 'get',
      path,
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary,
      query: inLanguage,
      handle: async ({ query }) => {
        const { at, value } = await shown(query.language);
        return { at, ...Object.fromEntries(names.map((name) => [name, value[name]])) };
      },
    });

  const site: Route[] = [
    part(
      '/evidence/readiness',
      'Self-check, contradictions and open points, as of the last round.',
      'selfChecks',
      'findings',
      'openPoints',
      'today',
    ),
    part('/evidence/equipment', 'The equipment list 设备清单, reconciled with the probes.', 'equipment', 'findings'),
    part('/evidence/topology', 'Nodes, edges and frames of the network topology, with the drawing.', 'topology', 'topologySvg', 'upright'),
    part('/evidence/application', 'Materials and stages of the application.', 'workspace'),
    part('/evidence/duties', 'The calendar of duties.', 'duties', 'today'),
    part('/evidence/probes', 'The newest readings of the probes, each with the hash of its raw answer.', 'probes', 'probedAt'),
    route({
      method: 'get',
      path: '/evidence/probes/raw',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary: 'The raw answers behind one subject.',
      query: z.object({ subject: z.string().max(200) }),
      handle: async ({ query }) => ({
        rows: ((await needs.snapshots.latest())?.rows ?? []).filter(({ subject }) => subject === query.subject),
      }),
    }),
    route({
      method: 'post',
      path: '/evidence/probes/run',
      right: 'evidence.make',
      reach: { kind: 'site' },
      summary: 'Runs all probes now and answers with the number of readings.',
      handle: async ({ principal, from }) => {
        await audit({ who: personOf(principal), what: 'probes.run', from, success: true });
        return commands.send('evidence.probe-now', {}, { timeoutMs: 120_000 });
      },
    }),
    ...(['svg', 'png', 'pdf'] as const).map((form) =>
      route({
        method: 'get',
        path: `/evidence/topology.${form}`,
        right: 'evidence.read',
        reach: { kind: 'site' },
        summary: `The network topology 网络拓扑图 as ${form.toUpperCase()}.`,
        query: inLanguage,
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

  const quality: Route[] = [
    route({
      method: 'get',
      path: '/evidence/quality',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary:
        'Service-quality figures of a period up to 62 days, with numerators, denominators and formulas, `shown` as documents print them; without a period those of the last round.',
      query: period.partial().extend(inLanguage.shape),
      handle: async ({ query }) => {
        if (query.from === undefined || query.to === undefined) return { formulas, ...(await states.read('figures'))?.value };
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
        const say = speak(query.language);
        const shownFigures = figures.map((figure) => {
          const [numerator, denominator] = showParts(figure, say);
          return { ...figure, shown: { numerator, denominator, value: showFigure(figure, say) } };
        });
        return { formulas, from: query.from, to: query.to, zone: needs.zone, figures: shownFigures, traffic };
      },
    }),
  ];

  const filing: Route[] = [
    part('/evidence/filing', 'What differs from the last filing, since when, and until when it must be filed.', 'filing'),
    route({
      method: 'get',
      path: '/evidence/filings',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary: 'All filings.',
      handle: async () => ({ filings: await needs.filings.all() }),
    }),
    route({
      method: 'post',
      path: '/evidence/filings',
      right: 'evidence.make',
      reach: { kind: 'site' },
      summary: 'Freezes the present state as what was filed on a day.',
      body: z.object({ filedOn: day, note: z.string().trim().min(1).max(500) }),
      handle: async ({ principal, body, from }) => {
        const by = personOf(principal);
        const state = await needs.stateOf(noUsage, 'zh-CN');
        await audit({ who: by, what: 'filing.frozen', object: body.filedOn, from, success: true, after: state.present });
        const filingId = needs.now().toISOString();
        await needs.filings.add({ filingId, filedOn: body.filedOn, note: body.note, by, state: state.present });
        // The pages compare with the new filing from the next round on: it is asked for at once, and not waited for.
        commands.send('evidence.probe-now', {}, { timeoutMs: 120_000 }).catch(() => undefined);
        return { filingId, lines: Object.keys(state.present).length };
      },
    }),
  ];

  const inspection: Route[] = [
    route({
      method: 'get',
      path: '/evidence/inspector/find',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary: 'Calls of a day with a number: whole, or the last four digits, which pages show. Each search is in the audit log.',
      query: z.object({ number: z.string().regex(/^(\d{4}|\+?\d{7,20})$/), date: day }),
      // The last four digits stand on every page.
      looksUp: ({ query }) => (query.number.length === 4 ? undefined : query.number),
      handle: async ({ principal, query, from }) => {
        await audit({ who: personOf(principal), what: 'inspector.searched', object: query.date, from, success: true });
        const { fromMs, untilMs } = calendar.stretchOf(query.date, query.date);
        return { calls: await inspector.find(query.number, fromMs, untilMs), watermark: watermark(principal) };
      },
    }),
    route({
      method: 'post',
      path: '/evidence/inspector/draw',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary: 'Draws an answered call of a period at random; the seed is shown, and the same seed draws the same call.',
      body: period.extend({ seed: z.string().min(1).max(64).optional() }),
      handle: async ({ principal, body, from }) => {
        const seed = body.seed ?? needs.newSeed();
        await audit({ who: personOf(principal), what: 'inspector.drew', object: `${body.from}..${body.to} ${seed}`, from, success: true });
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
    route({
      method: 'get',
      path: '/evidence/inspector/calls/:callId',
      right: 'evidence.read',
      reach: { kind: 'object', of: 'call', param: 'callId' },
      summary: 'One call with its routing reasons, recording, score and complaints.',
      params: z.object({ callId: z.string().max(64) }),
      handle: async ({ principal, params, from }) => {
        await audit({ who: personOf(principal), what: 'inspector.viewed', object: params.callId, from, success: true });
        return { ...((await inspector.show(params.callId)) ?? missing('call')), watermark: watermark(principal) };
      },
    }),
    route({
      method: 'get',
      path: '/evidence/demonstration',
      right: 'evidence.read',
      reach: { kind: 'common' },
      summary: 'The steps of the live demonstration, with what must be seen.',
      query: inLanguage,
      handle: async ({ query }) => {
        const say = speak(query.language);
        return { steps: demonstrationSteps((await needs.servedNumber()) ?? say('服务号码', 'the service number'), say) };
      },
    }),
    route({
      method: 'get',
      path: '/evidence/open-points',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary: 'Readings of rules that nobody has confirmed yet; an answer is entered in the register `confirmations`.',
      query: inLanguage,
      handle: async ({ query }) => ({
        all: Object.fromEntries(Object.entries(openPoints).map(([id, words]) => [id, inWords(words, speak(query.language))])),
        open: (await shown(query.language)).value['openPoints'],
      }),
    }),
  ];
  /** Who looked and when, drawn over what an inspector sees. */
  const watermark = (principal: Principal | undefined): string =>
    `${principal?.name ?? ''} ${localTime(needs.now().getTime(), needs.zone)} (${needs.zone})`;
  return [...site, ...quality, ...filing, ...createPacksHttp(needs), ...inspection];
}
