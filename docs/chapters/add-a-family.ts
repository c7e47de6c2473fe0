/** The chapter "Add a family": the file of Qwen3 as it is in the source, and what else a family needs. */
import { readdirSync, readFileSync } from 'node:fs';
import { familyNames } from '../../src/formats/families/index.ts';
import { section } from '../writing/markdown.ts';

const root = new URL('../../', import.meta.url);
const FOLDER = 'src/formats/families';
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const OPENING = `---
title: Add a family
group: Chapters
category: Chapters
---

# Add a family

A family is data. Its file reads \`config.json\` and says which parts a model is made of, with which numbers, and where their
weights are. The parts themselves (norms, rotary embedding, attention, feed-forward network, block) are in \`src/model\`, and know no
family. Reading a checkpoint, matching a PEFT adapter, merging it and \`inspect\` follow from what the file returns.

A new family touches three places:

1. its file in \`${FOLDER}\`,
2. its line in the table of \`${FOLDER}/index.ts\`,
3. its goldens in \`fixtures/goldens\`, with their lines in \`fixtures/generators/goldens\`.

A test (\`test/meta/structure/additions.test.ts\`) checks that no file outside the folder names a family.`;

const FILE = `## The file

Qwen3 is Llama with a norm over each head of queries and keys. This is all of \`${FOLDER}/qwen3.ts\`:`;

const RULES = `Three rules keep such a file honest:

- **Absent keys mean what they mean to transformers**, which differs by family: no \`head_dim\` means 128 in Qwen3, 256 in Gemma, and the
  hidden size over the number of heads in Llama.
- **Nothing unknown is ignored.** A key is read, ignored by name because it changes nothing, or refused by name: after the family has read its keys, every
  other key with a value is an error.
- **Weights are declared, not read.** \`declareLinear\` and \`declareRmsNorm\` say the name and the shape that a checkpoint must have.
  A missing tensor, a wrong shape and a tensor that no part uses are errors, without a second list of names.

\`llamaArchitecture\` builds Llama from the numbers and lets a family change each block (\`block\`) and the whole model (\`model\`). A family with another
layout of weights, such as one with fused projections, builds its \`Transformer\` itself.`;

const TABLE = `## The table

\`${FOLDER}/index.ts\` imports each family and lists it. These names can be read today:`;

const GOLDENS = `## The goldens

Expected values come from transformers, in float64 from end to end. A case is one line in \`base_cases.py\` (or \`lora_cases.py\`): tiny dimensions,
unusual options, and both spellings of \`config.json\`. \`independent_families.py\` says how the family differs in a second forward pass in numpy, which must agree, and
\`neutral_keys.py\` lists keys that should change nothing, with the difference that they make. Then:

\`\`\`
cd fixtures/generators/goldens
python build.py ../../goldens qwen3-head-norms   # one case
python build.py ../../goldens config-keys        # the keys
python check.py                                  # the second forward pass
npm run manifest
\`\`\`

No test needs a new line: \`test/vectors/goldens.test.ts\` takes every case that it finds, and \`test/property/same-bits.test.ts\` draws random weights for the
architecture of every golden. Only how \`config.json\` is read needs a test by hand: an entry in \`test/unit/formats/families/cases.ts\`
for what every family does, and a test file for what only this one does. The cases of Qwen3:`;

/** The chapter as Markdown. */
export function addAFamily(): string {
  const chapter = section(
    OPENING,
    FILE,
    `\`\`\`ts\n${read(`${FOLDER}/qwen3.ts`).trim()}\n\`\`\``,
    RULES,
    TABLE,
    familyNames.map((name) => `\`${name}\``).join(', '),
    GOLDENS,
    casesOf('qwen3'),
  );
  return `${chapter}\n`;
}

function casesOf(family: string): string {
  const cases = readdirSync(new URL('fixtures/goldens/', root)).filter((name) => name.includes(family));
  if (cases.length === 0) throw new Error(`goldens of ${family}: expected some, got none`);
  const comments = cases.map((name) => {
    const { comment } = JSON.parse(read(`fixtures/goldens/${name}/case.json`)) as { comment: string };
    return `| \`${name}\` | ${comment} |`;
  });
  return ['| case | what it shows |', '|:--|:--|', ...comments].join('\n');
}
