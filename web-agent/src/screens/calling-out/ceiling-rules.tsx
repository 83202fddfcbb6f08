import { App, Button, Form, InputNumber, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { barredKinds, leaveWays, type BarredKind, type LeaveWay } from '../../../../services/shared/domain/calls/dial-permit.js';
import { useChange } from '../../session/use-server.js';
import { ceilingNames, type AllowedKinds, type Ceilings, type Rules } from './calling-out.js';

/** Ways that keep to the hours only when the site says so. */
const hourless: readonly LeaveWay[] = leaveWays.filter((way) => way !== 'call-out' && way !== 'callback');

/** The daily limits, the longest leg, and the ways that may reach barred kinds of numbers. */
export function CeilingRules({ rules }: { readonly rules: Pick<Rules, 'ceilings' | 'allowedKinds' | 'ways'> }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [ceilings, setCeilings] = useState<Ceilings>(rules.ceilings);
  const [allowedKinds, setAllowedKinds] = useState<AllowedKinds>(rules.allowedKinds);
  const [keepHours, setKeepHours] = useState<LeaveWay[]>(() => hourless.filter((way) => rules.ways[way].hours));
  const save = useChange('outbound', () => void message.success(t('shell.saved')));
  const options = leaveWays.map((value) => ({ value, label: t(`leaving.ways.${value}`) }));
  const allow = (kind: BarredKind, ways: readonly LeaveWay[]): void => setAllowedKinds({ ...allowedKinds, [kind]: ways });
  return (
    <section className="panel stack" data-testid="ceiling-rules">
      <h2>{t('leaving.ceilings.title')}</h2>
      <span className="soft">{t('leaving.ceilings.hint')}</span>
      <Form layout="vertical">
        {ceilingNames.map((name) => (
          <Form.Item key={name} label={t(`leaving.ceilings.${name}`)} htmlFor={`ceiling-${name}`}>
            <InputNumber
              id={`ceiling-${name}`}
              min={name === 'longestMinutes' ? 1 : 0}
              max={name === 'longestMinutes' ? 1_440 : 1_000_000}
              precision={0}
              value={ceilings[name]}
              onChange={(value) => value !== null && setCeilings({ ...ceilings, [name]: value })}
              data-testid={`ceiling-${name}`}
            />
          </Form.Item>
        ))}
        <Form.Item label={t('leaving.ceilings.keepHours')} htmlFor="keep-hours" extra={t('leaving.ceilings.keepHoursHint')}>
          <Select<LeaveWay[]>
            id="keep-hours"
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            value={keepHours}
            options={options.filter(({ value }) => hourless.includes(value))}
            placeholder={t('leaving.ceilings.always')}
            onChange={setKeepHours}
            data-testid="keep-hours"
          />
        </Form.Item>
        <h3>{t('leaving.ceilings.kinds')}</h3>
        <span className="soft">{t('leaving.ceilings.kindsHint')}</span>
        {barredKinds.map((kind) => (
          <Form.Item key={kind} label={t(`leaving.ceilings.kind.${kind}`)} htmlFor={`kind-${kind}`}>
            <Select<LeaveWay[]>
              id={`kind-${kind}`}
              mode="multiple"
              showSearch={{ optionFilterProp: 'label' }}
              value={[...allowedKinds[kind]]}
              options={options}
              placeholder={t('leaving.ceilings.nobody')}
              onChange={(ways) => allow(kind, ways)}
              data-testid={`kind-${kind}`}
            />
          </Form.Item>
        ))}
      </Form>
      <div>
        <Button
          type="primary"
          loading={save.isPending}
          onClick={() => save.mutate({ route: 'PUT /outbound/ceilings', body: { ceilings, allowedKinds, keepHours } })}
          data-testid="save-ceilings"
        >
          {t('shell.save')}
        </Button>
      </div>
    </section>
  );
}
