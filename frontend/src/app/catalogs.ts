/** The texts of a language other than English are loaded before the page. */
import { type Language, setLanguage } from '@/lib/language'

export async function loadLanguage(wanted: Language): Promise<void> {
  setLanguage(wanted, wanted === 'de' ? (await import('./german')).german : {})
}
