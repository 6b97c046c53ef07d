import '@mantine/core/styles.layer.css'
import './app/page.css'
import './app/print.css'
import './app/forced-colors.css'
import { loadLanguage } from './app/catalogs'
import { wantedLanguage } from './lib/language'

const root = document.getElementById('root')

await loadLanguage(wantedLanguage())
const { start } = await import('./app/start')
if (root) start(root)
