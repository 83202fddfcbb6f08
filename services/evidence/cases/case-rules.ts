import { uploadedMaterials, type UploadedMaterial } from '../../shared/domain/licence/licence-material.js';
import type { CaseItemId, CaseKind } from '../../shared/domain/licence/licence-case.js';
import type { Words } from '../../shared/domain/language.js';
import { textOf } from '../../shared/domain/licence/licence-file.js';
import type { RuleId } from '../../shared/domain/licence/rules/rule-book.js';
import type { ItemSource, LicenceCase } from './case-types.js';

export interface ItemRule {
  readonly id: CaseItemId;
  readonly source: ItemSource;
  readonly who: Words;
  readonly basis: RuleId;
  /** Conditions of the self-check that must be met before the system's own materials are complete. */
  readonly conditions?: readonly string[];
  /** Registers that must have a row. */
  readonly registers?: readonly string[];
  /** It may be marked as not needed. */
  readonly optional?: true;
  readonly when?: (of: LicenceCase) => boolean;
  /** Not needed until this condition holds. A file may be uploaded all the same. */
  readonly asked?: (of: LicenceCase) => boolean;
}

const officer: Words = { zh: '合规专员', en: 'Compliance' };
const legal: Words = { zh: '法定代表人', en: 'Legal representative' };
const technical: Words = { zh: '技术负责人', en: 'Technical lead' };
const security: Words = { zh: '安全责任人', en: 'Security responsible' };
const staff: Words = { zh: '人事', en: 'Personnel' };
const finance: Words = { zh: '财务', en: 'Finance' };

type More = Omit<ItemRule, 'id' | 'source' | 'who' | 'basis'>;
const item = (id: CaseItemId, source: ItemSource, who: Words, basis: RuleId, more: More = {}): ItemRule => ({
  ...{ id, source, who, basis },
  ...more,
});

const PLEDGES: readonly ItemRule[] = [
  item('pledge-lawful', 'signed', legal, 'application-materials'),
  item('pledge-outbound', 'signed', legal, 'notice-81', { registers: ['numbers'] }),
  item('pledge-security', 'signed', legal, 'order-42-security'),
  item('pledge-service', 'signed', legal, 'application-materials'),
];
const changed =
  (...kinds: readonly string[]) =>
  ({ changeKinds }: LicenceCase): boolean =>
    changeKinds.some((kind) => kinds.includes(kind));

const EQUIPMENT = item('equipment', 'made', technical, 'application-materials', { conditions: ['equipment'], registers: ['equipment'] });
const TOPOLOGY = item('topology', 'made', technical, 'application-materials', { conditions: ['topology'], registers: ['trunks', 'sites'] });
const NUMBERS = item('numbers', 'made', officer, 'number-rules', { conditions: ['numbers', 'trunks'], registers: ['numbers', 'trunks'] });
const SELF_CHECK = item('self-check', 'made', officer, 'order-42-6', { registers: ['company'] });

/** The materials of each kind of case, in the order of submission. */
export const caseRules: Readonly<Record<CaseKind, readonly ItemRule[]>> = {
  application: [
    item('application-form', 'signed', legal, 'application-form', {
      conditions: ['company', 'capital', 'named-persons'],
      registers: ['company', 'staff', 'shareholders'],
    }),
    item('business-licence', 'uploaded', officer, 'application-materials'),
    item('company-overview', 'made', officer, 'application-materials', {
      conditions: ['company', 'premises'],
      registers: ['company', 'sites', 'staff'],
    }),
    item('articles', 'uploaded', officer, 'application-materials'),
    item('shareholding', 'made', officer, 'application-form', { conditions: ['shareholding'], registers: ['shareholders'] }),
    item('capital', 'uploaded', finance, 'order-42-6-4', { optional: true }),
    item('identity-papers', 'uploaded', staff, 'application-duties'),
    item('technical-staff', 'uploaded', staff, 'application-staff', { conditions: ['technical-staff'] }),
    item('premises', 'uploaded', officer, 'application-premises', { conditions: ['premises'] }),
    item('business-plan', 'edited', officer, 'application-materials'),
    item('technical-plan', 'made', technical, 'application-materials', { registers: ['equipment', 'trunks', 'seats'] }),
    EQUIPMENT,
    TOPOLOGY,
    item('quality-measures', 'edited', officer, 'application-materials'),
    item('security-measures', 'edited', security, 'order-42-security', { conditions: ['rules'] }),
    item('rules-text', 'uploaded', security, 'order-42-security', { conditions: ['rules'] }),
    item('emergency-plan', 'edited', security, 'cyber-plan', { conditions: ['emergency'] }),
    item('grading', 'uploaded', security, 'order-11', { optional: true }),
    item('test-report', 'made', technical, 'application-materials'),
    SELF_CHECK,
    ...PLEDGES,
    item('pledge-domestic', 'signed', legal, 'application-open', { optional: true, when: ({ foreign }) => !foreign }),
    item('pledge-start', 'signed', legal, 'application-open', { optional: true }),
    item('reputation', 'uploaded', finance, 'application-open', { optional: true }),
  ],
  renewal: [
    item('renewal-form', 'signed', legal, 'order-42-27', { registers: ['licence', 'company'] }),
    item('resolution', 'signed', legal, 'order-42-27', { registers: ['shareholders'] }),
    item('licence-copy', 'uploaded', officer, 'order-42-27'),
    item('business-licence', 'uploaded', officer, 'application-materials'),
    item('opening-proof', 'made', officer, 'order-42-27', { registers: ['numbers'] }),
    item('technical-staff', 'uploaded', staff, 'application-staff', { conditions: ['technical-staff'] }),
    EQUIPMENT,
    TOPOLOGY,
    NUMBERS,
    item('quality', 'made', officer, 'application-materials'),
    item('security-measures', 'edited', security, 'order-42-security', { conditions: ['rules'] }),
    SELF_CHECK,
    ...PLEDGES,
  ],
  change: [
    item('change-form', 'signed', legal, 'order-42-28', { registers: ['licence', 'company', 'changes'] }),
    item('comparison', 'made', officer, 'order-42-28', { registers: ['changes'] }),
    item('resolution', 'signed', legal, 'order-42-28', { registers: ['shareholders'] }),
    item('licence-copy', 'uploaded', officer, 'order-42-28'),
    item('business-licence', 'uploaded', officer, 'order-42-29'),
    item('articles', 'uploaded', officer, 'order-42-28', { when: changed('shareholders', 'name', 'capital', 'merger', 'split') }),
    item('shareholding', 'made', officer, 'order-42-28', {
      conditions: ['shareholding'],
      registers: ['shareholders'],
      when: changed('shareholders', 'merger', 'split'),
    }),
    item('capital', 'uploaded', finance, 'order-42-6-4', { conditions: ['capital'], when: changed('capital') }),
    item('identity-papers', 'uploaded', staff, 'order-42-29', { when: changed('representative') }),
    item('technical-plan', 'made', technical, 'order-42-28', { when: changed('scope') }),
    item('pledge-lawful', 'signed', legal, 'application-materials'),
  ],
  'annual-report': [
    item('annual-report', 'made', officer, 'order-42-35', { registers: ['licence', 'company', 'sites', 'staff'] }),
    item('quality', 'made', officer, 'order-42-35'),
    NUMBERS,
    item('people', 'made', staff, 'order-42-35', { registers: ['staff', 'seats'] }),
    item('rules', 'made', security, 'order-42-35', { conditions: ['rules'], registers: ['rules'] }),
    item('shareholding', 'made', officer, 'order-42-35', { conditions: ['shareholding'], registers: ['shareholders'] }),
    item('pledge-truth', 'signed', legal, 'order-42-35'),
  ],
  inspection: [
    item('six-filing', 'made', officer, 'notice-81'),
    item('six-use', 'made', officer, 'notice-81'),
    item('six-resources', 'made', technical, 'notice-81'),
    item('six-conduct', 'made', officer, 'notice-81'),
    item('six-control', 'made', technical, 'notice-81'),
    item('six-consent', 'made', officer, 'notice-81'),
    item('licence-copy', 'uploaded', officer, 'order-42-display'),
    item('business-licence', 'uploaded', officer, 'application-materials'),
    EQUIPMENT,
    TOPOLOGY,
    NUMBERS,
    item('people', 'made', staff, 'training', { conditions: ['training'], registers: ['staff', 'seats'] }),
    item('rules-text', 'uploaded', security, 'order-42-security', { conditions: ['rules'] }),
    item('drills', 'made', security, 'cyber-plan', { conditions: ['emergency'], registers: ['drills'] }),
    item('outbound', 'made', officer, 'notice-81'),
    item('quality', 'made', officer, 'notice-81'),
    SELF_CHECK,
    item('demonstration', 'made', technical, 'notice-81'),
    item('pledge-outbound', 'signed', legal, 'notice-81', { registers: ['numbers'] }),
    item('rectification', 'signed', legal, 'notice-81', {
      optional: true,
      asked: ({ row }) => textOf(row, 'correctionsOn') !== '' || textOf(row, 'correctionsDueOn') !== '',
    }),
  ],
};

/** Whether the file of an item is a company paper, uploaded once in the register `materials`. */
export const isCompanyPaper = (id: string): id is UploadedMaterial => Object.hasOwn(uploadedMaterials, id);
