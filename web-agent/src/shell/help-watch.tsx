import { App, Button } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { rightOfIntervention } from '../../../services/shared/domain/calls/listening.js';
import { Elapsed } from '../components/time/elapsed.js';
import { playAlarmSound } from '../devices/alarm-sound.js';
import type { ringSound } from '../devices/ring-sound.js';
import { browserClock } from '../phone/browser-clock.js';
import { lineUp } from '../phone/line-up.js';
import { useQueueName } from '../screens/seat/queue-names.js';
import type { AnswerOf } from '../session/api.js';
import { useChange, useRead, useRefreshOn } from '../session/use-server.js';
import { useApp, useMay, useProfile } from '../session/use-workplace.js';
import './help-watch.css';

type Request = AnswerOf<'GET /help'>['open'][number];

const READ_AFTER_MS = 100;
/** How often to read again, in case a fact is lost on the way. */
const READ_AGAIN_MS = 30_000;

/** Agents who ask for help, on every page of people who answer; a request that a colleague answers is shown as such. It takes no focus. */
export function HelpWatch({ soundOf }: { readonly soundOf: typeof ringSound }): ReactNode {
  const { t } = useTranslation();
  useRefreshOn('help', ['help.changed'], READ_AFTER_MS);
  const open = useRead('/help', { everyMs: READ_AGAIN_MS }).data?.open;
  useSoundOf(open, soundOf);
  if (open === undefined || open.length === 0) return null;
  return (
    <section className="help-watch" role="alert" aria-label={t('help.watch.title')} data-testid="help-watch">
      <h2>{t('help.watch.title')}</h2>
      <ul className="plain">
        {open.map((request) => (
          <HelpLine key={request.id} request={request} />
        ))}
      </ul>
    </section>
  );
}

function HelpLine({ request: { id, agent, at, reason, queueId, callId, takenBy } }: { readonly request: Request }): ReactNode {
  const { t, i18n } = useTranslation();
  const { userId } = useProfile();
  const { message } = App.useApp();
  const queueName = useQueueName(i18n.language);
  const change = useChange('help');
  const take = useChange<'POST /help/:helpId/taken'>('help', (answer) => {
    if (answer.takenBy.userId !== userId) void message.info(t('help.watch.alreadyTaken', { who: answer.takenBy.name }));
  });
  const isMine = takenBy?.userId === userId;
  /** Whether this supervisor is the one who comes. */
  const coming = (): Promise<boolean> =>
    take.mutateAsync({ route: 'POST /help/:helpId/taken', params: { helpId: id } }).then(
      (answer) => answer.takenBy.userId === userId,
      () => false,
    );
  const takenText = takenBy === undefined ? undefined : isMine ? t('help.watch.mine') : t('help.watch.takenBy', { who: takenBy.name });
  return (
    <li data-testid={`help-${agent.userId}`} data-taken={takenBy !== undefined}>
      <div>
        <strong>{t('help.watch.asks', { name: agent.name })}</strong> <Elapsed sinceMs={Date.parse(at)} />
      </div>
      <div className="soft">
        {reason === undefined ? t('help.watch.noReason') : t(`help.reasons.${reason}`)}
        {queueId !== undefined && ` · ${queueName(queueId)}`}
        {takenText !== undefined && ` · ${takenText}`}
      </div>
      <div className="row">
        {takenBy === undefined && (
          <Button size="small" type="primary" loading={take.isPending} onClick={() => void coming()} data-testid="help-take">
            {t('help.watch.take')}
          </Button>
        )}
        {(takenBy === undefined || isMine) && callId !== undefined && <Enter callId={callId} taken={isMine} coming={coming} />}
        {isMine && (
          <Button
            size="small"
            onClick={() => change.mutate({ route: 'POST /help/:helpId/settled', params: { helpId: id } })}
            data-testid="help-settle"
          >
            {t('help.watch.settle')}
          </Button>
        )}
      </div>
    </li>
  );
}

interface EnterProps {
  readonly callId: string;
  readonly taken: boolean;
  readonly coming: () => Promise<boolean>;
}

/** Joins the agent's call with one click, with the reason that the audit log needs; the one who joins is the one who comes. */
function Enter({ callId, taken, coming }: EnterProps): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { workplace } = useApp();
  const modes = (['listen', 'whisper'] as const).filter((mode) => may(rightOfIntervention[mode]));
  if (modes.length === 0) return null;
  /** Somebody else may have taken it at the same moment: two do not come to one agent. */
  async function enter(mode: (typeof modes)[number]): Promise<void> {
    workplace.openSeat();
    const own = workplace.getSnapshot().seat;
    if (own !== null && (await lineUp(own, browserClock)) && (taken || (await coming())))
      await own.ask('call:monitor', { callId, mode, reason: 'help' });
  }
  return modes.map((mode) => (
    <Button
      key={mode}
      size="small"
      // The seat's banner shows a refusal.
      onClick={() => void enter(mode)}
      data-testid={`help-${mode}`}
    >
      {t(`supervise.agents.modes.${mode}`)}
    </Button>
  ));
}

/** Sounds once for a request that came while the page was open and that nobody has taken. */
function useSoundOf(open: readonly Request[] | undefined, soundOf: typeof ringSound): void {
  const heard = useRef<ReadonlySet<string>>(undefined);
  useEffect(() => {
    if (open === undefined) return;
    const before = heard.current;
    heard.current = new Set(open.map(({ id }) => id));
    if (before !== undefined && open.some(({ id, takenBy }) => takenBy === undefined && !before.has(id))) void playAlarmSound(soundOf);
  }, [open, soundOf]);
}
