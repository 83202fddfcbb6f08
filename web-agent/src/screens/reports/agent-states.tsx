import { Alert, Button, DatePicker, Drawer, Pagination, Space, Spin, Table, Tag } from 'antd';
import dayjs from 'dayjs';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { AgentTiles, StateTile } from '../../../../services/shared/contracts/api/figures/figures.js';
import { LongName } from '../../components/names/long-name.js';
import { Loaded } from '../../components/page.js';
import { siteNow } from '../../components/time/site-days.js';
import { clockText, timeText } from '../../components/time/times.js';
import { useRead } from '../../session/use-server.js';
import { useBreakName } from '../../components/names/break-reason.js';
import { useAgentNames } from '../seat/agent-names.js';
import { useApp } from '../../session/use-workplace.js';
import { FileMenu } from './lists/list-export.js';
import type { ReportChoice } from './report-choice.js';
import { tileStates, type TileState } from './tile-states.js';

const PAGE = 30;
const READ_EVERY_MS = 60_000;
const StatesGantt = lazy(() => import('./states-gantt.js'));

interface Opened {
  readonly agentId: string;
  readonly state: TileState | 'all';
}

/** What agents did on a day, tile by tile; the time in each state opens its tiles. */
export default function AgentStates({
  choice: { to },
  choose,
}: {
  readonly choice: ReportChoice;
  readonly choose: (changed: Partial<ReportChoice>) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const [page, setPage] = useState(1);
  const [opened, setOpened] = useState<Opened | null>(null);
  const read = useRead('/figures/agent-states', {
    query: { date: to, skip: (page - 1) * PAGE, limit: PAGE },
    ...(to === siteNow().format('YYYY-MM-DD') ? { everyMs: READ_EVERY_MS } : {}),
  });
  return (
    <>
      <p className="soft">{t('reports.states.text')}</p>
      <Space wrap>
        <DatePicker
          allowClear={false}
          aria-label={t('reports.states.day')}
          value={dayjs(to)}
          maxDate={siteNow()}
          onChange={(day) => {
            if (day === null) return;
            const date = day.format('YYYY-MM-DD');
            setPage(1);
            choose({ from: date, to: date });
          }}
        />
        <FileMenu
          fileName={`agent-states_${to}_${to}`}
          read={(form, language) => session.api.file('/figures/agent-states/file', { query: { from: to, to, form, language } })}
        />
      </Space>
      <Loaded query={read} isEmpty={({ total }) => total === 0} empty={t('reports.states.empty')}>
        {({ agents, from, until, total }) => (
          <section className="panel stack">
            {agents.some(({ overlapMs }) => overlapMs > 0) && <Alert type="error" showIcon title={t('reports.states.overlap')} />}
            <Suspense fallback={<Spin className="page-wait" />}>
              <StatesGantt agents={agents} from={from} until={until} />
            </Suspense>
            <Sums agents={agents} onOpen={setOpened} />
            <Pagination
              current={page}
              pageSize={PAGE}
              total={total}
              onChange={setPage}
              hideOnSinglePage
              showSizeChanger={false}
              showTotal={(count) => t('shell.total', { count })}
            />
            {opened !== null && (
              <Tiles
                agent={agents.find(({ agentId }) => agentId === opened.agentId)}
                state={opened.state}
                onClose={() => setOpened(null)}
              />
            )}
          </section>
        )}
      </Loaded>
    </>
  );
}

function Sums({ agents, onOpen }: { readonly agents: readonly AgentTiles[]; readonly onOpen: (opened: Opened) => void }): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  const column = (state: Opened['state'], title: string) => ({
    key: state,
    title,
    align: 'right' as const,
    render: (_value: unknown, { agentId, sums, signedInMs }: AgentTiles) => {
      const ms = state === 'all' ? signedInMs : (sums[state] ?? 0);
      if (ms === 0) return '—';
      const name = `${names.get(agentId) ?? agentId} ${title} ${clockText(ms)}`;
      return (
        <Button type="link" size="small" aria-label={name} onClick={() => onOpen({ agentId, state })}>
          {clockText(ms)}
        </Button>
      );
    },
  });
  return (
    <Table<AgentTiles>
      rowKey="agentId"
      size="small"
      className="figures"
      scroll={{ x: 'max-content' }}
      pagination={false}
      dataSource={[...agents]}
      data-testid="states-sums"
      columns={[
        {
          title: t('reports.agent'),
          fixed: 'left' as const,
          render: (_value, { agentId }) => <LongName name={names.get(agentId) ?? agentId} />,
        },
        ...tileStates.map((state) => column(state, t(`seat.state.${state}`))),
        column('all', t('reports.states.signedIn')),
      ]}
    />
  );
}

/** The tiles of an agent in one state, or all: their times add up to the number. */
function Tiles({
  agent,
  state,
  onClose,
}: {
  readonly agent: AgentTiles | undefined;
  readonly state: Opened['state'];
  readonly onClose: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const breakName = useBreakName();
  if (agent === undefined) return null;
  const tiles = agent.tiles.filter((tile) => state === 'all' || tile.state === state);
  const lengthOf = ({ from, until }: StateTile): number => Date.parse(until) - Date.parse(from);
  const why = (reason: string): string => (i18n.exists(`seat.why.${reason}`) ? t(`seat.why.${reason}`) : breakName(reason));
  const what = state === 'all' ? t('reports.states.signedIn') : t(`seat.state.${state}`);
  const sum = clockText(tiles.reduce((ms, tile) => ms + lengthOf(tile), 0));
  return (
    <Drawer
      open
      size="large"
      onClose={onClose}
      title={t('reports.states.tiles', { name: names.get(agent.agentId) ?? agent.agentId, what, count: tiles.length, sum })}
      data-testid="states-tiles"
    >
      <Table<StateTile>
        rowKey={({ from, until }) => `${from}|${until}`}
        size="small"
        className="figures"
        scroll={{ x: 'max-content' }}
        pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
        dataSource={tiles}
        columns={[
          { title: t('reports.start'), render: (_value, { from }) => timeText(from) },
          {
            title: t('reports.states.until'),
            render: (_value, { until, isOpen }) => (isOpen ? t('reports.states.goesOn') : timeText(until)),
          },
          { title: t('reports.states.length'), align: 'right', render: (_value, tile) => clockText(lengthOf(tile)) },
          { title: t('reports.states.state'), render: (_value, tile) => t(`seat.state.${tile.state}`) },
          {
            title: t('reports.states.why'),
            render: (_value, { reason }) =>
              reason === null ? '' : reason === 'by-supervisor' ? <Tag color="gold">{why(reason)}</Tag> : why(reason),
          },
          {
            title: t('reports.call'),
            render: (_value, { callId }) => (callId === null ? '' : <Link to={`/calls/${callId}`}>{callId.slice(-8)}</Link>),
          },
        ]}
      />
    </Drawer>
  );
}
