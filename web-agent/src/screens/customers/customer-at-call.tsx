import { Alert, Button, Input, Space } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import type { AnswerOf } from '../../session/api.js';
import { useChange, useRead, useReadAgain } from '../../session/use-server.js';
import { useProfile } from '../../session/use-workplace.js';
import { discardDraft, otherDrafts, useCustomerDraft } from './customer-drafts.js';
import { CustomerCases, CustomerFacts } from './customer-facts.js';
import { CustomerForm, emptyEntry, entryOf } from './customer-form.js';
import { listed } from '../../i18n/language.js';

type Known = AnswerOf<'GET /calls/:callId/customer'>;

/** The customer behind a call: opens with the call, and is created and changed there. Unsaved text waits, even while another call rings. */
export default function CustomerAtCall({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const { userId } = useProfile();
  const [other, setOther] = useState<string | null>(null);
  const [, drawAgain] = useState(0);
  const unsaved = otherDrafts(userId, callId)[0];
  return (
    <div className="stack" data-testid="customer-at-call">
      {unsaved !== undefined && other === null && (
        <Alert
          type="warning"
          showIcon
          title={t('customers.seat.unsaved')}
          data-testid="unsaved-customer"
          action={
            <Space wrap>
              <Button size="small" type="primary" onClick={() => setOther(unsaved)} data-testid="unsaved-go-on">
                {t('customers.seat.goOn')}
              </Button>
              <Button
                size="small"
                onClick={() => {
                  discardDraft(userId, unsaved);
                  drawAgain((count) => count + 1);
                }}
              >
                {t('customers.seat.discard')}
              </Button>
            </Space>
          }
        />
      )}
      {other !== null && <OfCall key={other} callId={other} onDone={() => setOther(null)} />}
      <OfCall key={callId} callId={callId} />
    </div>
  );
}

function OfCall({ callId, onDone }: { readonly callId: string; readonly onDone?: () => void }): ReactNode {
  const read = useRead('/calls/:callId/customer', { params: { callId } });
  return <Loaded query={read}>{(known) => <Record callId={callId} known={known} {...(onDone === undefined ? {} : { onDone })} />}</Loaded>;
}

function Record({ callId, known, onDone }: { readonly callId: string; readonly known: Known; readonly onDone?: () => void }): ReactNode {
  const { t } = useTranslation();
  const { userId } = useProfile();
  const readAgain = useReadAgain();
  const [draft, setDraft] = useCustomerDraft(userId, callId);
  const [tried, setTried] = useState(false);
  const { customer, fields } = known;
  const close = (): void => {
    setDraft(undefined);
    setTried(false);
    onDone?.();
  };
  const save = useChange<'PUT /calls/:callId/customer'>('calls', () => {
    close();
    // Whose history is shown depends on the numbers of the customer.
    void readAgain('contacts');
  });

  if (!known.known) return <div className="soft">{t('customers.seat.withheld')}</div>;
  if (draft === undefined)
    return customer === null ? (
      <Nobody callId={callId} onMake={() => setDraft({ entry: emptyEntry, version: undefined })} />
    ) : (
      <div className="stack">
        <div className="row">
          <strong data-testid="customer-shown">{customer.name}</strong>
          <Button
            size="small"
            onClick={() => setDraft({ entry: entryOf(customer), version: customer.version, customerId: customer.id })}
            data-testid="customer-edit"
          >
            {t('shell.edit')}
          </Button>
        </div>
        <CustomerFacts customer={customer} fields={fields} />
        <CustomerCases consents={known.consents} complaints={known.complaints} />
      </div>
    );

  const isStale = customer !== null && (customer.version !== draft.version || customer.id !== draft.customerId);
  return (
    <div className="stack">
      {isStale && (
        <Alert
          type="warning"
          showIcon
          title={t('customers.seat.stale', { by: customer.changedBy })}
          description={t('customers.seat.now', {
            text: [customer.name, ...Object.values(customer.fields), ...customer.tags, customer.note]
              .filter((text) => text !== '')
              .join(' · '),
          })}
        />
      )}
      <CustomerForm value={draft.entry} fields={fields} tried={tried} onChange={(entry) => setDraft({ ...draft, entry })} />
      <Space wrap>
        <Button
          type="primary"
          loading={save.isPending}
          data-testid="customer-save"
          onClick={() => {
            setTried(true);
            if (draft.entry.name.trim() === '') return;
            const body = { ...draft.entry, ...(customer === null ? {} : { version: customer.version, customerId: customer.id }) };
            save.mutate({ route: 'PUT /calls/:callId/customer', params: { callId }, body });
          }}
        >
          {t('customers.save')}
        </Button>
        <Button onClick={close}>{t('shell.cancel')}</Button>
      </Space>
    </div>
  );
}

/** A number without a customer: create one, or add the number to an existing one. */
function Nobody({ callId, onMake }: { readonly callId: string; readonly onMake: () => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const [search, setSearch] = useState('');
  const readAgain = useReadAgain();
  const found = useRead('/calls/:callId/customer-candidates', { params: { callId }, query: { search }, enabled: search.length >= 2 });
  const give = useChange<'POST /calls/:callId/customer-number'>('calls', () => void readAgain('contacts'));
  return (
    <div className="stack">
      <div className="row">
        <span className="soft">{t('customers.seat.none')}</span>
        <Button size="small" type="primary" onClick={onMake} data-testid="customer-make">
          {t('customers.make')}
        </Button>
      </div>
      <Input.Search
        allowClear
        maxLength={80}
        placeholder={t('customers.seat.find')}
        aria-label={t('customers.seat.find')}
        onSearch={(text) => setSearch(text.trim())}
        data-testid="customer-find"
      />
      {search.length >= 2 && (
        <Loaded query={found} isEmpty={({ customers }) => customers.length === 0} empty={t('customers.seat.noneFound')}>
          {({ customers }) => (
            <ul className="plain">
              {customers.map(({ id, name, numbers }) => (
                <li key={id} className="row">
                  <strong>{name}</strong>
                  <span className="figures soft">
                    {listed(
                      numbers.map(({ masked }) => masked),
                      i18n,
                    )}
                  </span>
                  <Button
                    size="small"
                    loading={give.isPending}
                    data-testid={`candidate-${id}`}
                    onClick={() =>
                      give.mutate({ route: 'POST /calls/:callId/customer-number', params: { callId }, body: { customerId: id } })
                    }
                  >
                    {t('customers.seat.give')}
                  </Button>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      )}
    </div>
  );
}
