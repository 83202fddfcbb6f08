/** `zh***@example.com`: the part of a mail address that pages, logs and stored rows show. */
export function maskMail(address: string): string {
  const at = address.lastIndexOf('@');
  return at <= 0 ? '***' : `${address.slice(0, Math.min(2, at - 1))}***${address.slice(at)}`;
}

/** One plain address (`a@b`), trimmed; `undefined` when the text is not an address or could hold a second recipient. */
export function normaliseMail(text: string): string | undefined {
  const address = text.trim();
  return address.length <= 254 && /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(address) ? address : undefined;
}
