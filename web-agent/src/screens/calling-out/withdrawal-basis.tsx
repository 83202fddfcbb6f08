import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { withdrawalBasis } from '../../../../services/shared/domain/calls/consent-basis.js';

/** What the taking back of a consent rests on. */
export function WithdrawalBasis(): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <span className="soft" data-testid="withdrawal-basis">
      {t('callingOut.elements.basis', { basis: withdrawalBasis[i18n.language === 'en' ? 'en' : 'zh'] })}
    </span>
  );
}
