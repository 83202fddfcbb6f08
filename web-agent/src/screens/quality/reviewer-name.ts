import { useTranslation } from 'react-i18next';
import { useProfile } from '../../session/use-workplace.js';
import { useAgentNames } from '../seat/agent-names.js';

/** Who reviewed: "you", a seat's name, or the account where no seat is known. */
export function useReviewerName(): (userId: string) => string {
  const { t } = useTranslation();
  const names = useAgentNames();
  const profile = useProfile();
  return (userId) => (userId === profile.userId ? t('quality.you') : (names.get(userId) ?? userId));
}
