import { Alert, Button, Drawer, Form, Select, Slider, Tag } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../devices/audio-desk.js';
import { LevelMeter } from '../../components/sound/level-meter.js';
import { useDesk, usePhone } from '../../session/use-workplace.js';

/** Quiet speech on the meter's scale. */
const HEARD = 0.3;

/** Microphone, ring and echo, each tried once: only then may a seat be called ready. */
export function DeviceCheck({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const desk = useDesk();
  const [heard, setHeard] = useState(false);
  const [ringTried, setRingTried] = useState(false);
  const [echoTried, setEchoTried] = useState(false);
  if (desk === null) return null;
  const { state } = desk;
  const steps = { microphone: state.microphone === 'open' && heard, testRing: ringTried, echo: echoTried };
  const left = (['microphone', 'testRing', 'echo'] as const).filter((step) => !steps[step]);

  async function finish(): Promise<void> {
    await desk?.desk.unlock().catch(() => undefined);
    await desk?.desk.choose({ checkedAt: new Date().toISOString() });
    onClose();
  }

  return (
    <Drawer
      title={t('deviceCheck.title')}
      open={open}
      onClose={onClose}
      size={420}
      destroyOnHidden
      footer={
        <>
          {left.length > 0 && (
            <p className="soft" role="status" data-testid="check-left">
              {t('deviceCheck.left')} {left.map((step) => t(`deviceCheck.${step}`)).join(' · ')}
            </p>
          )}
          <Button type="primary" block disabled={left.length > 0} onClick={() => void finish()} data-testid="check-finish">
            {t('deviceCheck.finish')}
          </Button>
        </>
      }
    >
      <Form layout="vertical" component="div" data-testid="device-check">
        <MicrophoneStep heard={heard} onHeard={() => setHeard(true)} />
        <DeviceSelect
          label={t('deviceCheck.speaker')}
          devices={state.speakers}
          value={state.choice.speakerId}
          onChange={(speakerId) => void desk.desk.choose({ speakerId })}
          testId="speaker"
        />
        <DeviceSelect
          label={t('deviceCheck.ringer')}
          devices={state.speakers}
          value={state.choice.ringerId}
          onChange={(ringerId) => void desk.desk.choose({ ringerId })}
          testId="ringer"
        />
        <Form.Item label={t('deviceCheck.volume')}>
          <Slider
            min={0.1}
            max={1}
            step={0.1}
            value={state.choice.ringVolume}
            onChange={(ringVolume) => void desk.desk.choose({ ringVolume })}
            ariaLabelForHandle={t('deviceCheck.volume')}
          />
          <div className="row">
            <Button
              onClick={() => {
                setRingTried(true);
                void desk.desk.testRing();
              }}
              data-testid="try-ring"
            >
              {t('deviceCheck.testRing')}
            </Button>
            {ringTried && <Tag color="green">{t('deviceCheck.ringTried')}</Tag>}
          </div>
        </Form.Item>
        <EchoStep tried={echoTried} onTried={() => setEchoTried(true)} />
        <NotificationStep />
      </Form>
    </Drawer>
  );
}

function MicrophoneStep({ heard, onHeard }: { readonly heard: boolean; readonly onHeard: () => void }): ReactNode {
  const { t } = useTranslation();
  const desk = useDesk();
  const [stream, setStream] = useState<MediaStream | null>(null);
  const open = desk?.desk.open;
  const microphone = desk?.state.microphone;
  const microphoneId = desk?.state.choice.microphoneId;
  useEffect(() => {
    if (microphone === 'open') void open?.().then(setStream, () => setStream(null));
  }, [open, microphone, microphoneId]);
  if (desk === null) return null;
  const { state } = desk;
  const allow = (
    <Button
      type="primary"
      onClick={() =>
        void desk.desk.open().then(
          (fresh) => setStream(fresh),
          () => undefined,
        )
      }
      data-testid="allow-microphone"
    >
      {t('deviceCheck.allow')}
    </Button>
  );
  return (
    <>
      <DeviceSelect
        label={t('deviceCheck.microphone')}
        devices={state.microphones}
        value={state.choice.microphoneId}
        onChange={(id) => void desk.desk.choose({ microphoneId: id }).catch(() => undefined)}
        testId="microphone"
      />
      <Form.Item>
        {state.microphone === 'denied' && <Alert type="error" showIcon title={t('deviceCheck.denied')} action={allow} />}
        {state.microphone === 'missing' && <Alert type="error" showIcon title={t('deviceCheck.missing')} action={allow} />}
        {state.microphone === 'unknown' && allow}
        {stream !== null && (
          <>
            <div className="soft">{t('deviceCheck.speak')}</div>
            <LevelMeter
              stream={stream}
              label={t('deviceCheck.microphone')}
              onLevel={(level) => {
                if (level > HEARD && !heard) onHeard();
              }}
            />
            {heard && (
              <Tag color="green" data-testid="voice-heard">
                {t('deviceCheck.heard')}
              </Tag>
            )}
          </>
        )}
      </Form.Item>
    </>
  );
}

function EchoStep({ tried, onTried }: { readonly tried: boolean; readonly onTried: () => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const { seat, phone } = usePhone();
  const [on, setOn] = useState(false);
  const [back, setBack] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  // A drawer that is closed during the test must not leave the agent in an echo.
  useEffect(
    () => () => {
      if (on) void seat?.ask('seat:echo', { on: false });
    },
    [seat, on],
  );

  async function turn(next: boolean): Promise<void> {
    setRefused(null);
    const ack = await seat?.ask('seat:echo', { on: next });
    setOn(next && ack?.ok === true);
    if (ack?.ok === false) {
      setRefused(i18n.exists(`failures.${ack.code}`) ? t(`failures.${ack.code}`) : t('failures.internal'));
      seat?.readProblem();
      // A server that cannot echo must not keep the centre from working; the line itself is checked separately.
      onTried();
    }
  }

  const remote = seat?.remote() ?? null;
  return (
    <Form.Item label={t('deviceCheck.echo')} extra={t('deviceCheck.echoText')}>
      <div className="stack">
        <div className="row">
          <Button
            onClick={() => void turn(!on)}
            disabled={phone.line !== 'up' && phone.line !== 'rebuilding'}
            loading={phone.asking === 'seat:echo'}
            data-testid="echo"
          >
            {on ? t('deviceCheck.echoStop') : t('deviceCheck.echoStart')}
          </Button>
          {(back || (tried && refused === null)) && (
            <Tag color="green" data-testid="echo-heard">
              {t('deviceCheck.echoHeard')}
            </Tag>
          )}
        </div>
        {on && remote !== null && (
          <LevelMeter
            stream={remote}
            label={t('deviceCheck.echo')}
            onLevel={(level) => {
              if (level > HEARD && !back) {
                setBack(true);
                onTried();
              }
            }}
          />
        )}
        {refused !== null && <Alert type="warning" showIcon title={t('deviceCheck.echoFailed', { reason: refused })} />}
      </div>
    </Form.Item>
  );
}

function NotificationStep(): ReactNode {
  const { t } = useTranslation();
  const [permission, setPermission] = useState<NotificationPermission>('Notification' in window ? Notification.permission : 'denied');
  return (
    <Form.Item label={t('deviceCheck.notifications')}>
      {permission === 'granted' && <Tag color="green">{t('deviceCheck.notificationsOn')}</Tag>}
      {permission === 'denied' && <span className="soft">{t('deviceCheck.notificationsDenied')}</span>}
      {permission === 'default' && (
        <Button onClick={() => void Notification.requestPermission().then(setPermission)} data-testid="allow-notifications">
          {t('deviceCheck.allowNotifications')}
        </Button>
      )}
    </Form.Item>
  );
}

function DeviceSelect({
  label,
  devices,
  value,
  onChange,
  testId,
}: {
  readonly label: string;
  readonly devices: readonly Device[];
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly testId: string;
}): ReactNode {
  const { t } = useTranslation();
  const known = value === '' || devices.some(({ id }) => id === value);
  return (
    <Form.Item label={label}>
      <Select
        aria-label={label}
        value={known ? value : ''}
        onChange={onChange}
        data-testid={`choose-${testId}`}
        options={[
          { value: '', label: t('deviceCheck.default') },
          ...devices
            .filter(({ id }) => id !== 'default')
            .map((device) => ({ value: device.id, label: device.label || device.id.slice(0, 8) })),
        ]}
      />
    </Form.Item>
  );
}
