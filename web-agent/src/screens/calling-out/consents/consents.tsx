import { Button, Input, Modal, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../../components/data-table.js';
import { Loaded } from '../../../components/page.js';
import { timeText } from '../../../components/time/times.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { ConsentForm } from './consent-form.js';
import { ConsentImport } from './consent-import.js';
import { ConsentOriginal } from './consent-original.js';
import type { Consent } from '../calling-out.js';
import { NumberSearch } from '../number-search.js';
import { useNumberPages } from '../use-number-pages.js';
import { WithdrawalBasis } from '../withdrawal-basis.js';

/** Consents: the person, the purposes, and where the proof is stored. */
export function Consents(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { isSearch, search, paging, query } = useNumberPages();
  const [adding, setAdding] = useState(false);
  const [importing, setImporting] = useState(false);
  const [ending, setEnding] = useState<Consent | null>(null);
  const read = useRead('/outbound/consents', { query });
  return (
    <section className="panel stack" data-testid="consents">
      <div className="row">
        {may('outbound.edit') && (
          <Button type="primary" onClick={() => setAdding(true)} data-testid="add-consent">
            {t('callingOut.consents.add')}
          </Button>
        )}
        {may('outbound.edit') && (
          <Button onClick={() => setImporting(true)} data-testid="import-consents">
            {t('callingOut.consents.list')}
          </Button>
        )}
        <NumberSearch onSearch={search} />
      </div>
      <Loaded
        query={read}
        isEmpty={({ consents }) => consents.length === 0}
        empty={t(isSearch ? 'callingOut.consents.noneSuch' : 'callingOut.consents.empty')}
      >
        {({ consents, total }) => (
          <DataTable<Consent>
            rowKey="id"
            size="middle"
            scroll={{ x: 'max-content' }}
            dataSource={[...consents]}
            pagination={paging(total)}
            columns={[
              { title: t('callingOut.number'), render: (_value, { numberMasked }) => <span className="figures">{numberMasked}</span> },
              {
                title: t('callingOut.consents.purposes'),
                render: (_value, { purposes }) => purposes.map((each) => <Tag key={each}>{t(`seat.dial.purposes.${each}`)}</Tag>),
              },
              {
                title: t('callingOut.consents.clientUnit'),
                render: (_value, { clientUnit }) => clientUnit ?? <span className="soft">{t('callingOut.consents.allUnits')}</span>,
              },
              { title: t('callingOut.consents.channel'), render: (_value, { channel }) => t(`callingOut.consents.channels.${channel}`) },
              {
                title: t('callingOut.consents.givenAt'),
                render: (_value, { givenAt }) => <span className="figures">{timeText(givenAt).slice(0, 16)}</span>,
              },
              { title: t('callingOut.consents.validUntil'), render: (_value, { validUntil }) => timeText(validUntil).slice(0, 10) },
              { title: t('callingOut.consents.evidence'), className: 'wrap-words', dataIndex: 'evidence' },
              { title: t('callingOut.originals.title'), render: (_value, consent) => <ConsentOriginal consent={consent} /> },
              {
                title: t('callingOut.state'),
                render: (_value, consent) => <ConsentState consent={consent} onWithdraw={() => setEnding(consent)} />,
              },
            ]}
          />
        )}
      </Loaded>
      {importing && <ConsentImport onClose={() => setImporting(false)} />}
      {adding && <ConsentForm onClose={() => setAdding(false)} />}
      {ending !== null && <WithdrawSheet consent={ending} onClose={() => setEnding(null)} />}
    </section>
  );
}

function ConsentState({ consent, onWithdraw }: { readonly consent: Consent; readonly onWithdraw: () => void }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { id, withdrawn, validUntil } = consent;
  if (withdrawn !== undefined)
    return (
      <span>
        <Tag>{t('callingOut.consents.withdrawn')}</Tag>
        <span className="soft">
          {timeText(withdrawn.at).slice(0, 10)} {withdrawn.reason}
        </span>
      </span>
    );
  if (validUntil !== undefined && Date.parse(validUntil) <= Date.now()) return <Tag>{t('callingOut.consents.over')}</Tag>;
  return (
    <span className="row nowrap">
      <Tag color="green">{t('callingOut.consents.inForce')}</Tag>
      {may('outbound.edit') && (
        <Button size="small" onClick={onWithdraw} data-testid={`withdraw-${id}`}>
          {t('callingOut.consents.withdraw')}
        </Button>
      )}
    </span>
  );
}

function WithdrawSheet({ consent, onClose }: { readonly consent: Consent; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const withdraw = useChange('outbound', onClose);
  return (
    <Modal
      open
      title={t('callingOut.consents.withdrawOf', { number: consent.numberMasked })}
      okText={t('callingOut.consents.withdraw')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ danger: true, disabled: reason.trim() === '', 'data-testid': 'confirm-withdraw' }}
      confirmLoading={withdraw.isPending}
      onCancel={onClose}
      onOk={() =>
        withdraw.mutate({ route: 'POST /outbound/consents/:id/withdraw', params: { id: consent.id }, body: { reason: reason.trim() } })
      }
    >
      <p>
        {t('callingOut.consents.withdrawText')} <WithdrawalBasis />
      </p>
      <Input
        value={reason}
        maxLength={200}
        aria-label={t('shell.reason')}
        placeholder={t('shell.reason')}
        onChange={({ target }) => setReason(target.value)}
        data-testid="withdraw-reason"
      />
    </Modal>
  );
}
