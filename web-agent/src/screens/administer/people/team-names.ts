import type { TeamView } from '../../../../../services/shared/contracts/api/centre/teams.js';

/** The names of a team as a list by language. */
export const namesIn = (name: TeamView['name']): Readonly<Record<string, string>> => ({
  'zh-CN': name['zh-CN'],
  ...(name.en === undefined ? {} : { en: name.en }),
});
