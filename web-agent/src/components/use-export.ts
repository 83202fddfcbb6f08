import { App } from 'antd';
import { useFailureWords } from '../session/use-server.js';
import { useApp } from '../session/use-workplace.js';
import { saveBlob } from './save-blob.js';

/** Fetches a file of the server and gives it to the person; a refusal is said in words. */
export function useExport(): (path: string, fileName: string) => void {
  const { session } = useApp();
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  return (path, fileName) => {
    session.fetchBlob(path).then(
      (blob) => saveBlob(blob, fileName),
      (error: unknown) => void message.error(wordsOf(error), 8),
    );
  };
}
