import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useRead } from '../../session/use-server.js';

/** Shown while nobody can be called from here: the reason, and where to fix it. Hidden once a trunk and a number are usable. */
export function WaysOut(): ReactNode {
  const { t } = useTranslation();
  const ways = useRead('/outbound/ways').data?.ways;
  if (ways === undefined || ways.some(({ fault }) => fault === undefined)) return null;
  return (
    <Alert
      type="warning"
      showIcon
      data-testid="no-way-out"
      title={t('callingOut.ways.none')}
      description={
        <>
          {ways.length === 0 ? (
            <p>{t('callingOut.ways.noTrunk')}</p>
          ) : (
            <ul className="plain">
              {ways.map(({ trunkId, from, fault }) => (
                <li key={`${trunkId} ${from}`}>
                  {t('callingOut.ways.one', { from, trunk: trunkId })} {t(`leaving.faults.${fault ?? ''}`)}
                </li>
              ))}
            </ul>
          )}
          <div className="row">
            <Link to="/numbers">{t('callingOut.ways.toTrunks')}</Link>
            <Link to="/registry?register=numbers">{t('callingOut.ways.toNumbers')}</Link>
          </div>
        </>
      }
    />
  );
}
