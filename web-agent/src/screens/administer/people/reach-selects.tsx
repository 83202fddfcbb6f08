import { Form, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { nameOf } from '../../seat/queue-names.js';
import { isServedByPeople } from '../queues/served-by-people.js';

interface Option {
  readonly value: string;
  readonly label: string;
}

/** The rows of a register to choose from, and what numbers name besides; undefined for people who may not read it. */
function useRegister(register: 'clients' | 'sites', ofNumber: 'clientUnit' | 'site'): readonly Option[] | undefined {
  const may = useMay();
  const read = useRead('/registry/:register', { params: { register }, enabled: may('registry.read') });
  const numbers = useRead('/numbers', { enabled: may('flows.edit') });
  if (read.data === undefined) return undefined;
  const rows = read.data.entries.map(({ key, values }) => {
    const name = values['name'];
    return { value: key, label: typeof name === 'string' && name !== '' ? `${name} ${key}` : key };
  });
  const named = (numbers.data?.numbers ?? []).flatMap((number) => number[ofNumber] ?? []);
  const others = [...new Set(named)].filter((value) => !rows.some((row) => row.value === value));
  return [...rows, ...others.map((value) => ({ value, label: value }))];
}

function useQueueOptions(): readonly Option[] | undefined {
  const { i18n } = useTranslation();
  const may = useMay();
  const read = useRead('/queues', { enabled: may('queues.edit') });
  return read.data?.queues.filter(isServedByPeople).map(({ id, name }) => ({ value: id, label: nameOf(name, i18n.language) }));
}

/** Which queues, client units and sites an account is limited to: chosen from what there is. */
export function PlaceFields(): ReactNode {
  const { t } = useTranslation();
  const [queues, clients, sites] = [useQueueOptions(), useRegister('clients', 'clientUnit'), useRegister('sites', 'site')];
  return (
    <>
      <Form.Item name="queues" label={t('administer.users.queues')}>
        {choice('queues', queues, t('administer.users.noQueues'))}
      </Form.Item>
      <Form.Item name="clientUnits" label={t('administer.users.clientUnits')} extra={t('administer.users.scopeHint')}>
        {choice('client-units', clients, t('administer.users.noClientUnits'))}
      </Form.Item>
      <Form.Item name="sites" label={t('security.sites')} extra={t('security.sitesHint')}>
        {choice('sites', sites, t('administer.users.noSites'))}
      </Form.Item>
    </>
  );
}

/** Somebody who may edit accounts and not read the list types the ids, as they stand in the register. */
const choice = (name: string, options: readonly Option[] | undefined, empty: string): ReactNode =>
  options === undefined ? (
    <Select mode="tags" tokenSeparators={[',', ' ']} open={false} suffix={null} data-testid={`user-${name}`} />
  ) : (
    <Select
      mode="multiple"
      showSearch={{ optionFilterProp: 'label' }}
      options={[...options]}
      notFoundContent={empty}
      data-testid={`user-${name}`}
    />
  );
