import { Table, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { clockText, timeText } from '../../components/time/times.js';
import { useRead } from '../../session/use-server.js';
import type { DeletionRecord, LockProbe } from '../../../../services/shared/contracts/api/calls/retention.js';

type Deletion = DeletionRecord;

/** Deleted recordings, each with its deletion record. */
export function Deletions(): ReactNode {
  const { t } = useTranslation();
  const read = useRead('/recording-deletions');
  return (
    <Loaded query={read} isEmpty={({ deletions }) => deletions.length === 0} empty={t('keeping.noDeletions')}>
      {({ deletions }) => (
        <Table<Deletion>
          rowKey="callId"
          size="middle"
          scroll={{ x: 'max-content' }}
          pagination={{ pageSize: 20, hideOnSinglePage: true }}
          dataSource={[...deletions]}
          columns={[
            { title: t('keeping.deletedAt'), render: (_value, { at }) => <span className="figures">{timeText(at)}</span> },
            { title: t('keeping.number'), align: 'right', dataIndex: 'ledgerNumber' },
            { title: t('calls.arrived'), render: (_value, { startedAt }) => <span className="figures">{timeText(startedAt)}</span> },
            { title: t('recordings.length'), align: 'right', render: (_value, { durationMs }) => clockText(durationMs) },
            { title: t('keeping.class'), render: (_value, { retentionClass }) => t(`keeping.classes.${retentionClass}`) },
            { title: t('keeping.rule'), dataIndex: 'rule' },
          ]}
        />
      )}
    </Loaded>
  );
}

type Probe = LockProbe;

/** The hourly attempts to break the lock of the store. */
export function LockProbes(): ReactNode {
  const { t } = useTranslation();
  const read = useRead('/lock-probes');
  return (
    <Loaded query={read} isEmpty={({ probes }) => probes.length === 0} empty={t('keeping.noProbes')}>
      {({ probes }) => (
        <Table<Probe>
          rowKey="at"
          size="middle"
          pagination={{ pageSize: 24, hideOnSinglePage: true }}
          dataSource={[...probes]}
          columns={[
            { title: t('keeping.probedAt'), render: (_value, { at }) => <span className="figures">{timeText(at)}</span> },
            { title: t('keeping.remove'), render: (_value, { lock, remove }) => <Verdict lock={lock} good={remove === 'refused'} /> },
            { title: t('keeping.shorten'), render: (_value, { lock, shorten }) => <Verdict lock={lock} good={shorten === 'refused'} /> },
            { title: t('keeping.overwrite'), render: (_value, { lock, intact }) => <Verdict lock={lock} good={intact} /> },
          ]}
        />
      )}
    </Loaded>
  );
}

function Verdict({ lock, good }: { readonly lock: boolean; readonly good: boolean }): ReactNode {
  const { t } = useTranslation();
  if (!lock) return <Tag>{t('keeping.noLock')}</Tag>;
  return <Tag color={good ? 'green' : 'red'}>{t(good ? 'keeping.refused' : 'keeping.allowed')}</Tag>;
}
