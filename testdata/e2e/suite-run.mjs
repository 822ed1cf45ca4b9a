// Puts each document of a folder in the place of a record file and validates.
//
//     suite-run.mjs SENDCTL RECORDS SUITE ALIKE
//
// Into ALIKE go the documents in which no fault of YAML was found.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)
const [sendctl, records, suite, alike] = process.argv.slice(2)
mkdirSync(alike, { recursive: true })
const cycles = readdirSync(join(records, 'learners/bk7m2xqt/cycles')).filter((n) => n.endsWith('.yaml')).sort()
const places = ['sendctl.yaml', 'people.yaml', 'pathway.yaml', 'learners/bk7m2xqt/learner.yaml', join('learners/bk7m2xqt/cycles', cycles[0]), 'learners/bk7m2xqt/readings.yaml']
const sound = new Map(places.map((p) => [p, readFileSync(join(records, p))]))

// Where other readers stop, counted from 1.
const stops = (text) => ['js-yaml', 'js-yaml-5'].flatMap((library) => {
  try {
    require(library).loadAll(text)
  } catch (e) {
    if (e.mark) return [e.mark.line + 1]
  }
  return []
})

let faults = 0
const fault = (...words) => { faults++; console.error(...words) }
let runs = 0, same = 0, beside = 0, kept = 0
const documents = readdirSync(suite).sort()
documents.forEach((name, i) => {
  const text = readFileSync(join(suite, name))
  // Each place gets its share of the documents, and the first of them all.
  const where = i < 20 ? places : [places[i % places.length]]
  for (const place of where) {
    writeFileSync(join(records, place), text)
    const run = spawnSync(sendctl, ['-C', records, '--json', 'validate'], { timeout: 20000, maxBuffer: 1 << 28 })
    writeFileSync(join(records, place), sound.get(place))
    runs++
    const what = `${name} as ${place}`
    if (run.error || run.signal) { fault(`${what}: ${run.error ?? run.signal}`); continue }
    if (/panic|goroutine|runtime error/.test(run.stderr.toString())) { fault(`${what}: ${run.stderr}`); continue }
    if (run.status !== 1) { fault(`${what}: exit code ${run.status} ${run.stderr}`); continue }
    const found = JSON.parse(run.stdout).findings.filter((f) => f.file === place && f.severity === 'error')
    const lines = text.toString().split('\n').length
    if (found.length === 0) fault(`${what}: nothing is found in it`)
    for (const f of found) if (f.span.start.line > lines) fault(`${what}: ${f.rule} in line ${f.span.start.line} of ${lines}`)
    const yaml = found.filter((f) => f.rule.startsWith('yaml-'))
    if (place !== where[0]) continue
    if (name.includes('-fail')) {
      if (yaml.length === 0) { fault(`${what}: no YAML, and no fault of YAML is found`); continue }
      const others = stops(text.toString())
      if (others.length > 0) {
        const off = Math.min(...yaml.flatMap((f) => others.map((l) => Math.abs(l - f.span.start.line))))
        if (off === 0) same++
        else if (off === 1) beside++
        else fault(`${what}: told of lines ${yaml.map((f) => f.span.start.line)}, others stop in ${others}`)
      }
    } else if (yaml.length === 0) {
      copyFileSync(join(suite, name), join(alike, name))
      kept++
    }
  }
})
console.log(`${documents.length} documents, ${runs} runs: ${same} told of in the line of other readers, ${beside} in the one beside it, ${kept} without a fault of YAML; ${faults} faults`)
process.exit(faults > 0 ? 1 : 0)
