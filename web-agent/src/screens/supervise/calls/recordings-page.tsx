import { Button, Checkbox, DatePicker, Input, InputNumber, Select, Table, Tag } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { Disposition } from '../../../../../services/shared/contracts/workspace.js';
import { sidesOf } from '../../../../../services/shared/domain/calls/call-sides.js';
import { callerName } from '../../../components/names/caller-name.js';
import { LongName } from '../../../components/names/long-name.js';
import { Loaded, Page } from '../../../components/page.js';
import { clockText, timeText } from '../../../components/time/times.js';
import { isoOf, siteDay } from '../../../components/time/site-days.js';
import { useRead, useRefreshOn } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { useAgentNames } from '../../seat/agent-names.js';
import { nameOf, useQueueName, useQueues } from '../../seat/queue-names.js';
import type { AnswerOf } from '../../../session/api.js';

const PAGE_ROWS = 20;
const filterNames = [
  'called',
  'agentId',
  'queueId',
  'from',
  'to',
  'minMs',
  'maxMs',
  'disposition',
  'minScore',
  'maxScore',
  'complaint',
  'held',
  'note',
] as const;
type FilterName = (typeof filterNames)[number];

const scoreBands = [
  { name: 'lowScore', minScore: '1', maxScore: '2' },
  { name: 'middleScore', minScore: '3', maxScore: '3' },
  { name: 'highScore', minScore: '4', maxScore: '5' },
] as const;

type FoundRecording = AnswerOf<'GET /recordings'>['recordings'][number];

/** Finds recordings by the data of their calls. The filters are in the address, except the caller's number. */
export default function RecordingsPage(): ReactNode {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const [number, setNumber] = useState('');
  const [cursor, setCursor] = useState<string | null>(null);
  useRefreshOn('recordings', ['recording.archived']);
  const query = new URLSearchParams({ limit: String(PAGE_ROWS) });
  for (const name of filterNames) {
    const value = address.get(name);
    if (value !== null && value !== '') query.set(name, value);
  }
  if (number !== '') query.set('number', number);
  if (cursor !== null) query.set('cursor', cursor);
  const found = useRead('/recordings', { query });

  function filter(values: Partial<Record<FilterName, string | undefined>>): void {
    setCursor(null);
    setAddress((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(values)) {
        if (value === undefined || value === '') next.delete(name);
        else next.set(name, value);
      }
      return next;
    });
  }

  return (
    <Page title={t('recordings.title')} testId="recordings-page">
      <Filters
        valueOf={(name) => address.get(name) ?? undefined}
        filter={filter}
        onNumber={(value) => {
          setCursor(null);
          setNumber(value);
        }}
        onClear={() => {
          setCursor(null);
          setNumber('');
          setAddress({});
        }}
      />
      <Loaded query={found} isEmpty={({ recordings }) => recordings.length === 0 && cursor === null} empty={t('recordings.empty')}>
        {({ recordings, next }) => (
          <div className="stack">
            <FoundTable rows={recordings} />
            <div className="row">
              {cursor !== null && <Button onClick={() => setCursor(null)}>{t('recordings.newer')}</Button>}
              {next !== null && (
                <Button onClick={() => setCursor(next)} data-testid="older">
                  {t('recordings.older')}
                </Button>
              )}
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Filters({
  valueOf,
  filter,
  onNumber,
  onClear,
}: {
  readonly valueOf: (name: FilterName) => string | undefined;
  readonly filter: (values: Partial<Record<FilterName, string | undefined>>) => void;
  readonly onNumber: (number: string) => void;
  readonly onClear: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const queues = useQueues() ?? [];
  const results = useResultNames();
  // Text fields lose their text when the filters are cleared.
  const [round, setRound] = useState(0);
  const [from, to] = [valueOf('from'), valueOf('to')];
  const band = scoreBands.find(({ minScore, maxScore }) => minScore === valueOf('minScore') && maxScore === valueOf('maxScore'));
  const seconds = (name: 'minMs' | 'maxMs'): number | null => (valueOf(name) === undefined ? null : Number(valueOf(name)) / 1_000);
  return (
    <div className="row filters" key={round} role="search" aria-label={t('recordings.title')}>
      <Input.Search
        allowClear
        className="search"
        placeholder={t('recordings.number')}
        aria-label={t('recordings.number')}
        onSearch={(value) => onNumber(value.replaceAll(/[\s-]/g, ''))}
        data-testid="recordings-number"
      />
      <Choice
        label={t('calls.agent')}
        value={valueOf('agentId')}
        options={[...names].map(([value, label]) => ({ value, label }))}
        onChange={(agentId) => filter({ agentId })}
      />
      <Choice
        label={t('calls.queue')}
        value={valueOf('queueId')}
        options={queues.map(({ queueId, name }) => ({ value: queueId, label: nameOf(name, i18n.language) }))}
        onChange={(queueId) => filter({ queueId })}
      />
      <Choice
        label={t('recordings.disposition')}
        value={valueOf('disposition')}
        options={[...results].flatMap(([value, { label, isLeaf }]) => (isLeaf ? [{ value, label }] : []))}
        onChange={(disposition) => filter({ disposition })}
      />
      <Choice
        label={t('recordings.score')}
        value={band?.name}
        options={scoreBands.map(({ name }) => ({ value: name, label: t(`recordings.${name}`) }))}
        onChange={(name) => {
          const chosen = scoreBands.find((one) => one.name === name);
          filter({ minScore: chosen?.minScore, maxScore: chosen?.maxScore });
        }}
      />
      <Choice
        label={t('recordings.complaint')}
        value={valueOf('complaint')}
        options={[
          { value: 'true', label: t('recordings.withComplaint') },
          { value: 'false', label: t('recordings.withoutComplaint') },
        ]}
        onChange={(complaint) => filter({ complaint })}
      />
      <DatePicker.RangePicker
        aria-label={t('calls.arrived')}
        value={[from === undefined ? null : siteDay(from), to === undefined ? null : siteDay(to)]}
        onChange={(range) => {
          const [first, last] = (range ?? []) as readonly (Dayjs | null)[];
          filter({ from: first ? isoOf(first.startOf('day')) : undefined, to: last ? isoOf(last.endOf('day')) : undefined });
        }}
      />
      <Seconds label={t('recordings.shortest')} value={seconds('minMs')} onChange={(value) => filter({ minMs: value })} />
      <Seconds label={t('recordings.longest')} value={seconds('maxMs')} onChange={(value) => filter({ maxMs: value })} />
      <Input.Search
        allowClear
        className="search"
        defaultValue={valueOf('note')}
        placeholder={t('recordings.note')}
        aria-label={t('recordings.note')}
        onSearch={(value) => filter({ note: value.trim() })}
        data-testid="recordings-note"
      />
      <Checkbox checked={valueOf('held') === 'true'} onChange={({ target }) => filter({ held: target.checked ? 'true' : undefined })}>
        {t('recordings.held')}
      </Checkbox>
      <Button
        onClick={() => {
          setRound(round + 1);
          onClear();
        }}
      >
        {t('recordings.clear')}
      </Button>
    </div>
  );
}

function Seconds({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (ms: string | undefined) => void;
}): ReactNode {
  return (
    <InputNumber
      min={0}
      className="seconds"
      value={value}
      placeholder={label}
      aria-label={label}
      onChange={(entered) => onChange(entered === null ? undefined : String(entered * 1_000))}
    />
  );
}

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string | undefined) => void;
}): ReactNode {
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      className="cause"
      placeholder={label}
      aria-label={label}
      value={value}
      options={options}
      onChange={(next: string | undefined) => onChange(next)}
    />
  );
}

/** Names of the results of all queues by their codes, in the page's language; empty for people who may not read worksheets. */
function useResultNames(): ReadonlyMap<string, { readonly label: string; readonly isLeaf: boolean }> {
  const { i18n } = useTranslation();
  const may = useMay();
  const worksheets = useRead('/worksheets', { enabled: may('queues.edit') });
  const flat = (tree: readonly Disposition[]): [string, { label: string; isLeaf: boolean }][] =>
    tree.flatMap(({ code, name, children }) => [
      [code, { label: nameOf(name, i18n.language), isLeaf: children.length === 0 }],
      ...flat(children),
    ]);
  return new Map((worksheets.data?.worksheets ?? []).flatMap(({ dispositions }) => flat(dispositions)));
}

function FoundTable({ rows }: { readonly rows: readonly FoundRecording[] }): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const queueName = useQueueName(i18n.language);
  const results = useResultNames();
  return (
    <Table<FoundRecording>
      rowKey="callId"
      size="middle"
      pagination={false}
      dataSource={[...rows]}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: t('calls.arrived'),
          render: (_value, row) => (
            <Link to={`/calls/${row.callId}`} className="figures" data-testid={`recording-${row.callId}`}>
              {timeText(row.startedAt)}
            </Link>
          ),
        },
        { title: t('calls.direction'), render: (_value, { facets }) => t(`calls.directions.${facets.direction}`) },
        { title: t('calls.caller'), render: (_value, { facets }) => callerName(sidesOf(facets).caller, t) },
        { title: t('calls.called'), render: (_value, { facets }) => sidesOf(facets).called },
        { title: t('calls.queue'), render: (_value, { facets }) => <LongName name={queueName(facets.queueId)} /> },
        { title: t('calls.agent'), render: (_value, { facets }) => facets.agentIds.map((id) => names.get(id) ?? id).join(' → ') },
        {
          title: t('recordings.length'),
          align: 'right',
          render: (_value, { durationMs }) => <span className="figures">{clockText(durationMs)}</span>,
        },
        {
          title: t('recordings.disposition'),
          render: (_value, { facets }) => facets.disposition?.map((code) => results.get(code)?.label ?? code).join(' › '),
        },
        { title: t('recordings.score'), align: 'right', render: (_value, { facets }) => facets.score },
        { title: t('recordings.notes'), render: (_value, row) => <Marks row={row} /> },
      ]}
    />
  );
}

function Marks({ row }: { readonly row: FoundRecording }): ReactNode {
  const { t } = useTranslation();
  return (
    <span className="row">
      {(row.facets.complaintIds ?? []).length > 0 && <Tag color="red">{t('recordings.complaint')}</Tag>}
      {row.holds.length > 0 && <Tag color="purple">{t('recordings.held')}</Tag>}
      {row.notes.length > 0 && <Tag>{t('recordings.noteCount', { count: row.notes.length })}</Tag>}
      {row.deletion !== undefined && <Tag>{t('recordings.deleted')}</Tag>}
    </span>
  );
}
