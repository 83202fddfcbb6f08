import { Badge, Button, Dropdown, Input, Segmented, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { Loaded, Page } from '../../components/page.js';
import { pageQuery, usePaging } from '../../components/paging.js';
import { timeText } from '../../components/time/times.js';
import { useRead, useRefreshOn } from '../../session/use-server.js';
import { isRestricted, useApp, useMay, useProfile } from '../../session/use-workplace.js';
import { useExport } from '../../components/use-export.js';
import { BoardFigures, type Board } from './board-figures.js';
import { useCaseNames } from './case-names.js';
import { CasePage } from './case-page.js';
import { clockOf, nextDuty, type Complaint } from './complaint.js';
import { ComplaintForm } from './complaint-form.js';
import { ImportDrawer } from './import-drawer.js';
import { RulesDrawer } from './rules-drawer.js';
import { StatisticsDrawer } from './statistics-drawer.js';
import { DataTable } from '../../components/data-table.js';

const clocks = ['overdue', 'today', 'week', 'later', 'answered', 'was-overdue'] as const;
type Column = (typeof clocks)[number];
const PAGE_ROWS = 20;
/** The filters in the address besides the clock and the page; each narrows the list. */
const filters = ['kind', 'clientUnit', 'againstAgentId', 'number'] as const;

const countOf = (board: Board | undefined, column: Column): number =>
  board === undefined ? 0 : column === 'was-overdue' ? board.wasOverdue : board[column];

/** Cases by their clock; one case at `/complaints/:id`. */
export default function ComplaintsPage(): ReactNode {
  const { id } = useParams();
  return id === undefined ? <ComplaintBoard /> : <CasePage id={id} />;
}

type CaseDrawer = 'open' | 'import' | 'statistics' | 'rules';

function ComplaintBoard(): ReactNode {
  const { t } = useTranslation();
  const { scope } = useProfile();
  const [address, setAddress] = useSearchParams();
  const [drawer, setDrawer] = useState<CaseDrawer | null>(null);
  const { personOf, unitOf } = useCaseNames();
  useRefreshOn('complaints', ['complaint.']);
  const board = useRead('/complaints/board');
  const column = address.get('clock') ?? 'all';
  const page = Number(address.get('page') ?? 1);
  const paging = usePaging(page, PAGE_ROWS, (next) => set('page', String(next)));
  const query = new URLSearchParams(pageQuery(page, PAGE_ROWS));
  if (column === 'answered') query.set('state', 'answered');
  else if (column !== 'all') query.set('clock', column);
  for (const filter of filters) {
    const value = address.get(filter);
    if (value !== null && value !== '') query.set(filter, value);
  }
  const narrowed = filters.flatMap((filter) => {
    const value = query.get(filter);
    if (value === null) return [];
    const named = {
      kind: () => t(`complaints.kinds.${value}`),
      againstAgentId: () => personOf(value),
      clientUnit: () => unitOf(value),
      number: () => value,
    };
    const name = named[filter]();
    return [{ filter, name }];
  });
  const cases = useRead('/complaints', { query });

  const set = (name: string, value: string): void =>
    setAddress((before) => {
      const next = new URLSearchParams(before);
      if (value === '' || value === 'all') next.delete(name);
      else next.set(name, value);
      if (name !== 'page') next.delete('page');
      return next;
    });

  return (
    <Page
      title={t('complaints.title')}
      testId="complaints-page"
      actions={
        <BoardActions query={query} number={address.get('number') ?? ''} onNumber={(value) => set('number', value)} onDrawer={setDrawer} />
      }
    >
      <Segmented<string>
        className="filters"
        value={column}
        onChange={(value) => set('clock', value)}
        aria-label={t('complaints.byClock')}
        options={[
          { value: 'all', label: t('shell.all') },
          ...clocks.map((each) => ({ value: each, label: <ColumnHead column={each} count={countOf(board.data, each)} /> })),
        ]}
      />
      {isRestricted(scope) && (
        <p className="soft" data-testid="part-of-cases">
          {t('complaints.partOnly')}
        </p>
      )}
      {narrowed.length > 0 && (
        <div className="row filters" data-testid="narrowed">
          <span className="soft">{t('complaints.filtered')}</span>
          {narrowed.map(({ filter, name }) => (
            <Tag key={filter} closable onClose={() => set(filter, '')}>
              {name}
            </Tag>
          ))}
        </div>
      )}
      {board.data !== undefined && narrowed.length === 0 && column === 'all' && page === 1 && (
        <BoardFigures board={board.data} onOpen={set} />
      )}
      <Loaded
        query={cases}
        isEmpty={({ complaints }) => complaints.length === 0}
        empty={t(`complaints.${narrowed.length > 0 ? 'noneSuch' : column === 'all' ? 'noneYet' : 'empty'}`)}
      >
        {({ complaints, total }) => <CaseTable complaints={complaints} pagination={paging(total)} />}
      </Loaded>
      {drawer === 'open' && <ComplaintForm onClose={() => setDrawer(null)} />}
      {drawer === 'import' && <ImportDrawer onClose={() => setDrawer(null)} />}
      {drawer === 'rules' && <RulesDrawer onClose={() => setDrawer(null)} />}
      {drawer === 'statistics' && <StatisticsDrawer onClose={() => setDrawer(null)} />}
    </Page>
  );
}

function BoardActions({
  query,
  number,
  onNumber,
  onDrawer,
}: {
  readonly query: URLSearchParams;
  readonly number: string;
  readonly onNumber: (number: string) => void;
  readonly onDrawer: (drawer: CaseDrawer) => void;
}): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { scope } = useProfile();
  const { session } = useApp();
  const save = useExport();
  return (
    <>
      <Input.Search
        allowClear
        defaultValue={number}
        placeholder={t('complaints.searchNumber')}
        aria-label={t('complaints.searchNumber')}
        onSearch={(value) => onNumber(value.trim())}
      />
      {!isRestricted(scope) && (
        <Button onClick={() => onDrawer('statistics')} data-testid="complaint-statistics">
          {t('complaints.statistics')}
        </Button>
      )}
      <Button onClick={() => onDrawer('rules')} data-testid="complaint-rules-open">
        {t('complaints.rules.title')}
      </Button>
      {may('complaints.work') && (
        <>
          <Dropdown
            autoFocus
            trigger={['click']}
            menu={{
              items: [
                { key: 'csv', label: t('complaints.exportCsv') },
                { key: 'xlsx', label: t('complaints.exportXlsx') },
                { key: 'limit', label: <span className="soft menu-note">{t('complaints.exportLimit')}</span>, disabled: true },
              ],
              onClick: ({ key }) => {
                const form = key === 'xlsx' ? 'xlsx' : 'csv';
                save(session.api.file(`/complaints/export.${form}`, { query }), `complaints.${form}`);
              },
            }}
          >
            <Button data-testid="export-complaints">{t('complaints.export')}</Button>
          </Dropdown>
          <Button onClick={() => onDrawer('import')} data-testid="import-complaints">
            {t('complaints.import')}
          </Button>
        </>
      )}
      {may('complaints.open') && (
        <Button type="primary" onClick={() => onDrawer('open')} data-testid="open-complaint">
          {t('complaints.open')}
        </Button>
      )}
    </>
  );
}

function CaseTable({
  complaints,
  pagination,
}: {
  readonly complaints: readonly Complaint[];
  readonly pagination: ReturnType<ReturnType<typeof usePaging>>;
}): ReactNode {
  const { t } = useTranslation();
  const { personOf } = useCaseNames();
  return (
    <DataTable<Complaint>
      rowKey="id"
      size="middle"
      scroll={{ x: 'max-content' }}
      className="one-line-cells"
      dataSource={[...complaints]}
      pagination={pagination}
      columns={[
        {
          title: t('complaints.number'),
          render: (_value, row) => (
            <Link to={`/complaints/${row.id}`} data-testid={`case-${row.number}`}>
              {row.number}
            </Link>
          ),
        },
        { title: t('complaints.kind'), render: (_value, row) => t(`complaints.kinds.${row.kind}`) },
        { title: t('complaints.complainant'), render: (_value, row) => row.complainant.numberMasked },
        {
          title: t('complaints.received'),
          render: (_value, row) => <span className="figures">{timeText(row.receivedAt).slice(0, 16)}</span>,
        },
        { title: t('complaints.due'), render: (_value, row) => <Due complaint={row} /> },
        {
          title: t('complaints.owner'),
          render: (_value, row) => (row.owner === undefined ? '–' : personOf(row.owner)),
        },
        { title: t('complaints.state'), render: (_value, row) => <Tag>{t(`complaints.states.${row.state}`)}</Tag> },
        {
          title: t('complaints.next'),
          render: (_value, row) => <span className="duty">{t(`complaints.duties.${nextDuty(row)}`)}</span>,
        },
      ]}
    />
  );
}

function ColumnHead({ column, count }: { readonly column: Column; readonly count: number }): ReactNode {
  const { t } = useTranslation();
  return (
    <span data-testid={`column-${column}`}>
      {t(`complaints.columns.${column}`)}{' '}
      <Badge
        count={count}
        showZero
        overflowCount={999_999}
        color={(column === 'overdue' || column === 'was-overdue') && count > 0 ? '#cf1322' : '#55606e'}
      />
    </span>
  );
}

export function Due({ complaint }: { readonly complaint: Complaint }): ReactNode {
  const { t } = useTranslation();
  const clock = clockOf(complaint);
  if (clock === undefined) return null;
  const over = clock.overdueAt !== undefined || (clock.stoppedAt === undefined && Date.parse(clock.dueAt) < Date.now());
  return (
    <span className={`figures ${over ? 'bad' : ''}`}>
      {timeText(clock.dueAt).slice(0, 16)} {over && t('complaints.columns.overdue')}
    </span>
  );
}
