import type { Say } from '../../shared/domain/language.js';
import { isLicensedArea } from '../../shared/domain/numbers/licence-area.js';
import { breach, note, warning, type Finding } from '../../shared/domain/licence/finding.js';
import { flagOf, listOf, numberOf, rowsOf, textOf, type LicenceFile, type LicenceRow } from '../../shared/domain/licence/licence-file.js';
import { addDays, daysBetween, yearOf, type CalendarDate } from '../../shared/domain/time/calendar-date.js';
import type { CheckContext } from './check-context.js';
import type { Usage } from './usage.js';
import { cite, limit } from '../../shared/domain/licence/rules/rule-book.js';

/** Whether a number may be used today (item 49): the state, the validity, and for a provincial licence the area. */
export function numberGate(
  number: LicenceRow,
  licence: LicenceRow | undefined,
  today: CalendarDate,
): 'usable' | 'expired' | 'suspended' | 'wrong-province' {
  const until = textOf(number, 'validUntil');
  if (textOf(number, 'state') !== 'in-use') return 'suspended';
  if (until !== '' && until < today) return 'expired';
  const ofLicence = licence === undefined ? undefined : { scope: textOf(licence, 'scope'), provinces: listOf(licence, 'provinces') };
  return isLicensedArea(ofLicence, textOf(number, 'area')) ? 'usable' : 'wrong-province';
}

/** Whether the licensee holds the number itself. Other numbers belong to a carrier, who reports and pays for them. */
export const isAssigned = (number: LicenceRow): boolean => ['95', '96'].includes(textOf(number, 'kind'));

/** Numbers against their register and their use: items 47 and 49 to 51, 53. */
export function checkNumbers(file: LicenceFile, usage: Usage, { today, say }: CheckContext): Finding[] {
  const licence = rowsOf(file, 'licence')[0];
  const clientNumbers = new Set(
    rowsOf(file, 'clients').flatMap((client) => (textOf(client, 'state') === 'active' ? listOf(client, 'numbers') : [])),
  );
  const found = rowsOf(file, 'numbers').flatMap((number) => {
    const used = usage.numbers.find((each) => each.number === number.key);
    return [
      ...checkUsable(number, used, numberGate(number, licence, today), say),
      ...checkReports(number, today, say),
      ...checkDirection(number, used, say),
      ...checkContract(number, clientNumbers, say),
    ];
  });
  for (const { number, calls, outbound } of usage.numbers)
    if (!rowsOf(file, 'numbers').some(({ key }) => key === number) && calls + outbound > 0)
      found.push(
        breach(
          'number-undeclared',
          number,
          say(
            `使用了未登记的号码 ${number}（${calls + outbound} 次呼叫）。`,
            `Number ${number} is in use (${calls + outbound} calls) and not registered.`,
          ),
          cite('register-and-use', say),
        ),
      );
  return found;
}

type UsedNumber = Usage['numbers'][number] | undefined;

/** A number that may not be used (item 49). */
function checkUsable(number: LicenceRow, used: UsedNumber, gate: ReturnType<typeof numberGate>, say: Say): Finding[] {
  const found: Finding[] = [];
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
          `号码 ${number.key} ${why}，但仍有 ${used.calls + used.outbound} 次呼叫。`,
          `Number ${number.key} ${why}, and had ${used.calls + used.outbound} calls anyway.`,
        ),
        cite('telecom-9-28', say),
      ),
    );
  else if (gate === 'expired' || gate === 'wrong-province')
    found.push(
      breach('number-gate', number.key, say(`号码 ${number.key} ${why}。`, `Number ${number.key} ${why}.`), cite('telecom-9-28', say)),
    );
  return found;
}

/** What must be reported and paid for the licensee's own numbers. */
function checkReports(number: LicenceRow, today: CalendarDate, say: Say): Finding[] {
  const found: Finding[] = [];
  if (!isAssigned(number)) return found;
  const opened = textOf(number, 'openedOn');
  if (
    opened !== '' &&
    textOf(number, 'openingReportedOn') === '' &&
    addDays(opened, limit('number-assignment', 'openingReportDays')) < today
  )
    found.push(
      breach(
        'opening-report',
        number.key,
        say(
          `号码 ${number.key} 启用 ${daysBetween(opened, today)} 天，未见启用报告。`,
          `Number ${number.key} was opened ${daysBetween(opened, today)} days ago without its report.`,
        ),
        cite('number-assignment', say),
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
        cite('number-assignment', say),
      ),
    );
  const fee = textOf(number, 'feePaidUntil');
  if (fee !== '' && fee < today)
    found.push(
      warning(
        'number-fee',
        number.key,
        say(`号码 ${number.key} 的占用费缴至 ${fee}。`, `The fee of number ${number.key} is paid until ${fee}.`),
        cite('number-assignment', say),
      ),
    );
  return found;
}

/** Whether a number is used in the direction for which it was assigned. */
function checkDirection(number: LicenceRow, used: UsedNumber, say: Say): Finding[] {
  const found: Finding[] = [];
  if (textOf(number, 'direction') === 'both' && !flagOf(number, 'commitmentLetter'))
    found.push(
      breach(
        'commitment-letter',
        number.key,
        say(`号码 ${number.key} 为双向，但没有不违规呼出承诺书。`, `Number ${number.key} works both ways without a commitment letter.`),
        cite('notice-81', say),
      ),
    );
  if (textOf(number, 'kind') === 'local' && textOf(number, 'direction') === 'both')
    found.push(
      textOf(number, 'outboundReason') === ''
        ? breach(
            'ordinary-number-outbound',
            number.key,
            say(
              `普通号码 ${number.key} 用于呼出，未写明理由（2018 年 11 月方案）。`,
              `Ordinary number ${number.key} calls out without a written reason (plan of November 2018).`,
            ),
            cite('plan-2018-11', say),
          )
        : note(
            'ordinary-number-outbound',
            number.key,
            say(
              `普通号码 ${number.key} 用于呼出，理由已登记，待主管部门确认。`,
              `Ordinary number ${number.key} calls out; its reason is registered and to be confirmed by the authority.`,
            ),
            cite('plan-2018-11', say),
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
        cite('notice-81', say),
      ),
    );
  return found;
}

function checkContract(number: LicenceRow, clientNumbers: ReadonlySet<string>, say: Say): Finding[] {
  const found: Finding[] = [];
  if (textOf(number, 'clientId') !== '' && !clientNumbers.has(number.key))
    found.push(
      breach(
        'number-without-contract',
        number.key,
        say(
          `号码 ${number.key} 服务的委托单位没有有效合同列明该号码。`,
          `The client unit of number ${number.key} has no active contract that names it.`,
        ),
        cite('telecom-28-69', say),
      ),
    );
  return found;
}

/** Trunks against their register and their use: items 48 and 53. */
export function checkTrunks(file: LicenceFile, usage: Usage, { today, say }: CheckContext): Finding[] {
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
          cite('plan-2018', say),
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
          cite('plan-2018', say),
        ),
      );
    if (flagOf(trunk, 'passThrough'))
      found.push(
        warning(
          'trunk-pass-through',
          trunk.key,
          say(
            `中继 ${trunk.key} 登记为透传，须说明真实主叫控制措施。`,
            `Trunk ${trunk.key} is registered as pass-through: say how true caller numbers are kept.`,
          ),
          cite('anti-fraud-14', say),
        ),
      );
    const until = textOf(trunk, 'contractUntil');
    if (until !== '' && until < today)
      found.push(
        breach(
          'trunk-contract',
          trunk.key,
          say(`中继 ${trunk.key} 的合同已于 ${until} 到期。`, `The contract of trunk ${trunk.key} ended on ${until}.`),
          cite('plan-2018', say),
        ),
      );
    const used = usage.trunks.find(({ trunkId }) => trunkId === trunk.key);
    if (used?.peakChannels !== undefined && used.peakChannels > numberOf(trunk, 'channels'))
      found.push(
        breach(
          'trunk-channels',
          trunk.key,
          say(
            `中继 ${trunk.key} 峰值 ${used.peakChannels} 路，登记 ${numberOf(trunk, 'channels')} 路。`,
            `Trunk ${trunk.key} used ${used.peakChannels} channels at once; ${numberOf(trunk, 'channels')} are declared.`,
          ),
          cite('register-and-use', say),
        ),
      );
    if (used !== undefined && textOf(trunk, 'state') !== 'in-use')
      found.push(
        breach(
          'trunk-state',
          trunk.key,
          say(
            `中继 ${trunk.key} 登记为非启用，但有 ${used.calls} 次呼叫。`,
            `Trunk ${trunk.key} is registered as not in use and had ${used.calls} calls.`,
          ),
          cite('register-and-use', say),
        ),
      );
  }
  for (const { trunkId, calls } of usage.trunks)
    if (!rowsOf(file, 'trunks').some(({ key }) => key === trunkId))
      found.push(
        breach(
          'trunk-undeclared',
          trunkId,
          say(`使用了未登记的中继 ${trunkId}（${calls} 次呼叫）。`, `Trunk ${trunkId} is in use (${calls} calls) and not registered.`),
          cite('register-and-use', say),
        ),
      );
  return found;
}
