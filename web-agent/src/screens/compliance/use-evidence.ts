import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../session/use-server.js';

/** What the last round of the probes concluded, in the words of the page's language. */
export function useEvidence<T>(part: string, more: Readonly<Record<string, string>> = {}): UseQueryResult<T> {
  const { i18n } = useTranslation();
  const query = new URLSearchParams({ language: i18n.language === 'en' ? 'en' : 'zh-CN', ...more });
  return useRead<T>(`/evidence/${part}?${query.toString()}`);
}
