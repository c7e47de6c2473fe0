#!/usr/bin/env node
import { exitCodeOf, runCommandLine } from './run.ts';

process.on('uncaughtException', (error) => process.exit(exitCodeOf(error)));
process.exitCode = await runCommandLine(process.argv.slice(2));
