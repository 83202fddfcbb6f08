import { Alert, Button, Form, Input, Result, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../session/session.js';
import { LicenceLine } from '../../components/licence-line.js';
import { LanguageAndTheme } from '../../shell/language-and-theme.js';
import { ProvinceSelect } from '../complaints/province-select.js';
import { complaintKinds, type ComplaintKind } from '../complaints/complaint.js';
import { publicApi } from './public-request.js';
import type { AnswerOf } from '../../session/api.js';

/** Empty fields are left out. */
const withoutEmpty = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string' && value.trim() !== '')) as T;

interface Fields {
  readonly kind: ComplaintKind;
  readonly text: string;
  readonly number?: string;
  readonly mail?: string;
  readonly name?: string;
  readonly province?: string;
  readonly website?: string;
}

type Opened = AnswerOf<'POST /public/complaints'>;

/** Anybody can file a complaint here; its number is shown at once. */
export default function ComplaintFormPage(): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function send(fields: Fields): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      setOpened(await publicApi.send('POST /public/complaints', { body: withoutEmpty(fields) }));
      form.resetFields();
    } catch (error) {
      const code = error instanceof ApiProblem ? error.code : 'internal';
      const word = code === 'too-many-requests' ? 'tooMany' : code === 'invalid-request' ? 'missing' : 'failed';
      setProblem(t(`publicPages.complaint.${word}`));
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className="sign-in" data-testid="complain-page">
      <div className="panel">
        <h1>{t('publicPages.complaint.title')}</h1>
        {opened === null ? (
          <>
            <p className="soft">{t('publicPages.complaint.intro')}</p>
            <Form
              form={form}
              layout="vertical"
              requiredMark={false}
              initialValues={{ kind: 'attitude' }}
              onFinish={(fields: Fields) => void send(fields)}
            >
              <Form.Item name="kind" label={t('publicPages.complaint.kind')}>
                <Select options={complaintKinds.map((value) => ({ value, label: t(`complaints.kinds.${value}`) }))} />
              </Form.Item>
              <Form.Item
                name="text"
                label={t('publicPages.complaint.text')}
                extra={t('publicPages.complaint.textHint')}
                rules={[{ required: true, min: 5, message: t('publicPages.complaint.missing') }]}
              >
                <Input.TextArea rows={5} maxLength={5_000} data-testid="form-text" />
              </Form.Item>
              <Form.Item name="number" label={t('publicPages.complaint.number')} extra={t('publicPages.complaint.reachHint')}>
                <Input inputMode="tel" autoComplete="tel" data-testid="form-number" />
              </Form.Item>
              <Form.Item name="mail" label={t('publicPages.complaint.mail')}>
                <Input inputMode="email" autoComplete="email" />
              </Form.Item>
              <Form.Item name="name" label={t('publicPages.complaint.name')}>
                <Input autoComplete="name" maxLength={100} />
              </Form.Item>
              <Form.Item name="province" label={t('publicPages.complaint.province')}>
                <ProvinceSelect placeholder={t('publicPages.complaint.provinceHint')} />
              </Form.Item>
              <Form.Item name="website" label={t('publicPages.complaint.website')} className="visually-hidden">
                <Input tabIndex={-1} autoComplete="off" />
              </Form.Item>
              <div role="alert">{problem !== null && <Alert className="form-note" type="error" showIcon title={problem} />}</div>
              <Button type="primary" htmlType="submit" block size="large" loading={busy} data-testid="send-complaint">
                {t('publicPages.complaint.submit')}
              </Button>
            </Form>
          </>
        ) : null}
        {/* Read out when it takes the place of the form. */}
        <div role="status">
          {opened !== null && (
            <Result
              status="success"
              title={t('publicPages.complaint.done')}
              subTitle={
                <>
                  {t('publicPages.complaint.yourNumber')}
                  <br />
                  <strong className="big-figure figures" data-testid="given-number">
                    {opened.number}
                  </strong>
                  <br />
                  {t('publicPages.complaint.dueBy', { date: opened.dueOn })}
                </>
              }
              extra={<Button onClick={() => setOpened(null)}>{t('publicPages.complaint.another')}</Button>}
            />
          )}
        </div>
        <div className="row sign-in-foot">
          <LicenceLine />
          <LanguageAndTheme />
        </div>
      </div>
    </main>
  );
}
