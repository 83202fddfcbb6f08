import { Badge, Button, Input, Segmented, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { Loaded, Page } from '../../components/page.js';
import { timeText } from '../../components/times.js';
import { useRead, useRefreshOn } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { CasePage } from './case-page.js';
import { clockOf, nextDuty, type Complaint } from './complaint.js';
import { ComplaintForm } from './complaint-form.js';

const clocks = ['overdue', 'today', 'week', 'later', 'answered'] as const;
type Column = (typeof clocks)[number];
const PAGE_ROWS = 20;

interface Board {
  readonly overdue: number;
  readonly today: number;
  readonly week: number;
  readonly later: number;
  readonly answered: number;
}

/** Cases by their clock; one case at `/complaints/:id`. */
export default function ComplaintsPage(): ReactNode {
  const { id } = useParams();
  return id === undefined ? <ComplaintBoard /> : <CasePage id={id} />;
}

function ComplaintBoard(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [address, setAddress] = useSearchParams();
  const [opening, setOpening] = useState(false);
  useRefreshOn('complaints', ['complaint.']);
  const board = useRead<Board>('/complaints/board');
  const column = address.get('clock') ?? 'all';
  const page = Number(address.get('page') ?? 1);
  const query = new URLSearchParams({ limit: String(PAGE_ROWS), skip: String((page - 1) * PAGE_ROWS) });
  if (column === 'answered') query.set('state', 'answered');
  else if (column !== 'all') query.set('clock', column);
  const number = address.get('number');
  if (number !== null && number !== '') query.set('number', number);
  const cases = useRead<{ complaints: readonly Complaint[]; total: number }>(`/complaints?${query.toString()}`);

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
        <>
          <Input.Search
            allowClear
            defaultValue={number ?? ''}
            placeholder={t('complaints.searchNumber')}
            aria-label={t('complaints.searchNumber')}
            onSearch={(value) => set('number', value.trim())}
          />
          {may('complaints.open') && (
            <Button type="primary" onClick={() => setOpening(true)} data-testid="open-complaint">
              {t('complaints.open')}
            </Button>
          )}
        </>
      }
    >
      <Segmented<string>
        className="filters"
        value={column}
        onChange={(value) => set('clock', value)}
        aria-label={t('complaints.byClock')}
        options={[
          { value: 'all', label: t('shell.all') },
          ...clocks.map((each) => ({ value: each, label: <ColumnHead column={each} count={board.data?.[each] ?? 0} /> })),
        ]}
      />
      <Loaded query={cases} isEmpty={({ complaints }) => complaints.length === 0} empty={t('complaints.empty')}>
        {({ complaints, total }) => (
          <Table<Complaint>
            rowKey="id"
            size="middle"
            scroll={{ x: 'max-content' }}
            dataSource={[...complaints]}
            pagination={{
              current: page,
              pageSize: PAGE_ROWS,
              total,
              showSizeChanger: false,
              showTotal: (count) => t('shell.total', { count }),
              onChange: (next) => set('page', String(next)),
            }}
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
              { title: t('complaints.received'), render: (_value, row) => <span className="figures">{timeText(row.receivedAt)}</span> },
              { title: t('complaints.due'), render: (_value, row) => <Due complaint={row} /> },
              { title: t('complaints.state'), render: (_value, row) => <Tag>{t(`complaints.states.${row.state}`)}</Tag> },
              { title: t('complaints.next'), render: (_value, row) => t(`complaints.duties.${nextDuty(row)}`) },
            ]}
          />
        )}
      </Loaded>
      {opening && <ComplaintForm onClose={() => setOpening(false)} />}
    </Page>
  );
}

function ColumnHead({ column, count }: { readonly column: Column; readonly count: number }): ReactNode {
  const { t } = useTranslation();
  return (
    <span data-testid={`column-${column}`}>
      {t(`complaints.columns.${column}`)} <Badge count={count} showZero color={column === 'overdue' && count > 0 ? '#cf1322' : '#55606e'} />
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
      {timeText(clock.dueAt)} {over && t('complaints.columns.overdue')}
    </span>
  );
}
