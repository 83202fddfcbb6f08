import { Button, Input, InputNumber } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

type Skills = Readonly<Record<string, number>>;

/** Skills with a level from 1 to 10 each: required by a call or a queue, or held by an agent. */
export function SkillLevels({
  skills,
  known = [],
  onChange,
}: {
  readonly skills: Skills;
  /** Names already in use, suggested while typing. */
  readonly known?: readonly string[];
  readonly onChange: (skills: Record<string, number>) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const wanted = name.trim();
  const mayAdd = wanted !== '' && skills[wanted] === undefined;
  const listId = `skills-${known.length}`;

  function add(): void {
    if (!mayAdd) return;
    onChange({ ...skills, [wanted]: 5 });
    setName('');
  }

  return (
    <div className="stack">
      {Object.entries(skills).map(([skill, level]) => (
        <div key={skill} className="row" data-testid={`skill-${skill}`}>
          <span className="grow">{skill}</span>
          <InputNumber
            min={1}
            max={10}
            precision={0}
            value={level}
            aria-label={t('administer.skills.levelOf', { skill })}
            onChange={(next) => next !== null && onChange({ ...skills, [skill]: next })}
          />
          <Button
            aria-label={t('administer.skills.remove', { skill })}
            onClick={() => onChange(Object.fromEntries(Object.entries(skills).filter(([each]) => each !== skill)))}
          >
            {t('flow.remove')}
          </Button>
        </div>
      ))}
      <div className="row">
        <Input
          className="grow"
          value={name}
          maxLength={40}
          list={listId}
          aria-label={t('administer.skills.name')}
          placeholder={t('administer.skills.name')}
          onChange={({ target }) => setName(target.value)}
          onPressEnter={(event) => {
            event.preventDefault();
            add();
          }}
          data-testid="skill-name"
        />
        <datalist id={listId}>
          {known.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <Button onClick={add} disabled={!mayAdd} data-testid="add-skill">
          {t('administer.skills.add')}
        </Button>
      </div>
    </div>
  );
}
