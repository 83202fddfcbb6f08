import { Button, Input, InputNumber } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BreakReason } from '../../../../services/shared/contracts/queues/queue.js';
import { Loaded } from '../../components/page.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useUnsaved } from '../../session/use-unsaved.js';
import { breakFaults, freshBreak, wholeBreaks } from './break-reasons.js';

/** The reasons for which agents may take a break. */
export function Breaks(): ReactNode {
  const read = useRead('/routing/breaks');
  return <Loaded query={read}>{({ breaks }) => <BreaksForm key={JSON.stringify(breaks)} breaks={breaks} />}</Loaded>;
}

const without = (reason: BreakReason, name: 'limitMs' | 'atOnce'): BreakReason => {
  const { [name]: _gone, ...rest } = reason;
  return rest;
};

function BreaksForm({ breaks }: { readonly breaks: readonly BreakReason[] }): ReactNode {
  const { t } = useTranslation();
  const [rows, setRows] = useState(breaks);
  const [tried, setTried] = useState(false);
  useUnsaved(() => JSON.stringify(rows) !== JSON.stringify(breaks));
  const change = useChange('routing');
  const faults = breakFaults(rows);

  function save(): void {
    setTried(true);
    if (faults.every(({ length }) => length === 0)) change.mutate({ route: 'PUT /routing/breaks', body: { breaks: wholeBreaks(rows) } });
  }

  return (
    <div className="stack">
      <p className="soft">{t('administer.agents.breaksHint')}</p>
      {rows.length === 0 && <span className="soft">{t('administer.agents.noBreaks')}</span>}
      {rows.map((reason, place) => (
        <BreakRow
          key={place}
          reason={reason}
          faults={tried ? (faults[place] ?? []) : []}
          onChange={(next) => setRows(rows.map((each, at) => (at === place ? next : each)))}
          onRemove={() => setRows(rows.filter((_each, at) => at !== place))}
        />
      ))}
      <div className="row">
        <Button onClick={() => setRows([...rows, freshBreak(rows)])} data-testid="add-break">
          {t('administer.agents.addBreak')}
        </Button>
        <Button type="primary" loading={change.isPending} onClick={save} data-testid="save-breaks">
          {t('shell.save')}
        </Button>
      </div>
    </div>
  );
}

function BreakRow({
  reason,
  faults,
  onChange,
  onRemove,
}: {
  readonly reason: BreakReason;
  readonly faults: ReturnType<typeof breakFaults>[number];
  readonly onChange: (reason: BreakReason) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const status = (...of: readonly (typeof faults)[number][]) => (of.some((fault) => faults.includes(fault)) ? 'error' : '');
  return (
    <div data-testid={`break-${reason.id}`}>
      <div className="break-row">
        <Input
          value={reason.id}
          maxLength={30}
          status={status('id', 'idTwice')}
          aria-label={t('administer.queues.id')}
          onChange={({ target }) => onChange({ ...reason, id: target.value })}
        />
        {(['zh-CN', 'en'] as const).map((language) => (
          <Input
            key={language}
            value={reason.name[language]}
            maxLength={30}
            status={language === 'en' ? '' : status('name', 'nameTwice')}
            placeholder={language === 'en' ? t('administer.agents.englishIfAny') : t('administer.queues.nameZh')}
            aria-label={language === 'en' ? t('administer.queues.nameEn') : t('administer.queues.nameZh')}
            onChange={({ target }) => onChange({ ...reason, name: { ...reason.name, [language]: target.value } })}
            data-testid={`break-name-${language}`}
          />
        ))}
        <InputNumber
          min={1}
          max={1_440}
          precision={0}
          value={reason.limitMs === undefined ? null : reason.limitMs / 60_000}
          placeholder={t('administer.agents.noLimit')}
          aria-label={t('administer.agents.limit')}
          suffix={t('administer.agents.minutes')}
          onChange={(minutes) => onChange(minutes === null ? without(reason, 'limitMs') : { ...reason, limitMs: minutes * 60_000 })}
        />
        <InputNumber
          min={1}
          max={10_000}
          precision={0}
          value={reason.atOnce ?? null}
          placeholder={t('administer.agents.noLimit')}
          aria-label={t('administer.agents.atOnce')}
          suffix={t('administer.agents.people')}
          onChange={(people) => onChange(people === null ? without(reason, 'atOnce') : { ...reason, atOnce: people })}
        />
        <Button onClick={onRemove}>{t('flow.remove')}</Button>
      </div>
      {faults.length > 0 && (
        <div className="bad" role="alert" data-testid="break-faults">
          {faults.map((fault) => t(`administer.agents.breakFaults.${fault}`)).join(' ')}
        </div>
      )}
    </div>
  );
}
