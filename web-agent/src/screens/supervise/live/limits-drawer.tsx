import { Button, InputNumber, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentLimits } from '../../../../../services/shared/contracts/queues/agent-limits.js';
import { limitedTimes, limitFault, type AgentLimit, type LimitedTime } from '../../../../../services/shared/domain/people/agent-limits.js';
import { FormDrawer } from '../../../components/form-drawer.js';
import { Loaded } from '../../../components/page.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { useProfile, useWholeSite } from '../../../session/use-workplace.js';
import type { TeamOfPage } from './use-agents-beside.js';

const SITE = '';
/** The longest limit. */
const DAY_SECONDS = 86_400;
const levels = ['warn', 'alarm'] as const;
type Draft = Readonly<Record<LimitedTime, AgentLimit>>;

const draftOf = (stored: AgentLimits | undefined): Draft => {
  const { talk = {}, hold = {}, 'wrap-up': wrapUp = {}, missed = {} } = stored?.limits ?? {};
  return { talk, hold, 'wrap-up': wrapUp, missed };
};
const isSet = ({ warn, alarm }: AgentLimit): boolean => warn !== undefined || alarm !== undefined;

/** When agents talk, hold or wrap up for too long and miss too many rings: for the site, or for a team. */
export function LimitsDrawer({ teams, onClose }: { readonly teams: readonly TeamOfPage[]; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const wholeSite = useWholeSite();
  const led = useProfile().scope.teams ?? [];
  const read = useRead('/agents/limits');
  const places = [
    ...(wholeSite ? [{ value: SITE, label: t('supervise.limits.site') }] : []),
    ...teams.filter(({ id }) => wholeSite || led.includes(id)).map(({ id, name }) => ({ value: id, label: name })),
  ];
  const [place, setPlace] = useState(places[0]?.value);
  return (
    <FormDrawer open size="min(460px, 100vw)" title={t('supervise.limits.title')} onClose={onClose}>
      <div className="stack" data-testid="limits-drawer">
        <p className="soft">{t('supervise.limits.text')}</p>
        {place === undefined ? (
          <p>{t('supervise.limits.nowhere')}</p>
        ) : (
          <>
            <Select value={place} onChange={setPlace} aria-label={t('supervise.limits.of')} options={places} data-testid="limits-of" />
            <Loaded query={read}>
              {({ limits }) => {
                const stored = limits.find(({ scope }) => scope.id === place);
                return <LimitsForm key={`${place} ${String(stored?.revision)}`} place={place} stored={stored} onClose={onClose} />;
              }}
            </Loaded>
          </>
        )}
      </div>
    </FormDrawer>
  );
}

function LimitsForm({
  place,
  stored,
  onClose,
}: {
  readonly place: string;
  readonly stored: AgentLimits | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => draftOf(stored));
  const change = useChange('agents', onClose);
  const set = (what: LimitedTime, level: (typeof levels)[number], value: number | null): void =>
    setDraft((before) => ({ ...before, [what]: { ...before[what], [level]: value ?? undefined } }));
  const faults = limitedTimes.filter((what) => isSet(draft[what]) && limitFault(draft[what]) !== undefined);
  return (
    <>
      {limitedTimes.map((what) => (
        <fieldset key={what} className="stack">
          <legend>{t(`supervise.limits.long.${what}`)}</legend>
          <div className="row">
            {levels.map((level) => (
              <label key={level}>
                {t(`supervise.limits.${level}`)}{' '}
                <InputNumber
                  min={1}
                  max={DAY_SECONDS}
                  precision={0}
                  value={draft[what][level] ?? null}
                  onChange={(value) => set(what, level, value)}
                  data-testid={`limit-${what}-${level}`}
                />
              </label>
            ))}
          </div>
          {faults.includes(what) && <span className="bad">{t('supervise.limits.fault')}</span>}
        </fieldset>
      ))}
      <Button
        type="primary"
        disabled={faults.length > 0}
        loading={change.isPending}
        onClick={() =>
          change.mutate({
            route: 'PUT /agents/limits',
            body: {
              scope: place === SITE ? { of: 'site', id: '' } : { of: 'team', id: place },
              limits: Object.fromEntries(limitedTimes.filter((what) => isSet(draft[what])).map((what) => [what, draft[what]])),
              ...(stored === undefined ? {} : { revision: stored.revision ?? 0 }),
            },
          })
        }
        data-testid="limits-save"
      >
        {t('shell.save')}
      </Button>
    </>
  );
}
