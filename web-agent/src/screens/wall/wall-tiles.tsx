import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueSnapshot } from '../../../../services/shared/contracts/calls/commands.js';
import type { WallTile } from '../../../../services/shared/contracts/queues/wall.js';
import { figureRegistry, figureWithUnit, shownFigure } from '../../../../services/shared/domain/figures/registry.js';
import type { ThresholdLevel } from '../../../../services/shared/domain/figures/threshold.js';
import { clockText } from '../../components/time/times.js';
import { nameOf } from '../seat/queue-names.js';
import { ScopeTable } from './scope-table.js';
import {
  channelsOf,
  channelsText,
  figureNow,
  levelMarks,
  levelOf,
  levelOfRow,
  MOST_ROWS,
  queuesOf,
  statesOf,
  trendKey,
  trunkOf,
  type FigureTile,
  type TrendPoint,
  type WallState,
} from './wall-state.js';

const shownStates = ['ready', 'offered', 'on-call', 'wrap-up', 'break', 'away'] as const;

interface TileProps<T> {
  readonly tile: T;
  readonly state: WallState;
}
type Of<K extends WallTile['kind']> = Extract<WallTile, { readonly kind: K }>;

export function WallTileView({ tile, state }: TileProps<WallTile>): ReactNode {
  const level = levelOf(state.rows, tile);
  return (
    <section
      className="tv-tile"
      data-kind={tile.kind}
      data-level={level}
      style={{ gridColumn: `span ${tile.wide}`, gridRow: `span ${tile.high}` }}
    >
      <h2>
        {levelMarks[level]}
        <TileTitle tile={tile} state={state} />
      </h2>
      <TileBody tile={tile} state={state} />
    </section>
  );
}

function TileTitle({ tile, state }: TileProps<WallTile>): ReactNode {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const what =
    tile.kind === 'figure' || tile.kind === 'trend'
      ? `${figureRegistry[tile.figure].name[language]} · ${t(`walls.windows.${tile.window}`)}`
      : tile.kind === 'rows'
        ? t(`walls.rowsBy.${tile.by}`)
        : t(`walls.kinds.${tile.kind}`);
  if ('trunkId' in tile && tile.trunkId !== '') return `${t('walls.rowHead.trunk')} ${tile.trunkId} · ${what}`;
  if (!('queueId' in tile) || tile.queueId === '') return what;
  const [queue] = queuesOf(state.rows, tile.queueId);
  return `${queue === undefined ? tile.queueId : nameOf(queue.name, i18n.language)} · ${what}`;
}

function TileBody({ tile, state }: TileProps<WallTile>): ReactNode {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  if ('queueId' in tile && tile.queueId !== '' && queuesOf(state.rows, tile.queueId).length === 0)
    return <p className="tv-soft">{t('walls.gone')}</p>;
  if ('trunkId' in tile && tile.trunkId !== '' && trunkOf(state.rows, tile.trunkId) === undefined)
    return <p className="tv-soft">{t('walls.trunkIdle')}</p>;
  switch (tile.kind) {
    case 'figure':
      return <p className="tv-big">{figureWithUnit(tile.figure, { value: figureNow(state.rows, tile) }, language)}</p>;
    case 'trend':
      return <Trend tile={tile} points={state.trends.get(trendKey(tile)) ?? []} now={figureNow(state.rows, tile)} />;
    case 'waiting':
      return <Waiting tile={tile} state={state} />;
    case 'channels':
      return <p className="tv-big">{channelsText(channelsOf(state.rows, tile.trunkId))}</p>;
    case 'agents':
      return <Agents tile={tile} state={state} />;
    case 'queues':
      return <QueueTable state={state} />;
    case 'rows':
      return <ScopeTable by={tile.by} state={state} />;
    case 'alarms':
      return <Alarms state={state} />;
  }
}

function Trend({
  tile,
  points,
  now,
}: {
  readonly tile: FigureTile;
  readonly points: readonly TrendPoint[];
  readonly now: number | null;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const known = points.flatMap(({ atMs, value }) => (value === null ? [] : [{ atMs, value }]));
  const [first, last] = [points[0]?.atMs ?? 0, points.at(-1)?.atMs ?? 0];
  const most = Math.max(1, ...known.map(({ value }) => value));
  const x = (atMs: number): number => (last === first ? 100 : ((atMs - first) / (last - first)) * 100);
  const line = known.map(({ atMs, value }) => `${x(atMs).toFixed(2)},${(38 - (value / most) * 36).toFixed(2)}`).join(' ');
  return (
    <>
      <p className="tv-middle">{figureWithUnit(tile.figure, { value: now }, language)}</p>
      <svg className="tv-trend" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={t('walls.lastHour')}>
        <polyline points={line} fill="none" stroke="currentColor" strokeWidth="2" vectorEffect="non-scaling-stroke" />
      </svg>
    </>
  );
}

function Waiting({ tile, state }: TileProps<Of<'waiting'>>): ReactNode {
  const { t } = useTranslation();
  const queues = queuesOf(state.rows, tile.queueId);
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const longest = Math.max(0, ...queues.map((queue) => (queue.waiting > 0 ? queue.longestWaitMs : 0)));
  return (
    <>
      <p className="tv-big" data-testid="wall-waiting">
        {waiting}
      </p>
      <p className="tv-soft">{waiting === 0 ? t('walls.nobody') : `${t('walls.longest')} ${clockText(longest)}`}</p>
    </>
  );
}

function Agents({ tile, state }: TileProps<Of<'agents'>>): ReactNode {
  const { t } = useTranslation();
  const states = statesOf(state.rows, tile.queueId);
  return (
    <dl className="tv-states">
      {shownStates.map((each) => (
        <div key={each} data-state={each}>
          <dt>{t(`seat.state.${each}`)}</dt>
          <dd>{states[each] ?? 0}</dd>
        </div>
      ))}
    </dl>
  );
}

function QueueTable({ state }: { readonly state: WallState }): ReactNode {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const level = (queue: QueueSnapshot): ThresholdLevel => levelOfRow(state.rows, queue);
  const ranked = (queue: QueueSnapshot): number => ['ok', 'warn', 'alarm'].indexOf(level(queue));
  const queues = [...queuesOf(state.rows, '')].sort(
    (a, b) => ranked(b) - ranked(a) || b.waiting - a.waiting || b.longestWaitMs - a.longestWaitMs,
  );
  const shown = queues.slice(0, MOST_ROWS);
  const figures = ['entered', 'answered', 'abandoned'] as const;
  return (
    <>
      <table className="tv-table" style={{ fontSize: `min(2.1cqw, 40cqh / ${shown.length + 2})` }}>
        <thead>
          <tr>
            <th>{t('walls.queue')}</th>
            <th>{t('walls.waiting')}</th>
            <th>{t('walls.longest')}</th>
            {figures.map((key) => (
              <th key={key}>{figureRegistry[key].name[language]}</th>
            ))}
            <th>{figureRegistry['sl.strict'].name[language]}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((queue) => (
            <tr key={queue.queueId} data-level={level(queue)}>
              <th>
                {levelMarks[level(queue)]}
                {nameOf(queue.name, i18n.language)}
              </th>
              <td>{queue.waiting}</td>
              <td>{queue.waiting === 0 ? '–' : clockText(queue.longestWaitMs)}</td>
              {figures.map((key) => (
                <td key={key}>{shownFigure(key, queue.today[key])}</td>
              ))}
              <td>{shownFigure('sl.strict', queue.today['sl.strict'])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {queues.length > shown.length && <p className="tv-soft">{t('walls.more', { n: queues.length - shown.length })}</p>}
    </>
  );
}

function Alarms({ state }: { readonly state: WallState }): ReactNode {
  const { t } = useTranslation();
  const row = state.rows.get('alarms');
  if (row?.of !== 'alarms') return <p className="tv-big">—</p>;
  const all = row.open + row.seen;
  return (
    <>
      <p className="tv-big">{all}</p>
      <p className="tv-soft">{all === 0 ? t('walls.noAlarms') : t('walls.unseen', { n: row.open })}</p>
    </>
  );
}
