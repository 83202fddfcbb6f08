import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { carrierProfiles, profileOf, type CarrierProfileName } from '../../../../../services/shared/domain/calls/carrier-profiles.js';
import { useChange } from '../../../session/use-server.js';
import type { AnswerOf } from '../../../session/api.js';
import { idFrom } from '../ids.js';
import { sheetFields, storedSheet, type SheetFields } from './trunk-sheet.js';
import { TrunkSheetFields } from './trunk-sheet-fields.js';
import { addressFields, storedAddresses, TrunkAddresses, type AddressFields } from './trunk-addresses.js';
import { FormDrawer } from '../../../components/form-drawer.js';

/** A trunk without its password. */
export type StoredTrunk = AnswerOf<'GET /trunks'>['trunks'][number];

interface Fields extends SheetFields {
  readonly id: string;
  readonly name: string;
  readonly carrier?: string;
  readonly addresses: string;
  readonly outbound?: readonly AddressFields[];
  readonly permittedCallerNumbers?: string[];
  readonly username?: string;
  readonly password?: string;
  readonly registers?: boolean;
  readonly trustsIdentity: boolean;
  readonly mediaBehindNat?: boolean;
  readonly transport: 'plain' | 'tls';
  readonly certificate?: string;
  readonly mediaEncryption: 'off' | 'optional' | 'required';
  readonly enabled: boolean;
  /** null: the field was emptied. */
  readonly channels?: number | null;
  readonly callsPerSecondIn?: number | null;
  readonly callsPerSecondOut?: number | null;
}

/** The largest values in the agreement with the carrier. */
const LIMITS = { channels: 10_000, callsPerSecondIn: 1_000, callsPerSecondOut: 1_000 } as const;

/** A host name, or a SHA-256 fingerprint as openssl prints it. */
const CERTIFICATE = /^\s*(?:[\w-]+(?:\.[\w-]+)*|(?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2})\s*$/;

/** An IPv4 address or network; the server checks anything with a colon. */
const SOURCE_ADDRESS = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!\/|$)|(?=\/|$))){4}(?:\/(?:[12]?\d|3[0-2]))?$|:/;

/** The same limit as on the server: a wider network would let strangers call in the carrier's name. */
const WIDEST_PREFIX = 16;
const NARROWEST = 32;

/** A profile in the form. Values that only the data sheet has stay as they are. */
function profileFields(name: CarrierProfileName): Partial<Fields> {
  const { numberRules, identity, codecs, ...rest } = profileOf[name];
  return { ...rest, ...sheetFields({ numberRules: [...numberRules], identity, codecs: [...codecs] }) };
}

/** One entry per line; blanks separate entries too. */
const lines = (text = ''): string[] => text.split(/\s+/).filter((entry) => entry !== '');

/** Rejects with a text that names the first invalid address, or a network that is too wide. */
async function checkAddresses(text: string | undefined, t: TFunction): Promise<void> {
  const wrong = lines(text).find((address) => !SOURCE_ADDRESS.test(address));
  if (wrong !== undefined) throw new Error(t('library.trunks.addressWrong', { address: wrong }));
  const wide = lines(text).find((address) => Number(address.split('/')[1] ?? NARROWEST) < WIDEST_PREFIX);
  if (wide !== undefined) throw new Error(t('library.trunks.addressWide', { address: wide }));
  await Promise.resolve();
}

/** Only the version that was opened is changed. */
const meantFor = (trunk: StoredTrunk | null): { readonly revision?: number } => (trunk === null ? {} : { revision: trunk.revision ?? 0 });

/** What the form saves. */
function bodyOf(
  {
    id: _id,
    addresses,
    outbound = [],
    carrier,
    permittedCallerNumbers,
    username,
    password,
    certificate = '',
    channels,
    callsPerSecondIn,
    callsPerSecondOut,
    numberRules,
    identity,
    codecs,
    digits,
    echoNumber,
    ...rest
  }: Fields,
  trunk: StoredTrunk | null,
) {
  const limits = Object.entries({ channels, callsPerSecondIn, callsPerSecondOut });
  return {
    ...rest,
    ...Object.fromEntries(limits.filter(([, limit]) => typeof limit === 'number')),
    ...(rest.transport === 'tls' && certificate.trim() !== '' ? { certificate: certificate.trim() } : {}),
    carrier: carrier ?? '',
    addresses: lines(addresses),
    permittedCallerNumbers: permittedCallerNumbers ?? [],
    ...storedAddresses(outbound),
    ...storedSheet({ numberRules, identity, codecs, digits, echoNumber }),
    // Without a password the stored one stays.
    ...(username ? { digest: { username, ...(password ? { password } : {}) } } : {}),
    ...meantFor(trunk),
  };
}

export function TrunkForm({
  trunk,
  taken,
  onClose,
}: {
  readonly trunk: StoredTrunk | null;
  /** The ids of existing trunks. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const change = useChange('trunks', onClose);
  const made = idFrom(Form.useWatch('name', form) ?? '', 'trunk', taken);
  const needsAccount = [Form.useWatch('registers', form) === true, Form.useWatch(['identity', 'user'], form) === 'account'].includes(true);
  const overTls = Form.useWatch('transport', form) === 'tls';

  const save = (fields: Fields): void =>
    change.mutate({
      route: 'PUT /trunks/:id',
      params: { id: trunk?.id ?? (fields.id || made) },
      body: bodyOf(fields, trunk),
      isNew: trunk === null,
    });

  return (
    <FormDrawer
      open
      size={440}
      title={trunk?.id ?? t('library.trunks.add')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={change.isPending} onClick={() => form.submit()} data-testid="save-trunk">
          {t('shell.save')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={
          trunk === null
            ? {
                enabled: true,
                trustsIdentity: false,
                registers: false,
                transport: 'plain',
                mediaEncryption: 'off',
                outbound: [{ priority: 0, weight: 0 }],
                ...sheetFields({}),
              }
            : {
                transport: 'plain',
                mediaEncryption: 'off',
                ...trunk,
                username: trunk.digest?.username,
                addresses: trunk.addresses.join('\n'),
                outbound: addressFields(trunk),
                ...sheetFields(trunk),
                permittedCallerNumbers: [...trunk.permittedCallerNumbers],
              }
        }
        onFinish={save}
      >
        {trunk === null && <ProfileField onChoose={(name) => form.setFieldsValue(profileFields(name))} />}
        <IdentityFields trunk={trunk} made={made} />
        <TransportFields overTls={overTls} />
        <TrunkAddresses />
        <LimitFields />
        <AccountFields trunk={trunk} needed={needsAccount} />
      </Form>
    </FormDrawer>
  );
}

/** A new trunk may begin with the common settings of its kind of line. */
function ProfileField({ onChoose }: { readonly onChoose: (name: CarrierProfileName) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Form.Item label={t('trunkTest.profile')} extra={t('trunkTest.profileHint')}>
      <Select<CarrierProfileName>
        data-testid="carrier-profile"
        aria-label={t('trunkTest.profile')}
        options={carrierProfiles.map((value) => ({ value, label: t(`trunkTest.profiles.${value}`) }))}
        onChange={onChoose}
      />
    </Form.Item>
  );
}

/** The carrier, and the source addresses of its calls. */
function IdentityFields({ trunk, made }: { readonly trunk: StoredTrunk | null; readonly made: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item
        name="id"
        label={t('library.trunks.id')}
        extra={trunk === null && `${t('library.trunks.idHint')} ${t('setUp.made.id', { id: made })}`}
        rules={[{ pattern: /^[a-z0-9-]{1,40}$/ }]}
      >
        <Input disabled={trunk !== null} />
      </Form.Item>
      <Form.Item name="name" label={t('library.trunks.name')} rules={[{ required: true }]}>
        <Input />
      </Form.Item>
      <Form.Item name="carrier" label={t('library.trunks.carrier')}>
        <Input />
      </Form.Item>
      <Form.Item
        name="addresses"
        label={t('library.trunks.addresses')}
        extra={t('library.trunks.addressesHint')}
        rules={[{ required: true }, { validator: (_rule, text?: string) => checkAddresses(text, t) }]}
      >
        <Input.TextArea rows={3} />
      </Form.Item>
    </>
  );
}

/** How signalling and media are carried and protected. */
function TransportFields({ overTls }: { readonly overTls: boolean }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="transport" label={t('library.trunks.transport')} extra={overTls && t('library.trunks.tlsHint')}>
        <Select
          data-testid="trunk-transport"
          options={(['plain', 'tls'] as const).map((value) => ({ value, label: t(`library.trunks.transports.${value}`) }))}
        />
      </Form.Item>
      {overTls && (
        <Form.Item
          name="certificate"
          label={t('library.trunks.certificate')}
          extra={t('library.trunks.certificateHint')}
          rules={[{ pattern: CERTIFICATE, message: t('library.trunks.certificateWrong') }]}
        >
          <Input autoComplete="off" data-testid="trunk-certificate" />
        </Form.Item>
      )}
      <Form.Item
        name="mediaEncryption"
        label={t('library.trunks.mediaEncryption')}
        extra={t('library.trunks.mediaEncryptionHint')}
        dependencies={['transport']}
        rules={[
          {
            validator: (_rule, value) =>
              value === 'required' && !overTls ? Promise.reject(new Error(t('library.trunks.mediaEncryptionNeedsTls'))) : Promise.resolve(),
          },
        ]}
      >
        <Select
          data-testid="trunk-media-encryption"
          options={(['off', 'optional', 'required'] as const).map((value) => ({
            value,
            label: t(`library.trunks.mediaEncryptions.${value}`),
          }))}
        />
      </Form.Item>
    </>
  );
}

/** The agreement with the carrier; a field may stay empty. */
function LimitFields(): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {(Object.keys(LIMITS) as (keyof typeof LIMITS)[]).map((name) => (
        <Form.Item
          key={name}
          name={name}
          label={t(`library.trunks.${name}`)}
          extra={name === 'channels' && t('library.trunks.channelsHint')}
        >
          <InputNumber min={1} max={LIMITS[name]} precision={0} data-testid={`trunk-${name}`} />
        </Form.Item>
      ))}
    </>
  );
}

/** How we register with the carrier, and which of its headers we trust. */
function AccountFields({ trunk, needed }: { readonly trunk: StoredTrunk | null; readonly needed: boolean }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item
        name="username"
        label={t('library.trunks.username')}
        dependencies={['registers', ['identity', 'user']]}
        rules={[{ required: needed }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="password" label={t('library.trunks.password')} extra={trunk?.digest && t('library.trunks.passwordHint')}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item name="permittedCallerNumbers" label={t('library.trunks.permitted')}>
        <Select mode="tags" tokenSeparators={[',', ' ']} open={false} suffix={null} />
      </Form.Item>
      <TrunkSheetFields />
      <Form.Item name="registers" valuePropName="checked" noStyle>
        <Checkbox>{t('library.trunks.registers')}</Checkbox>
      </Form.Item>
      <Form.Item name="trustsIdentity" valuePropName="checked" noStyle>
        <Checkbox>{t('library.trunks.trusts')}</Checkbox>
      </Form.Item>
      <Form.Item name="mediaBehindNat" valuePropName="checked" extra={t('library.trunks.behindNatHint')}>
        <Checkbox data-testid="trunk-behind-nat">{t('library.trunks.behindNat')}</Checkbox>
      </Form.Item>
      <Form.Item name="enabled" valuePropName="checked" noStyle>
        <Checkbox>{t('library.trunks.enabled')}</Checkbox>
      </Form.Item>
    </>
  );
}
