#!/usr/bin/env node
import { runCommandLine } from './run.ts';

// A reader that closes early (`turbo-lora … | head`) is not a fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await runCommandLine(process.argv.slice(2));
