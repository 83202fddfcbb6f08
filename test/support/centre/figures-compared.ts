import { parse } from 'csv-parse/sync';
import type { FigureReport } from '../../../services/shared/contracts/api/figures/figures.js';
import type { QueueSnapshot } from '../../../services/shared/contracts/calls/commands.js';
import { boardFigureKeys } from '../../../services/shared/domain/figures/keys.js';
import { figureRegistry, type FigureValue } from '../../../services/shared/domain/figures/registry.js';
import { asked } from '../asked.js';
import type { Stack } from '../stack.js';

type FigureParts = Pick<FigureValue, 'numerator' | 'denominator'>;
/** The figures of a queue today. */
type Figures = Readonly<Record<string, FigureParts>>;

const siteToday = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const intervals = ['15', '30', '60', 'day', 'week', 'month', 'whole'] as const;
/** Seconds with a fraction are added up in different orders. */
const isNear = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6;

/** The rows of a queue added up: parts of a rate add, and so do counts. A count has no denominator to compare. */
function addedUp(rows: readonly FigureReport['rows'][number][]): Figures {
  return Object.fromEntries(
    boardFigureKeys.map((key) => {
      const parts = rows.map(({ figures }) => figures[key]);
      const sum = (part: 'numerator' | 'denominator'): number => parts.reduce((all, each) => all + (each?.[part] ?? 0), 0);
      return [key, { numerator: sum('numerator'), denominator: figureRegistry[key].unit === 'count' ? 1 : sum('denominator') }];
    }),
  );
}

/** The rows of the file by the name of the queue: time, queue, and for each rate its value, numerator and denominator. */
function inFile(csv: string): Map<string, Figures> {
  const rows: string[][] = parse(csv, { bom: true, from_line: 2 });
  return new Map(
    rows.map(([, queue = '', ...cells]) => {
      let place = 0;
      const figures = boardFigureKeys.map((key) => {
        if (figureRegistry[key].unit === 'count') return [key, { numerator: Number(cells[place++]), denominator: 1 }];
        const [numerator, denominator] = [Number(cells[place + 1]), Number(cells[place + 2])];
        place += 3;
        return [key, { numerator, denominator }];
      });
      return [queue, Object.fromEntries(figures) as Figures];
    }),
  );
}

/** What of today's figures by queue is not the same number on the wallboard, in reports by interval and in the file of a report. */
export async function figureDifferences(stack: Pick<Stack, 'http' | 'signIn'>): Promise<{ compared: number; differences: string[] }> {
  const token = await stack.signIn('supervisor');
  const today = `from=${siteToday()}&to=${siteToday()}&by=queue`;
  const { queues } = await asked<{ queues: QueueSnapshot[] }>(stack, token, 'GET', '/api/queues/board');
  const places = new Map<string, (queue: QueueSnapshot) => Figures>();
  for (const interval of intervals) {
    const { rows } = await asked<FigureReport>(stack, token, 'GET', `/api/figures/report?${today}&interval=${interval}`);
    places.set(`interval ${interval}`, ({ queueId }) => addedUp(rows.filter(({ scope }) => scope === queueId)));
  }
  const path = `/api/figures/report/file?${today}&interval=whole&form=csv&figures=${boardFigureKeys.join(',')}`;
  const file = inFile(await asked<string>(stack, token, 'GET', path));
  places.set('file', ({ name }) => file.get(name['zh-CN'] ?? '') ?? addedUp([]));
  const differences: string[] = [];
  let compared = 0;
  for (const queue of queues.filter(({ internal }) => !internal))
    for (const [place, figuresOf] of places) {
      const figures = figuresOf(queue);
      for (const key of boardFigureKeys) {
        const shown = ({ numerator, denominator }: FigureParts): string => `${String(numerator)} / ${String(denominator)}`;
        const [a, b] = [queue.today[key], figures[key] ?? { numerator: 0, denominator: 0 }];
        compared += 1;
        const isSame = isNear(a.numerator, b.numerator) && (figureRegistry[key].unit === 'count' || isNear(a.denominator, b.denominator));
        if (!isSame) differences.push(`${key} of ${queue.queueId}: ${shown(a)} on the board, ${shown(b)} in ${place}`);
      }
    }
  return { compared, differences };
}
