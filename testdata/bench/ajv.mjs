// Validates the record files below a folder by their JSON Schemas with ajv, read with
// js-yaml, on all cores. Whole process, as anyone would run it:
//     node ajv.mjs NODE_MODULES SCHEMAS FOLDER
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'

const [modules, schemas, folder] = isMainThread ? process.argv.slice(2) : workerData.args

function files() {
  const out = []
  for (const e of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (e.isFile() && e.name.endsWith('.yaml')) out.push(join(e.parentPath ?? e.path, e.name))
  }
  return out
}

// check validates every file of the list and gives how many are at fault.
function check(list) {
  const need = createRequire(join(modules, 'x.js'))
  const Ajv = need('ajv/dist/2020').default
  const yaml = need('js-yaml')
  const ajv = new Ajv({ allErrors: true, strict: false })
  need('ajv-formats').default(ajv)
  const compiled = new Map()
  let bad = 0
  for (const name of list) {
    const doc = yaml.load(readFileSync(name, 'utf8'), { schema: yaml.CORE_SCHEMA })
    const kind = doc.format.split('/')[0]
    let validate = compiled.get(kind)
    if (!validate) {
      validate = ajv.compile(JSON.parse(readFileSync(join(schemas, kind + '.schema.json'), 'utf8')))
      compiled.set(kind, validate)
    }
    if (!validate(doc)) {
      bad++
      console.log(name, ajv.errorsText(validate.errors))
    }
  }
  return bad
}

if (isMainThread) {
  const all = files()
  const cores = Math.min(availableParallelism(), all.length > 500 ? 8 : 1)
  let bad = 0
  if (cores === 1) {
    bad = check(all)
  } else {
    const parts = Array.from({ length: cores }, (_, i) => all.filter((_, j) => j % cores === i))
    const done = parts.map(list => new Promise((yes, no) => {
      const w = new Worker(new URL(import.meta.url), { workerData: { args: [modules, schemas, folder], list } })
      w.on('message', yes)
      w.on('error', no)
    }))
    bad = (await Promise.all(done)).reduce((a, b) => a + b, 0)
  }
  console.log(`${all.length} files, ${bad} at fault`)
  process.exitCode = bad ? 1 : 0
} else {
  parentPort.postMessage(check(workerData.list))
}
