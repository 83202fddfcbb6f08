import { Input, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { useEvidence } from './use-evidence.js';
import type { Rule } from '../../../../services/shared/contracts/api/evidence/evidence-state.js';

/**
 * The basis of every finding, duty and document: what it requires, since when, where its text was seen, and what the authority answered.
 */
export function RuleBookPanel(): ReactNode {
  const { t } = useTranslation();
  const [sought, setSought] = useState('');
  const rules = useEvidence('rules');
  const fits = ({ id, now }: Rule): boolean =>
    [id, now.article, now.asks].some((text) => text.toLowerCase().includes(sought.trim().toLowerCase()));
  return (
    <section className="panel" data-testid="rule-book">
      <div className="row">
        <h2 className="grow">{t('compliance.rules.title')}</h2>
        <Input.Search
          className="search-narrow"
          allowClear
          aria-label={t('compliance.rules.find')}
          placeholder={t('compliance.rules.find')}
          value={sought}
          onChange={({ target }) => setSought(target.value)}
        />
      </div>
      <p className="soft">{t('compliance.rules.text')}</p>
      <Loaded query={rules}>{({ rules: rows }) => <RuleTable rows={rows.filter(fits)} />}</Loaded>
    </section>
  );
}

function RuleTable({ rows }: { readonly rows: readonly Rule[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <Table<Rule>
      rowKey="id"
      size="small"
      pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: 900 }}
      dataSource={[...rows]}
      expandable={{
        rowExpandable: ({ before, coming }) => before.length + coming.length > 0,
        expandedRowRender: (row) => <Versions rule={row} />,
      }}
      columns={[
        {
          title: t('compliance.rules.article'),
          render: (_value, { now, before, coming }) => (
            <>
              {now.article} {before.length + coming.length > 0 && <Tag color="blue">{t('compliance.rules.changed')}</Tag>}
            </>
          ),
        },
        { title: t('compliance.rules.asks'), render: (_value, { now }) => now.asks },
        {
          title: t('compliance.rules.from'),
          className: 'figures',
          width: 110,
          render: (_value, { now }) => now.from ?? t('compliance.rules.always'),
        },
        { title: t('compliance.rules.seen'), width: 130, render: (_value, { now }) => now.seen },
        {
          title: t('compliance.rules.confirmed'),
          width: 150,
          render: (_value, { confirmed }) =>
            confirmed === null ? (
              <span className="soft">{t('compliance.rules.unconfirmed')}</span>
            ) : (
              t('compliance.rules.confirmedBy', confirmed)
            ),
        },
        { title: t('compliance.rules.id'), dataIndex: 'id', width: 140 },
      ]}
    />
  );
}

/** What changed in a rule: its other versions with their dates. */
function Versions({ rule }: { readonly rule: Rule }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="stack">
      {(['coming', 'before'] as const).map(
        (which) =>
          rule[which].length > 0 && (
            <div key={which}>
              <strong>{t(`compliance.rules.${which}`)}</strong>
              <ul className="plain">
                {rule[which].map(({ from, article, asks, seen }) => (
                  <li key={article} className="row">
                    <span className="figures">{from ?? t('compliance.rules.always')}</span>
                    <span>{article}</span>
                    <span>{asks}</span>
                    <span className="soft">{seen}</span>
                  </li>
                ))}
              </ul>
            </div>
          ),
      )}
    </div>
  );
}
