import { inWords, type Say, type Words } from '../language.js';
import type { ChosenSeed, SeedFrom } from './seed.js';

/** The origin of a seed. Only the person who typed a seed knows whether it came from outside. */
export const seedWords: Readonly<Record<SeedFrom, Words>> = {
  inspector: { zh: '由检查人员以本人账号录入', en: 'typed in by an inspector with their own account' },
  outside: { zh: '由演练发起人录入', en: 'typed in by whoever began the drill' },
  'day-sheet': { zh: '最近一份已对外存证的录音日结表', en: 'the newest day sheet sent to a witness' },
  system: { zh: '系统生成', en: 'made by the system' },
};

/** The origin of a seed in words; of one that an inspector named also who it was, and when. */
export function seedOrigin(
  { seedFrom, seedBy }: Pick<ChosenSeed, 'seedFrom' | 'seedBy'>,
  timeOf: (at: Date) => string,
  say: Say,
  words: Readonly<Record<SeedFrom, Words>> = seedWords,
): string {
  const from = inWords(words[seedFrom], say);
  return seedBy === undefined
    ? from
    : say(`${from}：${seedBy.name}，${timeOf(seedBy.at)}`, `${from}: ${seedBy.name}, ${timeOf(seedBy.at)}`);
}
