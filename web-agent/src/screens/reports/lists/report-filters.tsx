import { CloseOutlined } from '@ant-design/icons';
import { Alert, Button, Select, Space } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { chosenIn, filterScopes, unfitFilter, type FilterScope } from '../../../../../services/shared/domain/figures/filters.js';
import type { AnyFigureKey } from '../../../../../services/shared/domain/figures/registry.js';
import { listed } from '../../../i18n/language.js';
import { useRead } from '../../../session/use-server.js';
import type { ReportChoice } from '../report-choice.js';
import { useScopeName } from '../scope-name.js';

/** Narrows a report to queues, numbers, agents and the like. Figures whose rows do not know such a filter are named. */
export function ReportFilters({
  choice,
  choose,
  nameOf,
}: {
  readonly choice: ReportChoice;
  readonly choose: (changed: Partial<ReportChoice>) => void;
  readonly nameOf: (key: AnyFigureKey) => string;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const { filters, columns } = choice;
  /** Scopes that were added and have no value yet: they filter nothing. */
  const [added, setAdded] = useState<readonly FilterScope[]>([]);
  const named = filterScopes.filter((scope) => filters[scope] !== undefined || added.includes(scope));
  const unfit = named.flatMap((scope) => {
    const keys = columns.filter((key) => unfitFilter(key, filters) === scope);
    return keys.length === 0 ? [] : [{ scope, keys }];
  });
  function change(scope: FilterScope, values: readonly string[]): void {
    const others = chosenIn(filters).filter(([other]) => other !== scope);
    setAdded(added.filter((other) => other !== scope));
    choose({ filters: Object.fromEntries(values.length === 0 ? others : [...others, [scope, values]]) });
  }
  return (
    <>
      <Space wrap data-testid="report-filters">
        {named.map((scope) => (
          <Space.Compact key={scope}>
            <Values scope={scope} choice={choice} onChange={(values) => change(scope, values)} />
            <Button
              icon={<CloseOutlined />}
              aria-label={t('reportLists.filters.remove', { scope: t(`reports.scopes.${scope}`) })}
              onClick={() => change(scope, [])}
            />
          </Space.Compact>
        ))}
        <Select<FilterScope | null>
          value={null}
          placeholder={t('reportLists.filters.add')}
          aria-label={t('reportLists.filters.add')}
          popupMatchSelectWidth={false}
          options={filterScopes.filter((scope) => !named.includes(scope)).map((value) => ({ value, label: t(`reports.scopes.${value}`) }))}
          onChange={(scope) => scope !== null && setAdded([...added, scope])}
          className="report-choice"
          data-testid="report-filter-add"
        />
      </Space>
      {unfit.map(({ scope, keys }) => (
        <Alert
          key={scope}
          type="info"
          showIcon
          title={`${listed(keys.map(nameOf), i18n)}${t('reportLists.filters.unfit', { scope: t(`reports.scopes.${scope}`) })}`}
          data-testid={`filter-unfit-${scope}`}
        />
      ))}
    </>
  );
}

/** The values of one scope: those that the report would have rows of, and those that are chosen. */
function Values({
  scope,
  choice: { from, to, filters },
  onChange,
}: {
  readonly scope: FilterScope;
  readonly choice: ReportChoice;
  readonly onChange: (values: string[]) => void;
}): ReactNode {
  const { t } = useTranslation();
  const read = useRead('/figures/report', { query: { from, to, interval: 'whole', by: scope } });
  const scopeName = useScopeName(scope, read.data?.scopeNames ?? {});
  const chosen = filters[scope] ?? [];
  const values = [...new Set([...(read.data?.rows.map((row) => row.scope) ?? []), ...chosen])];
  return (
    <Select<string[]>
      mode="multiple"
      value={[...chosen]}
      loading={read.isPending}
      showSearch={{ optionFilterProp: 'label' }}
      popupMatchSelectWidth={false}
      maxTagCount={1}
      placeholder={t('reportLists.filters.choose', { scope: t(`reports.scopes.${scope}`) })}
      aria-label={t(`reports.scopes.${scope}`)}
      options={values.map((value) => ({ value, label: scopeName(value) }))}
      onChange={onChange}
      className="report-filter"
      data-testid={`report-filter-${scope}`}
    />
  );
}
