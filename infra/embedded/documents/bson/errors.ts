/** An error of the MongoDB protocol: it becomes `{ ok: 0, code, codeName, errmsg }` on the wire. */
export class MongoError extends Error {
  override readonly name = 'MongoError';
  constructor(
    readonly codeName: keyof typeof errorCodes,
    message: string,
    /** Further top-level fields of the reply, such as keyPattern and keyValue. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  get code(): number {
    return errorCodes[this.codeName];
  }
}

/** MongoDB's own numbers (error_codes.yml); drivers decide by them. */
export const errorCodes = {
  InternalError: 1,
  BadValue: 2,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  Overflow: 15,
  AuthenticationFailed: 18,
  IllegalOperation: 20,
  InvalidBSON: 22,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  NoSuchTransaction: 251,
  OperationNotSupportedInTransaction: 263,
  OutOfDiskSpace: 14031,
  CommandNotSupported: 115,
  DocumentValidationFailure: 121,
  CannotIndexParallelArrays: 171,
  QueryExceededMemoryLimitNoDiskUseAllowed: 292,
  DuplicateKey: 11000,
  BSONObjectTooLarge: 10334,
  InterruptedAtShutdown: 11600,
  KeyTooLong: 17280,
  Location40149: 40149,
  Location40323: 40323,
  Location40324: 40324,
  Location15998: 15998,
  Location31249: 31249,
  Location31254: 31254,
  Location16410: 16410,
  Location16554: 16554,
  Location16608: 16608,
  Location40415: 40415,
  Location51024: 51024,
  Location5107200: 5107200,
  Location40228: 40228,
  Location40231: 40231,
  Location4161105: 4161105,
} as const;
