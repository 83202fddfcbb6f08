import { DatePicker } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
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
