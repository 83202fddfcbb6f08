import type { NumberRule } from '../numbers/number-rules.js';
import type { TrunkCodec } from './trunk-codecs.js';

export const carrierProfiles = ['fixed-address', 'ims-account', 'tls-srtp'] as const;
export type CarrierProfileName = (typeof carrierProfiles)[number];

/** What the lines of one kind of carrier have in common. The carrier's data sheet says the rest. */
export interface CarrierProfile {
  readonly registers: boolean;
  readonly trustsIdentity: boolean;
  readonly transport: 'plain' | 'tls';
  readonly mediaEncryption: 'off' | 'optional' | 'required';
  readonly numberRules: readonly NumberRule[];
  readonly identity: {
    readonly user: 'number' | 'account';
    readonly header: 'asserted' | 'preferred' | 'none';
    readonly diversion: boolean;
  };
  readonly codecs: readonly TrunkCodec[];
}

const NARROW: readonly TrunkCodec[] = ['PCMA', 'PCMU'];

export const profileOf: Readonly<Record<CarrierProfileName, CarrierProfile>> = {
  /** A leased line or VPN between two fixed addresses. Numbers are written as they are dialled within the country. */
  'fixed-address': {
    registers: false,
    trustsIdentity: true,
    transport: 'plain',
    mediaEncryption: 'off',
    numberRules: [],
    identity: { user: 'number', header: 'asserted', diversion: true },
    codecs: NARROW,
  },
  /**
   * A line with registration. From holds the account, P-Asserted-Identity the number that is shown, and numbers have the international
   * form.
   */
  'ims-account': {
    registers: true,
    trustsIdentity: true,
    transport: 'plain',
    mediaEncryption: 'off',
    numberRules: [
      { use: 'called-out', starts: '1', length: 11, remove: 0, put: '+86' },
      { use: 'called-out', starts: '0', remove: 1, put: '+86' },
      { use: 'caller-out', starts: '0', remove: 1, put: '+86' },
    ],
    identity: { user: 'account', header: 'asserted', diversion: false },
    codecs: NARROW,
  },
  /** A line over the public internet. Signalling and media are encrypted, and the carrier is known by its certificate. */
  'tls-srtp': {
    registers: false,
    trustsIdentity: false,
    transport: 'tls',
    mediaEncryption: 'required',
    numberRules: [],
    identity: { user: 'number', header: 'asserted', diversion: false },
    codecs: ['G722', ...NARROW],
  },
};
