import { S3Error } from './s3-error.js';

/** An element: text, a list of children, or nothing. `undefined` children are left out. */
export type XmlContent = string | number | boolean | readonly (XmlNode | undefined)[];
export interface XmlNode {
  readonly name: string;
  readonly content: XmlContent;
}

export const xml = (name: string, content: XmlContent = []): XmlNode => ({ name, content });

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
// Control characters are legal in keys but not in XML 1.0 text; S3 answers with character references all the same.
const escapeText = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- the control characters are what is being escaped
  text.replace(/[&<>"\u0000-\u001f]/g, (char) => escapes[char] ?? `&#x${char.charCodeAt(0).toString(16)};`);

function render({ name, content }: XmlNode): string {
  const inner = typeof content === 'object' ? content.map((node) => (node ? render(node) : '')).join('') : escapeText(String(content));
  return `<${name}>${inner}</${name}>`;
}

/** A whole document in S3's namespace; error documents carry no namespace. */
export function xmlDocument(root: XmlNode): string {
  const text = render(root);
  const open =
    root.name === 'Error' ? text : text.replace(`<${root.name}>`, `<${root.name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${open}`;
}

/** A parsed element: its own text and its children in order. Names are without their namespace prefix. */
export interface XmlElement {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

const maxDepth = 16;
const token = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

/**
 * The small part of XML 1.0 that S3 bodies use: no DOCTYPE, no CDATA, attributes are skipped.
 * @throws S3Error `MalformedXML` unless the text is one well-formed document with the given root
 */
export function parseXml(body: string, rootName: string): XmlElement {
  const document: XmlElement = { name: '', text: '', children: [] };
  const open = [document];
  let at = 0;
  const text = body.replace(/^\uFEFF/, '');
  while (at < text.length) {
    token.lastIndex = at;
    const match = token.exec(text);
    const parent = open.at(-1);
    if (match === null || parent === undefined) throw new S3Error('MalformedXML');
    at = token.lastIndex;
    const [, closing, qualified, , selfClosing, characters] = match;
    if (characters !== undefined) parent.text += unescapeText(characters);
    if (qualified === undefined) continue;
    const name = qualified.slice(qualified.indexOf(':') + 1);
    if (closing === '/') {
      if (open.pop()?.name !== name) throw new S3Error('MalformedXML');
    } else {
      const element: XmlElement = { name, text: '', children: [] };
      parent.children.push(element);
      if (selfClosing !== '/') open.push(element);
      if (open.length > maxDepth) throw new S3Error('MalformedXML');
    }
  }
  const [root, second] = document.children;
  if (open.length !== 1 || root?.name !== rootName || second !== undefined || document.text.trim() !== '')
    throw new S3Error('MalformedXML');
  return root;
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeText(text: string): string {
  return text.replace(/&([^;&]{0,12});?/g, (whole, entity: string) => {
    const code = /^#x[0-9a-f]+$/i.test(entity)
      ? Number.parseInt(entity.slice(2), 16)
      : /^#\d+$/.test(entity)
        ? Number(entity.slice(1))
        : undefined;
    const character = code === undefined ? named[entity] : code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
    if (character === undefined || !whole.endsWith(';')) throw new S3Error('MalformedXML');
    return character;
  });
}

export const children = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((found) => found.name === name);

export const child = (element: XmlElement, name: string): XmlElement | undefined => element.children.find((found) => found.name === name);

/** The text of a child; '' for an empty one. */
export const textOf = (element: XmlElement, name: string): string | undefined => child(element, name)?.text;
