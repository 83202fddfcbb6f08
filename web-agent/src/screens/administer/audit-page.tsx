import { Alert, Button, DatePicker, Input, Table, Tag } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Loaded, Page } from '../../components/page.js';
import { timeText } from '../../components/times.js';
import { isoOf, siteDay } from '../../components/site-days.js';
import { useChange, useRead } from '../../session/use-server.js';

interface AuditRow {
  readonly number: number;
  readonly at: string;
  readonly who: string;
  readonly what: string;
  readonly object?: string;
  readonly from?: string;
  readonly success: boolean;
  readonly reason?: string;
}

interface ChainVerdict {
  readonly rows: number;
  readonly integrity: { readonly ok: boolean; readonly firstBadRow?: number };
  readonly completeness: { readonly ok: boolean; readonly missing: readonly number[]; readonly cutTailBelow?: number };
}

const PAGE_ROWS = 50;
const filters = ['who', 'what', 'object'] as const;

/** Who did what, newest first, and whether the chain is whole. */
export default function AuditPage(): ReactNode {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const [verdict, setVerdict] = useState<ChainVerdict | null>(null);
  const check = useChange<ChainVerdict>('audit', setVerdict);
  const query = new URLSearchParams({ limit: String(PAGE_ROWS) });
  for (const name of [...filters, 'from', 'to', 'before']) {
    const value = address.get(name);
    if (value !== null && value !== '') query.set(name, value);
  }
  const rows = useRead<{ rows: readonly AuditRow[] }>(`/audit?${query.toString()}`);

  const people = useRead<{ users: readonly { id: string; name: string; displayName: string }[] }>('/users');
  const users = people.data?.users ?? [];
  const nameOf = (id: string): string => users.find((user) => user.id === id)?.displayName ?? id;
  /** Who looks for a person types the name; the trail has ids. */
  const idOf = (typed: string): string => users.find(({ name, displayName }) => name === typed || displayName === typed)?.id ?? typed;

  /** One change of the address for all of `changes`; what was paged to before starts anew. */
  function set(changes: Readonly<Record<string, string>>): void {
    setAddress((before) => {
      const next = new URLSearchParams(before);
      if (!('before' in changes)) next.delete('before');
      for (const [name, value] of Object.entries(changes))
        if (value === '') next.delete(name);
        else next.set(name, value);
      return next;
    });
  }

  function dayOf(name: string): Dayjs | null {
    const text = address.get(name);
    return text === null ? null : siteDay(text);
  }

  function whatIsMissing({ completeness: { missing, cutTailBelow } }: ChainVerdict): string {
    const tail = cutTailBelow === undefined ? [] : [t('administer.audit.cutTail', { number: cutTailBelow })];
    return [...missing.slice(0, 5).map((number) => `#${number}`), ...tail].join(', ');
  }

  return (
    <Page
      title={t('administer.audit.title')}
      testId="audit-page"
      actions={
        <Button onClick={() => check.mutate({ method: 'POST', path: '/audit/check' })} loading={check.isPending} data-testid="check-chain">
          {t('administer.audit.check')}
        </Button>
      }
    >
      {verdict !== null && (
        <Alert
          className="form-note"
          showIcon
          data-testid="chain-verdict"
          data-ok={verdict.integrity.ok && verdict.completeness.ok}
          type={verdict.integrity.ok && verdict.completeness.ok ? 'success' : 'error'}
          title={verdict.integrity.ok && verdict.completeness.ok ? t('administer.audit.intact') : t('administer.audit.broken')}
          description={`${t('shell.total', { count: verdict.rows })} · ${t('administer.audit.verdict', {
            integrity: verdict.integrity.ok ? '✓' : `✗ #${verdict.integrity.firstBadRow ?? '?'}`,
            completeness: verdict.completeness.ok ? '✓' : `✗ ${whatIsMissing(verdict)}`,
          })}`}
        />
      )}
      <div className="row filters">
        {filters.map((name) => (
          <Input.Search
            key={name}
            allowClear
            defaultValue={address.get(name) ?? ''}
            placeholder={t(`administer.audit.${name}`)}
            aria-label={t(`administer.audit.${name}`)}
            onSearch={(value) => set({ [name]: name === 'who' ? idOf(value.trim()) : value.trim() })}
            className="short"
          />
        ))}
        <DatePicker.RangePicker
          showTime
          allowEmpty={[true, true]}
          aria-label={t('administer.audit.at')}
          value={[dayOf('from'), dayOf('to')]}
          onChange={(range) => {
            const [from, to] = (range ?? []) as readonly (Dayjs | null)[];
            set({ from: from ? isoOf(from) : '', to: to ? isoOf(to) : '' });
          }}
        />
      </div>
      <Loaded query={rows} isEmpty={({ rows: list }) => list.length === 0} empty={t('administer.audit.empty')}>
        {({ rows: list }) => (
          <>
            <Table<AuditRow>
              rowKey="number"
              size="small"
              pagination={false}
              dataSource={[...list]}
              columns={[
                { title: '#', dataIndex: 'number', align: 'right', width: 80 },
                { title: t('administer.audit.at'), render: (_value, row) => <span className="figures">{timeText(row.at)}</span> },
                { title: t('administer.audit.who'), render: (_value, row) => <span title={row.who}>{nameOf(row.who)}</span> },
                { title: t('administer.audit.what'), dataIndex: 'what' },
                { title: t('administer.audit.object'), dataIndex: 'object', ellipsis: true },
                {
                  title: t('administer.audit.success'),
                  render: (_value, row) => (
                    <Tag color={row.success ? 'green' : 'red'}>
                      {row.success ? t('administer.audit.done') : t('administer.audit.refused')}
                    </Tag>
                  ),
                },
                { title: t('shell.reason'), dataIndex: 'reason', ellipsis: true },
                { title: t('administer.audit.from'), dataIndex: 'from' },
              ]}
            />
            {list.length === PAGE_ROWS && (
              <Button className="older" onClick={() => set({ before: String(list.at(-1)?.number ?? '') })}>
                {t('administer.audit.older')}
              </Button>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}
