import { Button, Dropdown, Tag } from 'antd';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { callerName } from '../../../components/names/caller-name.js';
import { CauseTag } from '../../../components/names/cause-tag.js';
import { ColumnChoice, useHiddenColumns } from '../../../components/column-choice.js';
import { DataTable } from '../../../components/data-table.js';
import { pageQuery, usePaging } from '../../../components/paging.js';
import { LongName } from '../../../components/names/long-name.js';
import { Loaded, Page } from '../../../components/page.js';
import { clockText, timeText } from '../../../components/time/times.js';
import { useExport } from '../../../components/use-export.js';
import { useRead, useRefreshOn } from '../../../session/use-server.js';
import { useApp } from '../../../session/use-workplace.js';
import { useAgentNames } from '../../seat/agent-names.js';
import { useQueueName } from '../../seat/queue-names.js';
import { CallFilters, useResultNames } from './call-filters.js';
import { askedBy, foldedCount, isNumber, listedCall, listedRecording, type FilterName, type ListedCall } from './listed-calls.js';
import { LiveCalls } from './live-calls.js';

const CallPage = lazy(async () => ({ default: (await import('./call-page.js')).CallPage }));
const PAGE_ROWS = 20;

/** Every call of the centre, with its recording; one call at `/calls/:callId`. Filters live in the address, so they can be sent. */
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
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const [number, setNumber] = useState('');
  const [cursor, setCursor] = useState<string | null>(null);
  const text = number === '' ? (address.get('search') ?? '') : number;
  const { source, query } = askedBy(address, text);
  const [hidden, setHidden] = useHiddenColumns('calls');
  const columns = useColumns(source);
  const page = Number(address.get('page') ?? 1);
  useRefreshOn('calls', ['call.', 'recording.']);
  useRefreshOn('recordings', ['recording.archived']);

  function filter(values: Partial<Record<FilterName | 'search' | 'page', string | undefined>>): void {
    setCursor(null);
    setAddress((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(values)) {
        if (value === undefined || value === '') next.delete(name);
        else next.set(name, value);
      }
      if (!('page' in values)) next.delete('page');
      return next;
    });
  }

  const shown = columns.filter(({ key }) => !hidden.has(key));
  return (
    <Page
      title={t('calls.title')}
      testId="calls-page"
      actions={
        <>
          <ExportList source={source} query={query} />
          <ColumnChoice
            columns={columns.filter(({ key }) => key !== 'arrived').map(({ key, title }) => ({ key, label: title }))}
            hidden={hidden}
            onChange={setHidden}
          />
        </>
      }
    >
      <LiveCalls queueId={address.get('queueId')} />
      <CallFilters
        text={text}
        onText={(value) => {
          setNumber(isNumber(value) ? value : '');
          filter({ search: isNumber(value) ? undefined : value });
        }}
        valueOf={(name) => address.get(name) ?? undefined}
        filter={filter}
        foldedSet={foldedCount(address)}
        onClear={() => {
          setNumber('');
          setCursor(null);
          setAddress({});
        }}
      />
      {source === 'calls' ? (
        <Calls query={query} columns={shown} page={page} onPage={(next) => filter({ page: String(next) })} />
      ) : (
        <Recordings query={query} columns={shown} cursor={cursor} onCursor={setCursor} />
      )}
    </Page>
  );
}

/** The list as it is filtered, as a file; numbers are masked, and the export stands in the audit log. */
function ExportList({ source, query }: ReturnType<typeof askedBy>): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const save = useExport();
  return (
    <Dropdown
      autoFocus
      trigger={['click']}
      menu={{
        items: (['csv', 'xlsx'] as const).map((key) => ({ key, label: t(`calls.list.${key}`) })),
        onClick: ({ key }) => {
          const form = key === 'xlsx' ? 'xlsx' : 'csv';
          save(session.api.file(`/${source}/export.${form}`, { query }), `${source}.${form}`);
        },
      }}
    >
      <Button data-testid="export-calls">{t('calls.list.export')}</Button>
    </Dropdown>
  );
}

type Column = ReturnType<typeof useColumns>[number];

function Rows({
  rows,
  columns,
  pagination,
}: {
  readonly rows: ListedCall[];
  readonly columns: Column[];
  readonly pagination: ReturnType<ReturnType<typeof usePaging>> | false;
}): ReactNode {
  const go = useNavigate();
  return (
    <DataTable<ListedCall>
      rowKey="callId"
      dataSource={rows}
      pagination={pagination}
      onRow={(row) => ({ onDoubleClick: () => void go(`/calls/${row.callId}`) })}
      columns={columns}
    />
  );
}

function Calls({
  query,
  columns,
  page,
  onPage,
}: {
  readonly query: URLSearchParams;
  readonly columns: Column[];
  readonly page: number;
  readonly onPage: (page: number) => void;
}): ReactNode {
  const { t } = useTranslation();
  const paging = usePaging(page, PAGE_ROWS, onPage);
  const calls = useRead('/calls', { query: new URLSearchParams([...query, ...Object.entries(pageQuery(page, PAGE_ROWS))]) });
  return (
    <Loaded
      query={calls}
      isEmpty={({ calls: rows }) => rows.length === 0}
      empty={t([...query].length === 0 && page === 1 ? 'calls.none' : 'calls.empty')}
    >
      {({ calls: rows, total }) => <Rows rows={rows.map(listedCall)} columns={columns} pagination={paging(total)} />}
    </Loaded>
  );
}

function Recordings({
  query,
  columns,
  cursor,
  onCursor,
}: {
  readonly query: URLSearchParams;
  readonly columns: Column[];
  readonly cursor: string | null;
  readonly onCursor: (cursor: string | null) => void;
}): ReactNode {
  const { t } = useTranslation();
  const asked = new URLSearchParams([...query, ['limit', String(PAGE_ROWS)], ...(cursor === null ? [] : [['cursor', cursor]])]);
  const found = useRead('/recordings', { query: asked });
  return (
    <Loaded query={found} isEmpty={({ recordings }) => recordings.length === 0 && cursor === null} empty={t('recordings.empty')}>
      {({ recordings, next }) => (
        <div className="stack" data-testid="recorded-calls">
          <Rows rows={recordings.map(listedRecording)} columns={columns} pagination={false} />
          <div className="row">
            {cursor !== null && <Button onClick={() => onCursor(null)}>{t('recordings.newer')}</Button>}
            {next !== null && (
              <Button onClick={() => onCursor(next)} data-testid="older">
                {t('recordings.older')}
              </Button>
            )}
          </div>
        </div>
      )}
    </Loaded>
  );
}

/** The columns of the list; a recording knows nothing of the wait, and a call nothing of the result. */
function useColumns(source: 'calls' | 'recordings') {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const queueName = useQueueName(i18n.language);
  const results = useResultNames();
  const columns = [
    {
      key: 'arrived',
      title: t('calls.arrived'),
      render: (_value: unknown, { callId, at }: ListedCall) => (
        <Link to={`/calls/${callId}`} className="figures" data-testid={`call-${callId}`}>
          {timeText(at)}
        </Link>
      ),
    },
    { key: 'direction', title: t('calls.direction'), render: (_value: unknown, row: ListedCall) => t(`calls.directions.${row.direction}`) },
    { key: 'caller', title: t('calls.caller'), render: (_value: unknown, { caller }: ListedCall) => callerName(caller, t) },
    { key: 'called', title: t('calls.called'), render: (_value: unknown, { called }: ListedCall) => called },
    {
      key: 'queue',
      title: t('calls.queue'),
      render: (_value: unknown, { queueId }: ListedCall) => (queueId === undefined ? '' : <LongName name={queueName(queueId)} />),
    },
    {
      key: 'agent',
      title: t('calls.agent'),
      render: (_value: unknown, { agentIds }: ListedCall) => agentIds.map((id) => names.get(id) ?? id).join(' → '),
    },
    { key: 'waited', title: t('calls.waited'), of: 'calls', render: (_value: unknown, { waitedMs }: ListedCall) => lengthOf(waitedMs) },
    { key: 'talked', title: t('calls.talked'), of: 'calls', render: (_value: unknown, { talkedMs }: ListedCall) => lengthOf(talkedMs) },
    {
      key: 'length',
      title: t('recordings.length'),
      of: 'recordings',
      render: (_value: unknown, { recordingMs }: ListedCall) => lengthOf(recordingMs),
    },
    {
      key: 'cause',
      title: t('calls.cause'),
      render: (_value: unknown, { cause }: ListedCall) => (cause === undefined ? '' : <CauseTag cause={cause} />),
    },
    {
      key: 'result',
      title: t('recordings.disposition'),
      of: 'recordings',
      render: (_value: unknown, { result }: ListedCall) => result.map((code) => results.get(code)?.label ?? code).join(' › '),
    },
    { key: 'score', title: t('recordings.score'), of: 'recordings', render: (_value: unknown, { score }: ListedCall) => score },
    {
      key: 'marks',
      title: t('recordings.notes'),
      of: 'recordings',
      render: (_value: unknown, { marks }: ListedCall) => <Marks {...marks} />,
    },
    { key: 'recording', title: t('calls.recording'), render: (_value: unknown, row: ListedCall) => <Play row={row} /> },
  ];
  return columns.filter(({ of }) => of === undefined || of === source);
}

const lengthOf = (ms: number | null): ReactNode => (ms === null ? '' : <span className="figures">{clockText(ms)}</span>);

function Play({ row: { callId, isRecorded } }: { readonly row: ListedCall }): ReactNode {
  const { t } = useTranslation();
  if (!isRecorded) return <span className="soft">{t('calls.noRecording')}</span>;
  return (
    <Link to={`/calls/${callId}`}>
      <Button size="small" tabIndex={-1} data-testid={`play-${callId}`}>
        {t('calls.play')}
      </Button>
    </Link>
  );
}

function Marks({ complaint, held, notes, deleted }: ListedCall['marks']): ReactNode {
  const { t } = useTranslation();
  return (
    <span className="row">
      {complaint && <Tag color="red">{t('recordings.complaint')}</Tag>}
      {held && <Tag color="purple">{t('recordings.held')}</Tag>}
      {notes > 0 && <Tag>{t('recordings.noteCount', { count: notes })}</Tag>}
      {deleted && <Tag>{t('recordings.deleted')}</Tag>}
    </span>
  );
}
