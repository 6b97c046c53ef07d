import { afterEach, expect, it } from 'vitest'
import { setLanguage } from '@/lib/language'
import { serverText, setMessageZone } from '@/lib/serverMessage'
import { setServerTexts } from '@/lib/serverTexts'
import german from '../locales/de/server.json'

afterEach(() => setServerTexts({}))

const closed = 'Account A-1037 had been closed by then.'

it.each([
  [closed, 'Konto A-1037 war bis dahin schon geschlossen.'],
  [
    "Service DSL: 50 can't be reactivated: a payment failed or is overdue (DEBT); its account is not active (ACCOUNT).",
    'Dienst DSL: 50 kann nicht reaktiviert werden: eine Zahlung ist fehlgeschlagen oder überfällig; sein Konto ist nicht aktiv.',
  ],
  [
    'Account A-1 is held for debt: 1049.80 USD is past due. Record a payment, or reactivate the account now.',
    'Konto A-1 ist wegen Schulden inaktiv: 1.049,80 USD sind überfällig. Erfassen Sie eine Zahlung, oder reaktivieren Sie das Konto jetzt.',
  ],
  [
    'Payment of 24.90 USD failed (Visa ···· 4242, bill B-27-20261126): the card has expired',
    'Zahlung von 24,90 USD fehlgeschlagen (Visa ···· 4242, Rechnung B-27-20261126): die Karte ist abgelaufen',
  ],
  [
    "Step “bills”: It could not be carried out in 3 attempts. Unexpected error: OSError. The worker's log has its details.",
    'Schritt „Rechnungen“: Nicht ausführbar, auch nicht in 3 Versuchen. Unerwarteter Fehler: OSError. Einzelheiten stehen im Protokoll des Workers.',
  ],
  [
    'contacts.0.country: Give a country by its two letters (ISO 3166-1).',
    'contacts.0.country: Geben Sie ein Land mit seinen zwei Buchstaben an (ISO 3166-1).',
  ],
  ['A text that an agent has written.', 'A text that an agent has written.'],
])('translates %s', (english, translation) => {
  setLanguage('de')
  setServerTexts(german)
  expect(serverText(english)).toBe(translation)
  expect(serverText(translation)).toBe(translation)
})

it('leaves English messages as they are, without the codes of holds', () => {
  setLanguage('en')
  expect(serverText(closed)).toBe(closed)
  expect(serverText('Offer TV stays inactive: its service is not active (SERVICE).')).toBe(
    'Offer TV stays inactive: its service is not active.',
  )
})

it('keeps the values of each message', () => {
  const valuesIn = (text: string) => text.match(/\{\w+\}/g)?.sort()
  for (const [english, translation] of Object.entries(german)) {
    expect(valuesIn(translation), english).toEqual(valuesIn(english))
  }
})

it.each([
  ['en', 'UTC', 'It is 7 Dec 2026, 08:30 now.', '6 Dec 2026, 23:30'],
  ['en', 'America/New_York', 'It is 7 Dec 2026, 03:30 now.', '6 Dec 2026, 18:30'],
  ['de', 'Europe/Berlin', 'Jetzt ist es 7. Dez. 2026, 09:30.', '7. Dez. 2026, 00:30'],
] as const)('has times in the business time zone: %s, %s', (language, zone, now, past) => {
  setLanguage(language)
  if (language === 'de') setServerTexts(german)
  const refused = 'Choose a time in the future. It is 2026-12-07 08:30 UTC now.'
  const second = 'Provide a time after the current one, 2026-12-06 23:30:59 UTC.'
  setMessageZone(zone)
  expect(serverText(refused)).toContain(now)
  expect(serverText(serverText(second))).toContain(`${past}.`)
  expect(serverText('From 2026-99-99 08:30 UTC')).toBe('From 2026-99-99 08:30 UTC')
})
