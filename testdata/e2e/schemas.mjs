// Validates every YAML file of the folders by the schema its `format:` names,
// with ajv in strict mode: an engine and a YAML reader that are not ours.
//
//     schemas.mjs FOLDER…
import { readFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Ajv from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { CORE_SCHEMA, load } from 'js-yaml'
import { below } from './readers/js-read.mjs'

const schemas = join(dirname(fileURLToPath(import.meta.url)), '../../schemas')
// A correction's value may be of any kind: the one union of types.
const ajv = addFormats(new Ajv({ strict: true, allErrors: true, allowUnionTypes: true }))

const byFormat = new Map()
for (const name of readdirSync(schemas).filter((n) => n.endsWith('.schema.json'))) {
  const schema = JSON.parse(readFileSync(join(schemas, name), 'utf8'))
  if (!ajv.validateSchema(schema)) throw new Error(`${name}: ${ajv.errorsText()}`)
  byFormat.set(`${basename(name, '.schema.json')}/v1`, ajv.compile(schema))
}

let files = 0
let faults = 0
for (const folder of process.argv.slice(2)) {
  for (const name of below(folder)) {
    files++
    // As editors read it: a date is text.
    const value = load(readFileSync(join(folder, name), 'utf8'), { schema: CORE_SCHEMA })
    const validate = byFormat.get(value?.format)
    if (validate === undefined) {
      faults++
      console.error(`${name}: no schema for its format`)
      continue
    }
    if (!validate(value)) {
      for (const e of validate.errors) {
        faults++
        console.error(`${name}: ${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`)
      }
    }
  }
}
console.log(`${files} files, ${byFormat.size} schemas, ${faults} faults`)
if (files === 0 || faults > 0) process.exit(1)
