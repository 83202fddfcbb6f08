import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { numberRuleUses } from '../../../../../services/shared/domain/numbers/number-rules.js';
import { trunkDigits } from '../../../../../services/shared/domain/calls/trunk-digits.js';
import { trunkCodecs } from '../../../../../services/shared/domain/calls/trunk-codecs.js';
import { tryOut, type SheetFields } from './trunk-sheet.js';

const MOST_RULES = 40;
const LONGEST_PREFIX = 12;
/** Two in a row: in a narrower field its placeholder would be cut off. */
const HALF = { marginBottom: 4, flex: '1 1 40%' } as const;
const FULL = { width: '100%' } as const;
const NUMBER_LENGTH = { min: 3, max: 21 } as const;
/** Digits, with an optional plus in front. */
const PREFIX = /^\s*\+?\d{0,12}\s*$/;
const ECHO_NUMBER = /^\s*\+?\d{3,20}\s*$/;
const DOMAIN = /^\s*[\w-]+(?:\.[\w-]+)*\s*$/;

/** The carrier's data sheet: numbers, the identity of outbound calls, and codecs. */
export function TrunkSheetFields(): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <NumberRules />
      <TryOut />
      <Form.Item name={['identity', 'user']} label={t('trunkSheet.user')} extra={t('trunkSheet.userHint')}>
        <Select
          data-testid="identity-user"
          options={(['number', 'account'] as const).map((value) => ({ value, label: t(`trunkSheet.users.${value}`) }))}
        />
      </Form.Item>
      <Form.Item
        name={['identity', 'domain']}
        label={t('trunkSheet.domain')}
        extra={t('trunkSheet.domainHint')}
        rules={[{ pattern: DOMAIN, message: t('trunkSheet.domainWrong') }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name={['identity', 'header']} label={t('trunkSheet.header')}>
        <Select
          data-testid="identity-header"
          options={(['asserted', 'preferred', 'none'] as const).map((value) => ({ value, label: t(`trunkSheet.headers.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name={['identity', 'diversion']} valuePropName="checked">
        <Checkbox>{t('trunkSheet.diversion')}</Checkbox>
      </Form.Item>
      <Form.Item name={['identity', 'privacy']} valuePropName="checked" extra={t('trunkSheet.privacyHint')}>
        <Checkbox data-testid="identity-privacy">{t('trunkSheet.privacy')}</Checkbox>
      </Form.Item>
      <Form.Item name="codecs" label={t('trunkSheet.codecs')} extra={t('trunkSheet.codecsHint')}>
        <Select
          mode="multiple"
          data-testid="trunk-codecs"
          options={trunkCodecs.map((value) => ({ value, label: t(`trunkSheet.codecNames.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="digits" label={t('trunkSheet.digits')} extra={t('trunkSheet.digitsHint')}>
        <Select data-testid="trunk-digits" options={trunkDigits.map((value) => ({ value, label: t(`trunkSheet.digitForms.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="echoNumber"
        label={t('trunkSheet.echoNumber')}
        extra={t('trunkSheet.echoNumberHint')}
        rules={[{ pattern: ECHO_NUMBER, message: t('trunkSheet.echoNumberWrong') }]}
      >
        <Input autoComplete="off" inputMode="tel" data-testid="trunk-echo" />
      </Form.Item>
    </>
  );
}

function NumberRules(): ReactNode {
  const { t } = useTranslation();
  const prefixRule = { pattern: PREFIX, message: t('trunkSheet.prefixWrong') };
  return (
    <Form.Item label={t('trunkSheet.rules')} extra={t('trunkSheet.rulesHint')}>
      <Form.List name="numberRules">
        {(rows, { add, remove }) => (
          <>
            {rows.map(({ key, name }) => {
              const place = name + 1;
              const label = (field: 'use' | 'starts' | 'length' | 'remove' | 'put'): string => t(`trunkSheet.of.${field}`, { place });
              return (
                <div key={key} role="group" aria-label={t('trunkSheet.rule', { place })} style={{ marginBottom: 12 }}>
                  <div className="row nowrap" style={{ marginBottom: 4 }}>
                    <Form.Item name={[name, 'use']} noStyle>
                      <Select
                        aria-label={label('use')}
                        style={{ flex: 1 }}
                        options={numberRuleUses.map((value) => ({ value, label: t(`trunkSheet.uses.${value}`) }))}
                      />
                    </Form.Item>
                    <Button aria-label={t('trunkSheet.removeRule', { place })} onClick={() => remove(name)}>
                      ×
                    </Button>
                  </div>
                  <div className="row">
                    <Form.Item name={[name, 'starts']} rules={[prefixRule]} style={HALF}>
                      <Input aria-label={label('starts')} placeholder={t('trunkSheet.starts')} />
                    </Form.Item>
                    <Form.Item name={[name, 'length']} style={HALF}>
                      <InputNumber
                        {...NUMBER_LENGTH}
                        precision={0}
                        style={FULL}
                        aria-label={label('length')}
                        placeholder={t('trunkSheet.length')}
                      />
                    </Form.Item>
                    <Form.Item name={[name, 'remove']} style={HALF}>
                      <InputNumber
                        min={0}
                        max={LONGEST_PREFIX}
                        precision={0}
                        style={FULL}
                        aria-label={label('remove')}
                        placeholder={t('trunkSheet.remove')}
                      />
                    </Form.Item>
                    <Form.Item name={[name, 'put']} rules={[prefixRule]} style={HALF}>
                      <Input aria-label={label('put')} placeholder={t('trunkSheet.put')} />
                    </Form.Item>
                  </div>
                </div>
              );
            })}
            <Button disabled={rows.length >= MOST_RULES} onClick={() => add({ use: 'called-out' })} data-testid="add-number-rule">
              {t('trunkSheet.addRule')}
            </Button>
          </>
        )}
      </Form.List>
    </Form.Item>
  );
}

/** A number, and the result of the rules in the form. */
function TryOut(): ReactNode {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const rows = Form.useWatch<SheetFields['numberRules']>('numberRules');
  const tried = tryOut(rows, number);
  return (
    <Form.Item label={t('trunkSheet.tryOut')} extra={t('trunkSheet.tryOutHint')}>
      <Input
        value={number}
        autoComplete="off"
        aria-label={t('trunkSheet.tryOut')}
        placeholder="+8613800000001"
        onChange={({ target }) => setNumber(target.value)}
        data-testid="try-number"
      />
      <div role="status" data-testid="tried">
        {number.trim() !== '' && tried.length === 0 && t('trunkSheet.noNumber')}
        {tried.map(({ use, result, rule }) => (
          <div key={use} data-testid={`tried-${use}`}>
            {rule === undefined
              ? t('trunkSheet.untouched', { use: t(`trunkSheet.uses.${use}`), result })
              : t('trunkSheet.touched', { use: t(`trunkSheet.uses.${use}`), result, rule })}
          </div>
        ))}
      </div>
    </Form.Item>
  );
}
