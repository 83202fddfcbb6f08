import { Alert, Button, Checkbox, DatePicker, Input, Segmented, Switch, Tag } from 'antd';
import { useQuery } from '@tanstack/react-query';
import dayjs, { type Dayjs } from 'dayjs';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Flow, Hours } from '../../../../../services/shared/contracts/calls/flow.js';
import { clockTimes } from '../../../../../services/shared/domain/time/clock-time.js';
import { siteNow } from '../../../components/time/site-days.js';
import { useApp } from '../../../session/use-workplace.js';
import { StepField } from '../fields.js';
import { withOptional } from './flow-edit.js';
import { listed } from '../../../i18n/language.js';

type Span = { readonly opens: string; readonly closes: string };

const officeHours: Hours = {
  weekly: [{ days: [1, 2, 3, 4, 5], opens: '09:00', closes: '18:00' }],
  chineseHolidays: true,
  exceptions: [],
};

/** When the number is open: the week, public holidays with the days worked in exchange, the firm's own days; and the resulting hours. */
export function HoursForm({ flow, onChange }: { readonly flow: Flow; readonly onChange: (flow: Flow) => void }): ReactNode {
  const { t } = useTranslation();
  const { hours } = flow;
  const setHours = (next: Hours): void => onChange({ ...flow, hours: next });
  return (
    <div className="stack" data-testid="hours-form">
      <h2>{t('flow.hours.title')}</h2>
      <Segmented
        value={hours === undefined ? 'always' : 'hours'}
        options={[
          { value: 'always', label: t('flow.hours.always') },
          { value: 'hours', label: t('flow.hours.byHours') },
        ]}
        onChange={(chosen) => onChange(withOptional(flow, 'hours', chosen === 'always' ? undefined : officeHours))}
        data-testid="hours-mode"
      />
      <StepField
        label={t('flow.hours.onClosed')}
        flow={flow}
        value={flow.onClosed}
        none={t('flow.hours.closedPrompt')}
        onChange={(onClosed) => onChange(withOptional(flow, 'onClosed', onClosed))}
      />
      {hours !== undefined && (
        <>
          <Weekly hours={hours} onChange={setHours} />
          <div className="row nowrap">
            <Switch
              checked={hours.chineseHolidays}
              aria-label={t('flow.hours.holidays')}
              onChange={(chineseHolidays) => setHours({ ...hours, chineseHolidays })}
              data-testid="chinese-holidays"
            />
            <span>{t('flow.hours.holidays')}</span>
          </div>
          <Exceptions hours={hours} onChange={setHours} />
          <Preview hours={hours} />
        </>
      )}
    </div>
  );
}

function SpanFields({ span, onChange }: { readonly span: Span; readonly onChange: (span: Span) => void }): ReactNode {
  const { t } = useTranslation();
  const clock = (name: keyof Span): ReactNode => (
    <Input
      className="clock"
      value={span[name]}
      maxLength={5}
      placeholder="09:00"
      aria-label={t(`flow.hours.${name}`)}
      status={clockTimes.test(span[name]) ? '' : 'error'}
      onChange={({ target }) => onChange({ ...span, [name]: target.value })}
    />
  );
  return (
    <span className="row nowrap">
      {clock('opens')}–{clock('closes')}
    </span>
  );
}

const days = [1, 2, 3, 4, 5, 6, 7] as const;

function Weekly({ hours, onChange }: { readonly hours: Hours; readonly onChange: (hours: Hours) => void }): ReactNode {
  const { t } = useTranslation();
  const set = (weekly: Hours['weekly']): void => onChange({ ...hours, weekly });
  return (
    <>
      <h3>{t('flow.hours.week')}</h3>
      {hours.weekly.length === 0 && <span className="soft">{t('flow.hours.noWeek')}</span>}
      {hours.weekly.map((row, place) => (
        <div key={place} className="row" data-testid={`week-row-${place}`}>
          <Checkbox.Group
            value={row.days}
            options={days.map((value) => ({ value, label: t(`flow.hours.days.${value}`) }))}
            onChange={(chosen) => {
              const [first, ...others] = [...chosen].sort();
              // A row without days has no effect, so the last day stays.
              if (first !== undefined) set(hours.weekly.map((each, at) => (at === place ? { ...each, days: [first, ...others] } : each)));
            }}
          />
          <SpanFields span={row} onChange={(span) => set(hours.weekly.map((each, at) => (at === place ? { ...each, ...span } : each)))} />
          <Button aria-label={t('flow.hours.removeRow')} onClick={() => set(hours.weekly.filter((_each, at) => at !== place))}>
            {t('flow.remove')}
          </Button>
        </div>
      ))}
      <div>
        <Button onClick={() => set([...hours.weekly, { days: [6], opens: '09:00', closes: '12:00' }])} data-testid="add-week-row">
          {t('flow.hours.addRow')}
        </Button>
      </div>
    </>
  );
}

function Exceptions({ hours, onChange }: { readonly hours: Hours; readonly onChange: (hours: Hours) => void }): ReactNode {
  const { t } = useTranslation();
  const set = (exceptions: Hours['exceptions']): void =>
    onChange({ ...hours, exceptions: [...exceptions].sort((a, b) => (a.date < b.date ? -1 : 1)) });
  const change = (date: string, spans: Span[]): void => set(hours.exceptions.map((each) => (each.date === date ? { date, spans } : each)));
  return (
    <>
      <h3>{t('flow.hours.exceptions')}</h3>
      {hours.exceptions.length === 0 && <span className="soft">{t('flow.hours.noExceptions')}</span>}
      {hours.exceptions.map(({ date, spans }) => (
        <div key={date} className="row" data-testid={`exception-${date}`}>
          <span className="figures">{date}</span>
          <Segmented
            value={spans.length === 0 ? 'closed' : 'open'}
            options={[
              { value: 'closed', label: t('flow.hours.closedDay') },
              { value: 'open', label: t('flow.hours.openDay') },
            ]}
            onChange={(chosen) => change(date, chosen === 'closed' ? [] : [{ opens: '09:00', closes: '18:00' }])}
          />
          {spans.map((span, place) => (
            <SpanFields
              key={place}
              span={span}
              onChange={(next) =>
                change(
                  date,
                  spans.map((each, at) => (at === place ? next : each)),
                )
              }
            />
          ))}
          <Button
            aria-label={t('flow.hours.removeDay', { date })}
            onClick={() => set(hours.exceptions.filter((each) => each.date !== date))}
          >
            {t('flow.remove')}
          </Button>
        </div>
      ))}
      <DatePicker
        className="short"
        value={null}
        defaultPickerValue={siteNow()}
        placeholder={t('flow.hours.addDay')}
        aria-label={t('flow.hours.addDay')}
        disabledDate={(day) => hours.exceptions.some(({ date }) => date === day.format('YYYY-MM-DD'))}
        onChange={(day: Dayjs | null) => day !== null && set([...hours.exceptions, { date: day.format('YYYY-MM-DD'), spans: [] }])}
        data-testid="add-exception"
      />
    </>
  );
}

const byColor = { exception: 'purple', holiday: 'red', workday: 'blue', week: 'default' } as const;

/** The next five weeks, day by day, as the server reads these hours. */
function Preview({ hours }: { readonly hours: Hours }): ReactNode {
  const { t, i18n } = useTranslation();
  const { session } = useApp();
  const read = useQuery({
    queryKey: ['hours-preview', JSON.stringify(hours)],
    queryFn: () => session.api.send('POST /hours/preview', { body: { hours } }),
    placeholderData: (before) => before,
    retry: false,
  });
  if (read.data === undefined) return null;
  const lead = (read.data.days[0]?.weekday ?? 1) - 1;
  return (
    <>
      <h3>{t('flow.hours.ahead', { zone: read.data.zone })}</h3>
      {read.data.unknownYears.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('flow.hours.unknownYears', { years: listed(read.data.unknownYears.map(String), i18n) })}
          data-testid="hours-unknown-years"
        />
      )}
      <div className="calendar" data-testid="hours-preview">
        {days.map((day) => (
          <span key={day} className="soft">
            {t(`flow.hours.days.${day}`)}
          </span>
        ))}
        {Array.from({ length: lead }, (_, blank) => (
          <span key={`blank-${blank}`} />
        ))}
        {read.data.days.map(({ date, by, spans }) => (
          <div key={date} className={spans.length === 0 ? 'day day-closed' : 'day'} data-date={date} data-by={by}>
            <span className="figures">{dayjs(date).format('MM-DD')}</span>
            {by !== 'week' && <Tag color={byColor[by]}>{t(`flow.hours.by.${by}`)}</Tag>}
            <span className="figures">
              {spans.length === 0 ? t('flow.hours.shut') : spans.map(({ opens, closes }) => `${opens}–${closes}`).join(' ')}
            </span>
          </div>
        ))}
      </div>
    </>
  );
}
