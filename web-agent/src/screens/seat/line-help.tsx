import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LineTrouble } from '../../phone/line-trouble.js';

/** What failed on the media path, and what to do: for the person, and for the network administrator. */
export default function LineHelp({ trouble: { stage, tried } }: { readonly trouble: LineTrouble }): ReactNode {
  const { t } = useTranslation();
  const steps = [1, 2, 3].map((step) => t(`lineHelp.${stage}.do${step}`)).filter((words) => words !== '');
  return (
    <Alert
      banner
      type="error"
      data-testid="line-help"
      data-stage={stage}
      title={t(`lineHelp.${stage}.title`)}
      description={
        <>
          <p>{t(`lineHelp.${stage}.what`)}</p>
          {stage === 'media' && (
            <ul className="figures" data-testid="tried-ways">
              {tried.length === 0 && <li>{t('lineHelp.noWay')}</li>}
              {tried.map(({ protocol, from, to, state }) => (
                <li key={`${from} ${to}`}>{t(state === 'failed' ? 'lineHelp.failed' : 'lineHelp.noAnswer', { protocol, from, to })}</li>
              ))}
            </ul>
          )}
          <ol>
            {steps.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ol>
        </>
      }
    />
  );
}

/** The page cannot reach the server by its socket, though the page itself was loaded. */
export function LinkHelp(): ReactNode {
  const { t } = useTranslation();
  const steps = [
    ...(window.isSecureContext ? [] : [t('lineHelp.link.notSecure')]),
    ...[1, 2, 3].map((step) => t(`lineHelp.link.do${step}`)),
  ];
  return (
    <Alert
      banner
      type="error"
      data-testid="link-help"
      title={t('lineHelp.link.title')}
      description={
        <>
          <p>{t('lineHelp.link.what')}</p>
          <ol>
            {steps.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ol>
        </>
      }
    />
  );
}
