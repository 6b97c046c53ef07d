/** The texts of a language other than English are loaded before the page. */
import { type Language, setLanguage } from '@/lib/language'
import { setServerTexts } from '@/lib/serverTexts'

export async function loadLanguage(wanted: Language): Promise<void> {
  if (wanted === 'en') return setLanguage(wanted)
  const { german, serverTexts } = await import('./german')
  setLanguage(wanted, german)
  // Its file can share modules that read texts when they are loaded.
  const { chargeText } = await import('@/lib/chargeText')
  setServerTexts(serverTexts, chargeText)
}
