import { breach, note, warning, type Finding } from '../finding.js';
import { inWords, type Say } from '../language.js';
import { flagOf, hasDuty, listOf, namedDuties, numberOf, rowsOf, textOf, type LicenceFile, type LicenceRow } from '../licence-file.js';
import { addDays, addWorkingDays, daysBetween, yearOf, type CalendarDate } from './calendar-date.js';
import type { Usage } from './usage.js';

export interface CheckContext {
  readonly today: CalendarDate;
  readonly isWorkday: (date: CalendarDate) => boolean;
  /** The language of the findings. */
  readonly say: Say;
}

/** Contradictions inside the licence file, and between it and what the system used: items 40-53. Pure. */
export function checkConsistency(file: LicenceFile, usage: Usage, context: CheckContext): Finding[] {
  return [
    ...numbers(file, usage, context),
    ...trunks(file, usage, context),
    ...seats(file, usage, context),
    ...staff(file, usage, context),
    ...clients(file, context),
    ...shifts(file, usage, context),
  ];
}

/** Whether a number may be used today (item 49): the state, the validity, and for a provincial licence the area. */
export function numberGate(
  number: LicenceRow,
  licence: LicenceRow | undefined,
  today: CalendarDate,
): 'usable' | 'expired' | 'suspended' | 'wrong-province' {
  const until = textOf(number, 'validUntil');
  if (textOf(number, 'state') !== 'in-use') return 'suspended';
  if (until !== '' && until < today) return 'expired';
  const provinces = listOf(licence, 'provinces');
  const area = textOf(number, 'area');
  if (textOf(licence, 'scope') === 'provincial' && provinces.length > 0 && !provinces.some((province) => area.includes(province)))
    return 'wrong-province';
  return 'usable';
}

function numbers(file: LicenceFile, usage: Usage, { today, say }: CheckContext): Finding[] {
  const licence = rowsOf(file, 'licence')[0];
  const clientNumbers = new Set(
    rowsOf(file, 'clients').flatMap((client) => (textOf(client, 'state') === 'active' ? listOf(client, 'numbers') : [])),
  );
  const found: Finding[] = [];
  for (const number of rowsOf(file, 'numbers')) {
    const used = usage.numbers.find((each) => each.number === number.key);
    const gate = numberGate(number, licence, today);
    const why = {
      expired: say('已过有效期', 'is past its validity'),
      suspended: say('已暂停或退回', 'is suspended or returned'),
      'wrong-province': say('使用地区超出许可证覆盖省份', 'is used outside the provinces of the licence'),
      usable: '',
    }[gate];
    if (gate !== 'usable' && used !== undefined && used.calls + used.outbound > 0)
      found.push(
        breach(
          'number-gate',
          number.key,
          say(
            `号码 ${number.key} ${why},但仍有 ${used.calls + used.outbound} 次呼叫。`,
            `Number ${number.key} ${why}, and had ${used.calls + used.outbound} calls all the same.`,
          ),
          '49',
        ),
      );
    else if (gate === 'expired' || gate === 'wrong-province')
      found.push(breach('number-gate', number.key, say(`号码 ${number.key} ${why}。`, `Number ${number.key} ${why}.`), '49'));
    const opened = textOf(number, 'openedOn');
    if (opened !== '' && textOf(number, 'openingReportedOn') === '' && addDays(opened, 10) < today)
      found.push(
        breach(
          'opening-report',
          number.key,
          say(
            `号码 ${number.key} 启用 ${daysBetween(opened, today)} 天,未见 10 日内的启用报告。`,
            `Number ${number.key} was opened ${daysBetween(opened, today)} days ago without its report within 10 days.`,
          ),
          '47',
        ),
      );
    if (numberOf(number, 'yearlyReportYear') < yearOf(today) - 1 && opened !== '' && yearOf(opened) < yearOf(today))
      found.push(
        warning(
          'number-yearly-report',
          number.key,
          say(
            `号码 ${number.key} 的 ${yearOf(today) - 1} 年度码号年报未登记。`,
            `The yearly report of number ${number.key} for ${yearOf(today) - 1} is not registered.`,
          ),
          '47',
        ),
      );
    const fee = textOf(number, 'feePaidUntil');
    if (fee !== '' && fee < today)
      found.push(
        warning(
          'number-fee',
          number.key,
          say(`号码 ${number.key} 的占用费缴至 ${fee}。`, `The fee of number ${number.key} is paid until ${fee}.`),
          '47',
        ),
      );
    if (textOf(number, 'direction') === 'both' && !flagOf(number, 'commitmentLetter'))
      found.push(
        breach(
          'commitment-letter',
          number.key,
          say(`号码 ${number.key} 为双向,但没有不违规呼出承诺书。`, `Number ${number.key} works both ways without a commitment letter.`),
          '2 / 47 [T]',
        ),
      );
    if (textOf(number, 'kind') === 'local' && textOf(number, 'direction') === 'both')
      found.push(
        textOf(number, 'outboundReason') === ''
          ? breach(
              'ordinary-number-outbound',
              number.key,
              say(
                `普通号码 ${number.key} 用于呼出,未写明理由(2018 年 11 月方案)。`,
                `Ordinary number ${number.key} calls out without a written reason (plan of November 2018).`,
              ),
              '51 [T]',
            )
          : note(
              'ordinary-number-outbound',
              number.key,
              say(
                `普通号码 ${number.key} 用于呼出,理由已登记,待主管部门确认。`,
                `Ordinary number ${number.key} calls out; its reason is registered and to be confirmed by the authority.`,
              ),
              '51 [T]',
            ),
      );
    if (used !== undefined && used.outbound > 0 && textOf(number, 'direction') === 'inbound-only')
      found.push(
        breach(
          'inbound-only-originates',
          number.key,
          say(
            `仅呼入号码 ${number.key} 有 ${used.outbound} 次呼出。`,
            `Inbound-only number ${number.key} made ${used.outbound} outbound calls.`,
          ),
          '1 / 53 [T]',
        ),
      );
    if (textOf(number, 'clientId') !== '' && !clientNumbers.has(number.key))
      found.push(
        breach(
          'number-without-contract',
          number.key,
          say(
            `号码 ${number.key} 服务的委托单位没有有效合同列明该号码。`,
            `The client unit of number ${number.key} has no active contract that names it.`,
          ),
          '50',
        ),
      );
  }
  for (const { number, calls, outbound } of usage.numbers)
    if (!rowsOf(file, 'numbers').some(({ key }) => key === number) && calls + outbound > 0)
      found.push(
        breach(
          'number-undeclared',
          number,
          say(
            `使用了未登记的号码 ${number}(${calls + outbound} 次呼叫)。`,
            `Number ${number} is in use (${calls + outbound} calls) and not registered.`,
          ),
          '53',
        ),
      );
  return found;
}

function trunks(file: LicenceFile, usage: Usage, { today, say }: CheckContext): Finding[] {
  const found: Finding[] = [];
  const registered = new Set(rowsOf(file, 'numbers').map(({ key }) => key));
  for (const trunk of rowsOf(file, 'trunks')) {
    const permitted = listOf(trunk, 'permittedCallers');
    if (textOf(trunk, 'state') === 'in-use' && permitted.length === 0)
      found.push(
        breach(
          'trunk-without-callers',
          trunk.key,
          say(`中继 ${trunk.key} 没有登记允许传送的主叫号码。`, `Trunk ${trunk.key} has no permitted caller numbers registered.`),
          '48',
        ),
      );
    for (const caller of permitted.filter((number) => !registered.has(number)))
      found.push(
        breach(
          'caller-not-registered',
          trunk.key,
          say(
            `中继 ${trunk.key} 允许的主叫 ${caller} 不在码号登记中。`,
            `Caller number ${caller}, permitted on trunk ${trunk.key}, is not in the number register.`,
          ),
          '48',
        ),
      );
    if (flagOf(trunk, 'passThrough'))
      found.push(
        warning(
          'trunk-pass-through',
          trunk.key,
          say(
            `中继 ${trunk.key} 登记为透传,须说明真实主叫控制措施。`,
            `Trunk ${trunk.key} is registered as pass-through: say how true caller numbers are kept.`,
          ),
          say('48 / 反诈法14', '48 / Anti-fraud law 14'),
        ),
      );
    const until = textOf(trunk, 'contractUntil');
    if (until !== '' && until < today)
      found.push(
        breach(
          'trunk-contract',
          trunk.key,
          say(`中继 ${trunk.key} 的合同已于 ${until} 到期。`, `The contract of trunk ${trunk.key} ended on ${until}.`),
          '48',
        ),
      );
    const used = usage.trunks.find(({ trunkId }) => trunkId === trunk.key);
    if (used?.peakChannels !== undefined && used.peakChannels > numberOf(trunk, 'channels'))
      found.push(
        breach(
          'trunk-channels',
          trunk.key,
          say(
            `中继 ${trunk.key} 峰值 ${used.peakChannels} 路,登记 ${numberOf(trunk, 'channels')} 路。`,
            `Trunk ${trunk.key} used ${used.peakChannels} channels at once; ${numberOf(trunk, 'channels')} are declared.`,
          ),
          '53',
        ),
      );
    if (used !== undefined && textOf(trunk, 'state') !== 'in-use')
      found.push(
        breach(
          'trunk-state',
          trunk.key,
          say(
            `中继 ${trunk.key} 登记为非启用,但有 ${used.calls} 次呼叫。`,
            `Trunk ${trunk.key} is registered as not in use and had ${used.calls} calls.`,
          ),
          '53',
        ),
      );
  }
  for (const { trunkId, calls } of usage.trunks)
    if (!rowsOf(file, 'trunks').some(({ key }) => key === trunkId))
      found.push(
        breach(
          'trunk-undeclared',
          trunkId,
          say(`使用了未登记的中继 ${trunkId}(${calls} 次呼叫)。`, `Trunk ${trunkId} is in use (${calls} calls) and not registered.`),
          '53',
        ),
      );
  return found;
}

function seats(file: LicenceFile, usage: Usage, { today, say }: CheckContext): Finding[] {
  const active = rowsOf(file, 'seats').filter((seat) => textOf(seat, 'usedFrom') <= today && (textOf(seat, 'usedUntil') || today) >= today);
  const sites = new Set(rowsOf(file, 'sites').map(({ key }) => key));
  const found: Finding[] = [];
  if (usage.peakSeats > active.length)
    found.push(
      breach(
        'seats-below-use',
        'seats',
        say(
          `同时在线座席峰值 ${usage.peakSeats},登记 ${active.length} 席。`,
          `${usage.peakSeats} seats were on line at once; ${active.length} are declared.`,
        ),
        '42',
      ),
    );
  for (const seat of active) {
    if (!sites.has(textOf(seat, 'siteId')))
      found.push(
        breach('seat-site', seat.key, say(`坐席 ${seat.key} 的场地未登记。`, `The site of seat ${seat.key} is not registered.`), '42'),
      );
    const client = textOf(seat, 'clientId');
    const contract = rowsOf(file, 'clients').find(({ key }) => key === client);
    if (client !== '' && (contract === undefined || textOf(contract, 'state') !== 'active' || textOf(contract, 'contractUntil') < today))
      found.push(
        breach(
          'seat-lease',
          seat.key,
          say(`坐席 ${seat.key} 出租给 ${client},没有有效合同。`, `Seat ${seat.key} is leased to ${client} without a valid contract.`),
          '42 / 43',
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
          '41',
        ),
      );
    accounts.set(account, seat.key);
  }
  return found;
}

function staff(file: LicenceFile, usage: Usage, { today, isWorkday, say }: CheckContext): Finding[] {
  const found: Finding[] = [];
  const people = rowsOf(file, 'staff').filter((person) => textOf(person, 'leftOn') === '' || textOf(person, 'leftOn') > today);
  for (const duty of [namedDuties.security, namedDuties.service, namedDuties.emergency])
    if (!people.some((person) => hasDuty(person, duty)))
      found.push(
        breach('named-duty', inWords(duty, say), say(`人员名册中没有指定${duty.zh}。`, `The staff register names no ${duty.en}.`), '40'),
      );
  const lastTraining = (staffNumber: string, subject?: string): string =>
    rowsOf(file, 'trainings')
      .filter(
        (training) =>
          (subject === undefined || textOf(training, 'subject') === subject) && listOf(training, 'attendees').includes(staffNumber),
      )
      .map((training) => textOf(training, 'on'))
      .sort()
      .at(-1) ?? '';
  for (const person of people) {
    const name = person.key;
    if (textOf(person, 'confidentialityOn') === '')
      found.push(
        breach('confidentiality', name, say(`员工 ${name} 没有保密协议。`, `Staff ${name} has no confidentiality agreement.`), '45'),
      );
    const until = textOf(person, 'contractUntil');
    if (until !== '' && until < today)
      found.push(
        warning(
          'labour-contract',
          name,
          say(`员工 ${name} 的劳动合同已于 ${until} 到期。`, `The labour contract of staff ${name} ended on ${until}.`),
          '40',
        ),
      );
    const trained = lastTraining(person.key);
    if (trained === '')
      found.push(
        breach(
          'training',
          name,
          say(
            `员工 ${name} 没有培训记录;新员工接听前须完成培训。`,
            `Staff ${name} has no training on record; it is needed before the first call.`,
          ),
          '44',
        ),
      );
    else if (addDays(trained, 365) < today)
      found.push(
        warning(
          'training',
          name,
          say(
            `员工 ${name} 最近一次培训是 ${trained},超过一年。`,
            `The last training of staff ${name} was on ${trained}, more than a year ago.`,
          ),
          '44',
        ),
      );
    if (lastTraining(person.key, 'anti-fraud') === '')
      found.push(
        warning(
          'training-anti-fraud',
          name,
          say(`员工 ${name} 没有反诈培训记录。`, `Staff ${name} has no anti-fraud training on record.`),
          '44',
        ),
      );
  }
  const leavers = rowsOf(file, 'staff').filter((person) => textOf(person, 'leftOn') !== '' && textOf(person, 'leftOn') <= today);
  for (const person of leavers) {
    const account = usage.accounts.find(({ name }) => name === textOf(person, 'account'));
    if (account !== undefined && !account.disabled)
      found.push(
        breach(
          'leaver-account',
          person.key,
          say(`员工 ${person.key} 已离职,账号仍可登录。`, `Staff ${person.key} has left, and the account still works.`),
          '41',
        ),
      );
  }
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
          '41',
        ),
      );
    owners.set(account, person.key);
  }
  for (const account of usage.accounts)
    if (account.agent && !account.disabled && !owners.has(account.name))
      found.push(
        warning(
          'account-without-person',
          account.name,
          say(`座席账号 ${account.name} 不在人员名册中。`, `Agent account ${account.name} is not in the staff register.`),
          '41',
        ),
      );
  const company = rowsOf(file, 'company')[0];
  const changed = textOf(company, 'addressChangedOn');
  if (changed !== '' && textOf(company, 'allocatorToldOn') < changed) {
    const due = addWorkingDays(changed, 10, isWorkday);
    const text = say(
      `地址或联系方式于 ${changed} 变更,应在 ${due} 前告知码号分配机关。`,
      `Address or contact changed on ${changed}: the number allocator must be told by ${due}.`,
    );
    found.push(due < today ? breach('allocator-told', 'company', text, '52') : warning('allocator-told', 'company', text, '52'));
  }
  return found;
}

function clients(file: LicenceFile, { today, say }: CheckContext): Finding[] {
  return rowsOf(file, 'clients')
    .filter((client) => textOf(client, 'state') === 'active')
    .flatMap((client) => [
      ...(textOf(client, 'contractUntil') < today
        ? [
            breach(
              'client-contract',
              client.key,
              say(`委托单位 ${client.key} 的合同已到期。`, `The contract of client ${client.key} has ended.`),
              '43',
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
              '43',
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
              '43',
            ),
          ]),
    ]);
}

/** Shift plan against sign-ins (item 46), for days that are over. */
function shifts(file: LicenceFile, usage: Usage, { today, say }: CheckContext): Finding[] {
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
            say(`${on} 账号 ${account} 有排班,没有登录记录。`, `${on}: account ${account} had a shift and did not sign in.`),
            '46',
          ),
        ];
  });
}
