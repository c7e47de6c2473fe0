import { join } from 'node:path';
import { junitText } from '../oracle/conformance/junit.ts';
import { pageText } from '../oracle/conformance/page/page.ts';
import type { ConformanceReport } from '../oracle/conformance/report.ts';
import { reportText } from '../oracle/conformance/report-text.ts';
import { openOutput } from './output-file.ts';
import { makeFolder } from './output-folder.ts';

/** What is written into the folder of a report, by file name. */
const FILES: Readonly<Record<string, (report: ConformanceReport) => string>> = {
  ...{ 'report.json': reportText, 'junit.xml': junitText, 'report.html': pageText },
};

/**
 * Opens the files of a report before the work starts. The returned function writes them; each appears when it is
 * complete.
 * @throws {@link WriteError} when they cannot be written.
 */
export function openReport(option: string, folder: string): (report: ConformanceReport) => void {
  makeFolder(option, folder);
  const files = Object.entries(FILES).map(([name, text]) => ({ text, file: openOutput(option, join(folder, name)) }));
  return (report) => {
    for (const { text, file } of files) file.write(text(report));
    for (const { file } of files) file.finish();
  };
}
