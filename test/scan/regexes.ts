// npm run scan: every regular expression of the product, judged by recheck. One that can take more than a multiple of its text's length fails
// the scan, unless it is named below with the reason why nobody can make its text long.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { checkSync } from 'recheck';
import ts from 'typescript';

const WITHIN_MS = 10_000;

const judged: Readonly<Record<string, string>> = {
  '/\\\\.|\\[(?:\\\\.|[^\\]\\\\])*\\]|\\s+|#.*$/gm': "a pattern that the product's own services write",
  '/0+$/': 'the digits of one number of the store, 34 at the most',
  '/(sips?:(?:[^@\\s<>]*@)?)localhost(?::\\d+)?/i': "an address that the product's own processes write",
  '/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g': "the site's own key file",
  '/:((?:\\d{1,3}\\.){3}\\d{1,3}:\\d+|\\[.*\\]:\\d+|[a-z0-9.-]+:\\d+)$/': 'the name of a process that the host itself lists',
  '/<([^>]+)>/': 'the contact of the own SIP server, in proof calls',
  '/>.*$/': "the site's own mail address, from the configuration",
};

const files = execFileSync('git', ['ls-files', 'services/*.ts', 'infra/*.ts', 'web-agent/src/*.ts', 'web-agent/src/*.tsx'], {
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((file) => !file.endsWith('.test.ts'));

const found = new Map<string, string>();
for (const file of files) {
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.set(node.text, file);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
}

let bad = 0;
for (const [text, file] of found) {
  if (text in judged) continue;
  const end = text.lastIndexOf('/');
  const verdict = checkSync(text.slice(1, end), text.slice(end + 1), { timeout: WITHIN_MS });
  if (verdict.status === 'safe') continue;
  bad += 1;
  const how = verdict.status === 'vulnerable' ? verdict.complexity.summary : verdict.error.kind;
  console.log(`${file}  ${text}  ${how}`);
}
console.log(
  `${found.size} regular expressions in ${files.length} files, ${bad} to be mended, ${Object.keys(judged).length} judged by hand`,
);
process.exitCode = bad === 0 ? 0 : 1;
