import { z } from 'zod';
import { commonFailures } from '../../contracts/api/common-failures.js';
import type { Api } from '../../contracts/api/api.js';
import type { FailureCode } from '../../domain/failure.js';
import { jsonOf, type Endpoint, type Endpoints } from '../../contracts/api/endpoint.js';
import { CONTRACT_VERSION } from '../../contracts/api/version.js';
import { failureCodes, problemOf } from '../../contracts/failure-details.js';

/** The parts of a JSON Schema (2020-12) that are read here. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly [keyword: string]: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: JsonSchema;
}
type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;
interface Response {
  readonly description?: string;
  readonly content?: Content;
  readonly $ref?: string;
}

export interface Operation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly 'x-right': string;
  readonly 'x-failures': readonly FailureCode[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Readonly<Record<string, Response>>;
}

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, unknown>> & { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** A date is ISO 8601 text in JSON. A type that JSON Schema cannot express accepts any value. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
      // The format says the same as the pattern, and the range of JavaScript's integers is not a limit of a field.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return rest as JsonSchema;
}

function parametersOf(schema: z.ZodType | undefined, where: Parameter['in']): Parameter[] {
  if (schema === undefined) return [];
  const whole = schemaOf(schema, 'input');
  return [whole, ...(whole.allOf ?? [])].flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([name, part]) => ({
      name,
      in: where,
      required: where === 'path' || required.includes(name),
      schema: part,
    })),
  );
}

function requestBodyOf({ body, uploadBytes }: Endpoint): Pick<Operation, 'requestBody'> {
  if (uploadBytes !== undefined)
    return { requestBody: { required: true, content: { 'application/octet-stream': { schema: { maxLength: uploadBytes } } } } };
  return body === undefined
    ? {}
    : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } } };
}

function answersOf({ answer }: Endpoint): Operation['responses'] {
  if ('kind' in answer && answer.kind === 'redirect') return { 302: { description: 'Redirects to another address.' } };
  const json = jsonOf(answer);
  const files = 'kind' in answer && answer.kind === 'file' ? answer.mediaTypes : [];
  const isEmpty = json === undefined ? files.length === 0 : json.safeParse(undefined).success;
  const content = {
    ...(json === undefined ? {} : { 'application/json': { schema: schemaOf(json, 'output') } }),
    ...Object.fromEntries(files.map((type) => [type, { schema: {} }])),
  };
  return {
    ...(Object.keys(content).length === 0 ? {} : { 200: { description: 'Done.', content } }),
    ...(isEmpty ? { 204: { description: 'Done; the answer has no body.' } } : {}),
  };
}

const operationOf = (path: string, endpoint: Endpoint): Operation => ({
  summary: endpoint.summary,
  tags: [path.split('/')[1] ?? ''],
  security: endpoint.right === 'public' ? [] : [{ session: [] }],
  'x-right': endpoint.right,
  'x-failures': endpoint.failures,
  parameters: [...parametersOf(endpoint.params, 'path'), ...parametersOf(endpoint.query, 'query')],
  ...requestBodyOf(endpoint),
  responses: { ...answersOf(endpoint), default: { $ref: '#/components/responses/Refused' } },
});

/** The HTTP interface as an OpenAPI 3.1 description. */
export function openApiOf(endpoints: Api | Endpoints): OpenApi {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [key, endpoint] of Object.entries(endpoints as Endpoints)) {
    const [method = '', path = ''] = key.split(' ');
    (paths[path.replace(/:(\w+)/g, '{$1}')] ??= {})[method.toLowerCase()] = operationOf(path, endpoint);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Proofline',
      version: CONTRACT_VERSION,
      description:
        'Times are ISO 8601, UTC. A request that is refused is answered by a Problem, whose code is one of docs/reference/errors.md.',
    },
    servers: [{ url: '/api' }],
    paths,
    components: {
      schemas: {
        Problem: { oneOf: failureCodes.map((code) => ({ $ref: `#/components/schemas/Problem.${code}` })) },
        ...Object.fromEntries(failureCodes.map((code) => [`Problem.${code}`, schemaOf(problemOf(code), 'output')])),
      },
      responses: {
        Refused: {
          description: `Refused. The route's \`x-failures\` names its codes, and the schema \`Problem.<code>\` the \`details\` of each; every route may also fail with ${commonFailures({ right: 'self.use' }).join(', ')}. The status of each stands in docs/reference/errors.md.`,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: { session: { type: 'http', scheme: 'bearer', description: 'The access token of a sign-in (POST /session).' } },
    },
  };
}
