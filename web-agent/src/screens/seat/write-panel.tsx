import { Button, Input } from 'antd';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeText } from '../../components/times.js';
import { currentCall } from '../../phone/phone.js';
import { usePhone } from '../../session/use-workplace.js';

const ComplaintForm = lazy(async () => ({ default: (await import('../complaints/complaint-form.js')).ComplaintForm }));

const keyOf = (callId: string): string => `proofline.note.${callId}`;

/** Right column: notes of the call, kept as they are typed so that a reload loses no word. */
export function WritePanel(): ReactNode {
  const { t } = useTranslation();
  const { phone } = usePhone();
  const callId = currentCall(phone)?.callId ?? phone.lastEnd?.callId ?? null;
  const [text, setText] = useState('');
  const [complaining, setComplaining] = useState(false);
  const [savedAt, setSavedAt] = useState<string | null>(null);

  useEffect(() => {
    setText(callId === null ? '' : (sessionStorage.getItem(keyOf(callId)) ?? ''));
    setSavedAt(null);
  }, [callId]);

  function write(next: string): void {
    setText(next);
    if (callId === null) return;
    sessionStorage.setItem(keyOf(callId), next);
    setSavedAt(new Date().toISOString());
  }

  return (
    <section className="panel fill write" aria-label={t('seat.notes')}>
      <h2>{t('seat.notes')}</h2>
      <Input.TextArea
        value={text}
        disabled={callId === null}
        aria-label={t('seat.notes')}
        placeholder={t('seat.notesHint')}
        onChange={({ target }) => write(target.value)}
        autoSize={{ minRows: 8, maxRows: 18 }}
        data-testid="notes"
      />
      <div className="soft" aria-live="polite">
        {savedAt === null ? '' : t('seat.notesSaved', { time: timeText(savedAt).slice(11) })}
      </div>
      {callId !== null && (
        <Button className="older" onClick={() => setComplaining(true)} data-testid="seat-complaint">
          {t('complaints.open')}
        </Button>
      )}
      {complaining && callId !== null && (
        <Suspense fallback={null}>
          <ComplaintForm callId={callId} onClose={() => setComplaining(false)} />
        </Suspense>
      )}
    </section>
  );
}
