import type { LifecycleRule } from '../rules/lifecycle.js';
import { S3Error } from './s3-error.js';
import { child, children, textOf, xml, type XmlElement, type XmlNode } from './xml.js';

const maxRules = 1000;
const nothing: XmlElement = { name: '', text: '', children: [] };

/** @throws S3Error `MalformedXML` or `InvalidArgument`; `NotImplemented` for transitions, which have nowhere to go */
export function parseLifecycle(root: XmlElement): LifecycleRule[] {
  const rules = children(root, 'Rule').map(parseRule);
  if (rules.length === 0 || rules.length > maxRules) throw new S3Error('MalformedXML');
  if (new Set(rules.map(({ id }) => id)).size !== rules.length) throw new S3Error('InvalidArgument', 'Rule ID must be unique.');
  return rules;
}

function parseRule(rule: XmlElement, index: number): LifecycleRule {
  if (child(rule, 'Transition') ?? child(rule, 'NoncurrentVersionTransition')) {
    throw new S3Error('NotImplemented', 'Lifecycle transitions are not implemented: there is one storage class.');
  }
  const status = textOf(rule, 'Status');
  if (status !== 'Enabled' && status !== 'Disabled') throw new S3Error('MalformedXML');
  const filter = child(rule, 'Filter') ?? nothing;
  const scope = child(filter, 'And') ?? filter;
  if (child(scope, 'ObjectSizeGreaterThan') ?? child(scope, 'ObjectSizeLessThan')) {
    throw new S3Error('NotImplemented', 'Lifecycle filters by size are not implemented.');
  }
  const expiration = child(rule, 'Expiration') ?? nothing;
  const noncurrent = child(rule, 'NoncurrentVersionExpiration') ?? nothing;
  const actions = {
    ...days(expiration, 'Days', 'expireDays'),
    ...date(expiration),
    ...(textOf(expiration, 'ExpiredObjectDeleteMarker') === 'true' ? { expireLoneDeleteMarkers: true } : {}),
    ...days(noncurrent, 'NoncurrentDays', 'expireNoncurrentDays'),
    ...days(noncurrent, 'NewerNoncurrentVersions', 'keepNoncurrentVersions'),
    ...days(child(rule, 'AbortIncompleteMultipartUpload') ?? nothing, 'DaysAfterInitiation', 'abortUploadDays'),
  };
  if (Object.keys(actions).length === 0) throw new S3Error('MalformedXML', 'A rule needs at least one action.');
  if (actions.expireDays !== undefined && actions.expireDate !== undefined) throw new S3Error('MalformedXML');
  if (actions.keepNoncurrentVersions !== undefined && actions.expireNoncurrentDays === undefined) throw new S3Error('MalformedXML');
  return {
    id: textOf(rule, 'ID') ?? `rule-${index + 1}`,
    enabled: status === 'Enabled',
    prefix: textOf(scope, 'Prefix') ?? textOf(rule, 'Prefix') ?? '',
    tags: Object.fromEntries(children(scope, 'Tag').map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? ''])),
    ...actions,
  };
}

function days<N extends string>(element: XmlElement, name: string, as: N): Partial<Record<N, number>> {
  const text = textOf(element, name);
  if (text === undefined) return {};
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new S3Error('InvalidArgument', `${name} must be a positive integer.`);
  return { [as]: value } as Partial<Record<N, number>>;
}

function date(element: XmlElement): { expireDate?: string } {
  const text = textOf(element, 'Date');
  if (text === undefined) return {};
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || ms % 86_400_000 !== 0) throw new S3Error('InvalidArgument', "'Date' must be at midnight GMT.");
  return { expireDate: new Date(ms).toISOString() };
}

export function lifecycleXml(rules: readonly LifecycleRule[]): XmlNode {
  return xml('LifecycleConfiguration', rules.map(ruleXml));
}

function ruleXml(rule: LifecycleRule): XmlNode {
  const tags = Object.entries(rule.tags).map(([name, value]) => xml('Tag', [xml('Key', name), xml('Value', value)]));
  const prefix = xml('Prefix', rule.prefix);
  const some = (name: string, nodes: readonly (XmlNode | undefined)[]): XmlNode | undefined =>
    nodes.some((node) => node !== undefined) ? xml(name, nodes) : undefined;
  const leaf = (name: string, value: string | number | boolean | undefined): XmlNode | undefined =>
    value === undefined ? undefined : xml(name, value);
  return xml('Rule', [
    xml('ID', rule.id),
    xml('Status', rule.enabled ? 'Enabled' : 'Disabled'),
    xml('Filter', tags.length === 0 ? [prefix] : [xml('And', [prefix, ...tags])]),
    some('Expiration', [
      leaf('Days', rule.expireDays),
      leaf('Date', rule.expireDate),
      leaf('ExpiredObjectDeleteMarker', rule.expireLoneDeleteMarkers),
    ]),
    some('NoncurrentVersionExpiration', [
      leaf('NoncurrentDays', rule.expireNoncurrentDays),
      leaf('NewerNoncurrentVersions', rule.keepNoncurrentVersions),
    ]),
    some('AbortIncompleteMultipartUpload', [leaf('DaysAfterInitiation', rule.abortUploadDays)]),
  ]);
}
