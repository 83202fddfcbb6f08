/** The pages that are drawn, each as the person who works with it. `nobody` has not signed in; `agent` waits for a call; `talking` is in one. */
export const people = ['nobody', 'supervisor', 'admin', 'compliance', 'auditor', 'agent', 'talking'] as const;
export type PersonName = (typeof people)[number];

export interface DrawnPage {
  readonly person: PersonName;
  /** `:call` stands for a call of the tape. */
  readonly path: string;
  /** The name of a tab or button that is pressed before the picture is taken. */
  readonly press?: string;
}

/** Of these people the page has a telephone line. */
export const hasSeat = (person: PersonName): boolean => person === 'agent' || person === 'talking';
const of = (person: PersonName, ...paths: readonly string[]): DrawnPage[] => paths.map((path) => ({ person, path }));
const pressed = (person: PersonName, path: string, press: string): DrawnPage => ({ person, path, press });

export const drawnPages: readonly DrawnPage[] = [
  ...of('nobody', '/', '/complain'),
  ...of(
    'supervisor',
    '/wallboard',
    '/alarms',
    '/reports',
    '/agents',
    '/calls',
    '/calls/:call',
    '/quality',
    '/quality?tab=forms',
    '/listening',
    '/replay',
  ),
  ...of('supervisor', '/callbacks', '/customers', '/complaints', '/satisfaction', '/wallboard/walls'),
  ...['', '?tab=consents', '?tab=refusals', '?tab=rules', '?tab=fraud'].flatMap((tab) => of('supervisor', `/calling-out${tab}`)),
  ...of('admin', '/set-up', '/queues', '/agent-settings', '/caller-lists', '/numbers', '/flows', '/prompts', '/users', '/system'),
  ...of('admin', '/interface', '/security', '/exports'),
  pressed('admin', '/agent-settings', 'matrix'),
  ...of('compliance', '/registry', '/readiness', '/licence-cases', '/topology', '/service-quality', '/packs', '/inspector', '/drill'),
  ...of('compliance', '/keeping', '/keeping?tab=requests'),
  ...of('auditor', '/audit'),
  // With the calls of the day, and with a call.
  ...of('agent', '/seat', '/my-reviews'),
  ...of('talking', '/seat', '/my-reviews'),
];

/** The address without what is chosen on the page. */
export const plainPath = ({ path }: Pick<DrawnPage, 'path'>): string => path.split('?')[0] ?? path;

export const languages = ['zh-CN', 'en'] as const;
export const themes = ['light', 'dark'] as const;
export const widths = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;
export type Language = (typeof languages)[number];
export type Theme = (typeof themes)[number];

export const pictureName = ({ person, path, press = '' }: DrawnPage, language: Language, theme: Theme, width: number): string =>
  `${person}${`${path}${press === '' ? '' : `_${press}`}`.replaceAll(/[^\w-]+/g, '_')}.${language}-${theme}-${String(width)}.png`;
