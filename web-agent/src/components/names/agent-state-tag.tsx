import {
  BellOutlined,
  ClockCircleOutlined,
  CoffeeOutlined,
  CustomerServiceOutlined,
  EditOutlined,
  LogoutOutlined,
  MinusCircleOutlined,
  PhoneOutlined,
} from '@ant-design/icons';
import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentState } from '../../../../services/shared/domain/people/agent-state.js';

/** The colour, icon and word of a state, the same on every page. */
const looks: Record<AgentState, { readonly color: string; readonly icon: ReactNode }> = {
  'signed-out': { color: 'default', icon: <LogoutOutlined /> },
  away: { color: 'default', icon: <ClockCircleOutlined /> },
  break: { color: 'default', icon: <CoffeeOutlined /> },
  ready: { color: 'green', icon: <CustomerServiceOutlined /> },
  offered: { color: 'purple', icon: <BellOutlined /> },
  'on-call': { color: 'blue', icon: <PhoneOutlined /> },
  'wrap-up': { color: 'gold', icon: <EditOutlined /> },
};

export function AgentStateTag({ state, testId }: { readonly state: AgentState; readonly testId?: string }): ReactNode {
  const { t } = useTranslation();
  const { color, icon } = looks[state];
  return (
    <Tag color={color} icon={icon} data-testid={testId} data-state={state}>
      {t(`seat.state.${state}`)}
    </Tag>
  );
}

/** The state of somebody whose account nobody has signed in with. */
export function NeverSignedIn(): ReactNode {
  const { t } = useTranslation();
  return (
    <Tag icon={<MinusCircleOutlined />} data-state="never">
      {t('supervise.agents.never')}
    </Tag>
  );
}

/** Why somebody is away without having chosen it, in words. A break keeps its name. */
export function AwayReason({ reason, testId }: { readonly reason: string | undefined; readonly testId?: string }): ReactNode {
  const { t } = useTranslation();
  if (reason === undefined) return null;
  return (
    <span className="soft" data-testid={testId} data-reason={reason}>
      {t(`seat.why.${reason}`, { defaultValue: reason })}
    </span>
  );
}
