import type { TrunkFault } from '../shared/domain/calls/calling-out.js';
import { isLicensedArea } from '../shared/domain/numbers/licence-area.js';
import { normaliseNumber } from '../shared/domain/numbers/phone-number.js';
import type { NumberRegister } from './ports.js';

/** A row of the licence file in force; in a register with approval, an approved one. */
export type RegisterRow = (register: string, key: string) => Promise<RowValues | undefined>;
export type RegisterList = (register: string) => Promise<readonly RowValues[]>;
export type RowValues = Readonly<Record<string, unknown>>;

export const spelt = (number: string): string => normaliseNumber(number) ?? number;
const textOf = (row: RowValues | undefined, field: string): string => {
  const value = row?.[field];
  return typeof value === 'string' ? value : '';
};
const listOf = (row: RowValues | undefined, field: string): readonly string[] => {
  const value = row?.[field];
  return Array.isArray(value) ? value.map(String) : [];
};

function trunkFault(
  trunk: RowValues | undefined,
  from: string,
  { forwards, today }: { forwards: boolean; today: string },
): TrunkFault | undefined {
  if (trunk === undefined) return 'trunk-not-registered';
  if (trunk['direction'] === 'inbound-only') return 'trunk-inbound-only';
  if (trunk['state'] !== 'in-use') return 'trunk-not-in-use';
  const until = textOf(trunk, 'contractUntil');
  if (until !== '' && until < today) return 'trunk-contract-over';
  if (!listOf(trunk, 'permittedCallers').some((each) => spelt(each) === spelt(from))) return 'trunk-not-permitted';
  return forwards && trunk['forwarding'] !== true ? 'trunk-no-forwarding' : undefined;
}

/** The licence file as the gate queries it. A trunk or a caller number that is not in it carries nothing. */
export function createNumberRegister({
  row,
  list,
  today,
}: {
  readonly row: RegisterRow;
  readonly list: RegisterList;
  /** `YYYY-MM-DD` at the site. */
  readonly today: () => string;
}): NumberRegister {
  async function isContracted(clientId: string): Promise<boolean> {
    if (clientId === '') return true;
    const client = await row('clients', clientId);
    return textOf(client, 'state') === 'active' && textOf(client, 'contractFrom') <= today() && textOf(client, 'contractUntil') >= today();
  }

  async function isLicensed(area: string): Promise<boolean> {
    const [licence] = await list('licence');
    return isLicensedArea(
      licence === undefined ? undefined : { scope: textOf(licence, 'scope'), provinces: listOf(licence, 'provinces') },
      area,
    );
  }

  return {
    async number(number) {
      const found = await row('numbers', number);
      if (found === undefined) return undefined;
      const clientId = textOf(found, 'clientId');
      const [contracted, licensed] = await Promise.all([isContracted(clientId), isLicensed(textOf(found, 'area'))]);
      return {
        kind: textOf(found, 'kind'),
        state: textOf(found, 'state'),
        direction: textOf(found, 'direction'),
        validUntil: textOf(found, 'validUntil'),
        commitmentLetter: found['commitmentLetter'] === true,
        outboundReason: textOf(found, 'outboundReason'),
        clientId,
        contracted,
        licensed,
      };
    },
    trunkFault: async (trunkId, from, on) => trunkFault(await row('trunks', trunkId), from, on),
    async destination(number) {
      const found = await row('destinations', number);
      if (found === undefined) return undefined;
      const shown = textOf(found, 'shown');
      return { clientId: textOf(found, 'clientId'), validUntil: textOf(found, 'validUntil'), shown: shown === '' ? undefined : shown };
    },
  };
}
