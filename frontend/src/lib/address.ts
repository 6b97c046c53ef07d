/** Postal addresses, and links to e-mail addresses and telephone numbers. */
import { language } from './language'

interface PostalAddress {
  addressLines?: string | null
  city?: string | null
  region?: string | null
  postalCode?: string | null
  country?: string | null
}

/** The lines as on an envelope, in the order of the bill, with the name of the country. */
export function linesOf(address: PostalAddress): string[] {
  const { addressLines, city, region, postalCode, country } = address
  const place = [city, region].filter(Boolean).join(', ')
  return [
    ...(addressLines ?? '').split('\n'),
    [place, postalCode].filter(Boolean).join(' '),
    country ? countryName(country) : '',
  ].filter(Boolean)
}

/** Kept: to make it takes much longer than to use it. */
let countryNames: Intl.DisplayNames | undefined

/** "Germany" or "Deutschland" for DE. */
export function countryName(code: string): string {
  countryNames ??= new Intl.DisplayNames(language(), { type: 'region' })
  return countryNames.of(code) ?? code
}

/** A `mailto:` link. Only the sign @ of the address keeps its meaning. */
export function emailHref(email: string): string {
  return `mailto:${encodeURIComponent(email).replace('%40', '@')}`
}

/** A `tel:` link: the digits, without the trunk prefix of "+49 (0)89", and the extension. */
export function phoneHref(phone: string): string {
  const [number = '', extension] = phone.split(/x/i)
  const isInternational = number.trim().startsWith('+')
  const dialled = isInternational ? number.replace('(0)', '') : number
  const digits = dialled.replace(/\D/g, '')
  const extra = extension?.replace(/\D/g, '')
  return `tel:${isInternational ? '+' : ''}${digits}${extra ? `;ext=${extra}` : ''}`
}
