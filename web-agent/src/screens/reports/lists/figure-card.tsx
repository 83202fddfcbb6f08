import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { figureRegistry, versionOf, type FigureKey } from '../../../../../services/shared/domain/figures/registry.js';
import { timeText } from '../../../components/time/times.js';

/** What a number means: its formula with the version, whose it is, and from when to when it was counted. */
export function FigureCard({
  figure,
  from,
  until,
  scopeName,
}: {
  readonly figure: FigureKey;
  readonly from: string;
  readonly until: string;
  readonly scopeName: string | undefined;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const { name, text } = figureRegistry[figure];
  const language = i18n.language === 'en' ? 'en' : 'zh';
  return (
    <dl className="figure-card soft" data-testid="figure-card">
      <dt>{t('reportLists.card.formula')}</dt>
      <dd>{t('reportLists.card.means', { name: name[language], text: text[language] })}</dd>
      {scopeName !== undefined && (
        <>
          <dt>{t('reportLists.card.scope')}</dt>
          <dd data-testid="figure-card-scope">{scopeName}</dd>
        </>
      )}
      <dt>{t('reportLists.card.window')}</dt>
      <dd className="figures">
        {timeText(from)} – {timeText(until)}
      </dd>
      <dt>{t('reportLists.card.version')}</dt>
      <dd className="figures" data-testid="figure-card-version">
        {versionOf(figure)}
      </dd>
    </dl>
  );
}
