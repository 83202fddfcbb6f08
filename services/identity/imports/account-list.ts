import type { AccountColumn, AccountRowFault } from '../../shared/domain/people/account-list.js';
import { columnsOf } from '../../shared/domain/list-heads.js';
import { isPlainText } from '../../shared/domain/plain-text.js';
import { roles as allRoles, type Role, type Scope } from '../../shared/domain/people/rights.js';
import { conflictingRoles } from '../account.js';

/** A row that can be read. Team and queues are as written: an id or a name. */
export interface ListedAccount {
  /** The line number in the sheet; the headers are line 1. */
  readonly line: number;
  readonly name: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly team: string;
  readonly serves: readonly string[];
  readonly skills: Readonly<Record<string, number>>;
  readonly scope: Scope;
}
export interface RefusedAccount {
  readonly line: number;
  readonly fault: AccountRowFault;
}
export interface ReadAccounts {
  readonly rows: readonly ListedAccount[];
  readonly refused: readonly RefusedAccount[];
  /** Columns that the headers lack. If there are any, nothing was read. */
  readonly missing: readonly AccountColumn[];
}

/** Headers as people write them, besides the column's own name. */
const heads: Readonly<Record<AccountColumn, readonly string[]>> = {
  name: ['用户名', '登录名', '账号', 'user name', 'sign-in name'],
  displayName: ['姓名', '名称', 'name shown', 'display name'],
  roles: ['角色', 'role'],
  team: ['班组', '所属班组'],
  serves: ['服务队列', '队列', 'serves queues'],
  skills: ['技能'],
  queues: ['数据范围-队列', 'scope queues'],
  clientUnits: ['数据范围-委托单位', 'scope client units'],
  sites: ['数据范围-场地', 'scope sites'],
  scopeTeams: ['数据范围-班组', 'scope teams'],
};
const needed: readonly AccountColumn[] = ['name', 'displayName', 'roles'];

const roleWords: Readonly<Record<Role, readonly string[]>> = {
  agent: ['坐席', '坐席员'],
  supervisor: ['班长'],
  compliance: ['合规专员', 'compliance officer'],
  auditor: ['审计员'],
  'security-admin': ['安全管理员', 'security administrator'],
  admin: ['系统管理员', 'system administrator'],
  inspector: ['检查人员'],
};
const roleOf = (text: string): Role | undefined => allRoles.find((role) => role === text || roleWords[role].includes(text));

const SEPARATORS = /[;；、]/;
const MOST = { displayName: 64, id: 64, values: 100, skills: 50 };
const NAME = /^[a-z0-9_][a-z0-9._-]{1,63}$/;
/** The characters that spreadsheets take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

const parts = (text: string): string[] => [
  ...new Set(
    text
      .split(SEPARATORS)
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ),
];

/** Reads a list of people. Each row that cannot be read is named with its first fault; the other rows are independent of it. */
export function readAccounts(sheet: readonly (readonly string[])[]): ReadAccounts {
  const [first = [], ...lines] = sheet;
  const columns = columnsOf<AccountColumn>(first, heads);
  const missing = needed.filter((column) => !columns.includes(column));
  if (missing.length > 0) return { rows: [], refused: [], missing };
  const rows: ListedAccount[] = [];
  const refused: RefusedAccount[] = [];
  const seen = new Set<string>();
  for (const [i, cells] of lines.entries()) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    const line = i + 2;
    const row = readRow((column) => (columns.includes(column) ? (cells[columns.indexOf(column)] ?? '').trim() : ''));
    if (typeof row === 'string') refused.push({ line, fault: row });
    else if (seen.has(row.name)) refused.push({ line, fault: 'repeated' });
    else {
      seen.add(row.name);
      rows.push({ line, ...row });
    }
  }
  return { rows, refused, missing };
}

function readRow(cell: (column: AccountColumn) => string): Omit<ListedAccount, 'line'> | AccountRowFault {
  const name = cell('name').toLowerCase();
  if (!NAME.test(name)) return 'name';
  const displayName = cell('displayName');
  if (displayName === '' || displayName.length > MOST.displayName || FORMULA.test(displayName) || !isPlainText(displayName))
    return 'displayName';
  const named = parts(cell('roles').toLowerCase());
  const roles = named.map(roleOf).filter((role) => role !== undefined);
  if (roles.length === 0 || roles.length < named.length) return 'roles';
  if (conflictingRoles(roles) !== undefined) return 'conflict';
  if (roles.includes('inspector')) return 'inspector';
  for (const column of ['team', 'serves', 'queues', 'clientUnits', 'sites', 'scopeTeams'] as const) {
    const values = parts(cell(column));
    if (values.length > MOST.values || values.some(({ length }) => length > MOST.id)) return column;
  }
  const skills = skillsOf(parts(cell('skills')));
  if (skills === undefined) return 'skills';
  const [queues, clientUnits, sites, teams] = (['queues', 'clientUnits', 'sites', 'scopeTeams'] as const).map((column) =>
    parts(cell(column)),
  ) as [string[], string[], string[], string[]];
  if (teams.length > 0 && queues.length + clientUnits.length + sites.length > 0) return 'beyond-own';
  const scope: Scope = { queues, clientUnits, sites, ...(teams.length === 0 ? {} : { teams }) };
  return { name, displayName, roles: [...new Set(roles)], team: cell('team'), serves: parts(cell('serves')), skills, scope };
}

/** Skills such as `english:3`, with levels from 1 to 10; undefined when one cannot be read. */
function skillsOf(texts: readonly string[]): Record<string, number> | undefined {
  if (texts.length > MOST.skills) return undefined;
  const skills = new Map<string, number>();
  for (const text of texts) {
    const [, skill, level] = /^([^:：]{1,64})[:：]\s*(10|[1-9])$/.exec(text) ?? [];
    if (skill === undefined || FORMULA.test(skill)) return undefined;
    skills.set(skill.trim(), Number(level));
  }
  return Object.fromEntries(skills);
}
