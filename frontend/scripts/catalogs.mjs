/**
 * Fails if the catalogs in `locales` are not those of the sources, if a text has no German
 * translation, or if two catalogs translate it differently: the page loads all of them as one.
 * `npm run extract` writes the catalogs.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import PO from 'pofile'

const folder = mkdtempSync(join(tmpdir(), 'locales-'))
const problems = []
const translations = new Map()

try {
  cpSync('locales', folder, { recursive: true })
  execFileSync('node_modules/.bin/lingui', ['extract', '--clean'], {
    env: { ...process.env, TENURE_LOCALES: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for (const language of ['en', 'de']) {
    const names = new Set([
      ...readdirSync(join('locales', language)),
      ...readdirSync(join(folder, language)),
    ])
    for (const name of names) {
      if (name.endsWith('.po')) problems.push(...problemsOf(join(language, name)))
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}

function problemsOf(file) {
  const [committed, extracted] = [read(join('locales', file)), read(join(folder, file))]
  if (committed !== extracted) return [`locales/${file} is not up to date: npm run extract`]
  const { items } = PO.parse(committed)
  const missing = items.filter(({ msgstr }) => !msgstr[0])
  if (missing.length > 0) return [`locales/${file} has ${missing.length} texts to translate`]
  return items.flatMap((item) => contradictionOf(file, item))
}

/** A text that an earlier catalog of the language translates in another way. */
function contradictionOf(file, { msgctxt, msgid, msgstr: [translation] }) {
  const key = JSON.stringify([dirname(file), msgctxt ?? '', msgid])
  const earlier = translations.get(key)
  translations.set(key, earlier ?? { file, translation })
  if (!earlier || earlier.translation === translation) return []
  return [
    `locales/${file}: "${msgid}" is "${translation}", but "${earlier.translation}" in ` +
      `locales/${earlier.file}; give one of them a context (docs/contributing.md)`,
  ]
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
