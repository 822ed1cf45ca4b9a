// Prints what js-yaml reads, as canonical JSON; see py-read.py for the form.
//
//     js-read.mjs [js-yaml|js-yaml-5] FILE|FOLDER
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

function plain(value, where) {
  if (value instanceof Date) {
    const text = value.toISOString()
    if (!text.endsWith('T00:00:00.000Z')) throw new Error(`${where}: is read as a time of day`)
    return text.slice(0, 10)
  }
  if (Array.isArray(value)) return value.map((v, i) => plain(v, `${where}[${i}]`))
  if (value !== null && typeof value === 'object') {
    const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(sorted.map(([k, v]) => [k, plain(v, `${where}.${k}`)]))
  }
  return value
}

export function below(folder, at = '') {
  return readdirSync(join(folder, at), { withFileTypes: true }).flatMap((e) => {
    const name = at === '' ? e.name : `${at}/${e.name}`
    if (e.isDirectory()) return ['.git', 'node_modules'].includes(e.name) ? [] : below(folder, name)
    return /\.ya?ml$/.test(e.name) ? [name] : []
  }).sort((a, b) => (a < b ? -1 : 1))
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const args = process.argv.slice(2)
  const library = args.length === 2 ? args.shift() : 'js-yaml'
  const { load } = await import(library)
  const read = (path) => JSON.stringify(plain(load(readFileSync(path, 'utf8')), path))
  const [path] = args
  if (statSync(path).isDirectory()) {
    const names = below(path)
    if (names.length === 0) throw new Error(`${path}: no YAML files`)
    for (const name of names) console.log(`${name}\t${read(join(path, name))}`)
  } else {
    console.log(read(path))
  }
}
