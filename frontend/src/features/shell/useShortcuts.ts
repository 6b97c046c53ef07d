/** Keys that work on every screen. */
import { useHotkeys } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useOpenDialog } from '@/lib/dialog'
import { isTyping, useSingleKeyPress } from '@/lib/singleKeys'
import { destinations } from './destinations'
import { keyboardHelp } from './links'
import { searchDialog } from './searchDialog'

interface Shortcuts {
  /** Whether g was pressed and the key of a destination may follow. */
  goesTo: boolean
}

export function useShortcuts(): Shortcuts {
  const navigate = useNavigate()
  const open = useOpenDialog()
  const [goesTo, setGoesTo] = useState(false)
  useHotkeys([['mod+K', searchDialog.open]], [])
  useSingleKeyPress((event) => {
    setGoesTo(!goesTo && event.key === 'g')
    const destination = goesTo && destinations.find(({ key }) => key === event.key)
    if (destination) void navigate({ to: destination.to })
    else if (event.key === '?') open(keyboardHelp)
    else if (event.key === '/') {
      event.preventDefault()
      searchDialog.open()
    }
  })
  useEffect(() => {
    if (!goesTo) return
    const cancel = () => setGoesTo(false)
    const cancelForField = (event: FocusEvent) => {
      if (isTyping(event.target)) cancel()
    }
    document.addEventListener('pointerdown', cancel)
    document.addEventListener('focusin', cancelForField)
    return () => {
      document.removeEventListener('pointerdown', cancel)
      document.removeEventListener('focusin', cancelForField)
    }
  }, [goesTo])
  return { goesTo }
}
