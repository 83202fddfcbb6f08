import { App, Button, Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { CeilingRules } from './ceiling-rules.js';
import { hoursFault, minuteOf, minuteText, readStretch, typedStretch, type Rules, type TypedStretch } from './calling-out.js';

const MOST_QUIET = 10;

/** The hours in which people are called, and the legal caps. */
export function HoursRules(): ReactNode {
  const { t } = useTranslation();
  const rules = useRead('/outbound/rules');
  return (
    <Loaded query={rules}>
      {(value) => (
        <div className="stack narrow" data-testid="outbound-rules">
          <section className="panel stack" data-testid="rules-version">
            <h2>{t('callingOut.rules.version', { version: value.version })}</h2>
            <span className="soft">
              {value.at === undefined
                ? t('callingOut.rules.shipped')
                : t('callingOut.rules.since', { by: value.byName ?? value.by ?? '', at: timeText(value.at) })}
            </span>
          </section>
          <Hours key={JSON.stringify([value.window, value.quiet])} rules={value} />
          <section className="panel stack">
            <h2>{t('callingOut.rules.caps')}</h2>
            <ul className="plain">
              {value.caps.map(({ withinMs, tries }) => (
                <li key={withinMs}>
                  {withinMs < 3_600_000
                    ? t('callingOut.rules.perMinutes', { tries, count: withinMs / 60_000 })
                    : t('callingOut.rules.perHours', { tries, count: withinMs / 3_600_000 })}
                </li>
              ))}
            </ul>
            <span className="soft">{t('callingOut.rules.capsHint')}</span>
          </section>
          <CeilingRules key={JSON.stringify([value.ceilings, value.allowedKinds, value.ways])} rules={value} />
        </div>
      )}
    </Loaded>
  );
}

function Hours({ rules }: { readonly rules: Rules }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [window, setWindow] = useState<TypedStretch>(() => typedStretch(rules.window));
  const [quiet, setQuiet] = useState<readonly TypedStretch[]>(() => rules.quiet.map(typedStretch));
  const save = useChange('outbound', () => void message.success(t('shell.saved')));
  const hours = readHours(window, quiet);
  const fault = hours === undefined ? 'unread' : hoursFault(hours, rules.outerWindow);
  const limit = { from: minuteText(rules.outerWindow.fromMinute), to: minuteText(rules.outerWindow.toMinute) };
  return (
    <section className="panel stack">
      <h2>{t('callingOut.rules.hours')}</h2>
      <span className="soft">{t('callingOut.rules.hoursHint', limit)}</span>
      <StretchFields label={t('callingOut.rules.window')} stretch={window} onChange={setWindow} testId="window" />
      {quiet.map((stretch, place) => (
        <div key={place} className="row">
          <StretchFields
            label={t('callingOut.rules.quiet')}
            stretch={stretch}
            onChange={(next) => setQuiet(quiet.map((each, at) => (at === place ? next : each)))}
            testId={`quiet-${place}`}
          />
          <Button onClick={() => setQuiet(quiet.filter((_each, at) => at !== place))}>{t('shell.remove')}</Button>
        </div>
      ))}
      {quiet.length < MOST_QUIET && (
        <div>
          <Button onClick={() => setQuiet([...quiet, { fromMinute: '12:00', toMinute: '14:00' }])} data-testid="add-quiet">
            {t('callingOut.rules.addQuiet')}
          </Button>
        </div>
      )}
      {fault !== undefined && <span className="bad">{t(`callingOut.rules.faults.${fault}`, limit)}</span>}
      <div>
        <Button
          type="primary"
          disabled={fault !== undefined}
          loading={save.isPending}
          onClick={() => {
            if (hours !== undefined) save.mutate({ route: 'PUT /outbound/rules', body: hours });
          }}
          data-testid="save-rules"
        >
          {t('shell.save')}
        </Button>
      </div>
    </section>
  );
}

/** What was typed, if every time in it is valid. */
function readHours(window: TypedStretch, quiet: readonly TypedStretch[]): Pick<Rules, 'window' | 'quiet'> | undefined {
  const read = readStretch(window);
  const stretches = quiet.map(readStretch).filter((stretch) => stretch !== undefined);
  return read === undefined || stretches.length < quiet.length ? undefined : { window: read, quiet: stretches };
}

/** A period of the day, as two times that are typed. */
export function StretchFields({
  label,
  stretch,
  onChange,
  testId,
  empty,
}: {
  readonly label: string;
  readonly stretch: TypedStretch;
  readonly onChange: (stretch: TypedStretch) => void;
  readonly testId: string;
  /** What may stand there instead of a time. */
  readonly empty?: '';
}): ReactNode {
  const { t } = useTranslation();
  const field = (end: keyof TypedStretch): ReactNode => (
    <Input
      className="clock"
      maxLength={5}
      placeholder={end === 'fromMinute' ? '09:00' : '18:00'}
      value={stretch[end]}
      status={minuteOf(stretch[end]) === undefined && stretch[end] !== empty ? 'error' : ''}
      aria-label={`${label} ${t(end === 'fromMinute' ? 'shell.from' : 'shell.to')}`}
      onChange={({ target }) => onChange({ ...stretch, [end]: target.value })}
      data-testid={`${testId}-${end === 'fromMinute' ? 'from' : 'to'}`}
    />
  );
  return (
    <div className="row">
      <span>{label}</span>
      {field('fromMinute')}
      <span>–</span>
      {field('toMinute')}
    </div>
  );
}
