/** The parts of an error that a message may name; never a value of the record. */
interface Named {
  readonly token?: unknown;
  readonly index?: number | undefined;
  readonly text?: string | undefined;
}

/** One sentence a code, in our words. `{token}`, `{index}` and `{text}` are filled in. */
const sentences: Readonly<Record<string, string>> = {
  S0101: 'A string has no closing quote.',
  S0102: 'The number {token} is too large.',
  S0103: 'The escape \\{token} does not exist in strings.',
  S0104: 'A \\u escape needs four hexadecimal digits.',
  S0105: 'A name in backticks has no closing backtick.',
  S0106: 'A comment has no closing */.',
  S0201: 'Unexpected {token}.',
  S0202: 'Another token was expected where {token} stands.',
  S0203: 'The expression ends too early.',
  S0204: 'The operator {token} does not exist.',
  S0207: 'The expression ends too early.',
  S0208: 'A parameter of a function must be a variable name; {token} is none.',
  S0209: 'A predicate cannot follow a grouping.',
  S0210: 'A step can have one grouping only.',
  S0211: '{token} cannot stand before its operand.',
  S0212: 'The left side of := must be a variable name.',
  S0213: 'A literal value cannot be a step of a path.',
  S0214: 'The right side of {token} must be a variable name.',
  S0215: 'A context variable must come before the predicates of its step.',
  S0216: 'A context variable must come before the order-by of its step.',
  S0217: 'The parent of this expression cannot be known.',
  S0301: 'A regular expression is empty.',
  S0302: 'A regular expression has no closing slash.',
  S0401: 'Only functions and arrays take a type parameter.',
  S0402: 'A choice of types cannot contain type parameters.',
  T0410: 'Argument {index} of {token} has the wrong type.',
  T0411: 'The context cannot stand in for argument {index} of {token}.',
  T0412: 'Argument {index} of {token} must be an array of one type.',
  D1001: 'A number is out of range.',
  D1002: 'Only a number can be negated.',
  T1003: 'A key of an object must be a string.',
  D1004: 'A regular expression matched an empty string again and again.',
  T1005: 'This is no function. Did you mean ${token}?',
  T1006: 'This is no function.',
  T1007: 'This is no function and cannot be applied in part. Did you mean ${token}?',
  T1008: 'This is no function and cannot be applied in part.',
  D1009: 'Two keys of an object are the same.',
  T1010: 'The matcher given to {token} does not return a match.',
  D1013: 'This key is reserved.',
  T2001: 'The left side of {token} must be a number.',
  T2002: 'The right side of {token} must be a number.',
  T2003: 'The left side of .. must be an integer.',
  T2004: 'The right side of .. must be an integer.',
  T2006: 'The right side of ~> must be a function.',
  T2007: 'The values of an order-by are not of one type.',
  T2008: 'The values of an order-by must be numbers or strings.',
  T2009: 'Both sides of {token} must be of one type.',
  T2010: 'Both sides of {token} must be numbers or strings.',
  T2011: 'The update of a transform must be an object.',
  T2012: 'The delete of a transform must be a string or an array of strings.',
  T2013: 'A transform needs $clone, which is no function here.',
  D2014: 'A range may have ten million items.',
  D3001: 'Infinity and NaN have no text.',
  D3010: 'The second argument of $replace cannot be empty.',
  D3011: 'The fourth argument of $replace must be positive.',
  D3012: 'A match can only be replaced by a string.',
  D3020: 'The third argument of $split must be positive.',
  D3030: 'The value cannot be read as a number.',
  D3040: 'The third argument of $match must be positive.',
  D3050: 'The function given to $reduce must take two arguments.',
  D3060: 'A negative number has no square root.',
  D3061: 'The power is out of range.',
  D3070: 'Without a function, $sort takes only strings or only numbers.',
  D3100: 'The base must be between 2 and 36.',
  D3110: 'The text is no ISO 8601 timestamp.',
  D3136: 'The picture lacks parts that a timestamp needs.',
  D3137: '{text}',
  D3138: '$single matched more than once.',
  D3139: '$single matched nothing.',
  D3140: 'The text passed to ${text} is malformed.',
  D3141: '{text}',
  BUDGET_STEPS: 'The expression took more steps than its budget allows.',
  BUDGET_DEPTH: 'The expression is nested or recurs more deeply than its budget allows.',
  BUDGET_OUTPUT: 'The result is larger than its budget allows.',
  BUDGET_SEQUENCE: 'A sequence is longer than its budget allows.',
  BUDGET_STRING: 'A string is longer than its budget allows.',
  BUDGET_PICTURE: 'A picture string is longer or wider than is allowed.',
  BUDGET_TEXT: 'The expression is longer or more deeply nested than is allowed.',
  REFUSED_EVAL: '$eval is refused: an expression cannot compile another.',
  REFUSED_CLOCK: 'The clock is refused: the caller gave no time.',
  REFUSED_RANDOM: 'Chance is refused: the caller gave none.',
  REFUSED_REGEX:
    'The regular expression needs what linear time cannot give (look-around, back-references) or is invalid.',
  REFUSED_REPEAT: 'The regular expression repeats something more than 1,000 times, or too much of it.',
  REFUSED_PROMISE: 'A function of the caller returned a promise; expressions are synchronous.',
  REFUSED_WRITE: 'A transform may change its own copy only, never what the caller passed in.',
  INVALID_TEXT: 'The expression cannot be parsed.',
  INVALID_ARGUMENT: 'A function cannot work on this argument.',
  HOST_FUNCTION: 'A function of the caller threw.',
};

/** Renders a token as text without ever printing more than a name's worth of it. */
function show(token: unknown): string {
  return typeof token === 'string' || typeof token === 'number' ? String(token).slice(0, 60) : 'the function';
}

/** The sentence for a code; a code of the picture functions (D308x, D313x) has a common one. */
export function describeCode(code: string, named: Named): string {
  const sentence = sentences[code] ?? 'A picture string or an argument is invalid.';
  return sentence.replace(/\{(token|index|text)\}/g, (_match, part: string) => {
    if (part === 'token') return show(named.token);
    return part === 'index' ? String(named.index ?? 1) : (named.text ?? '');
  });
}
