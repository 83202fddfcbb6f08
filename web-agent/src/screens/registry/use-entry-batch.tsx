import { Alert, Checkbox, Form, Select } from 'antd';
import { isDayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BatchBar } from '../../components/batch/batch-bar.js';
import { BatchSheet } from '../../components/batch/batch-sheet.js';
import { useChosen, type Chosen } from '../../components/batch/use-chosen.js';
import { useReadAgain } from '../../session/use-server.js';
import { useApp } from '../../session/use-workplace.js';
import { control, textOf as writtenDay } from './entry-form.js';
import { textOf, valuesOf, wordOf, type Entry, type FieldValue, type Register } from './register-types.js';

type Fields = Readonly<Record<string, FieldValue | null>>;

/** Choosing rows of a register, and the change of one column of them. */
export function useEntryBatch(
  register: Register,
  rows: readonly Entry[],
): { readonly chosen: Chosen<Entry>; readonly bar: ReactNode; readonly sheet: ReactNode } {
  const { t } = useTranslation();
  const chosen = useChosen(
    rows,
    ({ key }) => key,
    ({ key }) => key,
  );
  const [keys, setKeys] = useState<readonly string[] | null>(null);
  return {
    chosen,
    bar: (
      <BatchBar
        count={chosen.rows.length}
        all={rows.length}
        acts={[{ key: 'field', label: t('batch.field'), onClick: () => setKeys(chosen.rows.map(({ key }) => key)) }]}
        onAll={chosen.chooseAll}
        onClear={chosen.clear}
      />
    ),
    sheet: keys !== null && (
      <FieldBatch
        register={register}
        rows={rows.filter(({ key }) => keys.includes(key))}
        onClose={(isDone) => {
          setKeys(null);
          if (isDone) chosen.clear();
        }}
      />
    ),
  };
}

/** One column of several rows. The column that names a row, and identity numbers, are changed row by row alone. */
function FieldBatch({
  register,
  rows,
  onClose,
}: {
  readonly register: Register;
  readonly rows: readonly Entry[];
  readonly onClose: (isDone: boolean) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const { session } = useApp();
  const readAgain = useReadAgain();
  const [form] = Form.useForm<Record<string, unknown>>();
  const fields = register.fields.filter(({ key, kind }) => key !== register.keyField && kind !== 'identity');
  const [key, setKey] = useState<string>();
  const [wanted, setWanted] = useState<Fields>();
  const field = fields.find((each) => each.key === key);

  function look(): void {
    const given = form.getFieldsValue();
    if (field === undefined) return;
    const value: unknown = given[field.key];
    const plain = { [field.key]: isDayjs(value) ? writtenDay(register, field.key, value) : value };
    const written = valuesOf([field], plain)[field.key];
    setWanted(given['empty'] === true ? { [field.key]: null } : written === undefined ? undefined : { [field.key]: written });
  }

  return (
    <BatchSheet<Fields>
      title={t('batch.field')}
      rows={rows.map((row) => ({ id: row.key, name: row.key }))}
      wanted={wanted}
      before={(id) => (field === undefined ? {} : { [field.key]: rows.find((row) => row.key === id)?.values[field.key] ?? null })}
      after={(was) => wanted ?? was}
      words={(values) => (field === undefined ? '' : textOf(field, values[field.key] ?? undefined, i18n.language) || t('batch.nothing'))}
      refusalWords={(code, why) => why ?? t(`batch.refusals.${code}`)}
      send={async (list, commit) => {
        const answer = await session.api.send('POST /registry/:register/batch', {
          params: { register: register.name },
          body: { rows: [...list], commit },
        });
        return {
          done: answer.done,
          rows: answer.rows.map(({ why, ...row }) => ({ ...row, why: why === undefined ? undefined : wordOf(why, i18n.language) })),
        };
      }}
      readAgain={() => readAgain('registry')}
      onClose={onClose}
    >
      {register.approval === true && <Alert type="warning" showIcon title={t('batch.approval')} />}
      <Form form={form} layout="vertical" onValuesChange={look}>
        <Form.Item label={t('batch.fieldOf')}>
          <Select
            aria-label={t('batch.fieldOf')}
            onChange={(chosenKey: string) => {
              form.resetFields();
              setKey(chosenKey);
              setWanted(undefined);
            }}
            options={fields.map((each) => ({ value: each.key, label: wordOf(each.label, i18n.language) }))}
            showSearch={{ optionFilterProp: 'label' }}
            data-testid="batch-field-of"
          />
        </Form.Item>
        {field !== undefined && (
          <>
            <Form.Item
              key={field.key}
              name={field.key}
              label={t('batch.value')}
              {...(field.kind === 'yes-no' ? { valuePropName: 'checked' } : {})}
            >
              {control(field, i18n.language, false)}
            </Form.Item>
            {!field.required && (
              <Form.Item name="empty" valuePropName="checked">
                <Checkbox>{t('batch.empty')}</Checkbox>
              </Form.Item>
            )}
          </>
        )}
      </Form>
    </BatchSheet>
  );
}
