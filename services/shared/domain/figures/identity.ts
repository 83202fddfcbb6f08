/** Who entered, and how each visit ended: a sum that shows readers that nobody is missing. */
export function identityText(figures: Readonly<Record<string, { readonly value: number | null }>>): string {
  const of = (key: string): string => String(figures[key]?.value ?? 0);
  return `Q ${of('entered')} = H ${of('answered')} + A ${of('abandoned')} + F ${of('overflowed')} + C ${of('callbacks')} + L ${of('lost')} + W ${of('waiting')}`;
}
