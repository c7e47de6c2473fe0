/** The site: TypeDoc over the public API, a page for each door, with the chapters beside them. */
import { fileURLToPath } from 'node:url';
import {
  Application,
  type CommentDisplayPart,
  Converter,
  type DeclarationReflection,
  DocumentReflection,
  OptionDefaults,
  type ProjectReflection,
  ReflectionKind,
} from 'typedoc';
import { DOORS } from '../test/support/doors.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Chapters in reading order. */
const CHAPTERS = ['one-speculative-step', 'exact-laws', 'add-a-family'];

/** Pages for authors of engines. */
const ENGINE_PAGES = ['first-ten-minutes', 'judging-in-ci', 'faults'];

/** Renders `docs/site`. False when there was an error or a warning. */
export async function buildSite(): Promise<boolean> {
  const app = await Application.bootstrap({
    name: 'turbo-lora',
    entryPoints: DOORS.map(({ file }) => `${root}${file}`),
    tsconfig: `${root}tsconfig.build.json`,
    readme: `${root}docs/home.md`,
    projectDocuments: [
      ...CHAPTERS.map((name) => `${root}docs/generated/${name}.md`),
      ...ENGINE_PAGES.map((name) => `${root}docs/engines/${name}.md`),
      `${root}docs/glossary.md`,
    ],
    out: `${root}docs/site`,
    disableGit: true,
    disableSources: true,
    githubPages: false,
    hideGenerator: true,
    customCss: `${root}docs/site.css`,
    plugin: [],
    blockTags: [...OptionDefaults.blockTags, '@shape', '@source'],
    excludePrivate: true,
    navigation: { includeCategories: false, includeGroups: false, includeFolders: false },
    headings: { readme: false, document: false },
    sort: ['documents-first', 'kind', 'source-order'],
    searchInDocuments: true,
    requiredToBeDocumented: ['Class', 'Interface', 'TypeAlias', 'Function', 'Variable'],
    validation: { notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: true },
    treatWarningsAsErrors: true,
    treatValidationWarningsAsErrors: true,
  });
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_context, reflection) => nameAfterDoor(reflection));
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => linkAcrossDoors(project));
  const project = await app.convert();
  if (project === undefined) return false;
  app.validate(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) return false;
  await app.generateOutputs(project);
  return !app.logger.hasErrors() && !app.logger.hasWarnings();
}

/** Names each page after its door: `turbo-lora/verify`. */
function nameAfterDoor(reflection: DeclarationReflection): void {
  if (!reflection.kindOf(ReflectionKind.Module)) return;
  const source = reflection.project.getSymbolIdFromReflection(reflection)?.fileName ?? '';
  const door = DOORS.find(({ file }) => source.endsWith(file));
  if (door === undefined) throw new Error(`no door for ${source}`);
  reflection.name = door.name;
}

/**
 * Links by name alone reach what is in the scope of their comment. Here they reach the exports of every door, and
 * members of those; of several doors the first counts.
 */
function linkAcrossDoors(project: ProjectReflection): void {
  const exports = (project.children ?? []).flatMap((door) => door.children ?? []).filter((one) => !one.isReference());
  const link = (part: CommentDisplayPart): void => {
    if (part.kind !== 'inline-tag' || part.target !== undefined) return;
    const [path, words] = part.text.split('|').map((text) => text.trim());
    const [name, ...members] = path!.split('.');
    const found = exports.find((reflection) => reflection.name === name);
    const target = members.length === 0 ? found : found?.getChildByName(members);
    const symbol = target && project.getSymbolIdFromReflection(target);
    if (symbol === undefined) return;
    part.target = symbol;
    part.text = words ?? path!;
  };
  for (const reflection of [project, ...Object.values(project.reflections)]) {
    for (const part of reflection.comment?.summary ?? []) link(part);
    for (const part of reflection.comment?.blockTags.flatMap(({ content }) => content) ?? []) link(part);
    if (reflection instanceof DocumentReflection) for (const part of reflection.content) link(part);
  }
  for (const part of project.readme ?? []) link(part);
}
