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

const entry = ['index.html', 'src/app/start.tsx', 'src/routes/_signed-in.tsx?tsr-split=component']

/** The screens where an agent begins; their files are loaded right after those of the entry. */
const screens = {
  'home page': 'index',
  'list of accounts': 'accounts.index',
  'account page': 'accounts.$number.index',
}

/** What is loaded for a screen, in bytes. */
function firstLoad(screen) {
  const keys = [...entry, `src/routes/_signed-in/${screen}.tsx?tsr-split=component`]
  const chunks = [...new Set(keys.flatMap((key) => closure(key)))].map((key) => manifest[key])
  return {
    script: sizeOf(chunks.map((chunk) => chunk.file)),
    style: sizeOf(chunks.flatMap((chunk) => chunk.css ?? [])),
  }
}

const loads = Object.values(screens).map(firstLoad)
const script = Math.max(...loads.map((load) => load.script))
const style = Math.max(...loads.map((load) => load.style))

const names = Object.keys(screens).join(', ')
console.log(
  `Largest first load of ${names}, gzipped: script ${kilobytes(script)} of ${kilobytes(scriptLimit)} allowed, ` +
    `style ${kilobytes(style)} of ${kilobytes(styleLimit)}`,
)
if (script > scriptLimit || style > styleLimit) {
  console.error(
    'The first load is too large. Import what only some screens need where they need it.',
  )
  process.exit(1)
}
