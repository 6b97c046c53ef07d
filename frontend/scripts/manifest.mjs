/**
 * Writes dist/operations.json: the operations of the page by the SHA-256 of their texts, as urql
 * sends them. A server with TENURE_OPERATIONS executes them besides its own manifest.
 */
import { createHash } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { formatDocument, stringifyDocument } from '@urql/core'
import { createServer } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, ws: false },
  optimizeDeps: { noDiscovery: true },
})
const operations = {}
for (const name of await readdir(`${root}src`, { recursive: true })) {
  if (!name.endsWith('.generated.ts')) continue
  for (const document of Object.values(await server.ssrLoadModule(`/src/${name}`))) {
    const isOperation = document.definitions?.some(({ kind }) => kind === 'OperationDefinition')
    if (!isOperation) continue
    // With the type names that the cache of urql adds, and without.
    for (const text of [stringifyDocument(formatDocument(document)), stringifyDocument(document)]) {
      operations[createHash('sha256').update(text).digest('hex')] = text
    }
  }
}
await server.close()
await writeFile(`${root}dist/operations.json`, JSON.stringify(operations))
