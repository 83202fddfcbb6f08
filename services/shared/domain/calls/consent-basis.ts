import type { Words } from '../language.js';

/** The article on consents that are taken back: the rule book and the pages of consents and of calls out print this one text. */
export const withdrawalBasis: Words = { zh: '《个人信息保护法》第 15 条', en: 'Personal Information Protection Law, Art. 15' };
