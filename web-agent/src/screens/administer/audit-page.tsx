import { Alert, Button, DatePicker, Input, Select, Table, Tag } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { auditDeeds } from '../../../../services/shared/domain/people/audit-deed.js';
import { useActorName } from '../../components/names/actor-name.js';
import { useCaseReason } from '../../components/names/case-reason.js';
import { Loaded, Page } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { isoOf, siteDay } from '../../components/time/site-days.js';
import { useChange, useRead } from '../../session/use-server.js';
import type { AuditRow, ChainVerdict } from '../../../../services/shared/contracts/api/evidence/audit.js';

const PAGE_ROWS = 50;
const filters = ['who', 'what', 'object'] as const;
/** Where the words for a coded reason are. Free text has no entry in any of them. */
const reasonWords = [
  'administer.audit.reasons',
  'callingOut.verdicts',
  'callingOut.refusals.reasons',
  'callingOut.fraud.patterns',
  'supervise.agents.modes',
  'supervise.agents.listening.reasons',
  'keeping.requestKinds',
  'complaints.refusals',
  'failures',
];

/** Who did what, newest first, and whether the chain is intact. */
export default function AuditPage(): ReactNode {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const [verdict, setVerdict] = useState<ChainVerdict | null>(null);
  const check = useChange<'POST /audit/check'>('audit', setVerdict);
  const query = new URLSearchParams({ limit: String(PAGE_ROWS) });
  for (const name of [...filters, 'from', 'to', 'before']) {
    const value = address.get(name);
    if (value !== null && value !== '') query.set(name, value);
  }
  const rows = useRead('/audit', { query });

  const { idOf } = useActorName();
  const deedWords = (deed: string): string => t(`administer.audit.deeds.${deed}`, { defaultValue: deed });
  /** Applies all `changes` to the address at once; paging starts again. */
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
        <Button onClick={() => check.mutate({ route: 'POST /audit/check' })} loading={check.isPending} data-testid="check-chain">
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
        <Search name="who" onSearch={(value) => set({ who: idOf(value) })} />
        <Select<string>
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          className="wide-field"
          placeholder={t('administer.audit.what')}
          aria-label={t('administer.audit.what')}
          value={address.get('what')}
          onChange={(deed?: string) => set({ what: deed ?? '' })}
          options={auditDeeds.map((deed) => ({ value: deed, label: deedWords(deed) }))}
        />
        <Search name="object" onSearch={(value) => set({ object: idOf(value) })} />
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
            <AuditTable rows={list} deedWords={deedWords} />
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

function AuditTable({ rows, deedWords }: { readonly rows: readonly AuditRow[]; readonly deedWords: (deed: string) => string }): ReactNode {
  const { t, i18n } = useTranslation();
  const caseReason = useCaseReason();
  const { nameOf } = useActorName();
  /** Coded reasons have words. A reason with several parts is translated part by part, and a part that is a person has a name. */
  function reasonOf(reason: string | undefined): string {
    const parts = reason?.split(' · ') ?? [];
    return parts.length > 1 ? parts.map((part) => nameOf(reasonOfPart(part.replace(/^→ /, '')))).join(' · ') : reasonOfPart(reason);
  }
  function reasonOfPart(reason: string | undefined): string {
    const folder = /^[a-z-]+$/.test(reason ?? '') ? reasonWords.find((each) => i18n.exists(`${each}.${reason ?? ''}`)) : undefined;
    return folder === undefined ? caseReason(reason ?? '') : t(`${folder}.${reason ?? ''}`);
  }
  return (
    <Table<AuditRow>
      rowKey="number"
      size="small"
      scroll={{ x: 1_000 }}
      pagination={false}
      dataSource={[...rows]}
      columns={[
        { title: '#', dataIndex: 'number', align: 'right', width: 80 },
        {
          title: t('administer.audit.at'),
          width: 165,
          render: (_value, row) => <span className="figures">{timeText(row.at)}</span>,
        },
        { title: t('administer.audit.who'), render: (_value, row) => <span title={row.who}>{nameOf(row.who)}</span> },
        { title: t('administer.audit.what'), render: (_value, row) => <span title={row.what}>{deedWords(row.what)}</span> },
        { title: t('administer.audit.object'), ellipsis: true, render: (_value, row) => nameOf(row.object ?? '') },
        {
          title: t('administer.audit.success'),
          render: (_value, row) => (
            <Tag color={row.success ? 'green' : 'red'}>{row.success ? t('administer.audit.done') : t('administer.audit.refused')}</Tag>
          ),
        },
        {
          title: t('shell.reason'),
          ellipsis: true,
          render: (_value, row) => <span title={row.reason}>{reasonOf(row.reason)}</span>,
        },
        { title: t('administer.audit.from'), width: 130, ellipsis: true, dataIndex: 'from' },
      ]}
    />
  );
}

function Search({ name, onSearch }: { readonly name: 'who' | 'object'; readonly onSearch: (value: string) => void }): ReactNode {
  const { t } = useTranslation();
  const [address] = useSearchParams();
  const words = t(`administer.audit.${name}`);
  return (
    <Input.Search
      allowClear
      className="short"
      defaultValue={address.get(name) ?? ''}
      placeholder={words}
      aria-label={words}
      onSearch={(value) => onSearch(value.trim())}
    />
  );
}
