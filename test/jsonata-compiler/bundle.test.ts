import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

interface Bundle {
  readonly outputFiles: readonly { readonly text: string }[];
  readonly metafile: { readonly inputs: Record<string, unknown> };
}
type Build = (options: Record<string, unknown>) => Promise<Bundle>;

const require = createRequire(import.meta.url);
// esbuild comes with tsx; it is the bundler that the playground's build uses.
const { build } = createRequire(require.resolve('tsx'))('esbuild') as { build: Build };
const entry = fileURLToPath(
  new URL('../../jsonata-compiler/src/index.ts', import.meta.url.replace('/test/dist/', '/test/')),
);

async function bundle(): Promise<Bundle> {
  return build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    logLevel: 'silent',
  });
}

describe('jsonata-compiler as a bundle for browsers', function () {
  this.timeout(60_000);

  it('needs no module of Node', async () => {
    const { outputFiles, metafile } = await bundle();
    expect(Object.keys(metafile.inputs).filter((name) => name.startsWith('node:'))).to.deep.equal([]);
    expect(outputFiles[0]?.text).to.not.match(/from\s*["']node:|require\(["'](node:|fs|path|crypto)/);
  });

  it('evaluates where code generation from strings is forbidden, with the same values and errors', async () => {
    const { outputFiles } = await bundle();
    const script = `${outputFiles[0]?.text ?? ''}
      {
      let forbidden = false;
      try { new Function('return 1'); } catch (error) { forbidden = error instanceof EvalError; }
      const code = (text) => { try { return compile(text).evaluate({}); } catch (error) { return error.code; } };
      const expression = compile('{"a": $uppercase(a.b), "c": list[x = 1].y}');
      const value = expression.evaluate({ a: { b: 'x' }, list: [{ x: 1, y: 2 }, { x: 2 }] });
      const runs = new Set(expression.explain().map((report) => report.runs));
      console.log(JSON.stringify([forbidden, value, code('1 + "a"'), [...runs]]));
      }`;
    const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '-'];
    const printed = execFileSync(process.execPath, flags, { input: script, encoding: 'utf8', env: {} });
    expect(JSON.parse(printed)).to.deep.equal([true, { a: 'X', c: 2 }, 'T2002', ['closure']]);
  });
});
