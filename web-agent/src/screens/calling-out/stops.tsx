import { StopOutlined } from '@ant-design/icons';
import { Alert, Button, Input, Segmented, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeText } from '../../components/time/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { Field } from '../administer/fields.js';
import { useAgentNames } from '../seat/agent-names.js';
import { stopScopes, type Stop, type StopScope } from './calling-out.js';
import { FormModal } from '../../components/form-drawer.js';

const SHORTEST_REASON = 3;

/** The button that stops outbound calls at once, for all, a number or a client unit, and the current stops. */
export function Stops(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const stops = useRead('/outbound/rules').data?.stops ?? [];
  const lift = useChange('outbound');
  const names = useAgentNames();
  const what = ({ scope, value }: Stop): string =>
    t(`callingOut.stops.is.${scope}`, { value: scope === 'agent' ? (names.get(value) ?? value) : value });
  const why = ({ pattern, reason, byName, at }: Stop): string =>
    pattern === undefined
      ? t('callingOut.stops.because', { reason, by: byName, at: timeText(at) })
      : t('callingOut.stops.byWatch', { what: t(`callingOut.fraud.patterns.${pattern}`), at: timeText(at) });
  return (
    <>
      {stops.map((stop) => (
        <Alert
          key={stop.id}
          type="error"
          showIcon
          data-testid={`stop-${stop.scope}`}
          title={what(stop)}
          description={why(stop)}
          action={
            may('outbound.edit') && (
              <Button
                loading={lift.isPending}
                onClick={() => lift.mutate({ route: 'DELETE /outbound/stops/:id', params: { id: stop.id } })}
                data-testid={`lift-${stop.scope}`}
              >
                {t('callingOut.stops.lift')}
              </Button>
            )
          }
        />
      ))}
      {may('outbound.edit') && (
        <div>
          <Button danger icon={<StopOutlined />} onClick={() => setAsking(true)} data-testid="stop-calling">
            {t('callingOut.stops.stop')}
          </Button>
        </div>
      )}
      {asking && <StopSheet onClose={() => setAsking(false)} />}
    </>
  );
}

function StopSheet({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [scope, setScope] = useState<StopScope>('platform');
  const [value, setValue] = useState('');
  const [reason, setReason] = useState('');
  const stop = useChange('outbound', onClose);
  const complete = reason.trim().length >= SHORTEST_REASON && (scope === 'platform' || value !== '');
  return (
    <FormModal
      open
      title={t('callingOut.stops.stop')}
      okText={t('callingOut.stops.stop')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ danger: true, disabled: !complete, 'data-testid': 'confirm-stop' }}
      confirmLoading={stop.isPending}
      onCancel={onClose}
      onOk={() => stop.mutate({ route: 'POST /outbound/stops', body: { scope, value, reason: reason.trim() } })}
    >
      <div className="stack">
        <span>{t('callingOut.stops.text')}</span>
        <Segmented<StopScope>
          value={scope}
          aria-label={t('callingOut.stops.scope')}
          options={stopScopes.map((one) => ({ value: one, label: t(`callingOut.stops.scopes.${one}`) }))}
          onChange={(next) => {
            setScope(next);
            setValue('');
          }}
        />
        {scope !== 'platform' && <WhatToStop scope={scope} value={value} onChange={setValue} />}
        <Field label={t('shell.reasonOfThree')}>
          {(id) => (
            <Input
              id={id}
              value={reason}
              maxLength={200}
              placeholder={t('callingOut.stops.reasonHint')}
              onChange={({ target }) => setReason(target.value)}
              data-testid="stop-reason"
            />
          )}
        </Field>
      </div>
    </FormModal>
  );
}

const registers = { number: 'numbers', client: 'clients' } as const;

/** A number or a client unit of the registers. */
function WhatToStop({
  scope,
  value,
  onChange,
}: {
  readonly scope: 'number' | 'client';
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const rows = useRead('/registry/:register', { params: { register: registers[scope] } });
  return (
    <Field label={t(`callingOut.stops.scopes.${scope}`)}>
      {(id) => (
        <Select
          id={id}
          showSearch={{ optionFilterProp: 'label' }}
          loading={rows.isPending}
          notFoundContent={t('callingOut.stops.noRows')}
          {...(value === '' ? {} : { value })}
          options={(rows.data?.entries ?? []).map(({ key, values: { name } }) => ({
            value: key,
            label: typeof name === 'string' && name !== '' ? `${name} (${key})` : key,
          }))}
          onChange={onChange}
        />
      )}
    </Field>
  );
}
