/** Where faults were found, as links. */
import type { FaultReference } from 'turbo-lora/law';

export function referenceLink({ where }: FaultReference): string {
  const paper = /^arXiv (\d{4}\.\d{5})$/.exec(where);
  if (paper !== null) return `[${where}](https://arxiv.org/abs/${paper[1]})`;
  const [repository, number] = where.split('#');
  // GitHub leads from an issue’s address to the pull request of that number.
  return `[${where}](https://github.com/${repository}${number === undefined ? '' : `/issues/${number}`})`;
}
