import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { withdrawalBasis } from '../../../../services/shared/domain/calls/consent-basis.js';

/** The basis on which a consent is withdrawn. */
export function WithdrawalBasis(): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <span className="soft" data-testid="withdrawal-basis">
      {t('callingOut.elements.basis', { basis: withdrawalBasis[i18n.language === 'en' ? 'en' : 'zh'] })}
    </span>
  );
}
