import { Badge, Button, Checkbox, DatePicker, Input, InputNumber, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Disposition } from '../../../../../services/shared/contracts/workspace.js';
import { isoOf, siteDay } from '../../../components/time/site-days.js';
import { useRead } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { useAgentNames } from '../../seat/agent-names.js';
import { nameOf, useQueues } from '../../seat/queue-names.js';
import type { FilterName } from './listed-calls.js';
import { releaseCauseNames } from './release-causes.js';

const scoreBands = [
  { name: 'lowScore', minScore: '1', maxScore: '2' },
  { name: 'middleScore', minScore: '3', maxScore: '3' },
  { name: 'highScore', minScore: '4', maxScore: '5' },
] as const;

type Change = (values: Partial<Record<FilterName, string | undefined>>) => void;
interface Filtering {
  readonly valueOf: (name: FilterName) => string | undefined;
  readonly filter: Change;
}

/** The filters of the list: those of every day in one line, the others folded until they are asked for. */
export function CallFilters({
  text,
  onText,
  foldedSet,
  onClear,
  ...filtering
}: Filtering & {
  readonly text: string;
  readonly onText: (text: string) => void;
  /** How many of the folded filters are set. */
  readonly foldedSet: number;
  readonly onClear: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  // The queue of test calls is the last one.
  const queues = (useQueues() ?? []).toSorted((a, b) => Number(a.internal) - Number(b.internal));
  const { valueOf, filter } = filtering;
  const [open, setOpen] = useState(foldedSet > 0);
  // Text fields lose their text when the filters are cleared.
  const [round, setRound] = useState(0);
  const [from, to] = [valueOf('from'), valueOf('to')];
  const isSet = foldedSet > 0 || text !== '' || (['from', 'to', 'queueId', 'agentId'] as const).some((name) => valueOf(name) !== undefined);
  return (
    <div className="stack filters" role="search" aria-label={t('calls.list.filters')} key={round}>
      <div className="row">
        <Input.Search
          defaultValue={text}
          allowClear
          placeholder={t('calls.search')}
          aria-label={t('calls.search')}
          onSearch={(value) => onText(value.trim())}
          className="search"
          data-testid="calls-search"
        />
        <Choice
          label={t('calls.queue')}
          value={valueOf('queueId')}
          options={queues.map(({ queueId, name }) => ({ value: queueId, label: nameOf(name, i18n.language) }))}
          onChange={(queueId) => filter({ queueId })}
          testId="of-queue"
        />
        <Choice
          label={t('calls.agent')}
          value={valueOf('agentId')}
          options={[...names].map(([value, label]) => ({ value, label }))}
          onChange={(agentId) => filter({ agentId })}
        />
        <DatePicker.RangePicker
          aria-label={t('calls.arrived')}
          value={[from === undefined ? null : siteDay(from), to === undefined ? null : siteDay(to)]}
          onChange={(range) => {
            const [first, last] = (range ?? []) as readonly (Dayjs | null)[];
            filter({ from: first ? isoOf(first.startOf('day')) : undefined, to: last ? isoOf(last.endOf('day')) : undefined });
          }}
        />
        <Badge count={foldedSet} size="small" color="var(--brand)">
          <Button onClick={() => setOpen(!open)} aria-expanded={open} data-testid="more-filters">
            {t(open ? 'calls.list.fewer' : 'calls.list.more')}
          </Button>
        </Badge>
        {isSet && (
          <Button
            type="text"
            onClick={() => {
              setRound(round + 1);
              onClear();
            }}
            data-testid="clear-filters"
          >
            {t('recordings.clear')}
          </Button>
        )}
      </div>
      {open && <Folded {...filtering} />}
    </div>
  );
}

function Folded(filtering: Filtering): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { valueOf, filter } = filtering;
  return (
    <div className="row" data-testid="folded-filters">
      <Choice
        label={t('calls.cause')}
        value={valueOf('cause')}
        options={releaseCauseNames.map((value) => ({ value, label: t(`calls.causes.${value}`) }))}
        onChange={(cause) => filter({ cause })}
      />
      <Choice
        label={t('calls.direction')}
        value={valueOf('direction')}
        options={(['inbound', 'outbound'] as const).map((value) => ({ value, label: t(`calls.directions.${value}`) }))}
        onChange={(direction) => filter({ direction })}
      />
      {may('recordings.play') && <OfRecordings {...filtering} />}
    </div>
  );
}

/** What only a recording knows of its call: with one of these set, the list has calls with a recording alone. */
function OfRecordings({ valueOf, filter }: Filtering): ReactNode {
  const { t } = useTranslation();
  const results = useResultNames();
  const band = scoreBands.find(({ minScore, maxScore }) => minScore === valueOf('minScore') && maxScore === valueOf('maxScore'));
  const seconds = (name: 'minMs' | 'maxMs'): number | null => (valueOf(name) === undefined ? null : Number(valueOf(name)) / 1_000);
  return (
    <>
      <Checkbox
        checked={valueOf('recorded') === 'true'}
        onChange={({ target }) => filter({ recorded: target.checked ? 'true' : undefined })}
        data-testid="recorded-only"
      >
        {t('calls.list.recordedOnly')}
      </Checkbox>
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
    </>
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
  testId,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string | undefined) => void;
  readonly testId?: string;
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
      data-testid={testId}
    />
  );
}

/** Names of the results of all queues by their codes, in the page's language; empty for people who may not read worksheets. */
export function useResultNames(): ReadonlyMap<string, { readonly label: string; readonly isLeaf: boolean }> {
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
