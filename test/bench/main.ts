/** `npm run bench`: every figure from one run. Not a test: it prints, it does not judge. */
import { cpus } from 'node:os';
import { benchKernel } from './kernel.ts';
import { benchSmolLm } from './smollm.ts';
import { benchSmallShape } from './tokens.ts';
import { benchTurbo } from './turbo.ts';

process.stdout.write(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}\n`);
await benchKernel();
benchSmallShape();
benchSmolLm();
await benchTurbo();
