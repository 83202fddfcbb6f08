import type { CampaignHalt } from '../shared/domain/calls/campaign.js';
import type { EventInput } from '../shared/events/catalogue.js';
import type { Campaign } from './campaign.js';
import type { RowCounts } from './ports.js';

/** The alarm about a campaign that paused itself. */
export const haltNotice = (why: CampaignHalt, campaign: Campaign, counts: RowCounts, at: Date): EventInput<'notice.raised'> => ({
  at: at.toISOString(),
  code: why,
  subject: campaign.id,
  scope: { queueId: campaign.queueId },
  text: haltWords(why, campaign, counts),
});

type Rules = Pick<Campaign, 'name' | 'mostRefusalsPercent' | 'mostComplaintsPer10000'>;
type Counts = Pick<RowCounts, 'reached' | 'refused' | 'complained'>;
interface Words {
  readonly 'zh-CN': string;
  readonly en: string;
}

const words: Readonly<Record<CampaignHalt, (rules: Rules, counts: Counts, spoken: number) => Words>> = {
  'campaign-refusals'({ name, mostRefusalsPercent }, { refused }, spoken) {
    const rate = ((100 * refused) / spoken).toFixed(1);
    return {
      'zh-CN': `外呼任务“${name}”已自动暂停：接通 ${spoken} 人，${refused} 人按键拒绝再来电，拒绝率 ${rate}%，上限 ${mostRefusalsPercent}%`,
      en: `The campaign “${name}” was paused: of ${spoken} people reached ${refused} refused further calls, ${rate} %; the rule allows ${mostRefusalsPercent} %`,
    };
  },
  'campaign-complaints'({ name, mostComplaintsPer10000 }, { complained }, spoken) {
    const rate = Math.round((10_000 * complained) / spoken);
    return {
      'zh-CN': `外呼任务“${name}”已自动暂停：接通 ${spoken} 人，${complained} 人投诉，每万人 ${rate} 人，上限每万人 ${mostComplaintsPer10000} 人`,
      en: `The campaign “${name}” was paused: of ${spoken} people reached ${complained} complained, ${rate} in 10,000; the rule allows ${mostComplaintsPer10000}`,
    };
  },
};

/** The text of the alarm about a campaign that paused itself: its name, the rate and the rule. */
export const haltWords = (why: CampaignHalt, rules: Rules, counts: Counts): Words =>
  words[why](rules, counts, counts.reached + counts.refused);
