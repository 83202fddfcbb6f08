import { DatePicker, Input, InputNumber, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { siteNow } from '../../components/time/site-days.js';
import { useChange, useReadAgain } from '../../session/use-server.js';
import { Field } from '../administer/fields.js';
import { wordOf } from '../registry/register-types.js';
import { caseKinds, type CaseKind } from '../../../../services/shared/domain/licence/licence-case.js';
import { provinces } from '../../../../services/shared/domain/numbers/province.js';
import { FormModal } from '../../components/form-drawer.js';

/** April, counted as `month()` does. */
const REPORTED_BY_MONTH = 3;
const prefixes = { application: 'XK', renewal: 'XQ', change: 'BG', 'annual-report': 'NB', inspection: 'JC' } as const;

/** The next free number of a kind in a year: `XK-2026-01`. */
function nextId(kind: CaseKind, taken: readonly string[]): string {
  const stem = `${prefixes[kind]}-${siteNow().format('YYYY')}-`;
  let number = 1;
  while (taken.includes(`${stem}${String(number).padStart(2, '0')}`)) number += 1;
  return `${stem}${String(number).padStart(2, '0')}`;
}

/** Until the end of March last year's report is due, afterwards this year's. */
const yearToReport = (): number => (siteNow().month() < REPORTED_BY_MONTH ? siteNow().year() - 1 : siteNow().year());

/** Opens a case: what kind, where, and by when. Everything else is entered when it happens. */
export function CaseOpening({
  kind: first,
  year: reported = yearToReport(),
  taken,
  onClose,
}: {
  readonly kind: CaseKind;
  /** The year of an annual report that is due. */
  readonly year?: number;
  readonly taken: readonly string[];
  readonly onClose: (caseId?: string) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const readAgain = useReadAgain();
  const [kind, setKind] = useState<CaseKind>(first);
  const [scope, setScope] = useState<'provincial' | 'nationwide'>('provincial');
  const [province, setProvince] = useState<string | null>(null);
  const [year, setYear] = useState(reported);
  const [day, setDay] = useState<Dayjs | null>(null);
  const [owner, setOwner] = useState('');
  const add = useChange<'POST /registry/:register'>('registry', ({ key }) => {
    void readAgain('evidence').then(() => onClose(key));
  });
  const dated = kind === 'application' || kind === 'inspection';
  const save = (): void =>
    add.mutate({
      route: 'POST /registry/:register',
      params: { register: 'cases' },
      body: {
        values: {
          caseId: nextId(kind, taken),
          kind,
          scope,
          openedOn: siteNow().format('YYYY-MM-DD'),
          ...(scope === 'provincial' && province !== null ? { province } : {}),
          ...(kind === 'annual-report' ? { year } : {}),
          ...(owner.trim() === '' ? {} : { owner: owner.trim() }),
          ...(dated && day !== null ? { [kind === 'inspection' ? 'visitOn' : 'plannedOn']: day.format('YYYY-MM-DD') } : {}),
        },
      },
    });
  return (
    <FormModal
      open
      title={t('licenceCases.open')}
      okText={t('licenceCases.open')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ loading: add.isPending, disabled: scope === 'provincial' && province === null }}
      onCancel={() => onClose()}
      onOk={save}
    >
      <div className="stack">
        <Choice
          label={t('licenceCases.kind')}
          value={kind}
          onChange={setKind}
          options={caseKinds.map((value) => ({ value, label: t(`licenceCases.kinds.${value}`) }))}
        />
        <Choice
          label={t('licenceCases.scope')}
          value={scope}
          onChange={setScope}
          options={(['provincial', 'nationwide'] as const).map((value) => ({ value, label: t(`licenceCases.scopes.${value}`) }))}
        />
        {scope === 'provincial' && (
          <Choice
            label={t('licenceCases.province')}
            value={province}
            onChange={setProvince}
            options={Object.entries(provinces).map(([value, words]) => ({ value, label: wordOf(words, i18n.language) }))}
          />
        )}
        {kind === 'annual-report' && (
          <Field label={t('licenceCases.year')}>
            {(id) => (
              <InputNumber
                id={id}
                className="full"
                min={2000}
                max={2100}
                precision={0}
                value={year}
                onChange={(next) => setYear(next ?? year)}
              />
            )}
          </Field>
        )}
        {dated && (
          <Field label={t(kind === 'inspection' ? 'licenceCases.visit' : 'licenceCases.planned')}>
            {(id) => <DatePicker id={id} className="full" value={day} onChange={(next) => setDay(next)} />}
          </Field>
        )}
        <Field label={t('licenceCases.owner')}>
          {(id) => <Input id={id} maxLength={100} value={owner} onChange={({ target }) => setOwner(target.value)} />}
        </Field>
      </div>
    </FormModal>
  );
}

function Choice<V extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: V | null;
  readonly options: { value: V; label: string }[];
  readonly onChange: (value: V) => void;
}): ReactNode {
  return (
    <Field label={label}>
      {(id) => (
        <Select<V>
          id={id}
          className="full"
          value={value}
          onChange={onChange}
          showSearch={{ optionFilterProp: 'label' }}
          options={options}
        />
      )}
    </Field>
  );
}
