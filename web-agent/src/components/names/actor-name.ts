import { useTranslation } from 'react-i18next';
import { useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';

/** The author of an action, by the recorded id: a person, or a part of the system. An unknown id is shown as it is. */
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
    /** People search by name; the records have ids. */
    idOf: (typed) => users.find(({ name, displayName }) => name === typed || displayName === typed)?.id ?? typed,
  };
}
