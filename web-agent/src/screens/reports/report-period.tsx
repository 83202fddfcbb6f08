import { DatePicker } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { siteNow } from '../../components/time/site-days.js';
import type { ReportChoice } from './report-choice.js';

/** The period of a report or list, in days of the site. */
export function ReportPeriod({
  choice: { from, to },
  choose,
  mostDays = 400,
}: {
  readonly choice: ReportChoice;
  readonly choose: (changed: Partial<ReportChoice>) => void;
  readonly mostDays?: number;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <DatePicker.RangePicker
      allowClear={false}
      aria-label={t('reports.period')}
      value={[dayjs(from), dayjs(to)]}
      maxDate={siteNow()}
      disabledDate={(day, { from: first }) => first !== undefined && Math.abs(day.diff(first, 'day')) >= mostDays}
      presets={[
        { label: t('reports.today'), value: [siteNow(), siteNow()] },
        { label: t('reports.week'), value: [siteNow().subtract(6, 'day'), siteNow()] },
      ]}
      onChange={(next) => {
        const [first, last] = (next ?? []) as readonly (Dayjs | null)[];
        if (first && last) choose({ from: first.format('YYYY-MM-DD'), to: last.format('YYYY-MM-DD') });
      }}
    />
  );
}
