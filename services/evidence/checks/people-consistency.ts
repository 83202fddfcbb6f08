import { breach, note, warning, type Finding } from '../../shared/domain/licence/finding.js';
import { inWords, type Say } from '../../shared/domain/language.js';
import {
  flagOf,
  hasDuty,
  listOf,
  namedDuties,
  rowsOf,
  textOf,
  type LicenceFile,
  type LicenceRow,
} from '../../shared/domain/licence/licence-file.js';
import { addDays, addWorkingDays } from '../../shared/domain/time/calendar-date.js';
import type { CheckContext } from './check-context.js';
import type { Usage } from './usage.js';
import { cite } from '../../shared/domain/licence/rules/rule-book.js';

/** Seats declared against seats used (item 42). */
export function checkSeats(file: LicenceFile, usage: Usage, { today, say }: CheckContext): Finding[] {
  const active = rowsOf(file, 'seats').filter((seat) => textOf(seat, 'usedFrom') <= today && (textOf(seat, 'usedUntil') || today) >= today);
  const sites = new Set(rowsOf(file, 'sites').map(({ key }) => key));
  const found: Finding[] = [];
  if (usage.peakSeats > active.length)
    found.push(
      breach(
        'seats-below-use',
        'seats',
        say(
          `同时在线坐席峰值 ${usage.peakSeats}，登记 ${active.length} 席。`,
          `${usage.peakSeats} seats were on line at once; ${active.length} are declared.`,
        ),
        cite('seats-declared', say),
      ),
    );
  for (const seat of active) {
    if (!sites.has(textOf(seat, 'siteId')))
      found.push(
        breach(
          'seat-site',
          seat.key,
          say(`坐席 ${seat.key} 的场地未登记。`, `The site of seat ${seat.key} is not registered.`),
          cite('seats-declared', say),
        ),
      );
    const client = textOf(seat, 'clientId');
    const contract = rowsOf(file, 'clients').find(({ key }) => key === client);
    if (client !== '' && (contract === undefined || textOf(contract, 'state') !== 'active' || textOf(contract, 'contractUntil') < today))
      found.push(
        breach(
          'seat-lease',
          seat.key,
          say(
            `坐席 ${seat.key} 已出租给 ${client}，但无有效租赁合同。`,
            `Seat ${seat.key} is leased to ${client} without a valid contract.`,
          ),
          cite('seat-lease', say),
        ),
      );
  }
  const accounts = new Map<string, string>();
  for (const seat of active) {
    const account = textOf(seat, 'agentAccount');
    const other = account === '' ? undefined : accounts.get(account);
    if (other !== undefined)
      found.push(
        warning(
          'seat-account-twice',
          seat.key,
          say(
            `账号 ${account} 登记在坐席 ${other} 和 ${seat.key}。`,
            `Account ${account} is registered at seats ${other} and ${seat.key}.`,
          ),
          cite('grade-accounts', say),
        ),
      );
    accounts.set(account, seat.key);
  }
  return found;
}

/** Staff, training, accounts and the change of address: items 40, 41, 44, 45, 52. */
export function checkStaff(file: LicenceFile, usage: Usage, context: CheckContext): Finding[] {
  const { today, say } = context;
  const people = rowsOf(file, 'staff').filter((person) => textOf(person, 'leftOn') === '' || textOf(person, 'leftOn') > today);
  return [
    ...checkNamedDuties(people, say),
    ...people.flatMap((person) => [...checkPapers(person, context), ...checkTraining(file, person, context)]),
    ...checkLeavers(file, usage, context),
    ...checkAccounts(people, usage, say),
    ...checkAllocatorKnows(file, context),
  ];
}

function checkNamedDuties(people: readonly LicenceRow[], say: Say): Finding[] {
  const found: Finding[] = [];
  for (const duty of [namedDuties.security, namedDuties.service, namedDuties.emergency])
    if (!people.some((person) => hasDuty(person, duty)))
      found.push(
        breach(
          'named-duty',
          inWords(duty, say),
          say(`人员名册中没有指定${duty.zh}。`, `The staff register names no ${duty.en}.`),
          cite('application-duties', say),
        ),
      );
  return found;
}

/** Confidentiality and labour contract of a person. */
function checkPapers(person: LicenceRow, { today, say }: CheckContext): Finding[] {
  const found: Finding[] = [];
  const name = person.key;
  if (textOf(person, 'confidentialityOn') === '')
    found.push(
      breach(
        'confidentiality',
        name,
        say(`员工 ${name} 没有保密协议。`, `Staff ${name} has no confidentiality agreement.`),
        cite('telecom-65', say),
      ),
    );
  const until = textOf(person, 'contractUntil');
  if (until !== '' && until < today)
    found.push(
      warning(
        'labour-contract',
        name,
        say(`员工 ${name} 的劳动合同已于 ${until} 到期。`, `The labour contract of staff ${name} ended on ${until}.`),
        cite('labour-contract', say),
      ),
    );
  return found;
}

function checkTraining(file: LicenceFile, person: LicenceRow, { today, say }: CheckContext): Finding[] {
  const found: Finding[] = [];
  const name = person.key;
  const lastTraining = (staffNumber: string, subject?: string): string =>
    rowsOf(file, 'trainings')
      .filter(
        (training) =>
          (subject === undefined || textOf(training, 'subject') === subject) && listOf(training, 'attendees').includes(staffNumber),
      )
      .map((training) => textOf(training, 'on'))
      .sort()
      .at(-1) ?? '';
  const trained = lastTraining(person.key);
  if (trained === '')
    found.push(
      breach(
        'training',
        name,
        say(
          `员工 ${name} 没有培训记录；新员工接听前须完成培训。`,
          `Staff ${name} has no training on record; it is needed before the first call.`,
        ),
        cite('training', say),
      ),
    );
  else if (addDays(trained, 365) < today)
    found.push(
      warning(
        'training',
        name,
        say(
          `员工 ${name} 最近一次培训是 ${trained}，超过一年。`,
          `The last training of staff ${name} was on ${trained}, more than a year ago.`,
        ),
        cite('training', say),
      ),
    );
  if (lastTraining(person.key, 'anti-fraud') === '')
    found.push(
      warning(
        'training-anti-fraud',
        name,
        say(`员工 ${name} 没有反诈培训记录。`, `Staff ${name} has no anti-fraud training on record.`),
        cite('training', say),
      ),
    );
  return found;
}

/** Accounts of people who have left. */
function checkLeavers(file: LicenceFile, usage: Usage, { today, say }: CheckContext): Finding[] {
  const found: Finding[] = [];
  const leavers = rowsOf(file, 'staff').filter((person) => textOf(person, 'leftOn') !== '' && textOf(person, 'leftOn') <= today);
  for (const person of leavers) {
    const account = usage.accounts.find(({ name }) => name === textOf(person, 'account'));
    if (account !== undefined && !account.disabled)
      found.push(
        breach(
          'leaver-account',
          person.key,
          say(`员工 ${person.key} 已离职，账号仍可登录。`, `Staff ${person.key} has left, and the account still works.`),
          cite('grade-accounts', say),
        ),
      );
  }
  return found;
}

/** One account belongs to one person, and two people administer the system and its security. */
function checkAccounts(people: readonly LicenceRow[], usage: Usage, say: Say): Finding[] {
  const found: Finding[] = [];
  const owners = new Map<string, string>();
  for (const person of people) {
    const account = textOf(person, 'account');
    const other = account === '' ? undefined : owners.get(account);
    if (other !== undefined)
      found.push(
        breach(
          'shared-account',
          account,
          say(
            `账号 ${account} 登记在员工 ${other} 和 ${person.key} 名下。`,
            `Account ${account} stands under staff ${other} and ${person.key}.`,
          ),
          cite('grade-accounts', say),
        ),
      );
    owners.set(account, person.key);
  }
  for (const account of usage.accounts)
    if (account.administersAlone === true && !account.disabled)
      found.push(
        warning(
          'administrators-apart',
          account.name,
          say(
            `账号 ${account.name} 同时是系统管理员和安全管理员，应由两人分别担任。`,
            `Account ${account.name} is system administrator and security administrator at once; two people should be.`,
          ),
          cite('grade-accounts', say),
        ),
      );
  for (const account of usage.accounts)
    if (account.agent && !account.disabled && !owners.has(account.name))
      found.push(
        warning(
          'account-without-person',
          account.name,
          say(`坐席账号 ${account.name} 不在人员名册中。`, `Agent account ${account.name} is not in the staff register.`),
          cite('grade-accounts', say),
        ),
      );
  return found;
}

/** Whether the allocator of numbers knows a change of the company's address. */
function checkAllocatorKnows(file: LicenceFile, { today, isWorkday, say }: CheckContext): Finding[] {
  const found: Finding[] = [];
  const company = rowsOf(file, 'company')[0];
  const changed = textOf(company, 'addressChangedOn');
  if (changed !== '' && textOf(company, 'allocatorToldOn') < changed) {
    const due = addWorkingDays(changed, 10, isWorkday);
    const text = say(
      `地址或联系方式于 ${changed} 变更，应在 ${due} 前告知码号分配机关。`,
      `Address or contact changed on ${changed}: the number allocator must be notified by ${due}.`,
    );
    found.push(
      due < today
        ? breach('allocator-told', 'company', text, cite('number-rules-26', say))
        : warning('allocator-told', 'company', text, cite('number-rules-26', say)),
    );
  }
  return found;
}

/** Client units and what their contracts need (item 43). */
export function checkClients(file: LicenceFile, { today, say }: CheckContext): Finding[] {
  return rowsOf(file, 'clients')
    .filter((client) => textOf(client, 'state') === 'active')
    .flatMap((client) => [
      ...(textOf(client, 'contractUntil') < today
        ? [
            breach(
              'client-contract',
              client.key,
              say(`委托单位 ${client.key} 的合同已到期。`, `The contract of client ${client.key} has ended.`),
              cite('client-contract', say),
            ),
          ]
        : []),
      ...(flagOf(client, 'businessLicenceOnFile')
        ? []
        : [
            warning(
              'client-licence',
              client.key,
              say(`委托单位 ${client.key} 的营业执照未存档。`, `The business licence of client ${client.key} is not on file.`),
              cite('client-contract', say),
            ),
          ]),
      ...(flagOf(client, 'processingAgreementOnFile')
        ? []
        : [
            breach(
              'client-agreement',
              client.key,
              say(
                `委托单位 ${client.key} 没有个人信息委托处理协议。`,
                `Client ${client.key} has no agreement on the processing of personal information.`,
              ),
              cite('client-contract', say),
            ),
          ]),
    ]);
}

/** Shift plan against sign-ins (item 46), for days that are over. */
export function checkShifts(file: LicenceFile, usage: Usage, { today, say }: CheckContext): Finding[] {
  return rowsOf(file, 'shifts').flatMap((shift) => {
    const [account, on] = [textOf(shift, 'account'), textOf(shift, 'on')];
    if (on >= today) return [];
    const came = usage.seatDays.find((each) => each.account === account)?.days.includes(on) ?? false;
    return came
      ? []
      : [
          note(
            'shift-without-sign-in',
            shift.key,
            say(`${on} 账号 ${account} 有排班，没有登录记录。`, `${on}: account ${account} had a shift and did not sign in.`),
            cite('house-rule', say),
          ),
        ];
  });
}
