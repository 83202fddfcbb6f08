import { Alert, Button, Input, Space, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { clockText, timeText } from '../../components/time/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import type { WitnessedDay } from '../../../../services/shared/contracts/api/evidence/packs.js';
import type { DaySheet } from '../../../../services/shared/contracts/api/calls/retention.js';

type SealedDay = DaySheet;

/** The sealed days of the recording ledger, and the check that recomputes them. */
export function LedgerDays(): ReactNode {
  const { t, i18n } = useTranslation();
  const days = useRead('/ledger/days');
  const witnesses = useRead('/evidence/witnesses');
  const witnessed = new Map((witnesses.data?.days ?? []).map((day) => [day.day, day]));
  const check = useChange<'POST /ledger/check'>('ledger');
  const [seed, setSeed] = useState('');
  const verdict = check.data;
  return (
    <>
      <Space wrap>
        <Input
          value={seed}
          maxLength={200}
          onChange={({ target }) => setSeed(target.value)}
          placeholder={t('keeping.seed')}
          aria-label={t('keeping.seed')}
          style={{ width: 280 }}
        />
        <Button
          type="primary"
          loading={check.isPending}
          onClick={() => check.mutate({ route: 'POST /ledger/check', query: seed.trim() === '' ? {} : { seed: seed.trim() } })}
          data-testid="check-ledger"
        >
          {t('keeping.check')}
        </Button>
      </Space>
      {verdict !== undefined && (
        <Alert
          type={verdict.ok ? 'success' : 'error'}
          showIcon
          title={t(verdict.ok ? 'keeping.whole' : 'keeping.notWhole', { count: verdict.rows })}
          description={
            verdict.findings.length === 0 ? (
              t('keeping.checked', { open: verdict.open, days: verdict.sheets, ...verdict.archive })
            ) : (
              <ul className="plain">
                {verdict.findings.map(({ what, detail, zh }) => (
                  <li key={`${what} ${detail}`}>
                    {t(`keeping.findings.${what}`)} <span className="soft">{i18n.language === 'en' ? detail : zh}</span>
                  </li>
                ))}
              </ul>
            )
          }
          data-testid="ledger-verdict"
        />
      )}
      {witnesses.data !== undefined && witnesses.data.authorities + witnesses.data.outsiders === 0 && !witnesses.data.line && (
        <Alert type="info" showIcon title={t('keeping.witness.off')} data-testid="no-witness" />
      )}
      <Loaded query={days} isEmpty={({ days: rows }) => rows.length === 0} empty={t('keeping.noDays')}>
        {({ days: rows }) => (
          <Table<SealedDay>
            rowKey="day"
            size="middle"
            scroll={{ x: 'max-content' }}
            pagination={{ pageSize: 31, hideOnSinglePage: true }}
            dataSource={[...rows]}
            expandable={{ expandedRowRender: (day) => <Gaps day={day} />, rowExpandable: ({ gaps }) => gaps.length > 0 }}
            columns={[
              { title: t('keeping.day'), dataIndex: 'day' },
              { title: t('keeping.legs'), align: 'right', dataIndex: 'legs' },
              { title: t('keeping.answered'), align: 'right', render: (_value, { answeredMs }) => <Time ms={answeredMs} /> },
              { title: t('keeping.kinds.recorded'), align: 'right', render: (_value, { ms }) => <Time ms={ms.recorded} /> },
              { title: t('keeping.kinds.paused'), align: 'right', render: (_value, { ms }) => <Time ms={ms.paused} /> },
              { title: t('keeping.kinds.no-media'), align: 'right', render: (_value, { ms }) => <Time ms={ms['no-media']} /> },
              { title: t('keeping.kinds.lost'), align: 'right', render: (_value, { ms }) => <Time ms={ms.lost} /> },
              { title: t('keeping.amendments'), align: 'right', render: (_value, { amendments }) => amendments.length },
              { title: t('keeping.witness.title'), render: (_value, { day, hash }) => <Witness of={witnessed.get(day)} hash={hash} /> },
              { title: t('keeping.hash'), render: (_value, { hash }) => <code title={hash}>{hash.slice(0, 12)}…</code> },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}

/** The proof of a day that outside parties hold. */
function Witness({ of, hash }: { readonly of: WitnessedDay | undefined; readonly hash: string }): ReactNode {
  const { t } = useTranslation();
  if (of === undefined || (of.stamps.length === 0 && of.mails === 0 && of.receivedAt === undefined))
    return <span className="soft">{t('keeping.witness.none')}</span>;
  if (of.sheetHash !== hash) return <Tag color="error">{t('keeping.witness.differs')}</Tag>;
  return (
    <Space size="small" wrap>
      {of.stamps.map(({ name, at }) => (
        <span key={name} title={name}>
          {t('keeping.witness.stamped', { at: timeText(at) })}
        </span>
      ))}
      {of.receivedAt !== undefined && <span>{t('keeping.witness.received', { at: timeText(of.receivedAt) })}</span>}
      {of.mails > 0 && <span>{t('keeping.witness.mailed', { count: of.mails })}</span>}
    </Space>
  );
}

const Time = ({ ms }: { readonly ms: number }): ReactNode => <span className="figures">{clockText(ms)}</span>;

function Gaps({ day }: { readonly day: SealedDay }): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="plain">
      {day.gaps.map(({ number, kind, fromMs, toMs, reason }) => (
        <li key={`${number} ${fromMs}`}>
          {t('keeping.gap', { number, from: clockText(fromMs), to: clockText(toMs) })} {t(`keeping.kinds.${kind}`)} –{' '}
          {t(`keeping.gapReasons.${reason}`, { defaultValue: reason })}
        </li>
      ))}
      {day.moreGaps > 0 && <li>{t('keeping.moreGaps', { count: day.moreGaps })}</li>}
    </ul>
  );
}
