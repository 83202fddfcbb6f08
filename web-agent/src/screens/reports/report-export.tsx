import { DownloadOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { reportForms, type ReportForm } from '../../../../services/shared/domain/figures/report.js';
import { saveBlob } from '../../components/save-blob.js';
import { useFailureWords } from '../../session/use-server.js';
import { useApp } from '../../session/use-workplace.js';
import type { ReportChoice } from './report-choice.js';

/** Downloads the report as a file that the server makes. It has all rows, even those that the page does not show. */
export function ReportExport({ choice: { from, to, interval, by, columns } }: { readonly choice: ReportChoice }): ReactNode {
  const { t, i18n } = useTranslation();
  const { session } = useApp();
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  const [making, setMaking] = useState(false);

  async function save(form: ReportForm): Promise<void> {
    setMaking(true);
    try {
      const language = i18n.language === 'en' ? 'en' : 'zh-CN';
      const query = { from, to, interval, by, form, language, figures: columns.join() } as const;
      saveBlob(await session.api.file('/figures/report/file', { query }), `report_${from}_${to}_${by}_${interval}.${form}`);
    } catch (error) {
      void message.error(wordsOf(error), 8);
    } finally {
      setMaking(false);
    }
  }

  return (
    <Dropdown
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
