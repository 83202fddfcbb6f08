import type { CampaignView } from '../calling-out.js';

type Counts = Pick<CampaignView['counts'], 'all' | 'tried' | 'reached' | 'refused'>;

/** People who complained about the calls, of 10,000 who were spoken with; null while there is nobody. */
export const complaintsPer10000 = ({ reached, refused, complained }: Pick<CampaignView['counts'], 'reached' | 'refused' | 'complained'>) =>
  reached + refused === 0 ? null : (10_000 * complained) / (reached + refused);

/** Shares of people in percent, each counted once by what came of the last try; null while nobody is counted below the line. */
export function campaignRates({ all, tried, reached, refused }: Counts): {
  /** Of those on the list, whoever was called at least once. */
  readonly penetration: number | null;
  /** Of those who were called, whoever was spoken with. */
  readonly contact: number | null;
  /** Of those who were spoken with, whoever refused further calls by key. */
  readonly refusal: number | null;
} {
  const spoken = reached + refused;
  return { penetration: percent(tried, all), contact: percent(spoken, tried), refusal: percent(refused, spoken) };
}

const percent = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole);
