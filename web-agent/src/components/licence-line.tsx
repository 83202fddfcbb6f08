import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { publicApi } from '../screens/public/public-request.js';

/** The number of the licence, which every page for the public or the staff must show. Nothing while none is registered. */
export function LicenceLine(): ReactNode {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['licence'],
    queryFn: () => publicApi.get('/licence'),
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const number = data?.number ?? '';
  return number === '' ? null : (
    <span className="soft wide" data-testid="licence-number">
      {t('shell.licence', { number })}
    </span>
  );
}
