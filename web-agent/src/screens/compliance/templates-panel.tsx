import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { useExport } from '../../components/use-export.js';
import { useRead } from '../../session/use-server.js';
import { useApp, useMay } from '../../session/use-workplace.js';

/** The material from which a case is prepared: papers to edit, and the sheet of each register. */
export function TemplatesPanel(): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const { session } = useApp();
  const give = useExport();
  const language = i18n.language === 'en' ? 'en' : 'zh-CN';
  const templates = useRead('/evidence/templates', { query: { language } });
  const registers = useRead('/registry', { enabled: may('registry.read') });
  return (
    <section className="panel stack" data-testid="templates">
      <h2>{t('licenceCases.templates.title')}</h2>
      <p className="soft">{t('licenceCases.templates.text')}</p>
      <h3>{t('licenceCases.templates.papers')}</h3>
      <Loaded query={templates}>
        {({ templates: papers }) => (
          <div className="row" data-testid="template-papers">
            {papers.map(({ id, title }) => (
              <Button
                key={id}
                size="small"
                className="long-title"
                data-testid={`template-${id}`}
                onClick={() =>
                  give(
                    session.api.file('/evidence/templates/:templateId/document.docx', { params: { templateId: id }, query: { language } }),
                    `${title}.docx`,
                  )
                }
              >
                {title}
              </Button>
            ))}
          </div>
        )}
      </Loaded>
      {may('registry.read') && (
        <>
          <h3>{t('licenceCases.templates.sheets')}</h3>
          <Loaded query={registers}>
            {({ registers: all }) => (
              <div className="row" data-testid="template-sheets">
                {all.map(({ name, title }) => (
                  <Button
                    key={name}
                    size="small"
                    className="long-title"
                    data-testid={`sheet-${name}`}
                    onClick={() =>
                      give(session.api.file('/registry/:register/sample.xlsx', { params: { register: name } }), `${title.zh}-导入模板.xlsx`)
                    }
                  >
                    {language === 'en' ? title.en : title.zh}
                  </Button>
                ))}
              </div>
            )}
          </Loaded>
        </>
      )}
    </section>
  );
}
