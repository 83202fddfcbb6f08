import { Button, Checkbox, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorksheetField } from '../../../../../services/shared/contracts/workspace.js';
import { Names } from './names.js';
import { newField } from './worksheet-edit.js';

const kinds = ['text', 'number', 'date', 'choice'] as const satisfies readonly WorksheetField['kind'][];
const MOST_FIELDS = 30;

/** What agents fill in beside the script. */
export function FieldList({
  fields,
  tried,
  onChange,
}: {
  readonly fields: readonly WorksheetField[];
  readonly tried: boolean;
  readonly onChange: (fields: WorksheetField[]) => void;
}): ReactNode {
  const { t } = useTranslation();
  const change = (place: number, field: WorksheetField): void => onChange(fields.map((each, at) => (at === place ? field : each)));
  return (
    <div className="stack">
      {fields.length === 0 && <span className="soft">{t('worksheet.noFields')}</span>}
      {fields.map((field, place) => (
        <section key={place} className="panel stack" data-testid={`worksheet-field-${place}`}>
          <div className="row">
            <Names name={field.label} tried={tried} testId={`label-${place}`} onChange={(label) => change(place, { ...field, label })} />
            <Select
              className="seconds"
              value={field.kind}
              aria-label={t('worksheet.kind')}
              options={kinds.map((value) => ({ value, label: t(`worksheet.kinds.${value}`) }))}
              onChange={(kind) => change(place, { ...field, kind, choices: kind === 'choice' ? field.choices : [] })}
            />
            <Button onClick={() => onChange(fields.filter((_each, at) => at !== place))}>{t('shell.remove')}</Button>
          </div>
          {field.kind === 'choice' && (
            <Select
              mode="tags"
              open={false}
              suffix={null}
              value={field.choices}
              status={tried && field.choices.length === 0 ? 'error' : ''}
              placeholder={t('worksheet.choices')}
              aria-label={t('worksheet.choices')}
              onChange={(choices: string[]) => change(place, { ...field, choices })}
            />
          )}
          <div className="row">
            <Checkbox checked={field.required} onChange={({ target }) => change(place, { ...field, required: target.checked })}>
              {t('worksheet.required')}
            </Checkbox>
            <Checkbox
              checked={field.sensitive}
              onChange={({ target }) => change(place, { ...field, sensitive: target.checked })}
              data-testid={`sensitive-${place}`}
            >
              {t('worksheet.sensitive')}
            </Checkbox>
          </div>
        </section>
      ))}
      {fields.length < MOST_FIELDS && (
        <div>
          <Button onClick={() => onChange([...fields, newField])} data-testid="add-field">
            {t('worksheet.addField')}
          </Button>
        </div>
      )}
    </div>
  );
}
