import { App } from 'antd';
import { useFailureWords } from '../session/use-server.js';
import { saveBlob } from './save-blob.js';

/** Downloads a file of the server; a refusal is shown in words. */
export function useExport(): (file: Promise<Blob>, fileName: string) => void {
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  return (file, fileName) => {
    file.then(
      (blob) => saveBlob(blob, fileName),
      (error: unknown) => void message.error(wordsOf(error), 8),
    );
  };
}
