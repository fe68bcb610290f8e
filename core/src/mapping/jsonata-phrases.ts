const SYNTAX: Readonly<Record<string, string>> = {
  BUDGET_TEXT: 'it is too long or too deeply nested',
  S0101: 'a text is not closed',
  S0102: 'a number is too large',
  S0103: 'an escape sequence is not known',
  S0104: 'the escape \\u wants four hexadecimal digits',
  S0105: 'a quoted name is not closed',
  S0106: 'a comment is not closed',
  S0201: 'this does not belong here',
  S0202: 'something else is expected here',
  S0203: 'it ends too early',
  S0204: 'an operator is not known',
  S0205: 'a word is not expected here',
  S0207: 'it ends too early',
  S0211: 'the operator wants something on its left',
  S0212: 'only a variable can stand left of :=',
  S0301: 'an empty pattern',
  S0302: 'a pattern is not closed',
};

const FAILURE: Readonly<Record<string, string>> = {
  BUDGET_DEPTH: 'it calls itself too deeply',
  BUDGET_OUTPUT: 'it gives more than 256 KiB',
  BUDGET_PICTURE: 'a picture is too long',
  BUDGET_SEQUENCE: 'a list is too long',
  BUDGET_STEPS: 'it takes too many steps for one record',
  BUDGET_STRING: 'a text is too long',
  D1001: 'a number is out of range',
  D3010: 'an argument is empty',
  D3030: 'a value is not a number',
  D3040: 'an argument is out of range',
  D3110: 'a text is not an ISO 8601 date',
  D3136: 'the picture lacks a part of the date',
  D3137: 'it raised an error of its own ($error)',
  D3141: 'an assertion does not hold ($assert)',
  INVALID_ARGUMENT: 'a function got what it cannot deal with',
  REFUSED_CLOCK: 'the date lacks parts that only the clock could give, and a mapping sees no clock',
  REFUSED_WRITE: 'it would change the record or a table',
  T0410: 'an argument has the wrong type',
  T0411: 'the context has the wrong type',
  T0412: 'a list holds the wrong type',
  T1003: 'a key is not a text',
  T1005: 'a function is called without its $',
  T1006: 'something is called that is not a function',
  T2001: 'the left side is not a number',
  T2002: 'the right side is not a number',
  T2008: 'a sort key is neither a number nor a text',
  T2009: 'sort keys have different types',
  T2010: 'a comparison wants two numbers or two texts',
};

/** What is wrong with an expression, for people. */
export function syntaxPhrase(code: string, token: unknown): string {
  const at = typeof token === 'string' && token !== '(end)' ? ` at "${token}"` : '';
  return `The expression cannot be read${at}: ${SYNTAX[code] ?? 'it is not JSONata'} (${code}).`;
}

/** Why an expression failed on a record, for people: never with a value of the record. */
export function failurePhrase(code: string, token: unknown): string {
  const inside = typeof token === 'string' && /^[A-Za-z]{1,40}$/.test(token) ? ` in $${token}` : '';
  return `The expression failed${inside}: ${FAILURE[code] ?? 'JSONata refuses it'} (${code}).`;
}
