/** Fails if what the page loads before the first screen shows is too large, gzipped. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const scriptLimit = 200 * 1024
const styleLimit = 40 * 1024
const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'))

/** The static import closure of an entry. */
function closure(key, seen = new Set()) {
  if (!manifest[key]) throw new Error(`The manifest has no ${key}: a route was renamed.`)
  if (!seen.has(key)) {
    seen.add(key)
    for (const next of manifest[key].imports ?? []) closure(next, seen)
  }
  return [...seen]
}

function sizeOf(files) {
  return [...new Set(files)].reduce(
    (sum, file) => sum + gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length,
    0,
  )
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`

/** The entry, and the routes of the list of accounts, which are loaded right after it. */
const first = [
  'index.html',
  'src/app/start.tsx',
  'src/routes/_signed-in.tsx?tsr-split=component',
  'src/routes/_signed-in/accounts.index.tsx?tsr-split=component',
]
const chunks = [...new Set(first.flatMap((key) => closure(key)))].map((key) => manifest[key])
const script = sizeOf(chunks.map((chunk) => chunk.file))
const style = sizeOf(chunks.flatMap((chunk) => chunk.css ?? []))

console.log(
  `First load, gzipped: script ${kilobytes(script)} of ${kilobytes(scriptLimit)} allowed, ` +
    `style ${kilobytes(style)} of ${kilobytes(styleLimit)}`,
)
if (script > scriptLimit || style > styleLimit) {
  console.error(
    'The first load is too large. Import what only some screens need where they need it.',
  )
  process.exit(1)
}
