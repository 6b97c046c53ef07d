/**
 * Writes dist/screens.json: the files of each screen by its address, in which `$` is any segment.
 * The server names them in the HTML, so that the browser loads them at once and not step by step.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'))
const folder = 'src/routes/_signed-in'
const part = '.tsx?tsr-split=component'

/** The keys of a chunk and of all that it imports. */
function closure(key, seen = new Set()) {
  if (manifest[key] && !seen.has(key)) {
    seen.add(key)
    for (const next of manifest[key].imports ?? []) closure(next, seen)
  }
  return seen
}

/** `accounts.$number.index` is a part of `accounts.$number`. */
function layouts(name) {
  const parts = name.split('.')
  return parts.map((_, index) => `${folder}/${parts.slice(0, index + 1).join('.')}${part}`)
}

const known = new Set([...closure('index.html'), ...closure('src/app/start.tsx')])
const screens = {}
for (const key of Object.keys(manifest).sort()) {
  if (!key.startsWith(`${folder}/`) || !key.endsWith(part)) continue
  const name = key.slice(folder.length + 1, -part.length)
  // The route of unknown addresses.
  if (name === '$') continue
  const keys = [`${folder}${part}`, ...layouts(name)].flatMap((each) => [...closure(each)])
  const chunks = [...new Set(keys)].filter((each) => !known.has(each)).map((each) => manifest[each])
  const address = name
    .replace(/(^|\.)index$/, '')
    .replaceAll('.', '/')
    .replace(/\$\w+/g, '$')
  const files = chunks.flatMap(({ file, css = [] }) => [...css, file])
  // A layout has the address of its index.
  screens[address] = [...new Set([...(screens[address] ?? []), ...files])]
}
writeFileSync('dist/screens.json', JSON.stringify(screens))
