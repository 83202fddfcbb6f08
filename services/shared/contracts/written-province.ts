import { z } from 'zod';
import { provinceNamed } from '../domain/numbers/province.js';

/** A province in any usual form: `河南`, `河南省`, `Henan`, an address. It is read as its short name. */
export const WrittenProvince = z
  .string()
  .max(100)
  .transform((written, ctx) => {
    const province = provinceNamed(written);
    if (province !== undefined) return province;
    ctx.addIssue({ code: 'custom', message: 'not a province on the list' });
    return z.NEVER;
  });
