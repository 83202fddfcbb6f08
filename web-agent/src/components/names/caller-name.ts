import { useTranslation } from 'react-i18next';
import { WITHHELD } from '../../../../services/shared/domain/calls/caller.js';

/** A masked number as people read it: one that is withheld is said in words. */
export const callerName = (masked: string, t: (key: string) => string): string => (masked === WITHHELD ? t('shell.withheld') : masked);

export function useCallerName(): (masked: string | undefined) => string {
  const { t } = useTranslation();
  return (masked = '') => callerName(masked, t);
}
