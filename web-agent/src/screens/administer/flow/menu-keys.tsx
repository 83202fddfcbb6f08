import { Button, Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Flow, FlowStep } from '../../../../../services/shared/contracts/calls/flow.js';
import { telephoneKeys } from './flow-edit.js';

type Menu = Extract<FlowStep, { kind: 'menu' }>;
type Choice = Menu['keys'][string];

/** What each digit of a menu does: its label for the seat, its target, and the language that it chooses. */
export function MenuKeys({
  flow,
  keys,
  onChange,
}: {
  readonly flow: Flow;
  readonly keys: Menu['keys'];
  readonly onChange: (keys: Menu['keys']) => void;
}): ReactNode {
  const { t } = useTranslation();
  const used = telephoneKeys.filter((key) => keys[key] !== undefined);
  const free = telephoneKeys.filter((key) => keys[key] === undefined);
  const [next] = free;
  const set = (key: string, choice: Choice): void => onChange({ ...keys, [key]: choice });

  function moveTo(from: string, to: string): void {
    const { [from]: choice, ...rest } = keys;
    if (choice !== undefined) onChange({ ...rest, [to]: choice });
  }

  function remove(key: string): void {
    const { [key]: _gone, ...rest } = keys;
    onChange(rest);
  }

  return (
    <div className="stack">
      <h3>{t('flow.keys')}</h3>
      {used.length === 0 && <span className="soft">{t('flow.noKeys')}</span>}
      {used.map((key) => {
        const choice = keys[key];
        if (choice === undefined) return null;
        return (
          <div key={key} className="menu-key" data-testid={`menu-key-${key}`}>
            <Select
              value={key}
              aria-label={t('flow.key')}
              options={[key, ...free].map((each) => ({ value: each, label: each }))}
              onChange={(to) => moveTo(key, to)}
            />
            <Input
              value={choice.label}
              maxLength={60}
              aria-label={t('flow.keyLabel')}
              placeholder={t('flow.keyLabel')}
              onChange={({ target }) => set(key, { ...choice, label: target.value })}
            />
            <Select
              value={choice.goTo}
              aria-label={t('flow.goesTo')}
              status={flow.steps[choice.goTo] === undefined ? 'error' : ''}
              showSearch
              options={Object.keys(flow.steps).map((each) => ({ value: each, label: `→ ${each}` }))}
              onChange={(goTo) => set(key, { ...choice, goTo })}
            />
            <Select
              value={choice.language ?? 'same'}
              aria-label={t('flow.keyLanguage')}
              options={[
                { value: 'same', label: t('flow.sameLanguage') },
                ...(['zh-CN', 'en'] as const).map((value) => ({ value, label: t(`library.numbers.languages.${value}`) })),
              ]}
              onChange={(chosen) => {
                const { language: _before, ...rest } = choice;
                set(key, chosen === 'same' ? rest : { ...rest, language: chosen as 'zh-CN' | 'en' });
              }}
            />
            <Button onClick={() => remove(key)} aria-label={t('flow.removeKey', { key })}>
              {t('flow.remove')}
            </Button>
          </div>
        );
      })}
      {next !== undefined && (
        <div>
          <Button onClick={() => set(next, { goTo: flow.start, label: '' })} data-testid="add-key">
            {t('flow.addKey')}
          </Button>
        </div>
      )}
    </div>
  );
}
