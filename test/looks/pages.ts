/** The pages that are drawn, each as the person who works with it. `nobody` has not signed in. Agents' pages carry a telephone line, which no tape holds. */
export const people = ['nobody', 'supervisor', 'admin', 'compliance', 'auditor'] as const;
export type PersonName = (typeof people)[number];

export interface DrawnPage {
  readonly person: PersonName;
  readonly path: string;
}
const of = (person: PersonName, ...paths: readonly string[]): DrawnPage[] => paths.map((path) => ({ person, path }));

export const drawnPages: readonly DrawnPage[] = [
  ...of('nobody', '/', '/complain'),
  ...of('supervisor', '/wallboard', '/alarms', '/reports', '/agents', '/calls', '/quality', '/quality?tab=forms', '/listening', '/replay'),
  ...of('supervisor', '/callbacks', '/customers', '/complaints', '/satisfaction', '/wallboard/walls'),
  ...['', '?tab=consents', '?tab=refusals', '?tab=rules', '?tab=fraud'].flatMap((tab) => of('supervisor', `/calling-out${tab}`)),
  ...of('admin', '/set-up', '/queues', '/agent-settings', '/caller-lists', '/numbers', '/flows', '/prompts', '/users', '/system'),
  ...of('admin', '/interface', '/security', '/exports'),
  ...of('compliance', '/registry', '/readiness', '/licence-cases', '/topology', '/service-quality', '/packs', '/inspector', '/drill'),
  ...of('compliance', '/keeping', '/keeping?tab=requests'),
  ...of('auditor', '/audit'),
];

export const languages = ['zh-CN', 'en'] as const;
export const themes = ['light', 'dark'] as const;
export const widths = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;
export type Language = (typeof languages)[number];
export type Theme = (typeof themes)[number];

export const pictureName = ({ person, path }: DrawnPage, language: Language, theme: Theme, width: number): string =>
  `${person}${path.replaceAll(/[^\w-]+/g, '_')}.${language}-${theme}-${String(width)}.png`;
