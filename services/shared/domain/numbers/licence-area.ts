/**
 * Whether a licence covers the place where a number is used. A licence without provinces, and one for the whole country, covers every
 * place.
 */
export function isLicensedArea(
  licence: { readonly scope: string; readonly provinces: readonly string[] } | undefined,
  area: string,
): boolean {
  if (licence === undefined || licence.scope !== 'provincial' || licence.provinces.length === 0) return true;
  return licence.provinces.some((province) => area.includes(province));
}
