/** What is typed into a picker, once one pauses; the label of what is picked is no search. */
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'

const pauseMs = 40

/** Returns the text to search for, which may be empty, and the function for what is typed. */
export function useTypedSearch(picked: string | null): [string, (typed: string) => void] {
  const [typed, setTyped] = useState('')
  const [text] = useDebouncedValue(typed, pauseMs)
  return [text === picked ? '' : text.trim(), setTyped]
}
