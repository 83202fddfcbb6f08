import { Alert, Button, Input, Segmented, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedCaller } from '../../../../services/shared/contracts/calls/caller-list.js';
import { Loaded, Page } from '../../components/page.js';
import { useSentText } from '../../components/use-sent-text.js';
import { useChange, useRead } from '../../session/use-server.js';
import { Field, NumberField } from './fields.js';

type Entry = Omit<ListedCaller, 'number'> & { readonly numberMasked: string };

/** The black list and the VIP list. Numbers are shown masked; an entry is found and removed by its whole number. */
export default function CallerListsPage(): ReactNode {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const [wanted, setWanted] = useState('');
  const [list, setList] = useState<ListedCaller['list']>('black');
  const [priority, setPriority] = useState(10);
  const { text: note, setText: setNote, sending, accepted } = useSentText();
  const read = useRead('/caller-lists', { query: { number: wanted === '' ? undefined : wanted } });
  const change = useChange('caller-lists', accepted);
  const isNumber = /^\+?[0-9][0-9 -]{2,28}$/.test(number.trim());

  return (
    <Page title={t('library.lists.title')} testId="caller-lists-page">
      <div className="stack">
        <section className="panel stack">
          <Field label={t('library.lists.number')} hint={t('library.lists.numberHint')}>
            {(id) => (
              <Input
                id={id}
                value={number}
                inputMode="tel"
                maxLength={30}
                onChange={({ target }) => setNumber(target.value)}
                data-testid="listed-number"
              />
            )}
          </Field>
          <div className="two">
            <div className="field">
              <span>{t('library.lists.list')}</span>
              <Segmented
                value={list}
                options={(['black', 'vip'] as const).map((value) => ({ value, label: t(`library.lists.lists.${value}`) }))}
                onChange={setList}
              />
            </div>
            {list === 'vip' && <NumberField label={t('flow.priority')} value={priority} min={1} max={100} onChange={setPriority} />}
          </div>
          <Field label={t('library.lists.note')}>
            {(id) => <Input id={id} value={note} maxLength={200} onChange={({ target }) => setNote(target.value)} />}
          </Field>
          <div className="row">
            <Button
              type="primary"
              disabled={!isNumber}
              loading={change.isPending}
              onClick={() => {
                sending();
                change.mutate({ route: 'POST /caller-lists', body: { number: number.trim(), list, priority, note } });
              }}
              data-testid="add-listed"
            >
              {t('library.lists.add')}
            </Button>
            <Button disabled={!isNumber} onClick={() => setWanted(number.trim())}>
              {t('library.lists.find')}
            </Button>
            <Button
              danger
              disabled={!isNumber}
              onClick={() => change.mutate({ route: 'POST /caller-lists/remove', body: { number: number.trim() } })}
              data-testid="remove-listed"
            >
              {t('library.lists.remove')}
            </Button>
          </div>
        </section>
        {wanted !== '' && (
          <Alert
            type="info"
            title={t('library.lists.onlyOne')}
            action={<Button onClick={() => setWanted('')}>{t('library.lists.all')}</Button>}
          />
        )}
        <Loaded
          query={read}
          isEmpty={({ entries }) => entries.length === 0}
          empty={wanted === '' ? t('library.lists.empty') : t('library.lists.notListed')}
        >
          {({ entries }) => <Listed entries={entries} />}
        </Loaded>
      </div>
    </Page>
  );
}

function Listed({ entries }: { readonly entries: readonly Entry[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <Table<Entry>
      rowKey={({ numberMasked, note: said, list: on }) => `${on} ${numberMasked} ${said}`}
      size="middle"
      pagination={{ pageSize: 20, hideOnSinglePage: true, showTotal: (count) => t('shell.total', { count }) }}
      dataSource={[...entries]}
      columns={[
        { title: t('library.lists.number'), dataIndex: 'numberMasked' },
        {
          title: t('library.lists.list'),
          render: (_value, entry) => <Tag color={entry.list === 'black' ? 'red' : 'gold'}>{t(`library.lists.lists.${entry.list}`)}</Tag>,
        },
        { title: t('flow.priority'), render: (_value, entry) => (entry.list === 'vip' ? entry.priority : '') },
        { title: t('library.lists.note'), dataIndex: 'note' },
      ]}
    />
  );
}
