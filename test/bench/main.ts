/** `npm run bench`: every figure from one run. Not a test: it prints, it does not judge. */
import { cpus } from 'node:os';
import { benchBackends } from './backends.ts';
import { benchConformance } from './conformance.ts';
import { benchKernel } from './kernel.ts';
import { benchLaw } from './law.ts';
import { benchSmolLm, measureSmolLm } from './smollm.ts';
import { benchTexts } from './texts.ts';
import { benchSmallShape } from './tokens.ts';
import { benchTurbo } from './turbo.ts';

process.stdout.columns ??= 140; // rows stay rows in a file or a pipe

const [, , command, folder] = process.argv;
if (command === 'measure') {
  await measureSmolLm(folder!); // a child of benchSmolLm
} else {
  process.stdout.write(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}\n`);
  await benchSmallShape();
  benchSmolLm();
  await benchTurbo();
  await benchKernel();
  benchLaw();
  await benchConformance();
  benchTexts();
  await benchBackends(); // last: what gpu.js loads slows down the rest
}
