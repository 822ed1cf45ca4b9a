// What GitHub's own language service finds wrong with an action or a workflow.
//
//     action.mjs FILE…
import { readFileSync } from 'node:fs'
import { register } from 'node:module'
import { pathToFileURL } from 'node:url'

// It imports JSON in a way that node no longer takes.
const hook = `
  import { readFileSync } from 'node:fs'
  import { fileURLToPath } from 'node:url'
  export const load = (url, context, next) => url.endsWith('.json')
    ? { format: 'module', shortCircuit: true, source: 'export default ' + readFileSync(fileURLToPath(url), 'utf8') }
    : next(url, context)`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
const { validate } = await import('@actions/languageservice')
const { TextDocument } = await import('vscode-languageserver-textdocument')

let faults = 0
for (const name of process.argv.slice(2)) {
  const uri = pathToFileURL(name).href
  for (const d of await validate(TextDocument.create(uri, 'yaml', 0, readFileSync(name, 'utf8')))) {
    faults++
    console.error(`${name}:${d.range.start.line + 1}: ${d.message}`)
  }
}
process.exit(faults ? 1 : 0)
