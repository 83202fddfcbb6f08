import { Alert, Button, Modal } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeText } from '../components/time/times.js';
import { currentCall, isMonitoring } from '../phone/phone.js';
import type { AnswerOf } from '../session/api.js';
import { useChange, useRead, useRefreshOn } from '../session/use-server.js';
import { rememberListening, takeListening } from '../session/own-listening.js';
import { usePhonePart, useProfile, useWorkplace } from '../session/use-workplace.js';

const READ_AFTER_MS = 150;
/** How often to read again: the rule may change, or a year end, while the page stays open. */
const READ_AGAIN_MS = 300_000;

/**
 * The listening rule while it is not acknowledged, and calls that were listened to: above every page of people with a seat. No call waits
 * for it.
 */
export function ListeningNote(): ReactNode {
  useRefreshOn('listening', ['listening.noted'], READ_AFTER_MS);
  const mine = useRead('/listening/mine', { everyMs: READ_AGAIN_MS }).data;
  return (
    <>
      {mine?.acknowledge !== undefined && <Acknowledge key={mine.acknowledge.textVersion} {...mine.acknowledge} />}
      <OwnListening what="cut" />
      <OwnListening what="interrupted" />
      <ListeningOver />
      {mine !== undefined && mine.listened.length > 0 && <Listened listened={mine.listened} />}
    </>
  );
}

/** Says what has happened to the person's own listening; stays until it is read. */
function OwnListening({ what }: { readonly what: 'cut' | 'interrupted' }): ReactNode {
  const { t } = useTranslation();
  const { link } = useWorkplace();
  const [isShown, setIsShown] = useState(false);
  useEffect(() => link?.on('fact', ({ name }) => name === `listening.${what}` && setIsShown(true)), [link, what]);
  return isShown ? (
    <Alert
      className="form-note"
      type="warning"
      showIcon
      title={t(`listening.mine.${what}`)}
      closable={{ onClose: () => setIsShown(false) }}
      data-testid={`listening-${what}`}
    />
  ) : null;
}

/** Says that the person's own listening is over when they did not stop it themselves: the call left it, or the page was loaded again. */
function ListeningOver(): ReactNode {
  const { t } = useTranslation();
  const { userId } = useProfile();
  const { link } = useWorkplace();
  const isSynced = usePhonePart(({ synced }) => synced);
  const listened = usePhonePart((phone) => phone.calls.find(isMonitoring)?.callId);
  const current = usePhonePart((phone) => currentCall(phone)?.callId);
  const [isShown, setIsShown] = useState(false);
  /** The other note says why it ended. */
  const [isCut, setIsCut] = useState(false);
  useEffect(() => link?.on('fact', ({ name }) => name === 'listening.cut' && setIsCut(true)), [link]);
  useEffect(() => {
    if (listened !== undefined) setIsCut(false);
    if (listened !== undefined) rememberListening(userId, listened);
    else if (!isSynced) return;
    const over = listened === undefined ? takeListening(userId) : undefined;
    // Whoever took the call over still has it.
    if (listened !== undefined || over !== undefined) setIsShown(over !== undefined && over !== current);
  }, [userId, isSynced, listened, current]);
  return isShown && !isCut ? (
    <Alert
      className="form-note"
      type="info"
      showIcon
      title={t('listening.mine.over')}
      closable={{ onClose: () => setIsShown(false) }}
      data-testid="listening-over"
    />
  ) : null;
}

type Mine = AnswerOf<'GET /listening/mine'>;

function Acknowledge({ state, text, textVersion }: NonNullable<Mine['acknowledge']>): ReactNode {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState(false);
  const acknowledge = useChange('listening', () => setOpen(false));
  return (
    <>
      <Alert
        className="form-note"
        type="info"
        showIcon
        title={t(`listening.mine.${state}`)}
        action={
          <Button size="small" onClick={() => setOpen(true)} data-testid="read-listening-rule">
            {t('listening.mine.read')}
          </Button>
        }
        data-testid="listening-acknowledge"
        data-state={state}
      />
      <Modal
        open={open}
        title={t('listening.mine.title', { version: textVersion })}
        okText={t('listening.mine.confirm')}
        cancelText={t('listening.mine.later')}
        confirmLoading={acknowledge.isPending}
        okButtonProps={{ 'data-testid': 'acknowledge-listening' }}
        onCancel={() => setOpen(false)}
        onOk={() => acknowledge.mutate({ route: 'POST /listening/mine/acknowledgement', body: { textVersion } })}
      >
        <p className="written">{text[i18n.language === 'en' ? 'en' : 'zh-CN']}</p>
      </Modal>
    </>
  );
}

function Listened({ listened }: Pick<Mine, 'listened'>): ReactNode {
  const { t } = useTranslation();
  const seen = useChange('listening');
  return (
    <Alert
      className="form-note"
      type="info"
      showIcon
      title={t('listening.mine.listened', { count: listened.length })}
      description={
        <ul className="plain">
          {listened.map(({ id, beganAt, listenerName, modes, seconds, reason }) => (
            <li key={id}>
              {t('listening.mine.line', {
                time: timeText(beganAt),
                who: listenerName,
                modes: modes.map((mode) => t(`supervise.agents.modes.${mode}`)).join(', '),
                count: seconds,
                reason: reason === undefined ? t('listening.report.noReason') : t(`supervise.agents.listening.reasons.${reason}`),
              })}
            </li>
          ))}
        </ul>
      }
      action={
        <Button
          size="small"
          loading={seen.isPending}
          onClick={() => seen.mutate({ route: 'POST /listening/mine/seen', body: { ids: listened.map(({ id }) => id) } })}
          data-testid="listened-seen"
        >
          {t('listening.mine.seen')}
        </Button>
      }
      data-testid="listened-note"
    />
  );
}
