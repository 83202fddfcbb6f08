/** Chinese where the locale is Chinese, else English. @returns {'zh' | 'en'} */
export function languageOf(env) {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return /^zh/i.test(locale) ? 'zh' : 'en';
}

const language = languageOf(process.env);

/** The text in the language of this terminal. */
export const say = (en, zh) => (language === 'zh' ? zh : en);
