import { Alert, Button, Popconfirm } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServiceNumber } from '../../../../../services/shared/contracts/calls/flow.js';
import { useChange } from '../../../session/use-server.js';

const kinds = { draft: 'info', closed: 'error', 'out-of-service': 'warning' } as const;

/** Who reaches a number that does not take calls from everybody, and the button that puts it into service. */
export function NumberState({ number }: { readonly number: ServiceNumber }): ReactNode {
  const { t } = useTranslation();
  const put = useChange('numbers');
  const { status, testCallers } = number;
  if (status === 'in-service') return null;

  function intoService(): void {
    const { number: digits, flow: _flow, flowVersion: _version, previousFlowVersion: _before, ...settings } = number;
    put.mutate({ route: 'PUT /numbers/:number', params: { number: digits }, body: { ...settings, status: 'in-service' } });
  }

  const nobody = status === 'draft' && testCallers.length === 0;
  return (
    <Alert
      type={kinds[status]}
      showIcon
      title={t(`flow.state.${nobody ? 'draftOfNobody' : status}`, { callers: testCallers.join(', ') })}
      {...(status === 'closed'
        ? {}
        : {
            action: (
              <Popconfirm
                title={t('flow.state.intoServiceText', { version: number.flowVersion })}
                okText={t('flow.state.intoService')}
                cancelText={t('shell.cancel')}
                okButtonProps={{ 'data-testid': 'into-service-confirm' }}
                onConfirm={intoService}
              >
                <Button loading={put.isPending} data-testid="into-service">
                  {t('flow.state.intoService')}
                </Button>
              </Popconfirm>
            ),
          })}
      data-testid="number-state"
    />
  );
}
