import { Button, Input, Popover, Space, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCaseReason } from '../../components/names/case-reason.js';
import { timeText } from '../../components/time/times.js';
import { useSentText } from '../../components/use-sent-text.js';
import { useChange } from '../../session/use-server.js';
import type { LegalHold as Hold } from '../../../../services/shared/contracts/api/calls/recording.js';

const SHORTEST_REASON = 3;

export type { Hold };

/** The holds that keep a recording beyond its retention and, for people with that right, a way to add or end one. */
export function LegalHold({
  callId,
  holds,
  mayHold,
}: {
  readonly callId: string;
  readonly holds: readonly Hold[];
  readonly mayHold: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const caseReason = useCaseReason();
  const { text: reason, setText: setReason, sending, accepted } = useSentText();
  const change = useChange('recordings', accepted);
  const release = useChange('recordings');
  if (!mayHold) return holds.length === 0 ? null : <Tag color="purple">{t('calls.legalHold')}</Tag>;
  return (
    <Popover
      trigger="click"
      content={
        <div className="stack">
          {holds.map(({ id, reason: why, at }) => (
            <div key={id} className="row">
              <span>
                {timeText(at)} {caseReason(why)}
              </span>
              <Button
                size="small"
                onClick={() => release.mutate({ route: 'DELETE /recordings/:callId/holds/:holdId', params: { callId, holdId: id } })}
              >
                {t('keeping.release')}
              </Button>
            </div>
          ))}
          <Space.Compact>
            <Input
              value={reason}
              maxLength={300}
              placeholder={t('shell.reasonOfThree')}
              aria-label={t('shell.reasonOfThree')}
              onChange={({ target }) => setReason(target.value)}
            />
            <Button
              disabled={reason.trim().length < SHORTEST_REASON}
              loading={change.isPending}
              onClick={() => {
                sending();
                change.mutate({ route: 'POST /recordings/:callId/holds', params: { callId }, body: { reason: reason.trim() } });
              }}
              data-testid="hold-recording"
            >
              {t('keeping.hold')}
            </Button>
          </Space.Compact>
        </div>
      }
    >
      <Button data-testid="legal-hold">
        {t('calls.legalHold')} {holds.length === 0 ? '' : `(${holds.length})`}
      </Button>
    </Popover>
  );
}
