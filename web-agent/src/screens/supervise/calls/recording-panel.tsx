import { Alert, Button, Input, Modal, Space, Tag, Typography } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { CallPlayer } from '../../../components/sound/call-player.js';
import { saveBlob } from '../../../components/save-blob.js';
import { useSentText } from '../../../components/use-sent-text.js';
import { clockText, sizeText, timeText } from '../../../components/time/times.js';
import { ApiProblem } from '../../../session/session.js';
import { useChange, useFailureWords, useRead, useRefreshOn } from '../../../session/use-server.js';
import { useApp, useMay } from '../../../session/use-workplace.js';
import { LegalHold } from '../../keeping/legal-hold.js';
import type { AnswerOf } from '../../../session/api.js';
import type { Gap } from '../../../../../services/shared/contracts/api/calls/recording.js';

type Recording = AnswerOf<'GET /recordings/:callId'>;

/** The recording of a call in place: the player, what is known about the file, and notes at a second. */
export function RecordingPanel({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  useRefreshOn('recordings', ['recording.']);
  const recording = useRead('/recordings/:callId', { params: { callId } });
  return (
    <section className="panel" data-testid="recording-panel">
      <h2>{t('calls.recording')}</h2>
      {recording.data === undefined ? (
        <Missing error={recording.error} waiting={recording.isPending} />
      ) : recording.data.deletion === undefined ? (
        <RecordingBody recording={recording.data} />
      ) : (
        <Alert type="info" showIcon title={t('calls.deleted', { time: timeText(recording.data.deletion.at) })} />
      )}
    </section>
  );
}

function Missing({ error, waiting }: { readonly error: Error | null; readonly waiting: boolean }): ReactNode {
  const { t } = useTranslation();
  const wordsOf = useFailureWords();
  if (waiting) return <p className="soft">{t('shell.loading')}</p>;
  // Between hang-up and archive there is no recording yet; the page is told when it is there.
  if (error instanceof ApiProblem && error.code === 'not-found') return <Alert type="info" showIcon title={t('calls.pending')} />;
  return <Alert type="error" showIcon title={wordsOf(error)} />;
}

function RecordingBody({ recording }: { readonly recording: Recording }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [address] = useSearchParams();
  const startAtMs = Math.max(0, Number(address.get('at') ?? 0) || 0) * 1_000;
  const [positionMs, setPositionMs] = useState(0);
  const marks = [
    ...recording.marks.map(({ atMs, what }) => ({ atMs, text: t(`calls.marks.${what}`, { defaultValue: what }) })),
    ...recording.notes.map(({ atMs, text }) => ({ atMs, text })),
  ].sort((a, b) => a.atMs - b.atMs);
  return (
    <div className="stack">
      <CallPlayer callId={recording.callId} marks={marks} startAtMs={startAtMs} onPosition={setPositionMs} />
      <Space wrap>
        {may('recordings.review') && <NoteAt callId={recording.callId} atMs={positionMs} />}
        <Typography.Text
          copyable={{
            text: `${window.location.origin}/calls/${encodeURIComponent(recording.callId)}?at=${Math.floor(positionMs / 1_000)}`,
            tooltips: [t('shell.copy'), t('shell.copied')],
          }}
          data-testid="link-at"
        >
          {t('calls.linkAt', { time: clockText(positionMs) })}
        </Typography.Text>
        {may('recordings.download') && <Download callId={recording.callId} />}
        <LegalHold callId={recording.callId} holds={recording.holds} mayHold={may('recordings.hold')} />
      </Space>
      <Gaps gaps={recording.gaps} />
      <p className="soft figures">
        {t('calls.ledger', { number: recording.ledgerNumber })} · {clockText(recording.durationMs)} · {sizeText(recording.sizeBytes)} ·{' '}
        {t('calls.keepUntil', { time: timeText(recording.keepUntil).slice(0, 10) })}
      </p>
      <p className="soft">
        {t('calls.hash')}{' '}
        <Typography.Text copyable code data-testid="recording-sha256">
          {recording.sha256}
        </Typography.Text>
      </p>
    </div>
  );
}

/** What is not in the file, and why: a pause that somebody declared, or a loss. */
function Gaps({ gaps }: { readonly gaps: readonly Gap[] }): ReactNode {
  const { t } = useTranslation();
  if (gaps.length === 0) return null;
  return (
    <Space wrap data-testid="recording-gaps">
      {gaps.map(({ kind, fromMs, toMs, reason }) => (
        <Tag key={`${kind} ${fromMs}`} color={kind === 'lost' ? 'red' : 'gold'} data-kind={kind}>
          {clockText(fromMs)}–{clockText(toMs)} {t(`keeping.kinds.${kind}`)} · {t(`keeping.gapReasons.${reason}`, { defaultValue: reason })}
        </Tag>
      ))}
    </Space>
  );
}

function NoteAt({ callId, atMs }: { readonly callId: string; readonly atMs: number }): ReactNode {
  const { t } = useTranslation();
  const { text, setText, sending, accepted } = useSentText();
  const add = useChange('recordings', accepted);
  return (
    <Space.Compact>
      <Input
        value={text}
        placeholder={t('calls.noteAt', { time: clockText(atMs) })}
        aria-label={t('calls.noteAt', { time: clockText(atMs) })}
        onChange={({ target }) => setText(target.value)}
        data-testid="recording-note"
      />
      <Button
        disabled={text.trim() === ''}
        loading={add.isPending}
        onClick={() => {
          sending();
          add.mutate({ route: 'POST /recordings/:callId/notes', params: { callId }, body: { atMs: Math.round(atMs), text: text.trim() } });
        }}
        data-testid="recording-note-save"
      >
        {t('shell.save')}
      </Button>
    </Space.Compact>
  );
}

/** A file that leaves the house needs a reason, and the page says that the reason is recorded. */
function Download({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  async function take(): Promise<void> {
    const blob = await session.api.file('/recordings/:callId/download', { params: { callId }, query: { reason } });
    saveBlob(blob, `${callId}.ogg`);
    setOpen(false);
  }
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('shell.download')}</Button>
      <Modal
        open={open}
        title={t('shell.download')}
        okText={t('shell.download')}
        cancelText={t('shell.cancel')}
        okButtonProps={{ disabled: reason.trim().length < 3 }}
        onCancel={() => setOpen(false)}
        onOk={() => void take().catch(() => undefined)}
      >
        <p>{t('calls.downloadReason')}</p>
        <Input
          value={reason}
          aria-label={t('shell.reasonOfThree')}
          placeholder={t('shell.reasonOfThree')}
          onChange={({ target }) => setReason(target.value)}
        />
      </Modal>
    </>
  );
}
