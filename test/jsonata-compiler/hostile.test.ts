import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { compile } from '#jsonata-compiler/compile.js';
import { isJsonataError } from '#jsonata-compiler/errors.js';

/** A stranger's expression, and how it has to end: with this code, or (`value`) harmlessly. */
interface Attack {
  readonly why: string;
  readonly text: string;
  readonly input?: unknown;
  readonly code: string;
}

// Compiled tests run from dist/: the data stay with the sources.
const table = new URL('hostile/expressions.ndjson', import.meta.url.replace('/test/dist/', '/test/'));
const attacks = readFileSync(table, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Attack);

const guarded: readonly object[] = [
  Object.prototype, Array.prototype, Function.prototype, String.prototype, Number.prototype, Boolean.prototype,
  RegExp.prototype, Map.prototype, Set.prototype, Promise.prototype, Error.prototype, Object, Array, Function, JSON, Math,
]; // prettier-ignore

/** Everything that the built-in prototypes own. */
function prototypes(): PropertyDescriptorMap[] {
  return guarded.map((owner) => Object.getOwnPropertyDescriptors(owner));
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}

function outcome(attack: Attack, accelerate: boolean): string {
  const input = structuredClone(attack.input);
  const frozen = JSON.stringify(input);
  try {
    compile(attack.text, { accelerate }).evaluate(input);
    return 'value';
  } catch (error) {
    if (!isJsonataError(error)) throw error;
    expect(error.message).to.have.length.below(300);
    return error.code;
  } finally {
    expect(JSON.stringify(input), 'the input').to.equal(frozen);
  }
}

describe('jsonata-compiler: hostile expressions', function () {
  this.timeout(60_000);
  const before_ = prototypes();
  let heapBefore = 0;

  before(() => {
    collectGarbage();
    heapBefore = process.memoryUsage().heapUsed;
  });

  it('are at least 200, of which at least 200 must end with a code', () => {
    const texts = new Set(attacks.map(({ text, input }) => text + JSON.stringify(input)));
    expect(texts.size).to.equal(attacks.length);
    expect(attacks.filter(({ code }) => code !== 'value')).to.have.length.of.at.least(200);
  });

  for (const accelerate of [true, false]) {
    describe(accelerate ? 'with generated source' : 'with closures only', () => {
      for (const [number, attack] of attacks.entries()) {
        it(`${number} ${attack.why}: ${attack.text.slice(0, 70).replace(/\s+/g, ' ')} ends with ${attack.code}`, () => {
          expect(outcome(attack, accelerate)).to.equal(attack.code);
        });
      }
    });
  }

  it('leave every prototype as it was', () => {
    expect(prototypes()).to.deep.equal(before_);
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
  });

  it('give all memory back', () => {
    collectGarbage();
    expect(process.memoryUsage().heapUsed).to.be.below(heapBefore + 48 * 1024 * 1024);
  });
});
