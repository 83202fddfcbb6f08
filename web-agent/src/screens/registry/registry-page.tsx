import { App, Button, Grid, Input, Popconfirm, Select, Table, Tag, Upload } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Loaded, Page } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useChange, useFailureWords, useRead } from '../../session/use-server.js';
import { useApp, useMay, useProfile } from '../../session/use-workplace.js';
import { useExport } from '../../components/use-export.js';
import { saveBlob } from '../../components/save-blob.js';
import { EntryForm } from './entry-form.js';
import { useEntryBatch } from './use-entry-batch.js';
import { isApproved, textOf, wordOf, type Entry, type Field, type Register } from './register-types.js';
import type { BadLine } from '../../../../services/shared/contracts/api/evidence/registry.js';

/** The licence file as plain tables, each with import, export, attachments and the history of its rows. */
export default function RegistryPage(): ReactNode {
  const { t, i18n } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const registers = useRead('/registry');
  const { md: wide = true } = Grid.useBreakpoint();
  return (
    <Page title={t('registry.title')} testId="registry-page">
      <Loaded query={registers}>
        {({ registers: list }) => {
          const open = list.find(({ name }) => name === address.get('register')) ?? list[0];
          return (
            <div className="registers">
              {wide ? (
                <nav aria-label={t('registry.title')}>
                  <ul className="plain">
                    {list.map((register) => (
                      <li key={register.name}>
                        <Button
                          block
                          type={register === open ? 'primary' : 'text'}
                          aria-current={register === open}
                          onClick={() => setAddress({ register: register.name })}
                          data-testid={`register-${register.name}`}
                        >
                          {wordOf(register.title, i18n.language)}
                        </Button>
                      </li>
                    ))}
                  </ul>
                </nav>
              ) : (
                <Select
                  value={open?.name ?? ''}
                  aria-label={t('registry.title')}
                  onChange={(name) => setAddress({ register: name })}
                  options={list.map(({ name, title }) => ({ value: name, label: wordOf(title, i18n.language) }))}
                />
              )}
              {open !== undefined && <RegisterTable key={open.name} register={open} />}
            </div>
          );
        }}
      </Loaded>
    </Page>
  );
}

function RegisterTable({ register }: { readonly register: Register }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { session } = useApp();
  const [editing, setEditing] = useState<Entry | 'new' | null>(null);
  const [text, setText] = useState('');
  const entries = useRead('/registry/:register', { params: { register: register.name } });
  const wanted = text.trim().toLowerCase();
  return (
    <div className="stack">
      <div className="row">
        <Input.Search
          allowClear
          placeholder={t('shell.search')}
          aria-label={t('shell.search')}
          value={text}
          onChange={({ target }) => setText(target.value)}
          className="search-narrow"
        />
        <span className="grow" />
        {may('registry.edit') && <SampleButton register={register} />}
        {may('registry.edit') && <ImportButton register={register} />}
        <Button
          onClick={() =>
            void session.api
              .file('/registry/:register/export.csv', { params: { register: register.name } })
              .then((blob) => saveBlob(blob, `${register.name}.csv`))
          }
        >
          {t('registry.export')}
        </Button>
        {may('registry.edit') && (
          <Button type="primary" onClick={() => setEditing('new')} data-testid="add-entry">
            {t('shell.add')}
          </Button>
        )}
      </div>
      <Loaded query={entries} isEmpty={({ entries: rows }) => rows.length === 0} empty={t('registry.empty')}>
        {({ entries: rows }) => (
          <EntryTable
            register={register}
            rows={rows.filter(({ values }) => wanted === '' || JSON.stringify(values).toLowerCase().includes(wanted))}
            edit={setEditing}
          />
        )}
      </Loaded>
      {editing !== null && <EntryForm register={register} entry={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </div>
  );
}

/** The rows of a register, of which several can be changed together. */
function EntryTable({
  register,
  rows,
  edit,
}: {
  readonly register: Register;
  readonly rows: readonly Entry[];
  readonly edit: (entry: Entry) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const remove = useChange('registry');
  const { chosen, bar, sheet } = useEntryBatch(register, rows);
  const shown = register.fields.filter(({ kind }) => kind !== 'long-text').slice(0, 8);
  const columnOf = (field: Field) => ({
    title: wordOf(field.label, i18n.language),
    key: field.key,
    ellipsis: true,
    render: (_value: unknown, row: Entry) => textOf(field, row.values[field.key], i18n.language),
  });
  return (
    <div className="stack" onKeyDown={chosen.onKeyDown}>
      <Table<Entry>
        rowKey="key"
        size="small"
        scroll={{ x: 'max-content' }}
        {...(may('registry.edit') ? { rowSelection: chosen.selection } : {})}
        dataSource={[...rows]}
        pagination={{ pageSize: 20, hideOnSinglePage: true, showTotal: (count) => t('shell.total', { count }) }}
        columns={[
          ...shown.slice(0, 2).map(columnOf),
          // Beside the name: further right it would be out of sight.
          ...(register.approval === true
            ? [
                {
                  title: t('registry.approval'),
                  key: 'approval',
                  className: 'wrap-words',
                  render: (_value: unknown, row: Entry) => <ApprovalOf register={register} row={row} />,
                },
              ]
            : []),
          ...shown.slice(2).map(columnOf),
          {
            title: '',
            key: 'actions',
            fixed: 'right' as const,
            render: (_value: unknown, row: Entry) => (
              <div className="row">
                <Button size="small" onClick={() => edit(row)}>
                  {may('registry.edit') ? t('shell.edit') : t('registry.show')}
                </Button>
                {may('registry.edit') && (
                  <Popconfirm
                    title={t('registry.removeAsk')}
                    okText={t('shell.remove')}
                    cancelText={t('shell.cancel')}
                    onConfirm={() =>
                      remove.mutate({
                        route: 'DELETE /registry/:register/entries/:key',
                        params: { register: register.name, key: row.key },
                      })
                    }
                  >
                    <Button size="small">{t('shell.remove')}</Button>
                  </Popconfirm>
                )}
              </div>
            ),
          },
        ]}
      />
      {bar}
      {sheet}
    </div>
  );
}

/** Whether a row is in force, and the button by which a second person puts it into force. */
function ApprovalOf({ register, row }: { readonly register: Register; readonly row: Entry }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { userId } = useProfile();
  const approve = useChange('registry');
  const nobody = t('registry.nobody');
  if (isApproved(row))
    return (
      <div>
        <Tag color="green">{t('registry.approved')}</Tag>
        {row.approval !== undefined && (
          <div className="soft" data-testid={`approved-${row.key}`}>
            {t('registry.approvedBy', { who: row.approval.byName ?? nobody, at: timeText(row.approval.at).slice(0, 16) })}
          </div>
        )}
      </div>
    );
  const mayDecide = may('outbound.edit') && row.updatedBy !== userId;
  return (
    <div data-testid={`not-approved-${row.key}`}>
      <div className="row">
        <Tag color="gold">{t('registry.notApproved')}</Tag>
        {mayDecide && (
          <Button
            size="small"
            loading={approve.isPending}
            onClick={() =>
              approve.mutate({
                route: 'POST /registry/:register/entries/:key/approve',
                params: { register: register.name, key: row.key },
                body: { revision: row.revision },
              })
            }
            data-testid={`approve-${row.key}`}
          >
            {t('registry.approve')}
          </Button>
        )}
      </div>
      <div className="soft">{mayDecide ? t('registry.writtenBy', { who: row.updatedByName ?? nobody }) : t('registry.mayApprove')}</div>
    </div>
  );
}

function BadLines({ register, rows }: { readonly register: Register; readonly rows: readonly BadLine[] }): ReactNode {
  const { t, i18n } = useTranslation();
  const labelOf = (key: string): string => {
    const field = register.fields.find((each) => each.key === key);
    return field === undefined ? key : wordOf(field.label, i18n.language);
  };
  return (
    <Table<BadLine>
      rowKey={({ line, field }) => `${line} ${field}`}
      size="small"
      pagination={{ pageSize: 10, hideOnSinglePage: true }}
      dataSource={[...rows]}
      data-testid="bad-lines"
      columns={[
        { title: t('registry.line'), dataIndex: 'line', align: 'right' },
        { title: t('registry.column'), render: (_value, row) => labelOf(row.field) },
        { title: t('registry.problem'), render: (_value, row) => wordOf(row.message, i18n.language) },
      ]}
    />
  );
}

/** A workbook to fill in, in the layout that the import takes. */
function SampleButton({ register: { name, title } }: { readonly register: Register }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const give = useExport();
  const sheet = (): Promise<Blob> => session.api.file('/registry/:register/sample.xlsx', { params: { register: name } });
  return (
    <Button onClick={() => give(sheet(), `${title.zh}-导入模板.xlsx`)} data-testid="sample-sheet">
      {t('registry.sample')}
    </Button>
  );
}

/** A sheet is imported whole or not at all; every bad line is named. */
function ImportButton({ register }: { readonly register: Register }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const wordsOf = useFailureWords();
  async function take(file: Blob): Promise<void> {
    try {
      const { imported, bad } = await session.api.send('POST /registry/:register/import', { params: { register: register.name }, file });
      if (bad.length > 0)
        modal.error({ width: 720, title: t('registry.notImported'), content: <BadLines register={register} rows={bad} /> });
      else void message.success(t('registry.imported', { count: imported }));
      await client.invalidateQueries({ queryKey: ['registry'] });
    } catch (error) {
      modal.error({ title: t('registry.notImported'), content: wordsOf(error) });
    }
  }
  return (
    <Upload
      accept=".csv,.xlsx"
      showUploadList={false}
      beforeUpload={(file) => {
        void take(file);
        return false;
      }}
    >
      <Button>{t('registry.import')}</Button>
    </Upload>
  );
}
