/** What was looked at. The order is that of the printed lines. */
export const checks = ['ports', 'disks', 'names', 'servers', 'clocks', 'certificates', 'witnesses', 'carriers'] as const;
export type Check = (typeof checks)[number];

/** What a line says; `words.ts` has a sentence for each, and for each that is not in order what to do. */
export type GoodCode =
  | 'port-free'
  | 'disk-good'
  | 'name-found'
  | 'server-answers'
  | 'clock-right'
  | 'certificate-good'
  | 'captures-there'
  | 'carrier-answers';
export type BadCode =
  | 'port-taken'
  | 'port-refused'
  | 'address-not-here'
  | 'folder-not-writable'
  | 'disk-small'
  | 'disk-slow'
  | 'name-unknown'
  | 'server-silent'
  | 'server-refuses'
  | 'server-far'
  | 'store-no-primary'
  | 'no-time-server'
  | 'time-server-silent'
  | 'clock-wrong'
  | 'certificate-unreadable'
  | 'certificate-ends'
  | 'certificate-name'
  | 'certificate-key'
  | 'captures-missing'
  | 'witnesses-together'
  | 'carrier-silent'
  | 'carrier-unknown'
  | 'no-carrier';

export type Facts = Readonly<Record<string, string | number>>;

/** One line: a thing of the site that is in order, or what is to be done about it. */
export interface Finding {
  readonly check: Check;
  /** A port, folder, name or server of the site; no secret. */
  readonly subject: string;
  readonly code: GoodCode | BadCode;
  readonly facts: Facts;
}

const good: ReadonlySet<string> = new Set<GoodCode>([
  ...([
    'port-free',
    'disk-good',
    'name-found',
    'server-answers',
    'clock-right',
    'certificate-good',
    'captures-there',
    'carrier-answers',
  ] as const),
]);

export const isGood = ({ code }: Pick<Finding, 'code'>): boolean => good.has(code);
