import { deedsEn } from './deeds-en.js';
import { deedsZh } from './deeds-zh.js';

/** What the audit log calls each deed. */
export const deeds = { zh: deedsZh, en: deedsEn };
