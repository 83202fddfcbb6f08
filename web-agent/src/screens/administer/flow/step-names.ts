import { useTranslation } from 'react-i18next';
import type { Flow } from '../../../../../services/shared/contracts/calls/flow.js';
import { useRead } from '../../../session/use-server.js';
import { useQueueName } from '../../seat/queue-names.js';
import { aboutOf, type Lead } from './flow-outline.js';

export interface StepName {
  readonly kind: string;
  /** What the step is about: the queue, the words of the prompt, the number. */
  readonly about: string;
  readonly whole: string;
}

/** Names the steps of a flow as people speak of them. Two that would have one name are told apart by the id. */
export function useStepNames(flow: Pick<Flow, 'steps'>): (id: string) => StepName {
  const { t, i18n } = useTranslation();
  const queueName = useQueueName(i18n.language);
  const prompts = useRead('/prompts').data?.prompts ?? [];
  const promptWords = (id: string): string => {
    const said = prompts.filter(({ promptId, words }) => promptId === id && words !== undefined);
    return (said.find(({ language }) => language === i18n.language) ?? said[0])?.words ?? id;
  };
  const plain = (id: string): { readonly kind: string; readonly about: string } | undefined => {
    const step = flow.steps[id];
    if (step === undefined) return undefined;
    const about = 'queueId' in step ? queueName(step.queueId) : step.kind === 'transfer' ? step.number : promptWords(aboutOf(step));
    return { kind: t(`library.flow.kinds.${step.kind}`), about };
  };
  return (id) => {
    const named = plain(id);
    if (named === undefined) return { kind: '', about: id, whole: id };
    const isDouble = Object.keys(flow.steps).some((other) => {
      const same = other === id ? undefined : plain(other);
      return same !== undefined && same.kind === named.kind && same.about === named.about;
    });
    const about = isDouble ? `${named.about} (${id})`.trim() : named.about;
    return { kind: named.kind, about, whole: `${named.kind} ${about}`.trim() };
  };
}

/** Why a caller goes along a way: the key of a menu with its name, or what happened. */
export function useLeadWords(): (lead: Lead) => string {
  const { t } = useTranslation();
  return ({ key, by }) => (key === undefined ? t(`flow.leads.${by}`) : `${key} ${by}`);
}
