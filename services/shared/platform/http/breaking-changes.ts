import type { JsonSchema, OpenApi, Operation } from './open-api.js';

/** The changes of an interface that break a client made for `before`. Each line names the route and the place. */
export function breakingChanges(before: OpenApi, after: OpenApi): string[] {
  const routes = Object.entries(before.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`;
      const now = after.paths[path]?.[method];
      return now === undefined ? [`${name} is gone`] : [...inputChanges(name, operation, now), ...answerChanges(name, operation, now)];
    }),
  );
  return [...routes, ...problemChanges(before, after)];
}

const ONE_PROBLEM = 'Problem.';

/** Each shape of details that a client reads must still come with the same code. */
function problemChanges(before: OpenApi, after: OpenApi): string[] {
  return Object.entries(before.components.schemas).flatMap(([name, problem]) => {
    if (!name.startsWith(ONE_PROBLEM)) return [];
    const now = after.components.schemas[name];
    if (now === undefined) return [`${name} is gone`];
    const shapes = shapesOf(now.properties?.details);
    return shapesOf(problem.properties?.details).flatMap((old) =>
      shapes.some((shape) => lostFields('', old, shape).length === 0)
        ? []
        : [`${name}: no details have the fields ${Object.keys(old.properties ?? old.items?.properties ?? {}).join(', ')} any more`],
    );
  });
}

const shapesOf = (details: JsonSchema | undefined): readonly JsonSchema[] => (details === undefined ? [] : (details.anyOf ?? [details]));

function inputChanges(name: string, before: Operation, after: Operation): string[] {
  const known = new Map(before.parameters.map((each) => [`${each.in} ${each.name}`, each]));
  const parameters = after.parameters.flatMap((each) => {
    const place = `${name}: ${each.in} ${each.name}`;
    const old = known.get(`${each.in} ${each.name}`);
    if (each.required && old?.required !== true) return [`${place} is newly required`];
    return old === undefined ? [] : typeChanges(place, old.schema, each.schema);
  });
  const [old, now] = [bodyOf(before), bodyOf(after)];
  if (now === undefined) return parameters;
  if (old === undefined) return [...parameters, `${name}: a body is newly required`];
  return [...parameters, ...requiredInputs(`${name}: body`, old, now)];
}

function answerChanges(name: string, before: Operation, after: Operation): string[] {
  const old = before.responses['200']?.content ?? {};
  const now = after.responses['200']?.content ?? {};
  return Object.entries(old).flatMap(([type, { schema }]) => {
    const other = now[type];
    return other === undefined ? [`${name}: answers no ${type}`] : lostFields(`${name}: answer`, schema, other.schema);
  });
}

const bodyOf = ({ requestBody }: Operation): JsonSchema | undefined => requestBody?.content['application/json']?.schema;

const typeChanges = (place: string, before: JsonSchema, after: JsonSchema): string[] =>
  JSON.stringify(before.type) === JSON.stringify(after.type) ? [] : [`${place} is of another type`];

/** Every request that was valid must still be valid. */
function requiredInputs(place: string, before: JsonSchema, after: JsonSchema): string[] {
  const newly = (after.required ?? [])
    .filter((field) => before.required?.includes(field) !== true)
    .map((field) => `${place}.${field} is newly required`);
  return [...typeChanges(place, before, after), ...newly, ...inside(place, before, after, requiredInputs)];
}

/** Every field that was read must still be there. */
function lostFields(place: string, before: JsonSchema, after: JsonSchema): string[] {
  const lost = Object.keys(before.properties ?? {})
    .filter((field) => after.properties?.[field] === undefined)
    .map((field) => `${place}.${field} is gone`);
  const optional = (before.required ?? [])
    .filter((field) => after.properties?.[field] !== undefined && after.required?.includes(field) !== true)
    .map((field) => `${place}.${field} may be missing`);
  return [...typeChanges(place, before, after), ...lost, ...optional, ...inside(place, before, after, lostFields)];
}

function inside(place: string, before: JsonSchema, after: JsonSchema, compare: typeof lostFields): string[] {
  const fields = Object.entries(before.properties ?? {}).flatMap(([field, schema]) => {
    const now = after.properties?.[field];
    return now === undefined ? [] : compare(`${place}.${field}`, schema, now);
  });
  return before.items === undefined || after.items === undefined
    ? fields
    : [...fields, ...compare(`${place}[]`, before.items, after.items)];
}
