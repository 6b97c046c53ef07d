/** Single-key navigation: ignored while typing, and can be switched off. */
import { useHotkeys, useLocalStorage } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useOpenDialog } from '@/lib/dialog'
import { keyboardHelp } from './links'
import { searchDialog } from './searchDialog'

export function useSingleKeys() {
  return useLocalStorage({
    key: 'tenure-single-keys',
    defaultValue: true,
    getInitialValueInEffect: false,
  })
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

const goTo = {
  a: '/accounts',
  c: '/deferred-actions/calendar',
  d: '/deferred-actions',
  j: '/jobs',
  o: '/catalog',
  s: '/settings',
} as const

export function useShortcuts(): void {
  const [on] = useSingleKeys()
  const navigate = useNavigate()
  const open = useOpenDialog()
  const goingTill = useRef(0)
  useHotkeys([['mod+K', searchDialog.open]], [])

  useEffect(() => {
    if (!on) return
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (document.querySelector('[role=dialog]')) return
      const going = Date.now() < goingTill.current
      goingTill.current = 0
      const path = goTo[event.key as keyof typeof goTo]
      if (going && path) void navigate({ to: path })
      else if (event.key === 'g') goingTill.current = Date.now() + 1200
      else if (event.key === '?') open(keyboardHelp)
      else if (event.key === '/') focusSearch(event)
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [on, navigate, open])
}

function focusSearch(event: KeyboardEvent): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]')
  if (!field) return
  event.preventDefault()
  field.focus()
}
