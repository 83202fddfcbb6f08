import { Button, Input, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { CustomerRow } from '../../../../services/shared/contracts/customer.js';
import { customerTemplate } from '../../../../services/shared/domain/customer.js';
import { Loaded, Page } from '../../components/page.js';
import { pageQuery, usePaging } from '../../components/paging.js';
import { timeText } from '../../components/time/times.js';
import { useRead, useReadAgain } from '../../session/use-server.js';
import { useApp, useMay, useWholeSite } from '../../session/use-workplace.js';
import { ListImport } from '../calling-out/campaigns/list-import.js';
import { CustomerDrawer } from './customer-drawer.js';
import { FieldsForm } from './fields-form.js';
import { NewCustomer } from './new-customer.js';
import { UnitSelect, useFirstUnit } from './unit-select.js';
import { listed } from '../../i18n/language.js';
import { DataTable } from '../../components/data-table.js';

const PAGE_ROWS = 50;

/** All customers within the person's scope: search, list, record. The address names the open one. */
export default function CustomersPage(): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const wholeSite = useWholeSite();
  const [address, setAddress] = useSearchParams();
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(1);
  const [sheet, setSheet] = useState<'new' | 'import' | 'fields' | null>(null);
  const query = { ...pageQuery(page, PAGE_ROWS), ...(search === '' ? {} : { search }) };
  const read = useRead('/customers', { query });
  const paging = usePaging(page, PAGE_ROWS, setPage);
  const open = address.get('open');
  const show = (id: string | null): void => setAddress(id === null ? {} : { open: id });
  return (
    <Page
      title={t('customers.title')}
      testId="customers-page"
      actions={
        may('customers.edit') && (
          <>
            {wholeSite && <Button onClick={() => setSheet('fields')}>{t('customers.fields')}</Button>}
            <Button onClick={() => setSheet('import')} data-testid="import-customers">
              {t('customers.import')}
            </Button>
            <Button type="primary" onClick={() => setSheet('new')} data-testid="new-customer">
              {t('customers.make')}
            </Button>
          </>
        )
      }
    >
      <section className="panel stack">
        <Input.Search
          className="search"
          maxLength={80}
          placeholder={t('customers.search')}
          aria-label={t('customers.search')}
          onSearch={(text) => {
            setSearch(text.trim());
            setPage(1);
          }}
          data-testid="search-customers"
        />
        <Loaded query={read} isEmpty={({ total }) => total === 0} empty={t(search === '' ? 'customers.none' : 'customers.empty')}>
          {({ customers, total }) => (
            <DataTable<CustomerRow>
              rowKey="id"
              size="middle"
              scroll={{ x: 'max-content' }}
              dataSource={[...customers]}
              pagination={paging(total)}
              columns={[
                {
                  title: t('customers.name'),
                  render: (_value, { id, name }) => (
                    <Button type="link" size="small" onClick={() => show(id)} data-testid={`customer-${id}`}>
                      {name}
                    </Button>
                  ),
                },
                {
                  title: t('customers.numbers'),
                  render: (_value, { numbers }) => (
                    <span className="figures">
                      {listed(
                        numbers.map(({ masked }) => masked),
                        i18n,
                      )}
                    </span>
                  ),
                },
                { title: t('customers.tags'), render: (_value, { tags }) => tags.map((tag) => <Tag key={tag}>{tag}</Tag>) },
                { title: t('customers.unit'), render: (_value, { clientUnit }) => clientUnit ?? '' },
                {
                  title: t('customers.changedAt'),
                  render: (_value, { changedAt }) => <span className="figures">{timeText(changedAt).slice(0, 16)}</span>,
                },
              ]}
            />
          )}
        </Loaded>
      </section>
      {open !== null && <CustomerDrawer key={open} id={open} onClose={() => show(null)} />}
      {sheet === 'new' && <NewCustomer onClose={() => setSheet(null)} onMade={show} />}
      {sheet === 'import' && <CustomerImport onClose={() => setSheet(null)} />}
      {sheet === 'fields' && <FieldsForm onClose={() => setSheet(null)} />}
    </Page>
  );
}

function CustomerImport({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const readAgain = useReadAgain();
  const first = useFirstUnit();
  const [chosen, setChosen] = useState<string | null>(null);
  const unit = chosen ?? first;
  return (
    <ListImport
      title={t('customers.import')}
      hint={t('customers.listHint')}
      template={customerTemplate}
      name="customers"
      before={<UnitSelect value={unit} onChange={setChosen} />}
      send={async (file, commit) => {
        const asked = { fileName: file.name, commit, ...(unit === '' ? {} : { clientUnit: unit }) };
        const report = await session.api.send('POST /customers/import', { query: asked, file });
        if (commit === 'yes') await readAgain('customers');
        return report;
      }}
      faultWords={(fault) => t(`customers.faults.${fault}`)}
      columnWords={(column) => t(`customers.columns.${column}`)}
      onClose={onClose}
    />
  );
}
