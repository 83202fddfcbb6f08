import { Button, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../../components/page.js';
import { useRead } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { TrunkForm, type StoredTrunk } from './trunk-form.js';
import { useAskedNew } from '../set-up/guide-back.js';
import { AddressCell, LoadCell, useTrunkStates } from './trunk-states.js';
import { TestCell, TrunkTestDrawer, useTrunkTests } from './trunk-test.js';

export function TrunksPanel(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const trunks = useRead('/trunks');
  const { byId, isAway } = useTrunkStates();
  const [testing, setTesting] = useState<string | null>(null);
  const tests = useTrunkTests(testing !== null);
  const tested = trunks.data?.trunks.find(({ id }) => id === testing);
  const [editing, setEditing] = useState<StoredTrunk | 'new' | null>(useAskedNew('trunk') ? 'new' : null);
  return (
    <section className="panel">
      <div className="row panel-head">
        <h2 className="grow">{t('library.trunks.title')}</h2>
        {may('system.edit') && (
          <Button onClick={() => setEditing('new')} data-testid="add-trunk">
            {t('library.trunks.add')}
          </Button>
        )}
      </div>
      {isAway && <p role="status">{t('library.trunks.stateAway')}</p>}
      <Loaded query={trunks} isEmpty={({ trunks: rows }) => rows.length === 0} empty={t('library.trunks.empty')}>
        {({ trunks: rows }) => (
          <Table<StoredTrunk>
            rowKey="id"
            size="small"
            pagination={false}
            scroll={{ x: 'max-content' }}
            dataSource={[...rows]}
            columns={[
              { title: t('library.trunks.id'), dataIndex: 'id' },
              { title: t('library.trunks.name'), dataIndex: 'name' },
              { title: t('library.trunks.carrier'), dataIndex: 'carrier' },
              {
                title: t('library.trunks.addresses'),
                render: (_value, row) => row.addresses.map((address) => <div key={address}>{address}</div>),
              },
              {
                title: t('library.trunks.outbound'),
                render: (_value, row) =>
                  [row.outboundUri ?? [], row.furtherUris ?? []]
                    .flat()
                    .map((uri, place) => (
                      <AddressCell key={uri} uri={uri} ways={(byId.get(row.id)?.ways ?? []).filter((way) => way.place === place)} />
                    )),
              },
              { title: t('library.trunks.load'), render: (_value, row) => <LoadCell state={byId.get(row.id)} /> },
              {
                title: t('trunkTest.column'),
                render: (_value, row) => <TestCell trunkId={row.id} test={tests.get(row.id)} onOpen={() => setTesting(row.id)} />,
              },
              {
                title: t('library.trunks.transport'),
                render: (_value, row) => (
                  <>
                    <div>{t(`library.trunks.transports.${row.transport ?? 'plain'}`)}</div>
                    <div>{t(`library.trunks.mediaEncryptions.${row.mediaEncryption ?? 'off'}`)}</div>
                  </>
                ),
              },
              {
                title: t('library.trunks.enabled'),
                render: (_value, row) => (
                  <Tag color={row.enabled ? 'green' : 'default'}>{row.enabled ? t('shell.yes') : t('shell.no')}</Tag>
                ),
              },
              {
                title: '',
                fixed: 'right',
                render: (_value, row) =>
                  may('system.edit') && (
                    <Button size="small" onClick={() => setEditing(row)}>
                      {t('shell.edit')}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      {tested !== undefined && (
        <TrunkTestDrawer trunk={tested} trunks={trunks.data?.trunks ?? []} test={tests.get(tested.id)} onClose={() => setTesting(null)} />
      )}
      {editing !== null && (
        <TrunkForm
          trunk={editing === 'new' ? null : editing}
          taken={(trunks.data?.trunks ?? []).map(({ id }) => id)}
          onClose={() => setEditing(null)}
        />
      )}
    </section>
  );
}
