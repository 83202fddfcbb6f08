import { MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { chooseLanguage } from '../i18n/language.js';
import { chooseShade } from '../shade.js';
import { useShade } from '../theme.js';

export function LanguageAndTheme(): ReactNode {
  const { t, i18n } = useTranslation();
  const shade = useShade();
  const other = shade === 'dark' ? 'light' : 'dark';
  return (
    <>
      <Button
        type="text"
        lang={i18n.language === 'en' ? 'zh-CN' : 'en'}
        onClick={() => void chooseLanguage(i18n.language === 'en' ? 'zh-CN' : 'en', localStorage)}
        data-testid="language"
      >
        {t('shell.switchLanguage')}
      </Button>
      <Button
        type="text"
        title={other === 'dark' ? t('shell.dark') : t('shell.light')}
        aria-label={other === 'dark' ? t('shell.dark') : t('shell.light')}
        icon={shade === 'dark' ? <SunOutlined /> : <MoonOutlined />}
        onClick={() => chooseShade(other)}
        data-testid="theme"
      />
    </>
  );
}
