/** The site: TypeDoc over the public API, with the chapters beside it. */
import { fileURLToPath } from 'node:url';
import {
  Application,
  Comment,
  CommentTag,
  Converter,
  type DeclarationReflection,
  OptionDefaults,
  ReflectionKind,
} from 'typedoc';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Chapters in reading order. */
const CHAPTERS = ['one-speculative-step', 'exact-laws'];

/** Titles of the folders of `src`, in reading order. */
const FLOORS: Readonly<Record<string, string>> = {
  'language-model': 'A whole model',
  numerics: 'Floor 1: numbers',
  chance: 'Floor 1: chance',
  ops: 'Floor 2: tensor operations',
  model: 'Floor 3: the model',
  adapters: 'Floor 3: adapters',
  draft: 'Floor 4: drafts',
  sampling: 'Floor 4: sampling',
  verify: 'Floor 5: acceptance rules',
  decode: 'Floor 6: decoding',
  law: 'Floor 7: laws',
  train: 'Floor 7: training',
  gpu: 'Floor 7: GPU',
  formats: 'Floor 8: file formats',
  oracle: 'Floor 9: the oracle',
  'errors.ts': 'Errors',
};

/** Renders `docs/site`. False when there was an error or a warning. */
export async function buildSite(): Promise<boolean> {
  const app = await Application.bootstrap({
    name: 'turbo-lora',
    entryPoints: [`${root}src/index.ts`],
    tsconfig: `${root}tsconfig.build.json`,
    readme: `${root}docs/home.md`,
    projectDocuments: [...CHAPTERS.map((name) => `${root}docs/generated/${name}.md`), `${root}docs/glossary.md`],
    out: `${root}docs/site`,
    disableGit: true,
    disableSources: true,
    githubPages: false,
    hideGenerator: true,
    customCss: `${root}docs/site.css`,
    plugin: [],
    blockTags: [...OptionDefaults.blockTags, '@shape', '@source'],
    excludePrivate: true,
    categorizeByGroup: false,
    defaultCategory: 'Chapters',
    categoryOrder: ['Chapters', ...Object.values(FLOORS)],
    navigation: { includeCategories: true, includeGroups: false, includeFolders: false },
    headings: { readme: false, document: false },
    sort: ['documents-first', 'kind', 'source-order'],
    searchInDocuments: true,
    requiredToBeDocumented: ['Class', 'Interface', 'TypeAlias', 'Function', 'Variable'],
    validation: { notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: true },
    treatWarningsAsErrors: true,
    treatValidationWarningsAsErrors: true,
  });
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_context, reflection) => arrange(reflection));
  const project = await app.convert();
  if (project === undefined) return false;
  app.validate(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) return false;
  await app.generateOutputs(project);
  return !app.logger.hasErrors() && !app.logger.hasWarnings();
}

/** Names the module, and files each of its exports under the title of its folder. */
function arrange(reflection: DeclarationReflection): void {
  if (reflection.kindOf(ReflectionKind.Module)) reflection.name = 'API';
  if (!reflection.parent?.kindOf(ReflectionKind.Module)) return;
  const file = reflection.project.getSymbolIdFromReflection(reflection)?.fileName ?? '';
  const place = file.split('/src/').at(-1)!.split('/')[0]!;
  reflection.comment ??= new Comment();
  reflection.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: FLOORS[place] ?? place }]));
}
