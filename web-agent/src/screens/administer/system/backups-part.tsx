import { Alert, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sizeText, timeText } from '../../../components/time/times.js';
import type { AnswerOf } from '../../../session/api.js';

type Backups = AnswerOf<'GET /system/status'>['backups'];

/** The backup of each night: the last good one and what is wrong, or how to switch it on. */
export function BackupsPart({ backups }: { readonly backups: Backups }): ReactNode {
  const { t, i18n } = useTranslation();
  const { ok, on, last, problem, folder } = backups;
  const state = !on ? 'off' : ok ? 'good' : 'bad';
  return (
    <section className="system-part" aria-label={t('administer.system.parts.backups')} data-testid="system-backups">
      <h2 className="row">
        {t('administer.system.parts.backups')}
        <Tag color={{ off: 'default', good: 'green', bad: 'red' }[state]}>{t(`administer.backups.states.${state}`)}</Tag>
      </h2>
      {!on && <p>{t('administer.backups.howTo')}</p>}
      {problem !== undefined && <Alert type="error" showIcon title={i18n.language.startsWith('zh') ? problem.zh : problem.en} />}
      {last?.elsewhere !== undefined && last.elsewhere.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('administer.backups.elsewhere', {
            parts: last.elsewhere.map((part) => t(`administer.system.processNames.${part}`)).join(t('administer.backups.and')),
          })}
        />
      )}
      {on && folder !== undefined && (
        <dl className="facts">
          <dt>{t('administer.backups.last')}</dt>
          <dd className="figures">{last === undefined ? t('administer.backups.none') : timeText(last.asOf)}</dd>
          {last !== undefined && (
            <>
              <dt>{t('administer.backups.name')}</dt>
              <dd className="figures">{last.name}</dd>
              <dt>{t('administer.backups.size')}</dt>
              <dd className="figures">
                {t('administer.backups.sizeOf', { size: sizeText(last.bytes), files: last.files, linked: last.linked })}
              </dd>
              <dt>{t('administer.backups.took')}</dt>
              <dd className="figures">{t('administer.backups.seconds', { seconds: Math.ceil(last.seconds) })}</dd>
              {last.damaged > 0 && (
                <>
                  <dt>{t('administer.backups.damaged')}</dt>
                  <dd className="figures">{last.damaged}</dd>
                </>
              )}
            </>
          )}
          <dt>{t('administer.backups.folder')}</dt>
          <dd className="figures">{folder}</dd>
          <dt>{t('administer.backups.when')}</dt>
          <dd>{t('administer.backups.whenOf', { hour: String(backups.atHour ?? 0).padStart(2, '0'), keep: backups.keep ?? 0 })}</dd>
        </dl>
      )}
    </section>
  );
}
