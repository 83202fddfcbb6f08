import { TeamOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Introduction } from '../../../../../services/shared/contracts/calls/hand-over.js';
import { useAgentNames } from '../agent-names.js';

/** Which colleague consults about a call or transfers it, and with what words. */
export function IntroductionLine({ introduction }: { readonly introduction: Introduction }): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  const { kind, agentId, note } = introduction;
  return (
    <div className="introduction" data-testid="introduction" data-kind={kind}>
      <TeamOutlined />
      <strong>{t(`handOver.introduced.${kind}`, { who: names.get(agentId) ?? agentId })}</strong>
      {note !== undefined && note !== '' && <span data-testid="introduction-note">{note}</span>}
    </div>
  );
}
