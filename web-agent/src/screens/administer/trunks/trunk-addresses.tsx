import { Button, Form, Input, InputNumber } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../../session/api.js';

type StoredTrunk = AnswerOf<'GET /trunks'>['trunks'][number];

/** One row of the form; null: the field was emptied. */
export interface AddressFields {
  readonly uri?: string;
  readonly priority?: number | null;
  readonly weight?: number | null;
}

const MOST_ADDRESSES = 8;
const MAX_RANK = 65_535;

/** A host or an IP address, with a port and parameters if needed, as after `sip:`. */
const SIP_ADDRESS = /^\s*(?:sips?:)?(?:[^@\s]+@)?(?:\[[\da-f:.]+\]|[\w.-]+)(?::[1-9]\d{0,4})?(?:;\S*)?\s*$/i;

/** The addresses of a stored trunk. Those without ranks are tried one after the other, which their priorities express. */
export function addressFields({ outboundUri, furtherUris = [], ranks }: StoredTrunk): AddressFields[] {
  if (outboundUri === undefined) return [];
  return [outboundUri, ...furtherUris].map((uri, place) => ({ uri, priority: place, weight: 0, ...ranks?.[place] }));
}

/** The stored form of the rows; those without an address are ignored. */
export function storedAddresses(rows: readonly AddressFields[]): Pick<StoredTrunk, 'outboundUri' | 'furtherUris' | 'ranks'> {
  const named = rows.map(({ uri = '', ...rest }) => ({ ...rest, uri: uri.trim() })).filter(({ uri }) => uri !== '');
  const [first, ...further] = named.map(({ uri }) => uri);
  if (first === undefined) return {};
  return {
    outboundUri: first,
    furtherUris: further,
    ranks: named.map(({ priority, weight }, place) => ({ priority: priority ?? place, weight: weight ?? 0 })),
  };
}

/** The destinations of outbound calls, each address with its priority and weight. */
export function TrunkAddresses(): ReactNode {
  const { t } = useTranslation();
  return (
    <Form.Item label={t('library.trunks.outbound')} extra={t('library.trunks.outboundHint')}>
      <Form.List name="outbound">
        {(rows, { add, remove }) => (
          <>
            {rows.map(({ key, name }) => {
              const place = name + 1;
              return (
                <div key={key} style={{ marginBottom: 12 }}>
                  <Form.Item
                    name={[name, 'uri']}
                    style={{ marginBottom: 4 }}
                    rules={[{ pattern: SIP_ADDRESS, message: t('library.trunks.outboundWrong') }]}
                  >
                    <Input aria-label={t('library.trunks.outboundAddress', { place })} placeholder="sip:host:5060" />
                  </Form.Item>
                  <div className="row">
                    {(['priority', 'weight'] as const).map((field) => (
                      <div className="row nowrap" key={field}>
                        <span aria-hidden>{t(`library.trunks.${field}`)}</span>
                        <Form.Item name={[name, field]} noStyle>
                          <InputNumber
                            min={0}
                            max={MAX_RANK}
                            precision={0}
                            style={{ width: 84 }}
                            aria-label={t(field === 'priority' ? 'library.trunks.outboundPriority' : 'library.trunks.outboundWeight', {
                              place,
                            })}
                          />
                        </Form.Item>
                      </div>
                    ))}
                    <Button aria-label={t('library.trunks.removeAddress', { place })} onClick={() => remove(name)}>
                      ×
                    </Button>
                  </div>
                </div>
              );
            })}
            <Button
              disabled={rows.length >= MOST_ADDRESSES}
              onClick={() => add({ priority: rows.length, weight: 0 })}
              data-testid="add-outbound-address"
            >
              {t('library.trunks.addAddress')}
            </Button>
          </>
        )}
      </Form.List>
    </Form.Item>
  );
}
