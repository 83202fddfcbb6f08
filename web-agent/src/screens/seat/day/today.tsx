import { Tooltip } from 'antd';
import { Fragment, useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { valueWithUnit } from '../../../../../services/shared/domain/figures/define.js';
import { clockText } from '../../../components/time/times.js';
import { useRead, useReadAgain } from '../../../session/use-server.js';
import { usePhonePart } from '../../../session/use-workplace.js';

/** What a supervisor judges by, beside the service level. */
const SHOWN: readonly string[] = ['aht', 'occupancy'];
const READ_EVERY_MS = 60_000;
/** The record of a call is written a moment after its end, later on a busy machine. */
const RECORD_AFTER_MS = [1_500, 5_000, 15_000];

/** My calls, my times, my service level and my scores since midnight at the site. */
export function Today(): ReactNode {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const day = useRead('/my-day', { everyMs: READ_EVERY_MS }).data;
  const readAgain = useReadAgain();
  // A call that was parked and fetched ends twice; its times are complete when the wrap-up is over.
  const lastEnd = usePhonePart((phone) => phone.lastEnd);
  const state = usePhonePart(({ agent }) => agent?.state);
  useEffect(() => {
    if (lastEnd === null) return;
    const timers = RECORD_AFTER_MS.map((ms) => setTimeout(() => void readAgain('my-day'), ms));
    return () => timers.forEach(clearTimeout);
  }, [lastEnd, state, readAgain]);
  // Shows no figures until the day has been read: zeros would say that there were no calls.
  const none = day === undefined ? '–' : t('contact.day.none');
  const time = (ms = 0): string => (day === undefined ? '–' : clockText(ms));
  const { score = null, reviews = null, serviceLevelPercent = null } = day ?? {};
  return (
    <section className="panel" aria-label={t('seat.today')} data-testid="today">
      <h2>{t('seat.today')}</h2>
      <dl className="facts figures">
        <dt>{t('seat.todayCalls')}</dt>
        <dd data-testid="day-calls">{day?.calls ?? '–'}</dd>
        {day !== undefined && day.callsOut > 0 && (
          <>
            <dt>{t('seat.todayCallsOut')}</dt>
            <dd data-testid="day-calls-out">{day.callsOut}</dd>
          </>
        )}
        <dt>{t('seat.todayTalk')}</dt>
        <dd>{time(day?.talkMs)}</dd>
        <dt>{t('contact.day.ready')}</dt>
        <dd>{time(day?.stateMs['ready'])}</dd>
        <dt>{t('contact.day.wrapUp')}</dt>
        <dd>{time(day?.stateMs['wrap-up'])}</dd>
        <dt>{t('contact.day.break')}</dt>
        <dd>{time(day?.stateMs['break'])}</dd>
        <dt>
          <Tooltip title={t('contact.day.serviceLevelHint')}>{t('contact.day.serviceLevel')}</Tooltip>
        </dt>
        <dd data-testid="day-service-level">{serviceLevelPercent === null ? none : `${serviceLevelPercent.toFixed(2)}%`}</dd>
        {day?.figures
          .filter(({ key }) => SHOWN.includes(key))
          .map(({ key, name, text, unit, value }) => (
            <Fragment key={key}>
              <dt>
                <Tooltip title={text[language]}>{name[language]}</Tooltip>
              </dt>
              <dd data-testid={`day-${key}`}>{value === null ? none : valueWithUnit(unit, value, language)}</dd>
            </Fragment>
          ))}
        <dt>{t('contact.day.score')}</dt>
        <dd>{score === null ? none : t('contact.day.scoreOf', { mean: score.mean.toFixed(1), count: score.answers })}</dd>
        <dt>{t('contact.day.reviews')}</dt>
        <dd>{reviews === null ? none : t('contact.day.reviewsOf', { percent: Math.round(reviews.meanPercent), count: reviews.count })}</dd>
      </dl>
    </section>
  );
}
