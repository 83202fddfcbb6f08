import { DownloadOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { reportForms, type ReportForm } from '../../../../../services/shared/domain/figures/report.js';
import { saveBlob } from '../../../components/save-blob.js';
import { useFailureWords } from '../../../session/use-server.js';

/** The choice of a file that the server makes. It has all rows, even those that the page does not show. */
export function FileMenu({
  fileName,
  read,
}: {
  /** Without its form. */
  readonly fileName: string;
  readonly read: (form: ReportForm, language: 'zh-CN' | 'en') => Promise<Blob>;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  const [making, setMaking] = useState(false);

  async function save(form: ReportForm): Promise<void> {
    setMaking(true);
    try {
      saveBlob(await read(form, i18n.language === 'en' ? 'en' : 'zh-CN'), `${fileName}.${form}`);
    } catch (error) {
      void message.error(wordsOf(error), 8);
    } finally {
      setMaking(false);
    }
  }

  return (
    <Dropdown
      autoFocus
      trigger={['click']}
      disabled={making}
      menu={{
        items: reportForms.map((form) => ({ key: form, label: t(`reports.forms.${form}`) })),
        onClick: ({ key }) => void save(key as ReportForm),
      }}
    >
      <Button icon={<DownloadOutlined />} loading={making} data-testid="report-export">
        {t('reports.export')}
      </Button>
    </Dropdown>
  );
}
