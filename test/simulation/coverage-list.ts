import type { Kind } from './coverage.js';

interface NotReached {
  readonly reason: string;
  readonly names: readonly string[];
}

/**
 * What `--coverage` does not reach, with the reason. That run fails when a listed name is reached after all, or an unreached one is not
 * listed.
 */
export const notReached: Readonly<Record<Kind, readonly NotReached[]>> = {
  'stage x event': [
    {
      reason: 'nobody gives up within the few milliseconds in which a call is answered',
      names: ['arriving x caller-hung-up'],
    },
    {
      reason:
        'legs are dialled out of a conversation, a hand-over, a transfer of the flow and a call out; elsewhere the news would have to come late',
      names: ['arriving', 'playing', 'menu', 'admitting', 'queued', 'offered', 'parked', 'message', 'survey', 'closing']
        .flatMap((stage) => ['dialled', 'leg-moved', 'leg-silent', 'leg-alerted', 'leg-key'].map((event) => `${stage} x ${event}`))
        .concat('outside x dialled', 'outside x leg-moved', 'outside x leg-silent', 'outside x leg-alerted'),
    },
    {
      reason: 'a page of the model reads what to say while a call out rings at its seat, and the call is answered at most meanwhile',
      names: ['arriving', 'playing', 'menu', 'admitting', 'queued', 'calling', 'dialling', 'handed', 'outside']
        .concat('parked', 'message', 'survey', 'closing')
        .map((stage) => `${stage} x script-shown`),
    },
    {
      reason: 'the leg of a call out has events of its own',
      names: ['calling x leg-alerted', 'calling x leg-key'],
    },
    {
      reason: 'what is played ends with its stage; the end of a prompt does not cross that order in the model',
      names: ['connected x prompt-ended', 'outside x prompt-ended'],
    },
    {
      reason: 'a relay that is killed loses one leg of twenty, and none was ever in this short stage',
      names: ['dialling x lost', 'message x lost', 'survey x lost'],
    },
    {
      reason: 'a leg that was answered ends, and one that was not fails',
      names: ['outside x leg-failed', 'handed x leg-ended'],
    },
  ],
  'agent state x event': [
    {
      reason: 'who is signed out is offered nothing, chooses nothing, has no call and no clock; such news would have to come late',
      names: ['signed-out', 'chose', 'offered', 'call-ended', 'disposed', 'clock'].map((event) => `signed-out x ${event}`),
    },
    {
      reason: 'an agent leaves a call before it ends, or with its end',
      names: ['away x call-ended', 'break x call-ended', 'ready x call-ended'],
    },
    {
      reason: 'who owes a result is in wrap-up until it is given',
      names: ['break x disposed'],
    },
    {
      reason: 'the clock is given to those for whom it is due',
      names: ['break x clock', 'ready x clock', 'offered x clock'],
    },
    {
      reason: 'an offer goes to who is ready',
      names: ['on-call x offered'],
    },
  ],
  effect: [],
  'failure code': [
    {
      reason: 'accounts, rights and routes of the HTTP interface are not in it',
      names: [
        'not-signed-in',
        'outside-scope',
        'own-account',
        'last-administrator',
        'second-person-needed',
        'reason-required',
        'approval-needed',
        'too-large',
        'not-new',
      ],
    },
    {
      reason: 'recordings, their archive and the ledger of a day are not in it',
      names: [
        'not-settled',
        'not-a-sheet',
        'below-legal-minimum',
        'recording-damaged',
        'recording-truncated',
        'recording-missing',
        'file-damaged',
        'row-damaged',
        'disk-full',
      ],
    },
    {
      reason: 'descriptions of media are the names of their parties',
      names: ['no-common-codec', 'media-address-not-allowed'],
    },
    {
      reason: 'callers dial the numbers of the site, all of which are in service',
      names: ['number-not-in-service'],
    },
    {
      reason: 'routing answers so to the question whether a caller may wait, and fails in nothing',
      names: ['queue-full', 'no-agent'],
    },
    {
      reason: 'every purpose, number and way out of the site is a right one',
      names: ['outbound-purpose', 'outbound-not-dialable', 'outbound-unproven'],
    },
    {
      reason: 'two processes of routing decide in a profile of their own',
      names: ['superseded'],
    },
    {
      reason: 'an error without a code is a violation in itself',
      names: ['internal'],
    },
  ],
  'stage x fault': [],
};
