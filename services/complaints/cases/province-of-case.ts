import { cities, provinceNamed, provinceOfNumber, provinces } from '../../shared/domain/numbers/province.js';

/** How the province of a case is known: somebody gave it, an address in the text, the area code of the number, or only the site's own. */
export const provinceSources = ['stated', 'address', 'number', 'site'] as const;
export type ProvinceFrom = (typeof provinceSources)[number];

/** A line with an address, as people write it in letters and mails. */
const ADDRESS_LINE = /^[ \t\u3000]*(?:[\u4e00-\u9fff]{0,4}(?:地址|住址|所在地)|address)[ \t\u3000]*[:：][ \t\u3000]*(\S.{0,80})/gim;

const places = [...Object.keys(provinces), ...Object.keys(cities)];
/** A suffix that turns the name before it into a street or a district: 南京东路, 朝阳区. */
const STREET_OR_DISTRICT = /^(?:[东南西北中]?[一二三四五六七八九十]?(?:路|街|大道|大街|巷|弄|胡同|公路)|区)/;
/** A street or a district at the beginning of an address may have the name of another city. */
const beginsWithStreet = (address: string): boolean =>
  places.some((place) => address.startsWith(place) && STREET_OR_DISTRICT.test(address.slice(place.length)));

/** The province of the address in the text; none when the text has no address, or addresses in several provinces. */
export function provinceOfAddress(text: string): string | undefined {
  const named = new Set(
    [...text.matchAll(ADDRESS_LINE)].flatMap(([, address = '']) => (beginsWithStreet(address) ? [] : (provinceNamed(address) ?? []))),
  );
  return named.size === 1 ? [...named][0] : undefined;
}

/** Where the complainant is: as given, by the address, by a landline's area code; otherwise the site's province. */
export function provinceOfCase({
  stated,
  text,
  number,
  site,
}: {
  readonly stated: string | undefined;
  readonly text: string;
  /** In its national form. */
  readonly number: string | undefined;
  readonly site: string;
}): { readonly province: string; readonly provinceFrom: ProvinceFrom } {
  if (stated !== undefined) return { province: stated, provinceFrom: 'stated' };
  const ofAddress = provinceOfAddress(text);
  if (ofAddress !== undefined) return { province: ofAddress, provinceFrom: 'address' };
  const ofNumber = number === undefined ? undefined : provinceOfNumber(number);
  if (ofNumber !== undefined) return { province: ofNumber, provinceFrom: 'number' };
  return { province: site, provinceFrom: 'site' };
}
