import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { withLineBreaks } from '@/lib/lineBreaks'
import { serverMessage } from '@/lib/serverMessage'

const whole = (number: string) => `<span style="white-space:nowrap">${number}</span>`
const unit = (address: string) =>
  `<span style="display:inline-block;max-width:100%;text-decoration:inherit">${address}</span>`

it.each([
  ['Close Hana (A-1003)', `Close Hana (${whole('A-1003')})`],
  ['A-1-2 below A-9.', `${whole('A-1-2')} below ${whole('A-9')}.`],
  ['2026-11-18', whole('2026-11-18')],
  ['hana@mail.example.com', unit('hana@<wbr/>mail.<wbr/>example.<wbr/>com')],
  ['by a-1@b.de, today', `by ${unit('a-1@<wbr/>b.<wbr/>de,')} today`],
  ['https://a.de/b-1?c=d', unit('https://<wbr/>a.<wbr/>de/<wbr/>b-1?<wbr/>c=<wbr/>d')],
  ['Visa ···· 4242, default', `Visa ${whole('···· 4242')}, default`],
  ['Pre-paid', 'Pre-paid'],
  ['ab-12345678901234567890', 'ab-12345678901234567890'],
])('breaks lines beside numbers and within addresses: %s', (text, html) => {
  expect(renderToStaticMarkup(withLineBreaks(text))).toBe(html)
})

it('keeps what is not a text', () => {
  const content = <b>A-1003</b>
  expect(withLineBreaks(content)).toBe(content)
  expect(withLineBreaks(null)).toBeNull()
})

it('says holds in words', () => {
  const words = 'a payment failed or is overdue'
  expect(
    serverMessage(`It stays inactive: ${words} (DEBT); its payer is not active (PARENT).`),
  ).toBe(`It stays inactive: ${words}; its payer is not active.`)
  expect(serverMessage('Two currencies (EUR).')).toBe('Two currencies (EUR).')
})
