// Asks the language server that editors run for YAML what it says of record files, as an
// editor would: over the language server protocol, with the folder's own settings.
//
//     editor.mjs FOLDER
//
// Each record file must be without a diagnostic. Then each is opened again with two
// faults, in its first and its last line, and the diagnostics must stand on those lines
// and come from the schema of the file's kind.
import { spawn } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { below } from './readers/js-read.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const folder = realpathSync(process.argv[2])
const settings = JSON.parse(readFileSync(join(folder, '.vscode/settings.json'), 'utf8'))
const yaml = { validate: true, schemas: settings['yaml.schemas'], schemaStore: { enable: settings['yaml.schemaStore.enable'] } }

const server = spawn(process.execPath, [join(here, 'node_modules/yaml-language-server/bin/yaml-language-server'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })
process.on('exit', () => server.kill())
const send = (m) => {
  const body = JSON.stringify({ jsonrpc: '2.0', ...m })
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}
const answers = new Map() // by id of the request
const told = new Map() // by address: what waits for the diagnostics of its newest text
let left = Buffer.alloc(0)
server.stdout.on('data', (chunk) => {
  left = Buffer.concat([left, chunk])
  for (;;) {
    const head = left.indexOf('\r\n\r\n')
    const length = head < 0 ? NaN : Number(/Content-Length: (\d+)/i.exec(left.subarray(0, head).toString())[1])
    if (!(left.length >= head + 4 + length)) return
    const m = JSON.parse(left.subarray(head + 4, head + 4 + length).toString())
    left = left.subarray(head + 4 + length)
    if (m.method === 'workspace/configuration') {
      send({ id: m.id, result: m.params.items.map((i) => (i.section === 'yaml' ? yaml : {})) })
    } else if (m.method === 'textDocument/publishDiagnostics') {
      told.get(m.params.uri)?.(m.params.diagnostics)
    } else if (m.method !== undefined && m.id !== undefined) {
      send({ id: m.id, result: null })
    } else if (m.id !== undefined) {
      answers.get(m.id)?.(m.result)
    }
  }
})
const ask = (id, method, params) => new Promise((resolve) => { answers.set(id, resolve); send({ id, method, params }) })
const root = pathToFileURL(folder).href
await ask(1, 'initialize', {
  processId: process.pid, rootUri: root, workspaceFolders: [{ uri: root, name: 'records' }],
  capabilities: { workspace: { configuration: true, workspaceFolders: true, didChangeConfiguration: { dynamicRegistration: false } }, textDocument: { publishDiagnostics: { relatedInformation: true } } },
})
send({ method: 'initialized', params: {} })
send({ method: 'workspace/didChangeConfiguration', params: { settings: { yaml } } })

let version = 0 // the server keeps what it read of a version, so none is used twice
const diagnose = (name, text) => new Promise((resolve, reject) => {
  const uri = pathToFileURL(join(folder, name)).href
  const late = setTimeout(() => reject(new Error(`${name}: nothing is said of it for 30 s`)), 30000)
  told.set(uri, (d) => {
    clearTimeout(late)
    told.delete(uri)
    send({ method: 'textDocument/didClose', params: { textDocument: { uri } } })
    resolve(d)
  })
  send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version: ++version, text } } })
})
// What follows on closing a file is the clearing of its diagnostics: wait until it is quiet.
const quiet = () => new Promise((resolve) => setTimeout(resolve, 300))

let faults = 0
const fault = (...words) => { faults++; console.error(...words) }
const kinds = new Set()
await quiet()
for (const name of below(folder)) {
  const text = readFileSync(join(folder, name), 'utf8')
  const kind = /^format: ([a-z]+)\/v1$/m.exec(text)?.[1]
  if (kind === undefined) { fault(`${name}: no format`); continue }
  kinds.add(kind)
  for (const d of await diagnose(name, text)) fault(`${name}:${d.range.start.line + 1}: ${d.message}, and it is sound`)
  await quiet()
  const lines = text.trimEnd().split(/\r?\n/)
  const at = lines.findIndex((l) => l.startsWith('format:'))
  const bad = [...lines.slice(0, at), 'format: nothing/v1', ...lines.slice(at + 1), 'no_such_key: 1', ''].join('\n')
  const found = await diagnose(name, bad)
  await quiet()
  const where = found.map((d) => d.range.start.line)
  if (!where.includes(at) || !where.includes(lines.length) || where.length !== 2) {
    fault(`${name}: faults in lines ${at + 1} and ${lines.length + 1}, told of ${where.map((l) => l + 1).join(', ') || 'none'}`)
  }
  for (const d of found) {
    const by = JSON.stringify(d.data?.schemaUri ?? '')
    if (!by.includes(`/.sendctl/schemas/${kind}.schema.json"`)) fault(`${name}: judged by ${by}`)
  }
}
const all = Object.keys(settings['yaml.schemas']).map((s) => /([a-z]+)\.schema\.json$/.exec(s)[1])
for (const kind of all) if (!kinds.has(kind)) fault(`no file of the kind ${kind} was looked at`)
console.log(`${kinds.size} kinds of file, each good and bad, judged by their own schema in an editor: ${faults} faults`)
process.exit(faults > 0 ? 1 : 0)
