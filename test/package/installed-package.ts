/** A project with nothing in it but the packed tarball and a TypeScript compiler. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../meta/sources.ts';

export interface InstalledPackage {
  /** Path of the packed tarball. */
  readonly tarball: string;
  /** Files in the tarball, as paths from the package's root. */
  readonly files: readonly string[];
  /** Folder of the project that installed it. */
  readonly project: string;
  /** Runs a program in the project's folder and returns what it prints; throws with all its output when it fails. */
  run(program: string, ...args: string[]): string;
  write(file: string, content: string): void;
}

interface PackReport {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packs the package into `folder` and installs it in a new project there. */
export function installPackage(folder: string): InstalledPackage {
  const project = join(folder, 'project');
  mkdirSync(project);
  output(root, 'npm', ['run', '-s', 'build']);
  const [pack] = JSON.parse(
    output(root, 'npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]),
  ) as PackReport[];
  const tarball = join(folder, pack!.filename);
  const run = (program: string, ...args: string[]): string => output(project, program, args);
  const write = (file: string, content: string): void => writeFileSync(join(project, file), content);
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: { typescript: string };
  };
  write(
    'package.json',
    JSON.stringify({
      ...{ name: 'project', private: true, type: 'module', dependencies: { 'turbo-lora': `file:${tarball}` } },
      devDependencies: { typescript: devDependencies.typescript },
    }),
  );
  run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline');
  return { tarball, files: pack!.files.map(({ path }) => path), project, run, write };
}

function output(folder: string, program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(' ')} failed\n${stdout}\n${stderr}`, { cause: error });
  }
}
