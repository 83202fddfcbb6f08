import { Badge } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhonePart } from '../../../session/use-workplace.js';
import { useRead } from '../../../session/use-server.js';
import CallNotes, { useNotesFollowed } from '../../supervise/calls/call-notes.js';

/** The name of the tab, with the number of notes: the agent sees a new one while the script is open. */
function NotesLabel({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  useNotesFollowed(callId);
  const count = useRead('/calls/:callId/notes', { params: { callId } }).data?.notes.length ?? 0;
  return (
    <span role="status" data-testid="notes-count" data-count={count}>
      {t('calls.notes.title')} {count > 0 && <Badge count={count} size="small" title={t('calls.notes.count', { count })} />}
    </span>
  );
}

/** Notes on the call at the seat; none can be written before the call is answered or after its end. */
function NotesTab({ callId }: { readonly callId: string }): ReactNode {
  const isMine = usePhonePart(({ calls }) => calls.some((call) => call.callId === callId));
  return <CallNotes callId={callId} open={isMine} bare />;
}

/** The notes on the call at the seat, or the label of their tab. */
export default function Notes({ callId, named = false }: { readonly callId: string; readonly named?: boolean }): ReactNode {
  return named ? <NotesLabel callId={callId} /> : <NotesTab callId={callId} />;
}
