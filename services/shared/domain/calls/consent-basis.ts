import type { Words } from '../language.js';

/** The article on the withdrawal of consent: the rule book and the pages of consents and of calls out all print this text. */
export const withdrawalBasis: Words = { zh: '《个人信息保护法》第 15 条', en: 'Personal Information Protection Law, Art. 15' };
