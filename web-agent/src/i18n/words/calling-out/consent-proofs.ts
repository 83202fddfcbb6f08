/** Originals of consents, and the four elements of an outbound call. */
export const consentProofs = {
  zh: {
    elements: {
      title: '外呼四要素',
      day: '外呼日期',
      names: { recording: '录音', numbers: '主被叫号码', time: '拨打时间', consent: '用户同意凭证原件' },
      has: '齐备',
      lacks: '缺失',
      missing: '缺失要素',
      of: '{{whole}} / {{all}} 通',
      noCalls: '当日没有已接通的外呼。',
      whole: '当日已接通的外呼四要素全部齐备。',
      takenBack: '通话中撤回同意',
      takenBackAt: '{{time}} 用户撤回同意：本次通话可继续至结束，此后不再拨打。拨打时同意有效；撤回不影响撤回前的处理。',
      basis: '依据：{{basis}}',
    },
    originals: {
      title: '原件',
      call: '录音（通话）',
      none: '缺少原件',
      noConsent: '没有同意凭证',
      add: '上传原件',
      callId: '取得同意的通话编号',
      callIdHint: '同意在通话中取得的，填写该通话编号，其录音即为原件；否则保存后在列表中上传原件文件。',
    },
  },
  en: {
    elements: {
      title: 'Four elements of a call out',
      day: 'Day of the calls',
      names: { recording: 'Recording', numbers: 'Both numbers', time: 'Time', consent: 'Original of the consent' },
      has: 'At hand',
      lacks: 'Missing',
      missing: 'Missing',
      of: '{{whole}} of {{all}} calls',
      noCalls: 'No call out was answered on this day.',
      takenBack: 'Consent withdrawn during the call',
      takenBackAt:
        'Consent withdrawn at {{time}}: this call may continue to its end, and no further call is dialled. The consent was valid when the call was dialled; its withdrawal does not affect what was done before.',
      basis: 'Basis: {{basis}}',
      whole: 'Every call out answered on this day has all four elements.',
    },
    originals: {
      title: 'Original',
      call: 'Recorded call',
      none: 'The original is missing',
      noConsent: 'There is no consent',
      add: 'Add the original',
      callId: 'Call that gave the consent',
      callIdHint:
        'Where the person agreed in a call, its id: that recording is the original. Otherwise add the file in the list after saving.',
    },
  },
} as const;
