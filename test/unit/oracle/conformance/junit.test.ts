/** What is written for continuous integration: XML that fits a schema, whatever an engine sent. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { Outcome } from '../../../../src/oracle/conformance/conform-case.ts';
import { conformanceReport, silentReport } from '../../../../src/oracle/conformance/conformance-report.ts';
import { junitText } from '../../../../src/oracle/conformance/junit.ts';
import { HOSTILE_TEXTS, judgedCases, type MadeCase, someEngine } from '../../../support/made-cases.ts';

const nested = (name: string, more: string) =>
  `<xs:element name="${name}"><xs:complexType mixed="true"><xs:attribute name="type" use="required"/>
   <xs:attribute name="message" use="required"/></xs:complexType></xs:element>${more}`;
const numbers = ['tests', 'failures', 'errors']
  .map((name) => `<xs:attribute name="${name}" type="xs:nonNegativeInteger" use="required"/>`)
  .join('');

/** What readers of JUnit's XML agree on, as far as it is used here; stricter in what must be there. */
const SCHEMA = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="testsuites"><xs:complexType><xs:sequence>
    <xs:element name="testsuite" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element name="testcase" maxOccurs="unbounded"><xs:complexType><xs:choice minOccurs="0" maxOccurs="unbounded">
        ${nested('failure', nested('error', nested('skipped', '<xs:element name="system-out" type="xs:string"/>')))}
      </xs:choice><xs:attribute name="name" use="required"/><xs:attribute name="classname" use="required"/></xs:complexType></xs:element>
    </xs:sequence><xs:attribute name="name" use="required"/>${numbers}
    <xs:attribute name="skipped" type="xs:nonNegativeInteger" use="required"/></xs:complexType></xs:element>
  </xs:sequence><xs:attribute name="name" use="required"/>${numbers}</xs:complexType></xs:element>
</xs:schema>`;

async function problemsOf(xml: string): Promise<readonly string[]> {
  const { valid, errors } = await validateXML({ xml, schema: SCHEMA });
  return valid ? [] : errors.map(({ message }) => message);
}

function textOf(made: readonly MadeCase[], name = 'x'): string {
  const judged = judgedCases(made);
  const run = { judge: '1', cases: judged.map(({ test }) => test) };
  return junitText(conformanceReport({ ...someEngine, name }, run, judged));
}

const OUTCOMES: readonly Outcome[] = [
  { kind: 'pass' },
  { kind: 'near tie', got: '1' },
  { kind: 'fail', expected: '1 2', got: '1 3' },
  { kind: 'unsupported', reason: 'no trees' },
  { kind: 'error', message: 'oh' },
  { kind: 'broken', problem: 'it hung' },
];

describe('junit.xml', () => {
  it('has a suite for each part, and a test for each case', () => {
    const lines = textOf([
      ...OUTCOMES.map((outcome) => ({ outcome, flags: ['Tree'] })),
      { part: 'match', outcome: { kind: 'pass' } },
    ]).split('\n');
    expect(lines).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="conform: x 1.0" tests="7" failures="1" errors="2">',
      '  <testsuite name="rounds/rejection" tests="6" failures="1" errors="2" skipped="1">',
      '   <testcase name="case-1" classname="rounds.rejection"/>',
      '   <testcase name="case-2" classname="rounds.rejection"><system-out>near tie: got 1</system-out></testcase>',
      '   <testcase name="case-3" classname="rounds.rejection"><failure type="fail" message="expected 1 2; got 1 3">Tree</failure></testcase>',
      '   <testcase name="case-4" classname="rounds.rejection"><skipped type="unsupported" message="unsupported: no trees">Tree</skipped></testcase>',
      '   <testcase name="case-5" classname="rounds.rejection"><error type="error" message="error: oh">Tree</error></testcase>',
      '   <testcase name="case-6" classname="rounds.rejection"><error type="broken" message="it hung">Tree</error></testcase>',
      '  </testsuite>',
      '  <testsuite name="rounds/match" tests="1" failures="0" errors="0" skipped="0">',
      '   <testcase name="case-7" classname="rounds.match"/>',
      '  </testsuite>',
      '</testsuites>',
      '',
    ]);
  });

  it('fits the schema, which refuses what does not', async () => {
    expect(await problemsOf(textOf(OUTCOMES.map((outcome) => ({ outcome }))))).toEqual([]);
    expect(await problemsOf(textOf([]))).toEqual([]);
    expect(await problemsOf('<testsuites name="x"/>')).not.toEqual([]);
  });

  it('says what an engine did that did not say who it is', async () => {
    const cases = judgedCases([{ outcome: { kind: 'pass' } }]).map(({ test }) => test);
    const text = junitText(silentReport('it died\nof <hunger>', { judge: '1', cases }));
    expect(await problemsOf(text)).toEqual([]);
    expect(text).toContain('message="it died; of &lt;hunger&gt;"');
    expect(text).toContain('tests="2" failures="0" errors="2"');
  });

  it('fits the schema with any text that an engine may send', async () => {
    const hostile = HOSTILE_TEXTS.map((got) => ({ outcome: { kind: 'fail', expected: got, got } }) as const);
    expect(await problemsOf(textOf(hostile, HOSTILE_TEXTS[0]))).toEqual([]);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string(), async (message, reason) => {
        const text = textOf(
          [{ outcome: { kind: 'error', message } }, { outcome: { kind: 'unsupported', reason } }],
          message,
        );
        expect(await problemsOf(text)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
