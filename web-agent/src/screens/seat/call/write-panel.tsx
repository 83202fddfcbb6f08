import { Button, Input, Select } from 'antd';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Briefing, Contact } from '../../../../../services/shared/contracts/workspace.js';
import { timeText } from '../../../components/time/times.js';
import type { ContactDraft, DraftSnapshot } from '../../../session/contact-draft.js';
import { say } from '../../../session/notices.js';
import { useFailureWords, useReadAgain } from '../../../session/use-server.js';
import { useDraft, usePhonePart, useProfile, useSession } from '../../../session/use-workplace.js';
import { useAgentNames } from '../agent-names.js';
import { useBriefing, writtenCall } from './briefing.js';
import { missingParts, resultChoices } from '../after-call/result-choices.js';
import { listed } from '../../../i18n/language.js';

const ComplaintForm = lazy(async () => ({ default: (await import('../../complaints/complaint-form.js')).ComplaintForm }));
const MadeInCall = lazy(() => import('./made-in-call.js'));
const CallbackForm = lazy(async () => ({ default: (await import('../callbacks/callback-form.js')).CallbackForm }));

/** Right column: what the agent writes about the call, saved on the server while typing, and its result. */
export function WritePanel(): ReactNode {
  const { t } = useTranslation();
  const { userId } = useProfile();
  const callId = usePhonePart(writtenCall);
  const briefing = useBriefing(callId);
  const work = useDraft(callId);
  const [sheet, setSheet] = useState<'complaint' | 'callback' | null>(null);
  const readAgain = useReadAgain();

  const own = briefing.data?.written.find(({ agentId }) => agentId === userId);
  const isWithheld = briefing.data?.withheld === true;
  useEffect(() => {
    if (own !== undefined) work?.draft.adopt(own);
  }, [own, work?.draft]);

  if (callId === null || work === null)
    return (
      <section className="panel fill write" aria-label={t('seat.notes')}>
        <h2>{t('seat.notes')}</h2>
        <p className="soft">{t('contact.notesClosed')}</p>
      </section>
    );
  return (
    <section className="panel fill write stack" aria-label={t('seat.notes')} data-testid="write-panel" data-call={callId}>
      <h2>{t('seat.notes')}</h2>
      <NotesBefore written={(briefing.data?.written ?? []).filter(({ agentId }) => agentId !== userId)} />
      <Input.TextArea
        value={work.written.entry.notes}
        maxLength={10_000}
        aria-label={t('seat.notes')}
        placeholder={t('seat.notesHint')}
        onChange={({ target }) => work.draft.change({ notes: target.value })}
        autoSize={{ minRows: 6, maxRows: 11 }}
        data-testid="notes"
      />
      <Saved written={work.written} />
      <Result
        callId={callId}
        draft={work.draft}
        written={work.written}
        worksheet={briefing.data?.worksheet ?? null}
        given={own?.completedAt}
      />
      <div className="row">
        <Button onClick={() => setSheet('complaint')} data-testid="seat-complaint">
          {t('complaints.open')}
        </Button>
        <Button onClick={() => setSheet('callback')} disabled={isWithheld} data-testid="seat-callback">
          {t('contact.callback.open')}
        </Button>
      </div>
      {isWithheld && (
        <p className="soft" data-testid="withheld-hint">
          {t('contact.withheld')}
        </p>
      )}
      <Suspense fallback={null}>
        <MadeInCall callId={callId} />
      </Suspense>
      <Suspense fallback={null}>
        {sheet === 'complaint' && (
          <ComplaintForm
            callId={callId}
            asksNumber={isWithheld}
            onClose={() => setSheet(null)}
            onOpened={() => void readAgain('contacts')}
          />
        )}
        {sheet === 'callback' && <CallbackForm callId={callId} onClose={() => setSheet(null)} />}
      </Suspense>
    </section>
  );
}

/** A call that returned to its queue, or was transferred, comes with what was written before. */
function NotesBefore({ written }: { readonly written: readonly Contact[] }): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  const said = written.filter(({ notes }) => notes !== '');
  if (said.length === 0) return null;
  return (
    <div data-testid="notes-before">
      <div className="soft">{t('contact.notesOfOthers')}</div>
      {said.map(({ agentId, notes }) => (
        <div key={agentId} className="written">
          {names.get(agentId) ?? ''} {notes}
        </div>
      ))}
    </div>
  );
}

function Saved({ written: { state, savedAtMs } }: { readonly written: DraftSnapshot }): ReactNode {
  const { t } = useTranslation();
  const words =
    state === 'unsaved'
      ? t('contact.unsaved')
      : state === 'kept-here'
        ? t('contact.keptHere')
        : savedAtMs === null
          ? ''
          : t('contact.saved', { time: timeText(new Date(savedAtMs).toISOString()).slice(11) });
  return (
    <div className="soft saved" aria-live="polite" data-testid="notes-state" data-state={state}>
      {words}
    </div>
  );
}

function Result({
  callId,
  draft,
  written: { entry },
  worksheet,
  given,
}: {
  readonly callId: string;
  readonly draft: ContactDraft;
  readonly written: DraftSnapshot;
  readonly worksheet: Briefing['worksheet'];
  readonly given: string | undefined;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const { session } = useSession();
  const readAgain = useReadAgain();
  const wordsOf = useFailureWords();
  const [giving, setGiving] = useState(false);
  const [asked, setAsked] = useState(false);
  const choices = resultChoices(worksheet?.dispositions ?? [], i18n.language);
  if (worksheet === null || (choices.length === 0 && worksheet.fields.length === 0)) return null;
  const missing = missingParts(worksheet, entry);
  const nameOf = (part: string): string => {
    const label = worksheet.fields.find(({ id }) => id === part)?.label;
    return label === undefined ? t('contact.result') : i18n.language === 'en' ? label.en : label['zh-CN'];
  };

  async function give(): Promise<void> {
    setAsked(true);
    if (missing.length > 0) return;
    setGiving(true);
    try {
      await draft.hand((last) => session.api.send('POST /contacts/:callId/complete', { params: { callId }, body: last }));
      await readAgain('contacts');
      setAsked(false);
      void say('success', t('contact.given'));
    } catch (error) {
      void say('error', wordsOf(error), 6);
    } finally {
      setGiving(false);
    }
  }

  return (
    <div className="stack" data-testid="result" data-given={given !== undefined}>
      {choices.length > 0 && (
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={entry.disposition.length === 0 ? undefined : entry.disposition.join('/')}
          placeholder={t('contact.resultHint')}
          aria-label={t('contact.result')}
          notFoundContent={t('contact.resultNone')}
          options={choices.map(({ way, label }) => ({ value: way.join('/'), label }))}
          onChange={(way?: string) => draft.change({ disposition: way === undefined ? [] : way.split('/') })}
          {...(asked && missing.includes('disposition') ? { status: 'error' as const } : {})}
          data-testid="result-choice"
        />
      )}
      {asked && missing.length > 0 && (
        <div className="bad" role="alert" data-testid="result-missing">
          {t('contact.missing', { what: listed(missing.map(nameOf), i18n) })}
        </div>
      )}
      <div className="row">
        <Button type="primary" loading={giving} onClick={() => void give()} data-testid="give-result">
          {t('contact.give')}
        </Button>
        {given !== undefined && <span className="good">{t('contact.given')}</span>}
      </div>
    </div>
  );
}
