/** Words for the audio of a live call. */
export const liveQuality = {
  zh: {
    title: '当前音质',
    hint: '各方向近 5 秒的测量值；MOS 由 E-model 估算，低于 3.6 表示音质差。',
    sides: { caller: '来电者的声音', agent: '坐席的声音' },
    sources: { browser: '坐席浏览器', relay: '媒体网关' },
    of: '{{side}}（测于{{source}}）',
    poor: '音质差',
    figures: 'MOS {{mos}}，丢包 {{loss}}%，抖动 {{jitter}} 毫秒',
    lostBy: { reports: '（丢包按对端的 RTCP 报告）', sequence: '（丢包按序号缺口）' },
    roundTrip: '，往返 {{ms}} 毫秒',
  },
  en: {
    title: 'Audio now',
    hint: 'Each direction over the last 5 seconds. MOS is an estimate of the E-model; below 3.6 the audio is poor.',
    sides: { caller: 'The caller', agent: 'The agent' },
    sources: { browser: "the agent's browser", relay: 'the media relay' },
    of: '{{side}}, measured at {{source}}',
    poor: 'poor',
    figures: 'MOS {{mos}}, loss {{loss}} %, jitter {{jitter}} ms',
    lostBy: { reports: ' (loss as the far side reports by RTCP)', sequence: ' (loss by gaps in the sequence)' },
    roundTrip: ', round trip {{ms}} ms',
  },
};
