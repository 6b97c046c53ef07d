/** Searches while typing. The parent component keeps the search in the URL. */
import { t } from '@lingui/core/macro'
import { CloseButton, TextInput, type TextInputProps } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'

/** Short, so that the list follows the typing; requests that are overtaken are dropped. */
const pauseMs = 40

interface SearchFieldProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  value: string
  onSearch: (search: string | undefined) => void
}

export function SearchField({ value, onSearch, ...rest }: SearchFieldProps) {
  const [typed, setTyped] = useState(value)
  const sent = useRef(value)
  const send = useDebouncedCallback((next: string) => {
    sent.current = next
    onSearch(next.trim() || undefined)
  }, pauseMs)
  useEffect(() => {
    // After navigation the field follows the URL. Text typed meanwhile is kept.
    if (value !== sent.current.trim()) {
      sent.current = value
      setTyped(value)
    }
  }, [value])
  const change = (next: string) => {
    setTyped(next)
    send(next)
  }
  return (
    <TextInput
      type="search"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      rightSection={
        typed && (
          <CloseButton aria-label={t`Clear the search`} size="sm" onClick={() => change('')} />
        )
      }
      {...rest}
    />
  )
}
