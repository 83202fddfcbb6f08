/** The two languages of pages and documents. */
export type Language = 'zh-CN' | 'en';
export const languages = ['zh-CN', 'en'] as const satisfies readonly Language[];

/** Gives the words of one language: `say('坐席', 'Seats')`. Text that people entered is printed as it is. */
export type Say = (zh: string, en: string) => string;

export const speak = (language: Language): Say => (language === 'en' ? (_zh, en) => en : (zh) => zh);

/** Words in both languages, as data. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}
export const inWords = ({ zh, en }: Words, say: Say): string => say(zh, en);

/** A list of words, joined as each language does it. */
export const listed = (parts: readonly string[], say: Say): string => parts.join(say('、', ', '));

/** A value of a stored row in words. A value without words is printed as it is. */
export const named = (words: Readonly<Record<string, Words>>, value: string, say: Say): string =>
  words[value] === undefined ? value : inWords(words[value], say);
