import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { wordsOf } from './words/index.js';

export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];

const KEY = 'proofline.language';

/** Chinese first: English only for those who chose it. */
export function startLanguages(storage: Storage): void {
  const language: Language = storage.getItem(KEY) === 'en' ? 'en' : 'zh-CN';
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { 'zh-CN': { translation: wordsOf('zh') }, en: { translation: wordsOf('en') } },
    interpolation: { escapeValue: false },
    initAsync: false,
    returnNull: false,
  });
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language, storage: Storage): Promise<void> {
  storage.setItem(KEY, language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}
