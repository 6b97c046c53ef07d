import { describe, expect, it } from 'vitest'
import { SentValues } from '@/lib/sentValues'

describe('a search field', () => {
  it('keeps what was typed when an earlier search arrives', () => {
    const sent = new SentValues('')
    expect(sent.send('A-13')).toBe(true)
    expect(sent.send('A-131')).toBe(true)
    expect(sent.arrive('A-13')).toBe(true)
    expect(sent.send('A-1313')).toBe(true)
    expect(sent.arrive('A-1313')).toBe(true)
    expect(sent.send('A-1313')).toBe(false)
  })

  it('shows what a link or Back has set', () => {
    const sent = new SentValues('north')
    expect(sent.send('north')).toBe(false)
    expect(sent.send('northwind')).toBe(true)
    expect(sent.arrive('northwind')).toBe(true)
    expect(sent.arrive('north')).toBe(false)
    expect(sent.send('north')).toBe(false)
  })

  it('shows what a link has set while a search is on its way', () => {
    const sent = new SentValues('')
    sent.send('a')
    expect(sent.arrive('linked')).toBe(false)
    expect(sent.send('linked')).toBe(false)
    expect(sent.send('a')).toBe(true)
  })

  it('keeps every key in any order of typing and arriving', () => {
    const text = 'A-1313'
    // Two bits for each key: how many searches arrive after it; three: only the latest one.
    for (let order = 0; order < 4 ** text.length; order++) {
      const sent = new SentValues('')
      const underway: string[] = []
      for (let key = 1; key <= text.length; key++) {
        const typed = text.slice(0, key)
        if (sent.send(typed)) underway.push(typed)
        const arrivals = Math.floor(order / 4 ** (key - 1)) % 4
        if (arrivals === 3) underway.splice(0, underway.length - 1)
        for (const search of underway.splice(0, arrivals === 3 ? 1 : arrivals))
          expect(sent.arrive(search)).toBe(true)
      }
      for (const search of underway) expect(sent.arrive(search)).toBe(true)
      expect(sent.send(text)).toBe(false)
    }
  })
})
