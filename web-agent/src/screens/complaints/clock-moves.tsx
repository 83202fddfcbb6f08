import { Alert, Button, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeText } from '../../components/time/times.js';
import { useChange } from '../../session/use-server.js';
import { clockOf, type Complaint, type ComplaintClock } from './complaint.js';

type Move = 'extend' | 'pause' | 'resume';

/** The moves that the clock allows now: permitted by its rule and not used yet. */
function movesOf({ state }: Pick<Complaint, 'state'>, clock: ComplaintClock): readonly Move[] {
  if ((state !== 'open' && state !== 'in-hand') || clock.stoppedAt !== undefined || clock.overdueAt !== undefined) return [];
  const { allows, paused, extended } = clock;
  if (paused !== undefined && paused.endedAt === undefined) return ['resume'];
  return [
    ...(allows?.extension !== undefined && extended === undefined ? ['extend' as const] : []),
    ...(allows?.pause !== undefined && paused === undefined ? ['pause' as const] : []),
  ];
}

/** Buttons that move the due time of the answer where the clock's rule allows it, with the reason for the audit log. */
export function ClockMoves({ complaint }: { readonly complaint: Complaint }): ReactNode {
  const { t } = useTranslation();
  const [move, setMove] = useState<Move | null>(null);
  const [text, setText] = useState('');
  const change = useChange('complaints', () => {
    setMove(null);
    setText('');
  });
  const clock = clockOf(complaint);
  if (clock === undefined) return null;
  const allowed = move === 'extend' ? clock.allows?.extension : move === 'pause' ? clock.allows?.pause : undefined;
  const time = allowed === undefined ? '' : t(`complaints.rules.units.${allowed.unit}`, { count: allowed.days });
  return (
    <>
      {movesOf(complaint, clock).map((each) => (
        <Button key={each} onClick={() => setMove(each)} data-testid={`case-${each}`}>
          {t(`complaints.do.${each}`)}
        </Button>
      ))}
      {move !== null && (
        <Modal
          open
          title={t(`complaints.do.${move}`)}
          okText={t('shell.save')}
          cancelText={t('shell.cancel')}
          okButtonProps={{ disabled: text.trim() === '', loading: change.isPending, 'data-testid': 'case-save' }}
          onCancel={() => setMove(null)}
          onOk={() =>
            change.mutate({
              route: 'POST /complaints/:id/act',
              params: { id: complaint.id },
              body: { act: { type: move, text: text.trim() }, revision: complaint.revision },
            })
          }
        >
          <div className="stack">
            <p className="soft">{t(`complaints.${move}Hint`, { time })}</p>
            <Input.TextArea
              autoFocus
              rows={4}
              value={text}
              aria-label={t('complaints.words')}
              onChange={({ target }) => setText(target.value)}
              data-testid="case-words"
            />
          </div>
        </Modal>
      )}
    </>
  );
}

/** The changes of the clock, so that a reader sees why the answer is due later. */
export function MovedClock({ clock }: { readonly clock: ComplaintClock }): ReactNode {
  const { t } = useTranslation();
  const { paused, extended } = clock;
  if (paused === undefined && extended === undefined) return null;
  const stands = paused !== undefined && paused.endedAt === undefined && clock.stoppedAt === undefined && clock.overdueAt === undefined;
  return (
    <>
      {stands && (
        <Alert
          type="warning"
          showIcon
          title={t('complaints.pausedNow', { at: timeText(paused.at), due: timeText(clock.dueAt), text: paused.text })}
          data-testid="clock-paused"
        />
      )}
      {paused?.endedAt !== undefined && (
        <p className="soft" data-testid="clock-was-paused">
          {t('complaints.pausedOnce', { from: timeText(paused.at), to: timeText(paused.endedAt), text: paused.text })}
        </p>
      )}
      {extended !== undefined && (
        <p className="soft" data-testid="clock-extended">
          {t('complaints.extended', { due: timeText(extended.dueAt), text: extended.text })}
        </p>
      )}
    </>
  );
}
