import { useTranslation } from 'react-i18next';

/** The words for a reason that complaint handling wrote (`complaint TS20260101-0001`); any other reason is shown as it was written. */
export function useCaseReason(): (reason: string) => string {
  const { t } = useTranslation();
  return (reason) => {
    const number = /^complaint (\S+)$/.exec(reason)?.[1];
    return number === undefined ? reason : t('complaints.ofNumber', { number });
  };
}
