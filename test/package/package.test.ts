/** The tarball, used as its users use it: installed in an empty project. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../meta/sources.ts';
import { DOORS } from '../support/doors.ts';
import { type InstalledPackage, installPackage } from './installed-package.ts';

let folder: string;
let installed: InstalledPackage;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-'));
  installed = installPackage(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface AttwReport {
  readonly analysis: { readonly types: unknown };
  readonly problems?: Readonly<Record<string, readonly { readonly resolutionKind: string }[]>>;
}

interface Block {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of the README. */
const blocks: readonly Block[] = [
  ...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```(\w*)\n([\s\S]*?\n)```$/gm),
].map(([, language, text]) => ({ language: language!, text: text! }));

/** The programs of the README, what a newcomer copies: a block without imports goes on with the one before. */
const examples: string[] = [];
for (const { language, text } of blocks) {
  if (language !== 'ts') continue;
  if (text.startsWith('import')) examples.push(text);
  else examples[examples.length - 1] += text;
}

describe('the tarball', () => {
  it('holds every source that its maps name, and no build state', () => {
    const files = new Set(installed.files);
    expect(installed.files.filter((file) => file.endsWith('.tsbuildinfo'))).toEqual([]);
    const maps = installed.files.filter((file) => file.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(100);
    const lost = maps.flatMap((map) => {
      const text = readFileSync(join(installed.project, 'node_modules/turbo-lora', map), 'utf8');
      const { sources } = JSON.parse(text) as { sources: string[] };
      return sources.map((source) => normalize(join(dirname(map), source))).filter((source) => !files.has(source));
    });
    expect(lost).toEqual([]);
  });

  it('is clean under publint', async () => {
    const { messages, pkg } = await publint({
      pkgDir: join(installed.project, 'node_modules/turbo-lora'),
      pack: false,
    });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it('has right types in every way of resolving an ES module', () => {
    const attw = join(root, 'node_modules/.bin/attw');
    // The profile is heeded by the exit code, not by the list of problems: that names CommonJS too.
    const report = execFileSync(attw, [installed.tarball, '--profile', 'esm-only', '--format', 'json'], {
      encoding: 'utf8',
    });
    const { analysis, problems = {} } = JSON.parse(report) as AttwReport;
    expect(analysis.types).toMatchObject({ kind: 'included' });
    const ways = new Set(Object.values(problems).flatMap((found) => found.map((problem) => problem.resolutionKind)));
    expect([...ways].sort()).toEqual(['node10', 'node16-cjs']);
  });
});

describe('in an empty project', () => {
  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('the README’s examples compile with module %s and resolution %s, libraries checked', (module, resolution) => {
    expect(examples.length).toBeGreaterThan(3);
    const files = examples.map((_, i) => `example-${i}-${resolution}.ts`);
    // No package of types is installed here, Node's neither: only what the examples themselves use is declared.
    const declared = 'declare const process: { stdout: { write(text: string): void } };\n';
    for (const [i, file] of files.entries()) installed.write(file, `${declared}${examples[i]}`);
    const options = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false', '--target', 'es2023'];
    installed.run('npx', 'tsc', '--noEmit', ...options, '--module', module, '--moduleResolution', resolution, ...files);
  });

  // With Node alone there are no types of Node and none of gpu.js, the optional peer.
  const imports = DOORS.map(({ name }, i) => `import * as door${i} from '${name}';`).join('\n');
  const list = DOORS.map((_, i) => `door${i}`).join(', ');

  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('every door has types with module %s and resolution %s, libraries checked', (module, resolution) => {
    const file = `doors-${resolution}.ts`;
    installed.write(file, `${imports}\nexport const doors: readonly object[] = [${list}];\n`);
    const options = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false', '--target', 'es2023'];
    installed.run('npx', 'tsc', '--noEmit', ...options, '--module', module, '--moduleResolution', resolution, file);
  });

  it('every door opens', () => {
    installed.write('doors.mjs', `${imports}\nconsole.log([${list}].every((door) => Object.keys(door).length > 0));`);
    expect(installed.run('node', 'doors.mjs')).toBe('true\n');
  });

  it('a bundle for a browser takes the entry without Node', async () => {
    installed.write('page.mjs', `export { load, memoryFolder } from 'turbo-lora';`);
    const { metafile } = await build({
      ...{ absWorkingDir: installed.project, entryPoints: ['page.mjs'], bundle: true, write: false, metafile: true },
      ...{ platform: 'browser', format: 'esm', external: ['gpu.js'] },
    });
    const inputs = Object.keys(metafile.inputs).filter((file) => file.startsWith('node_modules/turbo-lora/'));
    expect(inputs).toContain('node_modules/turbo-lora/dist/browser.js');
    expect(inputs.filter((file) => /\/node(\.js$|\/)/.test(file))).toEqual([]);
  });

  it('the README’s first example runs', () => {
    installed.write('example.mjs', examples[0]!);
    expect(installed.run('node', 'example.mjs')).toContain('return sum(');
  });

  it('the README’s drafter prints what is shown', () => {
    const at = blocks.findIndex(({ text }) => text.includes('*propose('));
    installed.write('drafter.ts', blocks[at]!.text);
    installed.run('npx', 'tsc', '--target', 'es2023', '--module', 'nodenext', 'drafter.ts');
    expect(installed.run('node', 'drafter.js')).toBe(blocks[at + 1]!.text);
  });

  it('fixtures, schemas and package.json are importable', () => {
    installed.write(
      'files.mjs',
      `import { readFileSync } from 'node:fs';
       for (const file of ['fixtures/manifest.json', 'spec/problem.schema.json', 'spec/rounds.schema.json', 'package.json']) {
         JSON.parse(readFileSync(new URL(import.meta.resolve('turbo-lora/' + file)), 'utf8'));
       }
       console.log('read');`,
    );
    expect(installed.run('node', 'files.mjs')).toBe('read\n');
  });

  it('the command runs', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(installed.run('npx', 'turbo-lora', '--version').trim()).toBe(version);
  });

  it('npm ci --omit=dev installs it', () => {
    installed.run('npm', 'ci', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline');
    expect(installed.run('npx', 'turbo-lora', 'rules', '--json')).toContain('"rejection"');
  });
});

describe('gpu.js', () => {
  const SCRIPT = `
    import { embeddedFolder, load } from 'turbo-lora';
    try {
      const model = await load(embeddedFolder('base'), { adapter: embeddedFolder('adapter'), backend: 'gpu:webasm' });
      const { text } = await model.complete('def total_price(items):\\n', { maxNewTokens: 24 });
      console.log(model.backend.name + text);
    } catch (error) {
      console.log(error.name + ': ' + error.message);
    }`;
  const link = (): string => join(installed.project, 'node_modules/gpu.js');

  it('is not installed, and a backend of it says so', () => {
    expect(existsSync(link())).toBe(false);
    installed.write('gpu.mjs', SCRIPT);
    expect(installed.run('node', 'gpu.mjs')).toBe(
      'BackendError: package gpu.js: expected an installed one (npm install gpu.js), got none\n',
    );
  });

  it('once it is there, the built files run on it', () => {
    symlinkSync(join(root, 'node_modules/gpu.js'), link());
    installed.write('gpu.mjs', SCRIPT);
    expect(installed.run('node', 'gpu.mjs')).toMatch(/^gpu:webasm {2}return sum\(/);
    rmSync(link());
  });

  it('comes to this repository without its native parts', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    const { packages } = JSON.parse(lock) as { packages: Record<string, { name?: string } | undefined> };
    for (const native of ['gl', 'webgpu']) {
      expect(packages[`node_modules/${native}`]?.name).toBe('empty-npm-package');
    }
  });
});

it('a clone installs without the development dependencies', () => {
  const clone = join(folder, 'clone');
  execFileSync('git', ['clone', '--quiet', root, clone]);
  execFileSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: clone });
  execFileSync('node', ['--input-type=module', '--eval', 'await import("commander")'], { cwd: clone });
});
