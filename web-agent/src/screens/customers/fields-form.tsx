import { Button, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerField } from '../../../../services/shared/contracts/customer.js';
import { customerFieldKinds } from '../../../../services/shared/domain/customer.js';
import { Loaded } from '../../components/page.js';
import { useChange, useRead } from '../../session/use-server.js';
import { Names } from '../administer/worksheet/names.js';
import { FormDrawer } from '../../components/form-drawer.js';

const MOST_FIELDS = 30;

/** An id that no other field has, made from the field's position, since people know a field by its name. */
function freeId(fields: readonly CustomerField[]): string {
  for (let i = fields.length + 1; ; i += 1) if (!fields.some(({ id }) => id === `f${i}`)) return `f${i}`;
}

/** The fields of customers that the site defines. */
export function FieldsForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const read = useRead('/customer-fields');
  return <Loaded query={read}>{({ fields }) => <Sheet stored={fields} onClose={onClose} />}</Loaded>;
}

function Sheet({ stored, onClose }: { readonly stored: readonly CustomerField[]; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [fields, setFields] = useState(stored);
  const [tried, setTried] = useState(false);
  const save = useChange<'PUT /customer-fields'>('customer-fields', onClose);
  const isWhole = fields.every(
    ({ label, kind, choices }) => label['zh-CN'].trim() !== '' && label.en.trim() !== '' && (kind !== 'choice' || choices.length > 0),
  );
  const change = (place: number, field: CustomerField): void => setFields(fields.map((each, at) => (at === place ? field : each)));
  return (
    <FormDrawer
      open
      size={640}
      title={t('customers.field.title')}
      onClose={onClose}
      keyboard={false}
      mask={{ closable: false }}
      extra={
        <Button
          type="primary"
          loading={save.isPending}
          data-testid="save-customer-fields"
          onClick={() => {
            setTried(true);
            if (isWhole) save.mutate({ route: 'PUT /customer-fields', body: { fields } });
          }}
        >
          {t('shell.save')}
        </Button>
      }
    >
      <div className="stack">
        <span className="soft">{t('customers.field.hint')}</span>
        {tried && !isWhole && <span className="bad">{t('customers.field.incomplete')}</span>}
        {fields.length === 0 && <span className="soft">{t('customers.field.none')}</span>}
        {fields.map((field, place) => (
          <section key={field.id} className="panel stack">
            <div className="row">
              <Names
                name={field.label}
                tried={tried}
                testId={`customer-field-${place}`}
                onChange={(label) => change(place, { ...field, label: { 'zh-CN': label['zh-CN'], en: label.en } })}
              />
              <Select
                className="seconds"
                value={field.kind}
                aria-label={t('customers.field.kind')}
                options={customerFieldKinds.map((value) => ({ value, label: t(`customers.field.kinds.${value}`) }))}
                onChange={(kind) => change(place, { ...field, kind, choices: kind === 'choice' ? field.choices : [] })}
              />
              <Button onClick={() => setFields(fields.filter((_each, at) => at !== place))}>{t('shell.remove')}</Button>
            </div>
            {field.kind === 'choice' && (
              <Select
                mode="tags"
                open={false}
                suffix={null}
                value={[...field.choices]}
                placeholder={t('customers.field.choices')}
                aria-label={t('customers.field.choices')}
                onChange={(choices: string[]) => change(place, { ...field, choices })}
              />
            )}
          </section>
        ))}
        {fields.length < MOST_FIELDS && (
          <div>
            <Button
              onClick={() =>
                setFields([...fields, { id: freeId([...stored, ...fields]), label: { 'zh-CN': '', en: '' }, kind: 'text', choices: [] }])
              }
              data-testid="add-customer-field"
            >
              {t('customers.field.add')}
            </Button>
          </div>
        )}
      </div>
    </FormDrawer>
  );
}
