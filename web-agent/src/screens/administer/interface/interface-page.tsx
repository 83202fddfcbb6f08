import { Button, Input, Select, Table, Tag } from 'antd';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Loaded, Page } from '../../../components/page.js';
import { saveBlob } from '../../../components/save-blob.js';
import type { AnswerOf } from '../../../session/api.js';
import { useFailureWords, useRead } from '../../../session/use-server.js';
import { ApiProblem } from '../../../session/session.js';
import { isFound, operationsOf, type Field, type OperationRow } from './operations.js';
import { summariesZh } from './summaries-zh.js';

type OpenApi = AnswerOf<'GET /openapi.json'>;

const ROWS = 25;
const colours: Readonly<Record<string, string>> = { GET: 'blue', POST: 'green', PUT: 'purple', PATCH: 'purple', DELETE: 'red' };

/** The interface for other programs: the contract of the running version. */
export default function InterfacePage(): ReactNode {
  const { t } = useTranslation();
  const file = useRead('/openapi.json');
  return (
    <Page
      title={t('interface.title')}
      testId="interface-page"
      actions={
        <Button
          disabled={file.data === undefined}
          data-testid="save-openapi"
          onClick={() => saveBlob(new Blob([JSON.stringify(file.data, null, 2)], { type: 'application/json' }), 'proofline-openapi.json')}
        >
          {t('interface.file')}
        </Button>
      }
    >
      <Loaded query={file}>{(openApi) => <Operations openApi={openApi} />}</Loaded>
    </Page>
  );
}

function Operations({ openApi }: { readonly openApi: OpenApi }): ReactNode {
  const { t, i18n } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const all = useMemo(() => operationsOf(openApi, i18n.language === 'en' ? {} : summariesZh), [openApi, i18n.language]);
  const groups = useMemo(() => [...new Set(all.map(({ group }) => group))], [all]);
  const [text, group] = [address.get('find') ?? '', address.get('group')];
  const rows = all.filter((row) => (group === null || row.group === group) && isFound(row, text));

  function set(name: 'find' | 'group', value: string): void {
    setAddress(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  }

  return (
    <div className="stack">
      <section className="panel stack">
        <p>{t('interface.why')}</p>
        <p className="soft">
          {t('interface.signIn')} {t('interface.version', { version: openApi.info.version })}
        </p>
        <Example />
      </section>
      <div className="row filters">
        <Input
          allowClear
          className="wide-field"
          defaultValue={text}
          placeholder={t('interface.search')}
          aria-label={t('interface.search')}
          onChange={({ target }) => set('find', target.value.trim())}
          data-testid="find-operation"
        />
        <Select<string>
          allowClear
          showSearch
          className="short"
          placeholder={t('interface.group')}
          aria-label={t('interface.group')}
          value={group}
          onChange={(value?: string) => set('group', value ?? '')}
          options={groups.map((value) => ({ value, label: value }))}
        />
        <span className="soft" role="status" data-testid="operations-found">
          {t('interface.found', { count: rows.length })}
        </span>
      </div>
      <Table<OperationRow>
        rowKey="key"
        size="small"
        scroll={{ x: 800 }}
        pagination={{ pageSize: ROWS, showSizeChanger: false, hideOnSinglePage: true }}
        locale={{ emptyText: t('interface.empty') }}
        dataSource={rows}
        expandable={{ expandedRowRender: (row) => <Operation row={row} />, expandRowByClick: true }}
        columns={[
          {
            title: t('interface.method'),
            width: 90,
            render: (_value, { method }) => <Tag color={colours[method] ?? 'default'}>{method}</Tag>,
          },
          { title: t('interface.path'), render: (_value, { path }) => <code>{path}</code> },
          {
            title: t('interface.summary'),
            render: (_value, { summary, summaryLanguage }) => <span lang={summaryLanguage}>{summary}</span>,
          },
          {
            title: t('interface.right'),
            width: 170,
            render: (_value, { right }) => (right === 'public' ? t('interface.noRight') : <code>{right}</code>),
          },
        ]}
      />
    </div>
  );
}

/** A request to copy, with the address of this installation. */
function Example(): ReactNode {
  const { t } = useTranslation();
  const { origin } = globalThis.location;
  const lines = [
    `TOKEN=$(curl -s ${origin}/api/session -H 'content-type: application/json' \\`,
    `  -d '{"name":"…","password":"…"}' | jq -r .accessToken)`,
    `curl -s ${origin}/api/queues -H "authorization: Bearer $TOKEN"`,
  ];
  return (
    <pre className="raw-long" tabIndex={0} aria-label={t('interface.example')}>
      {lines.join('\n')}
    </pre>
  );
}

function Operation({ row }: { readonly row: OperationRow }): ReactNode {
  const { t } = useTranslation();
  const wordsOf = useFailureWords();
  return (
    <div className="stack" data-testid="operation">
      <Fields title={t('interface.params')} fields={row.params} />
      <Fields title={t('interface.query')} fields={row.query} />
      <Fields title={t('interface.body')} fields={row.body} />
      <Fields title={t('interface.answer')} fields={row.answer} />
      {row.files.length > 0 && <p>{t('interface.files', { types: row.files.join(', ') })}</p>}
      {row.files.length + row.answer.length === 0 && <p className="soft">{t('interface.noAnswer')}</p>}
      {row.failures.length > 0 && (
        <section>
          <h3>{t('interface.failures')}</h3>
          <ul>
            {row.failures.map((code) => (
              <li key={code}>
                <code>{code}</code> <span className="soft">{wordsOf(new ApiProblem(code, code))}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Fields({ title, fields }: { readonly title: string; readonly fields: readonly Field[] }): ReactNode {
  const { t } = useTranslation();
  if (fields.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <Table<Field>
        rowKey="name"
        size="small"
        scroll={{ x: 500 }}
        pagination={false}
        dataSource={[...fields]}
        columns={[
          { title: t('interface.field'), render: (_value, { name }) => (name === '' ? t('interface.unnamed') : <code>{name}</code>) },
          { title: t('interface.type'), render: (_value, { type }) => <code>{type}</code> },
          { title: t('interface.required'), width: 80, render: (_value, { required }) => (required ? t('shell.yes') : t('shell.no')) },
        ]}
      />
    </section>
  );
}
