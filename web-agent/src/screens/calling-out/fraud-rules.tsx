import { App, Button, InputNumber, Select, Switch, Table, type TableColumnsType } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  fraudPatterns,
  fraudShares,
  type FraudPattern,
  type FraudRule,
  type FraudSettings,
} from '../../../../services/shared/domain/calls/fraud.js';
import { Loaded } from '../../components/page.js';
import { useChange, useRead } from '../../session/use-server.js';
import { Field } from '../administer/fields.js';

/** Inbound callers cannot be stopped here; the black list can. */
const cannotStop: readonly FraudPattern[] = ['one-caller'];

/** The rules of the fraud watch. */
export function FraudRules(): ReactNode {
  const read = useRead('/outbound/fraud-rules');
  return <Loaded query={read}>{(value) => <Form key={JSON.stringify(value)} stored={value} />}</Loaded>;
}

/** The columns of the table of rules; each rule is edited in place. */
function useRuleColumns(
  rules: FraudSettings['rules'],
  set: (pattern: FraudPattern, change: Partial<FraudRule>) => void,
): TableColumnsType<FraudPattern> {
  const { t } = useTranslation();
  const words = (pattern: FraudPattern, what: string): string =>
    `${t(`callingOut.fraud.patterns.${pattern}`)}: ${t(`callingOut.fraud.${what}`)}`;
  return [
    {
      title: t('callingOut.fraud.on'),
      render: (_value, pattern) => (
        <Switch checked={rules[pattern].on} aria-label={words(pattern, 'on')} onChange={(on) => set(pattern, { on })} />
      ),
    },
    {
      title: t('callingOut.fraud.what'),
      render: (_value, pattern) => (
        <div>
          <div>{t(`callingOut.fraud.patterns.${pattern}`)}</div>
          <span className="soft">{t(`callingOut.fraud.meanings.${pattern}`)}</span>
        </div>
      ),
    },
    {
      title: t('callingOut.fraud.limit'),
      render: (_value, pattern) => (
        <InputNumber
          min={0.01}
          max={100_000}
          value={rules[pattern].limit}
          suffix={fraudShares.includes(pattern) ? '%' : undefined}
          aria-label={words(pattern, 'limit')}
          onChange={(limit) => limit !== null && set(pattern, { limit })}
          data-testid={`limit-${pattern}`}
        />
      ),
    },
    {
      title: t('callingOut.fraud.atLeast'),
      render: (_value, pattern) =>
        fraudShares.includes(pattern) && (
          <InputNumber
            min={0}
            max={100_000}
            precision={0}
            value={rules[pattern].atLeast}
            aria-label={words(pattern, 'atLeast')}
            onChange={(atLeast) => atLeast !== null && set(pattern, { atLeast })}
          />
        ),
    },
    {
      title: t('callingOut.fraud.within'),
      render: (_value, pattern) =>
        pattern === 'complaints' ? (
          t('callingOut.fraud.month')
        ) : (
          <InputNumber
            min={5}
            max={1_440}
            precision={0}
            value={rules[pattern].withinMinutes}
            suffix={t('callingOut.fraud.minutes')}
            aria-label={words(pattern, 'within')}
            onChange={(withinMinutes) => withinMinutes !== null && set(pattern, { withinMinutes })}
          />
        ),
    },
    {
      title: t('callingOut.fraud.stops'),
      render: (_value, pattern) =>
        !cannotStop.includes(pattern) && (
          <Switch checked={rules[pattern].stops} aria-label={words(pattern, 'stops')} onChange={(stops) => set(pattern, { stops })} />
        ),
    },
  ];
}

function Form({ stored }: { readonly stored: FraudSettings }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [rules, setRules] = useState(stored.rules);
  const [shortCallMs, setShortCallMs] = useState(stored.shortCallMs);
  const [watchedPrefixes, setWatchedPrefixes] = useState(stored.watchedPrefixes);
  const save = useChange('outbound', () => void message.success(t('shell.saved')));
  const columns = useRuleColumns(rules, (pattern, change) => setRules({ ...rules, [pattern]: { ...rules[pattern], ...change } }));
  return (
    <div className="stack">
      <span className="soft">{t('callingOut.fraud.rulesHint')}</span>
      <Table<FraudPattern>
        rowKey={(pattern) => pattern}
        size="middle"
        scroll={{ x: 'max-content' }}
        dataSource={[...fraudPatterns]}
        pagination={false}
        columns={columns}
      />
      <div className="row">
        <Field label={t('callingOut.fraud.shortCall')}>
          {(id) => (
            <InputNumber
              id={id}
              min={1}
              max={60}
              precision={0}
              value={shortCallMs / 1_000}
              suffix={t('callingOut.fraud.seconds')}
              onChange={(seconds) => seconds !== null && setShortCallMs(seconds * 1_000)}
            />
          )}
        </Field>
        <Field label={t('callingOut.fraud.prefixes')}>
          {(id) => (
            <Select
              id={id}
              mode="tags"
              open={false}
              className="cause"
              value={[...watchedPrefixes]}
              onChange={(next: string[]) => setWatchedPrefixes(next)}
            />
          )}
        </Field>
      </div>
      <div>
        <Button
          type="primary"
          loading={save.isPending}
          onClick={() => save.mutate({ route: 'PUT /outbound/fraud-rules', body: { rules, shortCallMs, watchedPrefixes } })}
          data-testid="save-fraud-rules"
        >
          {t('shell.save')}
        </Button>
      </div>
    </div>
  );
}
