// Reads a report with a reader that is not ours, and compares what it understood with
// the findings as JSON.
//
//     read.mjs sarif|github|gitlab|ndjson|junit REPORT FINDINGS.json [FOLDER IN THE REPOSITORY]
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as core from '@actions/core'
import Ajv from 'ajv'
import { parse } from 'junit2json'

const [kind, report, json, within = ''] = process.argv.slice(2)
const text = readFileSync(report, 'utf8')
const { findings, summary } = JSON.parse(readFileSync(json, 'utf8'))
const schemas = join(dirname(fileURLToPath(import.meta.url)), '../../../pkg/diagfmt/testdata/schemas')
const inRepository = (file) => (within ? `${within}/${file}` : file)

const readers = {
  sarif() {
    const { results, tool, columnKind } = JSON.parse(text).runs[0]
    assert.equal(columnKind, 'unicodeCodePoints')
    assert.equal(results.length, findings.length)
    results.forEach((r, i) => {
      const f = findings[i]
      const rule = tool.driver.rules[r.ruleIndex]
      assert.equal(rule.id, r.ruleId)
      assert.ok([rule.name, rule.id].includes(f.rule), `${rule.id} is not ${f.rule}`)
      const at = r.locations[0].physicalLocation
      assert.equal(decodeURIComponent(at.artifactLocation.uri), inRepository(f.file))
      assert.equal(at.region?.startLine ?? 0, f.span.start.line)
      if (at.region) assert.equal(at.region.startColumn, f.span.start.column)
      assert.ok(r.message.text.includes(f.message))
      assert.equal(r.relatedLocations?.length ?? 0, f.related?.length ?? 0)
    })
  },

  // What GitHub's own toolkit writes for the same annotation has the same name, data and
  // properties: their order is all that may differ.
  github() {
    const parts = (line) => {
      const [, name, properties, data] = /^::(\w+) (.*?)::(.*)$/s.exec(line)
      return { name, data, properties: properties.split(',').sort() }
    }
    const lines = text.split('\n')
    assert.equal(lines.pop(), '')
    assert.equal(lines.length, findings.length)
    const theirs = []
    const write = process.stdout.write
    process.stdout.write = (chunk) => theirs.push(chunk)
    lines.forEach((line, i) => {
      const f = findings[i]
      const title = /title=([^,]*?)::/.exec(line)[1]
      const annotation = { title, file: inRepository(f.file) }
      const { start, end } = f.span
      if (start.line > 0) {
        annotation.startLine = start.line
        annotation.endLine = Math.max(start.line, end.column > 1 || end.line === start.line ? end.line : end.line - 1)
        if (annotation.endLine === start.line) {
          annotation.startColumn = start.column
          if (end.line === start.line) annotation.endColumn = Math.max(end.column - 1, start.column)
        }
      }
      const say = { error: core.error, warning: core.warning }[f.severity] ?? core.notice
      say((f.path ? `${f.path}: ` : '') + f.message + (f.hint ? `\nhint: ${f.hint}` : ''), annotation)
    })
    process.stdout.write = write
    const said = theirs.join('').split('\n').filter(Boolean)
    lines.forEach((line, i) => assert.deepEqual(parts(line), parts(said[i])))
  },

  gitlab() {
    const valid = new Ajv().compile(JSON.parse(readFileSync(join(schemas, 'gitlab-codequality.json'), 'utf8')))
    const entries = JSON.parse(text)
    assert.equal(entries.length, findings.length)
    assert.equal(new Set(entries.map((e) => e.fingerprint)).size, entries.length)
    entries.forEach((e, i) => {
      assert.ok(valid(e), JSON.stringify(valid.errors))
      assert.ok(['info', 'minor', 'major', 'critical', 'blocker'].includes(e.severity))
      assert.equal(e.location.path, inRepository(findings[i].file))
      assert.equal(e.location.lines.begin, Math.max(1, findings[i].span.start.line))
    })
  },

  ndjson() {
    const lines = text.trimEnd().split('\n').map((l) => JSON.parse(l))
    assert.deepEqual(lines.pop().summary, summary)
    assert.deepEqual(lines, findings)
  },

  async junit() {
    const { testsuite } = await parse(text)
    const cases = testsuite[0].testcase
    const failed = new Set(findings.filter((f) => f.severity === 'error').map((f) => f.file))
    assert.equal(testsuite[0].tests, cases.length)
    assert.equal(testsuite[0].failures, failed.size)
    assert.deepEqual(new Set(cases.filter((c) => c.failure).map((c) => c.name)), failed)
    assert.ok(cases.length >= summary.files)
    assert.equal(new Set(cases.map((c) => c.name)).size, cases.length)
  },
}
await readers[kind]()
