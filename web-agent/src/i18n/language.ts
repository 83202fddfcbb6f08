import i18next from 'i18next';
import { firstWords } from './words/index.js';

export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];

const KEY = 'proofline.language';

/** Chinese first: English only for those who chose it. */
export function startLanguages(storage: Storage): void {
  const language: Language = storage.getItem(KEY) === 'en' ? 'en' : 'zh-CN';
  void i18next.init({
    lng: language,
    fallbackLng: false,
    resources: { 'zh-CN': { translation: firstWords('zh') }, en: { translation: firstWords('en') } },
    interpolation: { escapeValue: false },
    initAsync: false,
    returnNull: false,
    // Renders what is on the screen again when the other pages' words arrive.
    react: { bindI18nStore: 'added' },
  });
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language, storage: Storage): Promise<void> {
  storage.setItem(KEY, language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

let loading: Promise<void> | undefined;

/** Adds the words of the pages beside the seat, once; a load that failed is tried again by the next page. */
export function loadPageWords(): Promise<void> {
  loading ??= import('./words/page-words.js').then(
    ({ pageWords }) => {
      i18next.addResourceBundle('zh-CN', 'translation', pageWords('zh'), true, true);
      i18next.addResourceBundle('en', 'translation', pageWords('en'), true, true);
    },
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** A list of several things, separated as the page's language does it. */
export const listed = (things: readonly string[], { language }: { readonly language: string }): string =>
  things.join(language === 'en' ? ', ' : '、');
