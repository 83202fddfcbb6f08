import { Button, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CHAT_LENGTH } from '../../../../services/shared/contracts/calls/text-lengths.js';
import { useSentText } from '../use-sent-text.js';

/** One line to write; Enter sends. Unsent text stays. */
export function ChatInput({
  label,
  disabled,
  send,
}: {
  readonly label: string;
  readonly disabled: boolean;
  readonly send: (text: string, sent: () => void) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { text, setText, sending, accepted } = useSentText();
  const isEmpty = text.trim() === '';
  const submit = (): void => {
    if (isEmpty || disabled) return;
    sending();
    send(text.trim(), accepted);
  };
  return (
    <div className="row">
      <Input
        value={text}
        maxLength={CHAT_LENGTH}
        aria-label={label}
        placeholder={label}
        disabled={disabled}
        onChange={({ target }) => setText(target.value)}
        onPressEnter={({ nativeEvent }) => !nativeEvent.isComposing && submit()}
        data-testid="chat-text"
      />
      <Button onClick={submit} disabled={disabled || isEmpty} data-testid="chat-send">
        {t('chat.send')}
      </Button>
    </div>
  );
}
