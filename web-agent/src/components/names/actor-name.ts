import { useTranslation } from 'react-i18next';
import { useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';

/** Who did something, by the id that is on record: a person, or a part of the system. What is neither is said as it stands. */
export function useActorName(): { readonly nameOf: (id: string) => string; readonly idOf: (typed: string) => string } {
  const { t } = useTranslation();
  const may = useMay();
  const people = useRead('/users', { enabled: may('users.read') });
  const users = people.data?.users ?? [];
  return {
    nameOf: (id) =>
      users.find((user) => user.id === id)?.displayName ??
      (/^(system:[a-z-]+|unknown|complainant)$/.test(id)
        ? t(`administer.audit.actors.${id.replace(/^system:/, '')}`, { defaultValue: id })
        : id),
    /** Whoever looks for a person types the name; the records have ids. */
    idOf: (typed) => users.find(({ name, displayName }) => name === typed || displayName === typed)?.id ?? typed,
  };
}
