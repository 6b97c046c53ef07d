/** Keys that work on every screen. */
import { useHotkeys } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { useOpenDialog } from '@/lib/dialog'
import { useSingleKeyPress } from '@/lib/singleKeys'
import { keyboardHelp } from './links'
import { searchDialog } from './searchDialog'

const goTo = {
  h: '/',
  a: '/accounts',
  c: '/deferred-actions/calendar',
  d: '/deferred-actions',
  j: '/jobs',
  o: '/catalog',
  s: '/settings',
} as const

export function useShortcuts(): void {
  const navigate = useNavigate()
  const open = useOpenDialog()
  const goingTill = useRef(0)
  useHotkeys([['mod+K', searchDialog.open]], [])
  useSingleKeyPress((event) => {
    const going = Date.now() < goingTill.current
    goingTill.current = 0
    const path = goTo[event.key as keyof typeof goTo]
    if (going && path) void navigate({ to: path })
    else if (event.key === 'g') goingTill.current = Date.now() + 1200
    else if (event.key === '?') open(keyboardHelp)
    else if (event.key === '/') {
      event.preventDefault()
      searchDialog.open()
    }
  })
}
