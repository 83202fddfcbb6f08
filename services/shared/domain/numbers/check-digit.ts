const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const IDENTITY_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const IDENTITY_DIGITS = '10X98765432';

const weighted = (values: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * (values[i] ?? 0), 0);

/** Whether the check character of a unified social credit code is right (GB 32100-2015). */
export function isCreditCode(text: string): boolean {
  if (!/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(text)) return false;
  const values = Array.from(text, (each) => CREDIT_ALPHABET.indexOf(each));
  const rest = weighted(values, CREDIT_WEIGHTS) % 31;
  return values[17] === (31 - rest) % 31;
}

/** Whether an identity number has an existing birth date and the right check character (GB 11643-1999). */
export function isIdentityNumber(text: string): boolean {
  const [, year, month, day] = /^\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dX]$/.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const born = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(born.getTime()) || born.toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return false;
  return text[17] === IDENTITY_DIGITS[weighted(Array.from(text.slice(0, 17), Number), IDENTITY_WEIGHTS) % 11];
}
