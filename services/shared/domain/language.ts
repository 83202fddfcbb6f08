/** The two languages of pages and documents. */
export type Language = 'zh-CN' | 'en';
export const languages = ['zh-CN', 'en'] as const satisfies readonly Language[];

/** Gives the words of one language: `say('坐席', 'Seats')`. What people entered is printed as they wrote it. */
export type Say = (zh: string, en: string) => string;

export const speak = (language: Language): Say => (language === 'en' ? (_zh, en) => en : (zh) => zh);

/** Words that stand as data, in both languages. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}
export const inWords = ({ zh, en }: Words, say: Say): string => say(zh, en);

/** An enumeration as each language writes it. */
export const listed = (parts: readonly string[], say: Say): string => parts.join(say('、', ', '));
