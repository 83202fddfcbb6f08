import { App, Button, Drawer, Form, Input, Radio, Space } from 'antd';
import type { Dayjs } from 'dayjs';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MomentPicker } from '../../../components/time/moment-picker.js';
import { isoOf, siteDay, siteNow } from '../../../components/time/site-days.js';
import { timeText } from '../../../components/time/times.js';
import { useChange } from '../../../session/use-server.js';
import { useProfile } from '../../../session/use-workplace.js';
import { useAgentNames } from '../agent-names.js';
import { callbackSaid } from './callback-said.js';
import { soonMinutes, tomorrowAtNine } from './callback-times.js';

interface Fields {
  readonly dueAt: Dayjs;
  readonly note?: string;
  readonly whose: 'mine' | 'queue';
}

/** Promises the caller a callback at a chosen time. */
export function CallbackForm({ callId, onClose }: { readonly callId: string; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const names = useAgentNames();
  const { userId } = useProfile();
  const promise = useChange<'POST /contacts/:callId/callback'>('callbacks', (made) => {
    const { agentId = '' } = made;
    const said = callbackSaid(made, callId, userId);
    const text = t(`contact.callback.${said}`, { time: timeText(made.dueAt).slice(0, 16), name: names.get(agentId) ?? agentId });
    if (said === 'saved' || said === 'joinedOwn') void message.success(text, 5);
    else void message.info(text, 8);
    onClose();
  });
  const at = (time: Date): void => form.setFieldValue('dueAt', siteDay(time.toISOString()));
  const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);
  const usual = siteDay(inMinutes(60).toISOString());

  function save({ dueAt, note = '', whose }: Fields): void {
    promise.mutate({ route: 'POST /contacts/:callId/callback', params: { callId }, body: { dueAt: isoOf(dueAt), note, whose } });
  }

  return (
    <Drawer
      open
      size={420}
      title={t('contact.callback.title')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={promise.isPending} onClick={() => form.submit()} data-testid="save-callback">
          {t('shell.save')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" initialValues={{ whose: 'mine', dueAt: usual }} onFinish={save}>
        <Form.Item
          name="dueAt"
          label={t('contact.callback.when')}
          rules={[
            {
              validator: (_rule, value: Dayjs) =>
                Date.parse(isoOf(value)) > Date.now() ? Promise.resolve() : Promise.reject(new Error(t('contact.callback.past'))),
            },
          ]}
        >
          <MomentPicker minDate={siteNow().startOf('day')} data-testid="callback-time" />
        </Form.Item>
        <Space wrap className="form-note">
          {soonMinutes.map((minutes) => (
            <Button key={minutes} size="small" onClick={() => at(inMinutes(minutes))} data-testid={`callback-in-${minutes}`}>
              {t('contact.callback.inMinutes', { minutes })}
            </Button>
          ))}
          <Button size="small" onClick={() => at(tomorrowAtNine(new Date()))} data-testid="callback-tomorrow">
            {t('contact.callback.tomorrow')}
          </Button>
        </Space>
        <Form.Item name="note" label={t('contact.callback.note')}>
          <Input.TextArea rows={3} maxLength={500} data-testid="callback-note" />
        </Form.Item>
        <Form.Item name="whose" label={t('contact.callback.whose')}>
          <Radio.Group
            options={[
              { value: 'mine', label: t('contact.callback.mine') },
              { value: 'queue', label: t('contact.callback.queue') },
            ]}
          />
        </Form.Item>
      </Form>
    </Drawer>
  );
}
