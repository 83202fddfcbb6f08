import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Input } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CALL_NOTE_LENGTH } from '../../../../../services/shared/contracts/calls/text-lengths.js';
import { Loaded } from '../../../components/page.js';
import { timeText } from '../../../components/time/times.js';
import { useSentText } from '../../../components/use-sent-text.js';
import { ApiProblem } from '../../../session/session.js';
import { useChange, useRead, useRefreshOn } from '../../../session/use-server.js';
import { useWorkplace } from '../../../session/use-workplace.js';

const READ_AFTER_MS = 100;
/** How often to read again, in case a fact is lost on the way. */
const READ_AGAIN_MS = 15_000;

/** Reads the notes of a call again when there is a new one, and after the socket was lost: facts from that time did not arrive. */
export function useNotesFollowed(callId: string): void {
  useRefreshOn('calls', ['call.noted'], READ_AFTER_MS);
  const { link } = useWorkplace();
  const client = useQueryClient();
  useEffect(() => {
    if (link === null) return undefined;
    // A new follower gets the present state at once, which has been read already.
    let watching = false;
    const stop = link.onUp((up) => {
      if (up && watching) void client.invalidateQueries({ queryKey: ['calls', callId, 'notes'] });
    });
    watching = true;
    return stop;
  }, [link, client, callId]);
}

/** Notes that agents and supervisors took during a call: who, when, what. Both sides see a new one at once; it stays with the record. */
export default function CallNotes({
  callId,
  open,
  bare = false,
}: {
  readonly callId: string;
  /** True while the call is live and the viewer may write. */
  readonly open: boolean;
  /** Shown without a panel of its own. */
  readonly bare?: boolean;
}): ReactNode {
  const { t } = useTranslation();
  useNotesFollowed(callId);
  const read = useRead('/calls/:callId/notes', { params: { callId }, ...(open ? { everyMs: READ_AGAIN_MS } : {}) });
  return (
    <section className={bare ? 'stack' : 'panel stack'} aria-label={t('calls.notes.title')} data-testid="call-notes">
      {!bare && <h2>{t('calls.notes.title')}</h2>}
      <Loaded query={read}>
        {({ notes }) => (
          <div className="stack" style={{ maxHeight: 280, overflowY: 'auto' }} role="log" aria-label={t('calls.notes.title')} tabIndex={0}>
            {notes.length === 0 && <p className="soft">{t(open ? 'calls.notes.empty' : 'calls.notes.none')}</p>}
            {notes.map(({ noteId, at, by, text }) => (
              <div key={noteId} data-testid="call-note">
                <div className="soft figures">
                  {by} · {timeText(at)}
                </div>
                <p style={{ margin: 0, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{text}</p>
              </div>
            ))}
          </div>
        )}
      </Loaded>
      {open && <WriteNote callId={callId} />}
    </section>
  );
}

/** A refused note stays in the field, and sending it again does not store it twice; changed, it is another note. */
function WriteNote({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const { text, setText, sending, accepted } = useSentText();
  const last = useRef<{ readonly noteId: string; readonly text: string } | null>(null);
  const change = useChange<'POST /calls/:callId/notes'>('calls', () => {
    last.current = null;
    accepted();
  });
  const details = change.error instanceof ApiProblem ? change.error.details : undefined;
  const refusal = details !== undefined && 'refused' in details ? `calls.notes.refusals.${details.refused}` : undefined;
  const written = text.trim();
  const send = (): void => {
    if (written === '' || change.isPending) return;
    const body = last.current?.text === written ? last.current : { noteId: crypto.randomUUID(), text: written };
    last.current = body;
    sending();
    change.mutate({ route: 'POST /calls/:callId/notes', params: { callId }, body });
  };
  return (
    <div className="stack">
      {refusal !== undefined && <Alert type="warning" showIcon title={t(refusal)} data-testid="note-refused" />}
      <Input.TextArea
        value={text}
        maxLength={CALL_NOTE_LENGTH}
        autoSize={{ minRows: 2, maxRows: 6 }}
        aria-label={t('calls.notes.write')}
        placeholder={t('calls.notes.write')}
        onChange={({ target }) => setText(target.value)}
        onPressEnter={({ ctrlKey, metaKey }) => (ctrlKey || metaKey) && send()}
        data-testid="note-text"
      />
      <div>
        <Button onClick={send} disabled={written === ''} loading={change.isPending} data-testid="note-add">
          {t('calls.notes.add')}
        </Button>
      </div>
    </div>
  );
}
