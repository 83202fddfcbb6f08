import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { consentTemplate } from '../../../../../services/shared/domain/calls/consent-list.js';
import { useReadAgain } from '../../../session/use-server.js';
import { useApp } from '../../../session/use-workplace.js';
import { ListImport } from '../campaigns/list-import.js';

/** Imports a list of consents. */
export function ConsentImport({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const readAgain = useReadAgain();
  return (
    <ListImport
      title={t('callingOut.consents.list')}
      hint={t('callingOut.consents.listHint')}
      template={consentTemplate}
      name="consents"
      send={async (file, commit) => {
        const report = await session.api.send('POST /outbound/consents/import', { query: { fileName: file.name, commit }, file });
        if (commit === 'yes') await readAgain('outbound');
        return report;
      }}
      faultWords={(fault) => t(`callingOut.consents.listFaults.${fault}`)}
      columnWords={(column) => t(`callingOut.consents.columns.${column}`)}
      onClose={onClose}
    />
  );
}
