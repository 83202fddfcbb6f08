import { Empty, Input, Select } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorksheetField } from '../../../../../services/shared/contracts/workspace.js';
import { Loaded } from '../../../components/page.js';
import { currentCall, isMonitoring } from '../../../phone/phone.js';
import { useDraft, usePhonePart, useWorkplace } from '../../../session/use-workplace.js';
import { useBriefing } from './briefing.js';

/** What to say in this queue, and the fields to fill in while saying it. */
export function ScriptTab({ callId }: { readonly callId: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const briefing = useBriefing(callId);
  const work = useDraft(callId);
  const isListening = usePhonePart(({ calls }) => calls.some((call) => call.callId === callId && isMonitoring(call)));
  return (
    <Loaded query={briefing}>
      {({ worksheet }) => {
        const script = worksheet?.script[i18n.language === 'en' ? 'en' : 'zh-CN'] ?? '';
        // The agent fills them in.
        const fields = isListening ? [] : (worksheet?.fields ?? []);
        if (script === '' && fields.length === 0)
          return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('contact.scriptEmpty')} />;
        return (
          <div className="script" data-testid="script">
            <div className="script-text">{script}</div>
            {fields.length > 0 && (
              <div className="stack" role="group" aria-label={t('contact.fields')}>
                {fields.map((field) => (
                  <Field
                    key={field.id}
                    field={field}
                    language={i18n.language}
                    value={work?.written.entry.fields[field.id] ?? ''}
                    onChange={(value) => work?.draft.change({ fields: { ...work.written.entry.fields, [field.id]: value } })}
                  />
                ))}
              </div>
            )}
          </div>
        );
      }}
    </Loaded>
  );
}

function Field({
  field: { id, label, kind, choices, required, sensitive },
  language,
  value,
  onChange,
}: {
  readonly field: WorksheetField;
  readonly language: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const guard = useSensitive(sensitive);
  const name = `${language === 'en' ? label.en : label['zh-CN']}${required ? t('contact.required') : ''}`;
  return (
    <label className="script-field">
      <span>{name}</span>
      {kind === 'choice' ? (
        <Select
          allowClear
          value={value === '' ? undefined : value}
          placeholder={t('contact.choose')}
          aria-label={name}
          options={choices.map((choice) => ({ value: choice, label: choice }))}
          onChange={(next?: string) => onChange(next ?? '')}
          {...guard.handlers}
          data-testid={`field-${id}`}
        />
      ) : (
        <Input
          value={value}
          type={kind === 'date' ? 'date' : 'text'}
          inputMode={kind === 'number' ? 'decimal' : 'text'}
          maxLength={500}
          aria-label={name}
          onChange={({ target }) => onChange(target.value)}
          {...(sensitive ? { autoComplete: 'off' } : {})}
          {...guard.handlers}
          data-testid={`field-${id}`}
        />
      )}
      {guard.state !== null && (
        <span
          className={guard.state === 'recording' ? 'bad' : 'soft'}
          aria-live="polite"
          data-testid={`guard-${id}`}
          data-state={guard.state}
        >
          {t(`contact.sensitive.${guard.state}`)}
        </span>
      )}
    </label>
  );
}

/** The recording pauses while a sensitive field has the focus; the field shows the actual state, not the requested one. */
function useSensitive(sensitive: boolean): {
  readonly state: 'idle' | 'paused' | 'recording' | null;
  readonly handlers: { readonly onFocus?: () => void; readonly onBlur?: () => void; readonly onClick?: () => void };
} {
  const { seat } = useWorkplace();
  const recording = usePhonePart((phone) => currentCall(phone)?.recording);
  const [focused, setFocused] = useState(false);
  const pause = seat?.fieldPause;
  // A field that is removed never reports that it lost the focus.
  useEffect(() => (focused ? () => pause?.blur() : undefined), [focused, pause]);
  if (!sensitive) return { state: null, handlers: {} };
  return {
    state: !focused || recording === undefined ? 'idle' : recording === 'on' ? 'recording' : 'paused',
    handlers: {
      onFocus() {
        setFocused(true);
        pause?.focus();
      },
      onBlur() {
        setFocused(false);
      },
      // After the server's time limit the focus is still there: a click pauses the recording again.
      onClick: () => pause?.focus(),
    },
  };
}
