import { alarmCodes, alarmKinds, alarmWays, usualEscalationMinutes, usualWays, type AlarmCode } from '../shared/domain/alarm.js';
import { CallCentreError } from '../shared/domain/failure.js';
import { normaliseMail } from '../shared/domain/people/mail-address.js';
import { normaliseNumber } from '../shared/domain/numbers/phone-number.js';
import { roles, type Principal } from '../shared/domain/people/rights.js';
import { route, type Audit, type Route } from '../shared/platform/http/route.js';
import type { Alarm, AlarmState } from './alarm.js';
import type { AlarmDesk } from './alarm-service.js';
import { codesOf, hasPage, receiversOf, type AlarmRule } from './receivers.js';
import type { AlarmSettingsStore, AlarmStore, Messenger, Receivers } from './ports.js';

export interface AlarmHttp {
  readonly desk: AlarmDesk;
  readonly alarms: AlarmStore;
  readonly settings: AlarmSettingsStore;
  readonly receivers: Receivers;
  readonly messenger: Pick<Messenger, 'canSend'>;
  readonly audit: Audit;
}

const statesOf: Readonly<Record<'open' | 'seen' | 'current' | 'cleared', readonly AlarmState[]>> = {
  open: ['open'],
  seen: ['seen'],
  current: ['open', 'seen'],
  cleared: ['cleared'],
};

/** An alarm as pages show it, without user ids and internal fields. */
const shown = ({ id, code, level, queueId, clientUnit, text, firstAt, lastAt, count, state, history }: Alarm) => ({
  id,
  code,
  level,
  ...(queueId === undefined ? {} : { queueId }),
  ...(clientUnit === undefined ? {} : { clientUnit }),
  text,
  firstAt,
  lastAt,
  count,
  state,
  history: history.map(({ at, what, byName, reason, sent }) => ({
    at,
    what,
    ...(byName === undefined ? {} : { byName }),
    ...(reason === undefined ? {} : { reason }),
    ...(sent === undefined ? {} : { sent: sent.map((each) => ({ ...each })) }),
  })),
});

const usualRule = (code: AlarmCode): AlarmRule => {
  const { level } = alarmKinds[code];
  return { people: [], roles: [], ways: usualWays[level], escalationMinutes: usualEscalationMinutes[level] };
};

export function createAlarmRoutes(deps: AlarmHttp): Route[] {
  return [...deskRoutes(deps), ...settingsRoutes(deps)];
}

function deskRoutes({ desk, alarms }: AlarmHttp): Route[] {
  return [
    route('GET /alarms', {
      reach: { kind: 'filtered' },
      async handle({ principal, query: { state, code, skip, limit } }) {
        const search = await desk.searchOf(principal);
        const { alarms: found, total } = await alarms.list(search, { states: statesOf[state], code, skip, limit });
        return { alarms: found.map(shown), total };
      },
    }),
    route('GET /alarms/summary', {
      reach: { kind: 'filtered' },
      async handle({ principal }) {
        const search = await desk.searchOf(principal);
        const [{ open, seen }, newest] = await Promise.all([
          alarms.counts(search),
          alarms.list(search, { states: ['open'], skip: 0, limit: 1 }),
        ]);
        const [first] = newest.alarms;
        return { open, seen, ...(first === undefined ? {} : { newest: { id: first.id, code: first.code, level: first.level } }) };
      },
    }),
    route('POST /alarms/:id/seen', {
      reach: { kind: 'filtered' },
      handle: ({ principal, params: { id }, from }) => desk.seen(principal, id, from),
    }),
    route('POST /alarms/:id/clear', {
      reach: { kind: 'filtered' },
      handle: ({ principal, params: { id }, body: { reason }, from }) => desk.clear(principal, id, reason, from),
    }),
  ];
}

function settingsRoutes({ settings, receivers, messenger, audit }: AlarmHttp): Route[] {
  const changed = (principal: Principal, from: string, object: string, before: unknown, after: unknown): Promise<void> =>
    audit({ who: principal.userId, what: 'alarm.rules-changed', object, from, success: true, before, after });
  return [
    route('GET /alarm-settings', {
      reach: { kind: 'site' },
      async handle() {
        const [{ rules, quiet }, people, contacts] = await Promise.all([settings.read(), receivers(), settings.contacts()]);
        const contactOf = new Map(contacts.map((contact) => [contact.userId, contact]));
        const kinds = alarmCodes.map((code) => {
          const to = receiversOf(people, { code, people: rules[code]?.people ?? [] }, rules);
          return {
            code,
            level: alarmKinds[code].level,
            alwaysTo: rolesOf(code),
            rule: sent(rules[code] ?? usualRule(code)),
            isUsual: rules[code] === undefined,
            reachedByMail: to.filter(({ userId }) => contactOf.get(userId)?.mailMasked !== undefined).length,
          };
        });
        return {
          kinds,
          ...(quiet === undefined ? {} : { quiet }),
          ways: alarmWays.filter((way) => messenger.canSend(way)),
          people: people.map(({ userId, name, roles: held }) => {
            const { mailMasked, mobileMasked } = contactOf.get(userId) ?? {};
            return {
              userId,
              name,
              roles: [...held],
              ...(mailMasked === undefined ? {} : { mailMasked }),
              ...(mobileMasked === undefined ? {} : { mobileMasked }),
            };
          }),
        };
      },
    }),
    route('PUT /alarm-settings/rules/:code', {
      reach: { kind: 'site' },
      async handle({ principal, params: { code }, body, from }) {
        const known = new Set((await receivers()).filter(hasPage).map(({ userId }) => userId));
        const unknown = [
          ...body.people.flatMap((userId, i) => (known.has(userId) ? [] : [{ at: `people.${i}`, message: 'no receiver' }])),
          ...body.roles.flatMap((role, i) => (hasPage({ roles: [role] }) ? [] : [{ at: `roles.${i}`, message: 'no receiver' }])),
        ];
        if (unknown.length > 0)
          throw new CallCentreError('invalid-request', 'A person named here cannot open the alarms page.', { details: unknown });
        const before = await settings.read();
        await changed(principal, from, `alarm-rule:${code}`, before.rules[code], body);
        await settings.setRule(code, body);
      },
    }),
    route('PUT /alarm-settings/quiet', {
      reach: { kind: 'site' },
      async handle({ principal, body: { quiet }, from }) {
        const before = await settings.read();
        await changed(principal, from, 'alarm-quiet-hours', before.quiet, quiet);
        await settings.setQuiet(quiet ?? undefined);
      },
    }),
    route('PUT /alarm-settings/contacts/:userId', {
      reach: { kind: 'site' },
      async handle({ principal, params: { userId }, body, from }) {
        if (!(await receivers()).some((each) => each.userId === userId)) throw new CallCentreError('not-found', 'There is no such person.');
        const before = (await settings.contactsOf([userId])).get(userId) ?? {};
        const next = {
          mail: body.mail === undefined ? before.mail : addressOf('mail', body.mail, normaliseMail),
          mobile: body.mobile === undefined ? before.mobile : addressOf('mobile', body.mobile, normaliseNumber),
        };
        await audit({
          who: principal.userId,
          what: 'alarm.contact-changed',
          object: `user:${userId}`,
          from,
          success: true,
          before,
          after: next,
        });
        await settings.setContact(userId, next);
      },
    }),
  ];
}

/** Undefined when the field was emptied. */
function addressOf(at: 'mail' | 'mobile', text: string, normalise: (text: string) => string | undefined): string | undefined {
  if (text === '') return undefined;
  const address = normalise(text);
  if (address === undefined)
    throw new CallCentreError('invalid-request', 'That is not a usable address.', { details: [{ at, message: 'not usable' }] });
  return address;
}

const rolesOf = (code: AlarmCode) => roles.filter((role) => codesOf({ roles: [role] }, {}).includes(code));

const sent = ({ people, roles: named, ways, escalationMinutes }: AlarmRule) => ({
  people: [...people],
  roles: [...named],
  ways: [...ways],
  escalationMinutes,
});
