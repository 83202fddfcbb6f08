import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../session/api.js';
import { useRead } from '../../session/use-server.js';

type EvidencePart =
  | 'readiness'
  | 'equipment'
  | 'topology'
  | 'application'
  | 'duties'
  | 'filing'
  | 'demonstration'
  | 'quality'
  | 'rules'
  | 'cases'
  | 'six-items';

/** The conclusions of the last round of probes, in the page's language. */
export function useEvidence<P extends EvidencePart>(
  part: P,
  more: Readonly<Record<string, string>> = {},
): UseQueryResult<AnswerOf<`GET /evidence/${P}`>> {
  const { i18n } = useTranslation();
  const query = new URLSearchParams({ language: i18n.language === 'en' ? 'en' : 'zh-CN', ...more });
  // Every part takes only the language; `quality` also takes a period.
  const read = useRead as (path: string, asked: { readonly query: URLSearchParams }) => UseQueryResult<AnswerOf<`GET /evidence/${P}`>>;
  return read(`/evidence/${part}`, { query });
}
