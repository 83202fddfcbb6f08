import { useTranslation } from 'react-i18next';
import { WITHHELD } from '../../../../services/shared/domain/calls/caller.js';

/** A masked number for readers; a withheld number is shown in words. */
export const callerName = (masked: string, t: (key: string) => string): string => (masked === WITHHELD ? t('shell.withheld') : masked);

export function useCallerName(): (masked: string | undefined) => string {
  const { t } = useTranslation();
  return (masked = '') => callerName(masked, t);
}
