import { CallCentreError } from '../shared/domain/failure.js';
import { speak, type Language } from '../shared/domain/language.js';
import { route, type Route } from '../shared/platform/http/route.js';
import { addDays, type CalendarDate } from '../shared/domain/time/calendar-date.js';
import { sixItemIds } from './checks/six-gaps.js';
import { noUsage } from './checks/usage.js';
import { signatureLines, sixItem, type SixFacts } from './documents/six-items.js';
import { localTime } from '../shared/domain/time/local-time.js';
import { seedOrigin, seedWords } from '../shared/domain/licence/seed-words.js';
import { seedOf, type SeedSources } from '../shared/domain/licence/seed.js';
import type { Finding } from '../shared/domain/licence/finding.js';
import { countOnly, gather } from './pack/gather.js';
import { outboundFacts } from './pack/outbound-facts.js';
import type { LicenceFileReader, SiteReader, StoredRows, Stretch } from './ports.js';

export interface SixHttp extends SeedSources {
  readonly licenceFile: LicenceFileReader;
  readonly rows: StoredRows;
  readonly site: SiteReader;
  readonly calendar: { today(): CalendarDate; stretchOf(from: string, to: string): Stretch; monthOf(atMs: number): string };
  readonly zone: string;
  /** The findings of the last round. */
  readonly findings: (language: Language) => Promise<readonly Finding[]>;
}

/** A longer period belongs in a pack, which is made in the background. */
const MOST_DAYS = 62;
const USUAL_DAYS = 30;
const DAY_MS = 86_400_000;

/** Where the seed of the draw comes from. */
const drawnBy = { ...seedWords, outside: { zh: '由查询人录入', en: 'given by whoever asked' } } as const;

/** The pages of the six items as they are now: the same as a pack prints, counted from the rows at this moment. */
export function createSixHttp({ licenceFile, rows, site, calendar, zone, findings, ...seeds }: SixHttp): Route {
  return route('GET /evidence/six-items', {
    reach: { kind: 'site' },
    handle: async ({ query: { language, ...asked } }) => {
      const today = calendar.today();
      const to = asked.to ?? today;
      const from = asked.from ?? addDays(to, 1 - USUAL_DAYS);
      if (to > today)
        throw new CallCentreError('invalid-request', 'Choose a period that ends today or earlier: there is no data for later days.');
      const stretch = calendar.stretchOf(from, to);
      if (stretch.untilMs - stretch.fromMs > MOST_DAYS * DAY_MS || stretch.untilMs <= stretch.fromMs)
        throw new CallCentreError('invalid-request', `Choose a period of 1 to ${MOST_DAYS} days; longer ones are made as a pack.`);
      // The seed is such that nobody in the house can know beforehand which calls are drawn.
      const chosen = await seedOf(asked.seed, seeds);
      const { seed } = chosen;
      const origin = seedOrigin(chosen, (at) => localTime(at.getTime(), zone), speak(language), drawnBy);
      const counting = { rows, stretch, monthOf: calendar.monthOf, keep: countOnly, seed, progress: () => undefined };
      const [file, found, gathered] = await Promise.all([licenceFile.read(language), findings(language), gather(counting)]);
      const { numbers, trunks } = gathered.traffic;
      const facts: SixFacts = {
        ...{ file, today, findings: found, figures: gathered.figures, complaints: gathered.complaints },
        usage: { ...noUsage, numbers, trunks },
        outbound: await outboundFacts(gathered, seed, { site, zone }),
      };
      const say = speak(language);
      return {
        from,
        to,
        draw: say(`抽样种子：${seed}（${origin}）`, `Seed of the draw: ${seed} (${origin})`),
        items: sixItemIds.map((id) => {
          const { figures, proof, ...item } = sixItem(id, facts, say);
          return {
            ...item,
            figures: figures.map(([label, value]) => ({ label, value })),
            proof: { title: proof.title ?? '', heads: proof.heads, rows: proof.rows },
          };
        }),
        signatures: signatureLines(say),
      };
    },
  });
}
