import { Button, DatePicker, Input, Select, Table, Tag } from 'antd';
import type { Dayjs } from 'dayjs';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { sidesOf } from '../../../../../services/shared/domain/calls/call-sides.js';
import { callerName } from '../../../components/names/caller-name.js';
import { CauseTag } from '../../../components/names/cause-tag.js';
import { releaseCauseNames } from './release-causes.js';
import { pageQuery, usePaging } from '../../../components/paging.js';
import { LongName } from '../../../components/names/long-name.js';
import { Loaded, Page } from '../../../components/page.js';
import { clockText, timeText } from '../../../components/time/times.js';
import { isoOf } from '../../../components/time/site-days.js';
import { useRead, useRefreshOn } from '../../../session/use-server.js';
import { useAgentNames } from '../../seat/agent-names.js';
import { useQueueName } from '../../seat/queue-names.js';
import { between, talkedMs, type CallRecord } from './call-record.js';
import { LiveCalls } from './live-calls.js';

const CallPage = lazy(async () => ({ default: (await import('./call-page.js')).CallPage }));
const PAGE_ROWS = 20;

/** The list of calls with their recordings; one call at `/calls/:callId`. Filters live in the address, so they can be sent. */
export default function CallsPage(): ReactNode {
  const { callId } = useParams();
  return callId === undefined ? (
    <CallList />
  ) : (
    <Suspense>
      <CallPage callId={callId} />
    </Suspense>
  );
}

function CallList(): ReactNode {
  const { t, i18n } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const go = useNavigate();
  const names = useAgentNames();
  const queueName = useQueueName(i18n.language);
  const [text, setText] = useState(address.get('search') ?? '');
  const page = Number(address.get('page') ?? 1);
  useRefreshOn('calls', ['call.', 'recording.']);

  const paging = usePaging(page, PAGE_ROWS, (next) => filter('page', String(next)));
  const query = new URLSearchParams(pageQuery(page, PAGE_ROWS));
  for (const name of ['search', 'cause', 'from', 'to', 'queueId']) {
    const value = address.get(name);
    if (value !== null && value !== '') query.set(name, value);
  }
  const calls = useRead('/calls', { query });

  function filter(name: string, value: string | undefined): void {
    setAddress((before) => {
      const next = new URLSearchParams(before);
      if (value === undefined || value === '') next.delete(name);
      else next.set(name, value);
      if (name !== 'page') next.delete('page');
      return next;
    });
  }

  return (
    <Page title={t('calls.title')} testId="calls-page">
      <LiveCalls queueId={address.get('queueId')} />
      <div className="row filters">
        <Input.Search
          value={text}
          allowClear
          placeholder={t('calls.search')}
          aria-label={t('calls.search')}
          onChange={({ target }) => setText(target.value)}
          onSearch={(value) => filter('search', value.trim())}
          className="search"
          data-testid="calls-search"
        />
        <Select
          allowClear
          placeholder={t('calls.cause')}
          aria-label={t('calls.cause')}
          value={address.get('cause') ?? undefined}
          onChange={(value: string | undefined) => filter('cause', value)}
          options={releaseCauseNames.map((value) => ({ value, label: t(`calls.causes.${value}`) }))}
          className="cause"
        />
        {address.get('queueId') !== null && (
          <Tag closable onClose={() => filter('queueId', undefined)} data-testid="of-queue">
            {t('calls.now.ofQueue', { queue: queueName(address.get('queueId') ?? undefined) })}
          </Tag>
        )}
        <DatePicker.RangePicker
          aria-label={t('calls.arrived')}
          onChange={(range) => {
            const [from, to] = (range ?? []) as readonly (Dayjs | null)[];
            filter('from', from ? isoOf(from.startOf('day')) : undefined);
            filter('to', to ? isoOf(to.endOf('day')) : undefined);
          }}
        />
      </div>
      <Loaded query={calls} isEmpty={({ calls: rows }) => rows.length === 0} empty={t('calls.empty')}>
        {({ calls: rows, total }) => (
          <Table<CallRecord>
            rowKey="callId"
            size="middle"
            dataSource={[...rows]}
            scroll={{ x: 'max-content' }}
            pagination={paging(total)}
            onRow={(row) => ({ onDoubleClick: () => void go(`/calls/${row.callId}`) })}
            columns={columnsOf(t, names, queueName)}
          />
        )}
      </Loaded>
    </Page>
  );
}

type Words = ReturnType<typeof useTranslation>['t'];

const columnsOf = (
  t: Words,
  names: ReadonlyMap<string, string>,
  queueName: (queueId: string | undefined) => string,
): NonNullable<Parameters<typeof Table<CallRecord>>[0]['columns']> => [
  {
    title: t('calls.arrived'),
    render: (_value, row) => (
      <Link to={`/calls/${row.callId}`} className="figures" data-testid={`call-${row.callId}`}>
        {timeText(row.invitedAt)}
      </Link>
    ),
  },
  { title: t('calls.direction'), render: (_value, { direction }) => t(`calls.directions.${direction}`) },
  { title: t('calls.caller'), render: (_value, row) => callerName(sidesOf(row).caller, t) },
  { title: t('calls.called'), render: (_value, row) => sidesOf(row).called },
  { title: t('calls.queue'), render: (_value, row) => <LongName name={queueName(row.queueId ?? undefined)} /> },
  { title: t('calls.agent'), render: (_value, row) => names.get(row.agentId ?? '') ?? row.agentId },
  {
    title: t('calls.waited'),
    align: 'right',
    render: (_value, row) => <Length ms={between(row.queuedAt, row.agentAnsweredAt ?? row.endedAt)} />,
  },
  { title: t('calls.talked'), align: 'right', render: (_value, row) => <Length ms={talkedMs(row)} /> },
  { title: t('calls.cause'), render: (_value, row) => <CauseTag cause={row.cause} /> },
  {
    title: t('calls.recording'),
    render: (_value, row) =>
      row.answeredAt === null || row.answeredAt === undefined ? (
        <span className="soft">{t('calls.noRecording')}</span>
      ) : (
        <Link to={`/calls/${row.callId}`}>
          <Button size="small" tabIndex={-1} data-testid={`play-${row.callId}`}>
            {t('calls.play')}
          </Button>
        </Link>
      ),
  },
];

const Length = ({ ms }: { readonly ms: number | null }): ReactNode => <span className="figures">{ms === null ? '' : clockText(ms)}</span>;
