import { useTranslation } from 'react-i18next';
import { PROOF_AGENT, TEST_AGENT } from '../../../../services/shared/domain/proof.js';
import { useRead } from '../../session/use-server.js';

/** Names of the seats by their ids, even of those who are not signed in: for pages that get only ids. */
export function useAgentNames(): ReadonlyMap<string, string> {
  const { t } = useTranslation();
  const read = useRead('/users/names');
  return new Map([...Object.entries(read.data?.names ?? {}), [PROOF_AGENT, t('seat.proofSeat')], [TEST_AGENT, t('seat.testSeat')]]);
}
