import { Alert, Button, DatePicker, Form, Input, InputNumber, Select, Switch, Timeline, Upload } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import dayjs, { isDayjs, type Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnyFailureDetails } from '../../../../services/shared/domain/failure-details.js';
import { saveBlob } from '../../components/save-blob.js';
import { sizeText, timeText } from '../../components/time/times.js';
import { isoOf, siteDay } from '../../components/time/site-days.js';
import { ApiProblem, type Session } from '../../session/session.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useApp, useMay } from '../../session/use-workplace.js';
import { valuesOf, wordOf, type Entry, type Field, type FieldValue, type Register } from './register-types.js';
import { FormDrawer } from '../../components/form-drawer.js';

/** The form for one row of a register, built from its columns, with attachments and history below. */
export function EntryForm({
  register,
  entry,
  onClose,
}: {
  readonly register: Register;
  readonly entry: Entry | null;
  readonly onClose: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const [form] = Form.useForm<Record<string, unknown>>();
  const { session } = useApp();
  const client = useQueryClient();
  const [files, setFiles] = useState<readonly File[]>([]);
  const change = useChange('registry', onClose);
  // The row is added first: a file belongs to a row.
  const add = useChange<'POST /registry/:register'>('registry', ({ key }) => {
    void attachAll(session, register.name, key, files)
      .then(() => client.invalidateQueries({ queryKey: ['registry'] }))
      .then(onClose, onClose);
  });
  const editable = may('registry.edit');

  function save(fields: Record<string, unknown>): void {
    const plain = Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key, isDayjs(value) ? textOf(register, key, value) : value]),
    );
    const values = valuesOf(register.fields, plain);
    if (entry === null) add.mutate({ route: 'POST /registry/:register', params: { register: register.name }, body: { values } });
    else
      change.mutate({
        route: 'PUT /registry/:register/entries/:key',
        params: { register: register.name, key: entry.key },
        body: { revision: entry.revision, values },
      });
  }

  return (
    <FormDrawer
      open
      size={560}
      title={`${wordOf(register.title, i18n.language)} ${entry?.key ?? ''}`}
      onClose={onClose}
      extra={
        editable && (
          <Button type="primary" loading={change.isPending || add.isPending} onClick={() => form.submit()} data-testid="save-entry">
            {t('shell.save')}
          </Button>
        )
      }
    >
      {[change.error, add.error].map(
        (error, i) => error instanceof ApiProblem && <Problems key={i} register={register} details={error.details} />,
      )}
      <Form
        form={form}
        layout="vertical"
        disabled={!editable}
        initialValues={entry === null ? {} : initial(register, entry)}
        onFinish={save}
      >
        {register.approval === true && editable && (
          <Form.Item>
            <Alert type="info" showIcon title={t('registry.approvalHint')} />
          </Form.Item>
        )}
        {register.fields.map((field) => (
          <Form.Item
            key={field.key}
            name={field.key}
            label={wordOf(field.label, i18n.language)}
            rules={field.required ? [{ required: true }] : []}
            {...(field.kind === 'yes-no' ? { valuePropName: 'checked' } : {})}
          >
            {control(field, i18n.language, entry !== null && field.key === register.keyField)}
          </Form.Item>
        ))}
      </Form>
      {entry === null && editable && (
        <Upload
          multiple
          fileList={files.map((file, i) => ({ uid: String(i), name: file.name }))}
          beforeUpload={(file) => {
            setFiles((before) => [...before, file]);
            return false;
          }}
          onRemove={({ uid }) => setFiles((before) => before.filter((_file, i) => String(i) !== uid))}
        >
          <Button data-testid="attach-new">{t('registry.attach')}</Button>
        </Upload>
      )}
      {entry !== null && <EntryPapers register={register} entry={entry} />}
    </FormDrawer>
  );
}

async function attachAll({ api }: Pick<Session, 'api'>, register: string, key: string, files: readonly File[]): Promise<void> {
  for (const file of files)
    await api.send('POST /registry/attachments', { query: new URLSearchParams({ register, key, fileName: file.name }), file });
}

/** What the server found wrong, column by column. */
function Problems({ register, details }: { readonly register: Register; readonly details: AnyFailureDetails | undefined }): ReactNode {
  const { i18n } = useTranslation();
  const problems = details !== undefined && 'problems' in details ? details.problems : [];
  if (problems.length === 0) return null;
  const labelOf = (key: string): string => {
    const field = register.fields.find((each) => each.key === key);
    return field === undefined ? key : wordOf(field.label, i18n.language);
  };
  return (
    <Alert
      type="error"
      showIcon
      title={problems.map(({ field, message }) => (
        <div key={field}>
          {labelOf(field)}: {wordOf(message, i18n.language)}
        </div>
      ))}
    />
  );
}

/** How a date or a moment is written; a moment carries its offset from UTC. */
export const textOf = (register: Register, key: string, shown: Dayjs): string =>
  register.fields.find((field) => field.key === key)?.kind === 'date-time' ? isoOf(shown) : shown.format('YYYY-MM-DD');

function initial(register: Register, entry: Entry): Record<string, unknown> {
  const value = (field: Field, stored: FieldValue | undefined): string | string[] | number | boolean | Dayjs | undefined => {
    if (field.kind === 'date' && typeof stored === 'string') return dayjs(stored);
    if (field.kind === 'date-time' && typeof stored === 'string') return siteDay(stored);
    if (typeof stored !== 'object') return stored;
    return field.choices === undefined || field.choices === null ? stored.join('\n') : [...stored];
  };
  return Object.fromEntries(register.fields.map((field) => [field.key, value(field, entry.values[field.key])]));
}

/** The control in which a field of a register is filled in. */
export function control(field: Field, language: string, fixed: boolean): ReactNode {
  switch (field.kind) {
    case 'list':
      return field.choices === undefined || field.choices === null ? (
        <Input.TextArea rows={3} />
      ) : (
        <Select mode="multiple" allowClear options={optionsOf(field, language)} showSearch={{ optionFilterProp: 'label' }} />
      );
    case 'long-text':
      return <Input.TextArea rows={3} />;
    case 'date':
      return <DatePicker className="full" />;
    case 'date-time':
      return <DatePicker className="full" showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" />;
    case 'number':
      return <InputNumber className="full" />;
    case 'integer':
      return <InputNumber className="full" precision={0} />;
    case 'yes-no':
      return <Switch />;
    case 'choice':
      return (
        <Select
          allowClear={!field.required}
          disabled={fixed}
          showSearch={{ optionFilterProp: 'label' }}
          options={optionsOf(field, language)}
        />
      );
    case 'text':
    case 'identity':
    case 'phone':
      return <Input disabled={fixed} autoComplete="off" />;
  }
}

const optionsOf = ({ choices }: Field, language: string): { value: string; label: string }[] =>
  Object.entries(choices ?? {}).map(([value, words]) => ({ value, label: wordOf(words, language) }));

function EntryPapers({ register, entry }: { readonly register: Register; readonly entry: Entry }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { session } = useApp();
  const client = useQueryClient();
  const detail = useRead('/registry/:register/entries/:key', { params: { register: register.name, key: entry.key } });
  const attach = async (file: File): Promise<void> => {
    await attachAll(session, register.name, entry.key, [file]);
    await client.invalidateQueries({ queryKey: ['registry'] });
  };
  return (
    <div className="stack">
      <div>
        <h3>{t('registry.attachments')}</h3>
        <ul className="plain">
          {(detail.data?.attachments ?? []).map(({ attachmentId, fileName, sizeBytes }) => (
            <li key={attachmentId}>
              <Button
                type="link"
                onClick={() =>
                  void session.api
                    .file('/registry/attachments/:attachmentId', { params: { attachmentId } })
                    .then((blob) => saveBlob(blob, fileName))
                }
              >
                {fileName}
              </Button>
              <span className="soft figures">{sizeText(sizeBytes)}</span>
            </li>
          ))}
        </ul>
        {may('registry.edit') && (
          <Upload
            showUploadList={false}
            beforeUpload={(file) => {
              void attach(file).catch(() => undefined);
              return false;
            }}
          >
            <Button size="small">{t('registry.attach')}</Button>
          </Upload>
        )}
      </div>
      <div>
        <h3>{t('registry.history')}</h3>
        <Timeline
          items={(detail.data?.history ?? []).map((change) => ({
            key: change.revision,
            content: `${timeText(change.updatedAt)} ${change.updatedByName ?? t('registry.nobody')}${change.removed ? ` (${t('registry.removed')})` : ''}`,
          }))}
        />
      </div>
    </div>
  );
}
