/** Writes the files of the page compressed beside them; the server need not compress them. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const folder = fileURLToPath(new URL('../dist/assets/', import.meta.url))
const texts = /\.(js|css|svg)$/

for (const name of await readdir(folder)) {
  if (!texts.test(name)) continue
  await writeFile(`${folder}${name}.gz`, gzipSync(await readFile(`${folder}${name}`), { level: 9 }))
}
