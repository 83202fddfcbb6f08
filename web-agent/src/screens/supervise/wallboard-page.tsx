import { FullscreenOutlined } from '@ant-design/icons';
import { Button, ConfigProvider, Empty, Progress, Select, Tag } from 'antd';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useSearchParams } from 'react-router';
import type { QueueSnapshot } from '../../../../services/shared/contracts/calls/commands.js';
import type { BoardFigureKey } from '../../../../services/shared/domain/figures/keys.js';
import { rowScopes, type RowScope } from '../../../../services/shared/domain/figures/scope-rows.js';
import { figureRegistry, shownFigure, STANDARD_SERVICE_LEVEL } from '../../../../services/shared/domain/figures/registry.js';

import { useAskedFor } from '../../components/asked-for.js';
import { Page } from '../../components/page.js';
import { clockText } from '../../components/time/times.js';
import { useBoard } from '../../session/use-server.js';
import { useMay, useProfile, useWholeSite } from '../../session/use-workplace.js';
import { FraudBanner } from '../calling-out/fraud-banner.js';
import { nameOf } from '../seat/queue-names.js';
import { Freshness, StaleNote, useIsStale, WaitNote } from './live/freshness.js';
import type { Behind } from '../reports/lists/rows-drawer.js';
import { Figure } from './live/figure.js';
import { sinceMidnight } from './live/since-midnight.js';
import { alarmOf } from './queue-figures.js';

const ScopeRows = lazy(() => import('./live/scope-rows.js'));
const ThresholdMarks = lazy(() => import('./thresholds/threshold-marks.js'));
const RowsDrawer = lazy(async () => ({ default: (await import('../reports/lists/rows-drawer.js')).RowsDrawer }));
const WaitingDrawer = lazy(() => import('./live/waiting-drawer.js'));
const WallsPage = lazy(() => import('./walls/walls-page.js'));
const ThresholdDrawer = lazy(() => import('./thresholds/threshold-drawer.js'));

const shownStates = ['ready', 'offered', 'on-call', 'wrap-up', 'break', 'away'] as const;

/** The board; the walls of the floor are at `/wallboard/walls`. */
export default function WallboardPage(): ReactNode {
  const { pathname } = useLocation();
  return pathname === '/wallboard/walls' ? (
    <Suspense>
      <WallsPage />
    </Suspense>
  ) : (
    <Wallboard />
  );
}

/** What the rows of the board are, by the address; team leaders begin with teams, since queues belong to no team. */
function useRowsBy(): readonly [RowScope | 'queue', (by: RowScope | 'queue') => void] {
  const may = useMay();
  const leads = useLeads();
  const [address, setAddress] = useSearchParams();
  const asked = address.get('by');
  const usual = leads && !address.has('queue') ? 'team' : 'queue';
  const by = asked === 'queue' ? asked : (rowScopes.find((each) => each === asked) ?? usual);
  return [may('agents.watch') ? by : 'queue', (next) => setAddress({ by: next }, { replace: true })];
}

const useLeads = (): boolean => (useProfile().scope.teams?.length ?? 0) > 0;

/** Rows that can be read across a room, how fresh their figures are, and full screen for a wall. */
function Wallboard(): ReactNode {
  const may = useMay();
  const { t } = useTranslation();
  const wall = useRef<HTMLDivElement>(null);
  const [setsThresholds, setSetsThresholds] = useState(false);
  const [by, setBy] = useRowsBy();
  const wholeSite = useWholeSite();
  // Each kind of row is a board of its own.
  const [atMs, setAtMs] = useState(0);
  return (
    <Page
      title={t('supervise.wallboard.title')}
      testId="wallboard-page"
      actions={
        <>
          <Freshness atMs={atMs} />
          {may('agents.watch') && (
            <Select
              value={by}
              onChange={setBy}
              aria-label={t('walls.by')}
              options={(['queue', ...rowScopes] as const).map((each) => ({ value: each, label: t(`walls.rowsBy.${each}`) }))}
              data-testid="rows-by"
            />
          )}
          {may('queues.edit') && (
            <Button onClick={() => setSetsThresholds(true)} data-testid="thresholds-open">
              {t('thresholds.open')}
            </Button>
          )}
          {may('walls.edit') && (
            <Link to="/wallboard/walls" data-testid="walls-open">
              {t('walls.title')}
            </Link>
          )}
          <Button icon={<FullscreenOutlined />} onClick={() => void wall.current?.requestFullscreen()} data-testid="full-screen">
            {t('supervise.wallboard.full')}
          </Button>
        </>
      }
    >
      <StaleNote atMs={atMs} />
      <Suspense>{setsThresholds && <ThresholdDrawer onClose={() => setSetsThresholds(false)} />}</Suspense>
      {/* On a full screen nothing is seen of what opens outside it. */}
      <ConfigProvider getPopupContainer={() => (document.fullscreenElement as HTMLElement | null) ?? document.body}>
        <div className={useIsStale(atMs) ? 'wall stale' : 'wall'} ref={wall} data-testid="wall">
          {wholeSite && may('outbound.edit') && <FraudBanner />}
          <WaitNote atMs={atMs} />
          <Suspense>{may('agents.watch') && <ThresholdMarks />}</Suspense>
          {by === 'queue' ? (
            <QueueRows wall={wall} onHeard={setAtMs} />
          ) : (
            <Suspense>
              <ScopeRows key={by} by={by} onHeard={setAtMs} />
            </Suspense>
          )}
        </div>
      </ConfigProvider>
    </Page>
  );
}

/** Alarms first. */
function QueueRows({
  wall,
  onHeard,
}: {
  readonly wall: RefObject<HTMLDivElement | null>;
  readonly onHeard: (atMs: number) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const leads = useLeads();
  const board = useBoard('board:queues');
  const { atMs } = board;
  useEffect(() => onHeard(atMs), [onHeard, atMs]);
  const [asked, setAsked] = useState('');
  useAskedFor('queue', setAsked);
  // The queue of the test calls is served by a part of the system: nobody waits there.
  const queues = (board.value ?? []).filter(({ internal }) => !internal);
  const sorted = [...queues].sort(
    (a, b) => Number(alarmOf(b) !== null) - Number(alarmOf(a) !== null) || b.waiting - a.waiting || b.longestWaitMs - a.longestWaitMs,
  );
  const isThere = board.value !== null;
  useEffect(() => {
    if (isThere && asked !== '')
      wall.current?.querySelector(`[data-testid="${CSS.escape(`queue-${asked}`)}"]`)?.scrollIntoView({ block: 'center' });
  }, [isThere, asked, wall]);
  return (
    <>
      {board.value !== null && sorted.length === 0 && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t(leads ? 'supervise.wallboard.ofTeams' : 'supervise.wallboard.empty')} />
      )}
      {sorted.map((queue) => (
        <QueueRow key={queue.queueId} queue={queue} name={nameOf(queue.name, i18n.language)} asked={queue.queueId === asked} />
      ))}
    </>
  );
}

function QueueRow({
  queue,
  name,
  asked,
}: {
  readonly queue: QueueSnapshot;
  readonly name: string;
  /** True when a link led to this queue. */
  readonly asked: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const alarm = alarmOf(queue);
  const [open, setOpen] = useState(false);
  return (
    <section
      className={asked ? 'panel wall-row asked-for' : 'panel wall-row'}
      data-alarm={alarm ?? ''}
      data-testid={`queue-${queue.queueId}`}
      aria-label={name}
    >
      <div className="wall-name">
        <h2>
          {may('calls.read') ? (
            <Link to={`/calls?queueId=${encodeURIComponent(queue.queueId)}`} data-testid="queue-calls">
              {name}
            </Link>
          ) : (
            name
          )}
        </h2>
        {alarm !== null && <Tag color="red">{t(`supervise.wallboard.alarms.${alarm}`)}</Tag>}
      </div>
      <Figure
        label={t('supervise.wallboard.waiting')}
        value={String(queue.waiting)}
        bad={alarm !== null}
        testId="waiting"
        {...(may('calls.read') ? { onOpen: () => setOpen(true) } : {})}
      />
      {open && (
        <Suspense>
          <WaitingDrawer queueId={queue.queueId} name={name} onClose={() => setOpen(false)} />
        </Suspense>
      )}
      <Figure
        label={t('supervise.wallboard.expected')}
        value={queue.expectedWaitMs === undefined ? '–' : clockText(queue.expectedWaitMs)}
      />
      <Figure
        label={t('supervise.wallboard.longest')}
        value={queue.waiting === 0 ? '–' : clockText(queue.longestWaitMs)}
        bad={alarm === 'too-long'}
      />
      <Level queue={queue} name={name} />
      <Counts queueId={queue.queueId} name={name} figures={queue.today} />
      <dl className="wall-states">
        {shownStates.map((state) => (
          <div key={state}>
            <dt className="soft">{t(`seat.state.${state}`)}</dt>
            <dd className="figures">{queue.states[state] ?? 0}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The figure by which the target is judged, for today and the last half hour; the standard one beside it when it differs. */
function Level({
  queue: { queueId, today, lately, serviceLevel },
  name,
}: {
  readonly queue: QueueSnapshot;
  readonly name: string;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const [behind, setBehind] = useState<Behind | null>(null);
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const { formula, targetPercent, thresholdMs } = serviceLevel;
  const { name: ofFigure, text } = figureRegistry[formula];
  const { value } = today[formula];
  const other = formula === STANDARD_SERVICE_LEVEL ? 'sl.withAbandon' : STANDARD_SERVICE_LEVEL;
  return (
    <div className="wall-figure">
      <Progress
        type="dashboard"
        size={72}
        percent={value ?? 0}
        format={() => (
          <span className="wall-level" data-testid="level">
            {shownFigure(formula, { value })}
          </span>
        )}
        status={value === null ? 'normal' : value < targetPercent ? 'exception' : 'success'}
        aria-label={`${ofFigure[language]}: ${text[language]}`}
      />
      {may('calls.read') && value !== null ? (
        <Button
          type="link"
          size="small"
          title={text[language]}
          aria-label={`${ofFigure[language]} ${shownFigure(formula, { value })}`}
          onClick={() => setBehind(sinceMidnight(queueId, formula))}
          data-testid="level-open"
        >
          {ofFigure[language]}
        </Button>
      ) : (
        <span className="soft" title={text[language]}>
          {ofFigure[language]}
        </span>
      )}
      {behind !== null && (
        <Suspense>
          <RowsDrawer behind={behind} by="queue" scopeName={name} onClose={() => setBehind(null)} />
        </Suspense>
      )}
      <span className="soft">{t('supervise.wallboard.target', { percent: targetPercent, seconds: thresholdMs / 1_000 })}</span>
      <span className="soft figures" data-testid="level-lately">
        {t('supervise.wallboard.lately')} {shownFigure(formula, lately[formula])}
      </span>
      <span className="soft figures" title={figureRegistry[other].text[language]} data-testid="other-level">
        {figureRegistry[other].name[language]} {shownFigure(other, today[other])}
      </span>
    </div>
  );
}

/** The outcomes of today's callers: together with those who wait they are all. */
function Counts({
  queueId,
  name,
  figures,
}: {
  readonly queueId: string;
  readonly name: string;
  readonly figures: QueueSnapshot['today'];
}): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const [behind, setBehind] = useState<Behind | null>(null);
  const figure = (key: BoardFigureKey): ReactNode => (
    <Figure
      label={nameOfFigure(key)}
      value={shownFigure(key, figures[key])}
      testId={key}
      {...(may('calls.read') && figures[key].value !== 0 ? { onOpen: () => setBehind(sinceMidnight(queueId, key)) } : {})}
    />
  );
  const nameOfFigure = (key: BoardFigureKey): string => figureRegistry[key].name[i18n.language === 'en' ? 'en' : 'zh'];
  const rest = (key: BoardFigureKey): ReactNode => {
    const line = `${nameOfFigure(key)} ${shownFigure(key, figures[key])}`;
    if (!may('calls.read') || figures[key].value === 0) return <span>{line}</span>;
    return (
      <Button type="link" size="small" onClick={() => setBehind(sinceMidnight(queueId, key))} data-testid={`${key}-open`}>
        {line}
      </Button>
    );
  };
  return (
    <>
      {figure('entered')}
      {figure('answered')}
      {figure('abandoned')}
      {behind !== null && (
        <Suspense>
          <RowsDrawer behind={behind} by="queue" scopeName={name} onClose={() => setBehind(null)} />
        </Suspense>
      )}
      <div className="wall-figure soft figures" data-testid="other-ends">
        <span>{t('supervise.wallboard.since')}</span>
        {rest('overflowed')}
        {rest('callbacks')}
        {rest('lost')}
      </div>
    </>
  );
}
