/**
 * Fails if the catalogs in `locales` are not those of the sources, or if a text has no German
 * translation. `npm run extract` writes them.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import PO from 'pofile'

const folder = mkdtempSync(join(tmpdir(), 'locales-'))
const problems = []

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
    for (const name of names) problems.push(...problemsOf(join(language, name)))
  }
} finally {
  rmSync(folder, { recursive: true })
}

function problemsOf(file) {
  const [committed, extracted] = [read(join('locales', file)), read(join(folder, file))]
  if (committed !== extracted) return [`locales/${file} is not up to date: npm run extract`]
  const missing = PO.parse(committed).items.filter(({ msgstr }) => !msgstr[0])
  return missing.length > 0 ? [`locales/${file} has ${missing.length} texts to translate`] : []
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
