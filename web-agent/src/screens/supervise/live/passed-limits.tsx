import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PassedLimit } from '../../../../../services/shared/domain/people/agent-limits.js';
import { clockText } from '../../../components/time/times.js';

/** What an agent does for too long, or too often: by icon, words and colour. */
export function PassedLimits({ passed }: { readonly passed: readonly PassedLimit[] }): ReactNode {
  const { t } = useTranslation();
  return passed.map(({ what, level, value, limit }) => {
    const shown = (of: number): string => (what === 'missed' ? String(of) : clockText(of * 1_000));
    return (
      <div key={what}>
        <Tag color={level === 'alarm' ? 'red' : 'gold'} className="figures" data-testid="passed-limit" data-what={what} data-level={level}>
          {level === 'alarm' ? '●' : '▲'} {t(`supervise.limits.${what}`)} {shown(value)} &gt; {shown(limit)}
        </Tag>
      </div>
    );
  });
}
