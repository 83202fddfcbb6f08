import { Alert, Descriptions, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { callElements, type CallElement } from '../../../../services/shared/domain/calls/calling-out.js';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import type { AnswerOf } from '../../session/api.js';
import { useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { OriginalFile } from '../calling-out/consents/consent-original.js';
import { WithdrawalBasis } from '../calling-out/withdrawal-basis.js';

type FourElements = AnswerOf<'GET /calls/:callId/elements'>;

/**
 * What an inspection asks about an outbound call, in one place: the recording is above, and one click opens the original of the consent.
 */
export function FourElements({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const read = useRead('/calls/:callId/elements', { params: { callId } });
  return (
    <section className="panel" data-testid="four-elements">
      <h2>{t('callingOut.elements.title')}</h2>
      <Loaded query={read}>
        {(found) => (
          <>
            {found.consentTakenBackAt !== undefined && (
              <Alert
                type="warning"
                showIcon
                title={t('callingOut.elements.takenBack')}
                description={
                  <>
                    {t('callingOut.elements.takenBackAt', { time: timeText(found.consentTakenBackAt) })} <WithdrawalBasis />
                  </>
                }
                data-testid="taken-back"
              />
            )}
            <Descriptions
              size="small"
              column={1}
              items={callElements.map((element) => ({
                key: element,
                label: t(`callingOut.elements.names.${element}`),
                children: (
                  <span className="row">
                    <Tag color={found.missing.includes(element) ? 'red' : 'green'}>
                      {t(found.missing.includes(element) ? 'callingOut.elements.lacks' : 'callingOut.elements.has')}
                    </Tag>
                    <Element element={element} found={found} />
                  </span>
                ),
              }))}
            />
          </>
        )}
      </Loaded>
    </section>
  );
}

function Element({ element, found }: { readonly element: CallElement; readonly found: FourElements }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { from = '', numberMasked, answeredAt, at, proof } = found;
  switch (element) {
    case 'recording':
      return null;
    case 'numbers':
      return (
        <span className="figures">
          {from} → {numberMasked}
        </span>
      );
    case 'time':
      return <span className="figures">{timeText(answeredAt ?? at)}</span>;
    case 'consent':
      if (proof?.kind === 'call') return <Link to={`/calls/${proof.callId}`}>{t('callingOut.originals.call')}</Link>;
      if (proof?.kind === 'file') return <OriginalFile {...proof} />;
      return (
        <>
          <span className="soft">{t(proof === null ? 'callingOut.originals.noConsent' : 'callingOut.originals.none')}</span>
          {may('outbound.read') && <Link to="/calling-out?tab=consents">{t('callingOut.tabs.consents')}</Link>}
        </>
      );
  }
}
