import { Alert, DatePicker, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { comparisons, isComparable, type Comparison } from '../../../../../services/shared/domain/figures/comparison.js';
import { isDaily } from '../../../../../services/shared/domain/figures/registry.js';
import { isoOf, siteDay, siteNow } from '../../../components/time/site-days.js';
import type { ReportChoice } from '../report-choice.js';

/** The moment as of which the report is made; empty for now. */
export function AsOf({
  choice: { asOf },
  choose,
}: {
  readonly choice: ReportChoice;
  readonly choose: (changed: Partial<ReportChoice>) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <DatePicker
      showTime={{ format: 'HH:mm' }}
      format="YYYY-MM-DD HH:mm"
      value={asOf === undefined ? null : siteDay(asOf)}
      maxDate={siteNow()}
      placeholder={`${t('reportLists.asOf.label')}: ${t('reportLists.asOf.now')}`}
      aria-label={t('reportLists.asOf.label')}
      // What is picked is a time of the site's clock.
      onChange={(at) => choose({ asOf: at === null ? undefined : isoOf(at.second(0).millisecond(0)) })}
      data-testid="report-as-of"
    />
  );
}

/** The days whose figures stand beside those of the report. */
export function ComparedWith({
  choice: { compare },
  choose,
}: {
  readonly choice: ReportChoice;
  readonly choose: (changed: Partial<ReportChoice>) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Select<Comparison | 'none'>
      value={compare ?? 'none'}
      aria-label={t('reportLists.compare.label')}
      popupMatchSelectWidth={false}
      options={[
        { value: 'none', label: t('reportLists.compare.none') },
        ...comparisons.map((value) => ({ value, label: t(`reports.compared.${value}`) })),
      ]}
      onChange={(next) => choose({ compare: next === 'none' ? undefined : next })}
      className="report-choice"
      data-testid="report-compare"
    />
  );
}

/** What a report as of a moment lacks, and what cannot be compared. */
export function ChoiceNotes({ choice }: { readonly choice: ReportChoice }): ReactNode {
  const { t } = useTranslation();
  const { asOf, compare, columns, interval } = choice;
  return (
    <>
      {asOf !== undefined && (
        <Alert
          type="info"
          showIcon
          title={[t('reportLists.asOf.text'), ...(columns.some(isDaily) ? [t('reportLists.asOf.noDaily')] : [])].join(' ')}
          data-testid="as-of-note"
        />
      )}
      {compare !== undefined && !isComparable(interval, choice, compare) && (
        <Alert type="info" showIcon title={t('reportLists.compare.refused')} data-testid="compare-refused" />
      )}
      {compare !== undefined && choice.to >= siteNow().format('YYYY-MM-DD') && (
        <Alert type="info" showIcon title={t('reportLists.compare.today')} data-testid="compare-today" />
      )}
    </>
  );
}
